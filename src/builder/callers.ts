/** Who uses a function, over the whole fixed tree. */
import type { ModuleAnalysis, Unit } from "../analyze/analysis.ts";
import { walk } from "../syntax/walk.ts";
import type { LoadedTree } from "./load.ts";
import { exportMap, followImport, type World } from "./world.ts";

export interface Usage {
  readonly key: string;
  /** The target, binding or statement that names it. */
  readonly user: Unit;
  /** Every mention in it is a call. */
  readonly calls: boolean;
}

/** Every place that names a target; undefined where it can be reached in ways that cannot be followed (a namespace). */
export function usagesOf(tree: LoadedTree, key: string, name: string): readonly Usage[] | undefined {
  const after: World = (other) => tree.modules.get(other)?.record;
  const usages: Usage[] = [];
  for (const [other, { analysis, record }] of tree.modules) {
    for (const each of record.imports) {
      const target = followImport(after, each.from, each.imported);
      if (target.kind === "namespace" && [...exportMap(after, target.key).values()].some((found) => found.kind === "binding" && found.key === key && found.name === name)) return undefined;
    }
    const locals = record.imports.flatMap((each) => {
      const target = followImport(after, each.from, each.imported);
      return target.kind === "binding" && target.key === key && target.name === name ? [each.local] : [];
    });
    if (other === key) locals.push(name);
    for (const local of locals) {
      for (const user of [...analysis.targets, ...analysis.bindings, ...analysis.init]) {
        if (user.uses.includes(local)) usages.push({ key: other, user, calls: isOnlyCalled(analysis, user, local) });
      }
    }
  }
  return usages;
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
