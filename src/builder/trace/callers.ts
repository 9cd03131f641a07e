/** Who uses a function, over the whole fixed tree. */
import type { Node } from "oxc-parser";
import type { Binding, ModuleAnalysis, Unit } from "../../analyze/analysis.ts";
import { unwrap, walk } from "../../syntax/walk.ts";
import type { LoadedTree } from "../load/load.ts";
import type { ImportIndex } from "./import-index.ts";
import { bindingsThrough } from "../world/follow.ts";

export interface Usage {
  readonly key: string;
  /** The target, binding or statement that names it. */
  readonly user: Unit;
  /** In which ways it names it. */
  readonly mentions: ReadonlySet<Mention>;
}

/** `f()`, `await f()`, `new f()`, anything else. */
export type Mention = "call" | "awaited call" | "construction" | "value";

/** Nobody holds the function itself, where callers cannot be known. */
export function isOnlyCalled({ mentions }: Usage): boolean {
  return !mentions.has("value") && !mentions.has("construction");
}

/** Every place that names a target; undefined where it can be reached in ways that cannot be followed (a namespace, a dynamic import). */
export function usagesOf(tree: LoadedTree, imports: ImportIndex, key: string, name: string): readonly Usage[] | undefined {
  if (imports.namespacesWith(key, name).length > 0 || isReachedDynamically(tree, key, name)) return undefined;
  const own = tree.fixed.modules.get(key);
  const names = [...(own ? [{ module: own, local: name }] : []), ...imports.importsOf(key, name)];
  return names.flatMap(({ module: { key: other, analysis, outline }, local }) => {
    if (![...outline.targets, ...outline.bindings, ...outline.init].some((each) => each.uses.includes(local))) return [];
    const bindings = analysis.bindings.filter(({ ownUses }) => ownUses.includes(local));
    const users = [...[...analysis.targets, ...analysis.init].filter((user) => user.uses.includes(local)), ...bindings];
    return users.map((user): Usage => ({ key: other, user, mentions: mentionsIn(analysis, user, local) }));
  });
}

/** `const shop = await import("./shop.js")`, `require("./shop")`: what is done with it is not followed. */
function isReachedDynamically({ fixed }: LoadedTree, key: string, name: string): boolean {
  const dynamic = [...fixed.passingOn([key])].filter((each) => fixed.dynamicallyImported.has(each));
  return dynamic.some((module) => bindingsThrough(fixed, module).some((each) => each.key === key && each.name === name));
}

function mentionsIn(analysis: ModuleAnalysis, user: Unit, local: string): ReadonlySet<Mention> {
  const references = new Set(analysis.scopes.module.set.get(local)?.references.map(({ identifier }) => identifier.range[0]));
  const found = new Set<Mention>();
  const apart = new Set<Node>("lifted" in user ? (user as Binding).lifted.map(({ fn }) => fn) : []);
  const awaited = new Set<Node>();
  // What is called or constructed, under `as`, `!` and the like.
  const callees = new Map<Node, Mention>();
  walk(user.node, {
    enter(node) {
      if (apart.has(node)) return false;
      if (node.type === "AwaitExpression") awaited.add(unwrap(node.argument));
      if (node.type === "CallExpression") callees.set(unwrap(node.callee), awaited.has(node) ? "awaited call" : "call");
      if (node.type === "NewExpression") callees.set(unwrap(node.callee), "construction");
      if (node.type === "Identifier" && references.has(node.start)) found.add(callees.get(node) ?? "value");
      return true;
    },
  });
  return found;
}
