/** What a module names of a namespace: certain exports (`shop.price`), or the namespace itself (`Object.keys(shop)`). */
import type { Node } from "oxc-parser";
import type { ModuleAnalysis } from "../../analyze/analysis.ts";
import { valueReferences } from "../../syntax/scopes.ts";
import { walk } from "../../syntax/walk.ts";
import { exportMap, followImport } from "../world/follow.ts";
import type { World } from "../world/world.ts";

/** An export of the module that a namespace is of. */
export interface NamespaceMember {
  readonly key: string;
  readonly name: string;
  /** Where it is named. */
  readonly at: number;
}

export interface NamespaceUses {
  /** Of `all.shop.price`, both. */
  readonly members: readonly NamespaceMember[];
  /** The modules whose namespaces are used in any other way. */
  readonly whole: ReadonlySet<string>;
}

/**
 * @param local the name of the namespace in the module
 * @param key the module that it is the namespace of
 */
export function namespaceUses(analysis: ModuleAnalysis, local: string, key: string, world: World): NamespaceUses {
  const variable = analysis.scopes.module.set.get(local);
  const references = new Set<unknown>(variable ? valueReferences(variable, analysis.scopes).map(({ identifier }) => identifier) : []);
  const members: NamespaceMember[] = [];
  const whole = new Set<string>();
  const parents: Node[] = [];
  walk(analysis.parsed.program, {
    enter(node) {
      if (references.has(node)) follow(node);
      parents.push(node);
    },
    leave() {
      parents.pop();
    },
  });
  return { members, whole };

  // The name, and the member expressions around it, from the inside out.
  function follow(reference: Node): void {
    // export { shop }: whoever imports it is looked at there.
    if (parents.at(-1)?.type === "ExportSpecifier") return;
    let inner = reference;
    let space = key;
    for (const outer of parents.toReversed()) {
      const name = memberOf(outer, inner);
      if (name === undefined) break;
      members.push({ key: space, name, at: outer.start });
      const target = followImport(world, { module: space }, name);
      if (target.kind !== "namespace") return;
      space = target.key;
      inner = outer;
    }
    whole.add(space);
  }
}

/** `name` in `object.name`, `object["name"]`. */
function memberOf(node: Node, object: Node): string | undefined {
  if (node.type !== "MemberExpression" || node.object !== object) return undefined;
  if (!node.computed) return node.property.type === "Identifier" ? node.property.name : undefined;
  return node.property.type === "Literal" && typeof node.property.value === "string" ? node.property.value : undefined;
}

/** Whether a binding is among what is named. */
export function reaches({ members, whole }: NamespaceUses, world: World, key: string, name: string): boolean {
  const isIt = (space: string, exported: string): boolean => {
    const target = followImport(world, { module: space }, exported);
    return target.kind === "binding" && target.key === key && target.name === name;
  };
  return members.some((each) => isIt(each.key, each.name)) || [...whole].some((space) => holds(world, space, isIt));
}

/** Whether a namespace, or one that it exports, has such an export. */
function holds(world: World, space: string, isIt: (space: string, exported: string) => boolean, seen: Set<string> = new Set()): boolean {
  if (seen.has(space)) return false;
  seen.add(space);
  return [...exportMap(world, space)].some(([exported, target]) => isIt(space, exported) || (target.kind === "namespace" && holds(world, target.key, isIt, seen)));
}
