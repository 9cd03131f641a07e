/** What a class with lifted functions is apart from them, and which of them it calls itself. */
import type { Node } from "oxc-parser";
import type { Binding } from "../../analyze/analysis.ts";
import { unwrap, walk } from "../../syntax/walk.ts";
import { hashBinding } from "./hashes.ts";
import { privatesHandedOut } from "../../manifest/facts.ts";
import type { BindingOutline, ClassMembersOutline } from "./outline.ts";

/** Undefined for what is no class, and for one of which nothing is lifted. */
export function outlineClassMembers(binding: Binding): ClassMembersOutline | undefined {
  const bare = hashBare(binding);
  if (bare === undefined) return undefined;
  const called = calledOnItself(binding.node, binding.lifted[0]?.member?.root);
  const privates = privatesHandedOut(binding);
  return { bare, called: binding.lifted.map(({ name }) => name).filter((name) => called.has(name.split("/").at(-1) ?? "")).toSorted(), ...(privates.length > 0 && { privates }) };
}

/** Hash of a class as if its lifted functions were not there: the order in which they stand means nothing. */
function hashBare(binding: Binding): string | undefined {
  const members = binding.lifted.flatMap(({ member }) => member ?? []);
  return members[0]?.owner === "class" ? hashBinding(binding, new Set(members.map(({ node }) => node))) : undefined;
}

/** Whether a class is that of the base but for lifted methods: bodies, order, some more, some fewer. */
export function differsInMembersAlone(binding: Binding, old: BindingOutline): boolean {
  return old.members !== undefined && old.kind === binding.kind && hashBare(binding) === old.members.bare;
}

/** `heal` of `this.heal()` and `Player.heal()` in the class */
function calledOnItself(node: Node, root: string | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  walk(node, {
    enter(each) {
      if (each.type !== "CallExpression") return;
      const callee = unwrap(each.callee);
      if (callee.type !== "MemberExpression" || callee.computed) return;
      const object = unwrap(callee.object);
      const isItself = object.type === "ThisExpression" || (object.type === "Identifier" && object.name === root);
      if (isItself) found.add(callee.property.type === "PrivateIdentifier" ? `#${callee.property.name}` : (callee.property as { readonly name: string }).name);
    },
  });
  return found;
}
