/** Who uses a function, over the whole fixed tree. */
import type { ModuleAnalysis, Unit } from "../analyze/analysis.ts";
import { walk } from "../syntax/walk.ts";
import type { LoadedTree } from "./load.ts";
import type { ImportIndex } from "./import-index.ts";

export interface Usage {
  readonly key: string;
  /** The target, binding or statement that names it. */
  readonly user: Unit;
  /** Every mention in it is a call. */
  readonly calls: boolean;
}

/** Every place that names a target; undefined where it can be reached in ways that cannot be followed (a namespace). */
export function usagesOf(tree: LoadedTree, imports: ImportIndex, key: string, name: string): readonly Usage[] | undefined {
  if (imports.namespacesWith(key, name).length > 0) return undefined;
  const own = tree.modules.get(key);
  const names = [...(own ? [{ module: own, local: name }] : []), ...imports.importsOf(key, name)];
  return names.flatMap(({ module: { key: other, analysis, record }, local }) => {
    if (![...record.targets, ...record.bindings, ...record.init].some((each) => each.uses.includes(local))) return [];
    const users = [...analysis.targets, ...analysis.bindings, ...analysis.init].filter((user) => user.uses.includes(local));
    return users.map((user): Usage => ({ key: other, user, calls: isOnlyCalled(analysis, user, local) }));
  });
}

function isOnlyCalled(analysis: ModuleAnalysis, user: Unit, local: string): boolean {
  const references = new Set(analysis.scopes.module.set.get(local)?.references.map(({ identifier }) => identifier.range[0]));
  let onlyCalls = true;
  walk(user.node, {
    enter(node, parent) {
      if (node.type !== "Identifier" || !references.has(node.start)) return;
      if (!(parent?.type === "CallExpression" && parent.callee === node)) onlyCalls = false;
    },
  });
  return onlyCalls;
}
