/** Members that the fixed source adds to classes and object literals of the base, and nothing else: the patch installs them. */
import type { Node } from "oxc-parser";
import type { Binding, Target } from "../../analyze/analysis.ts";
import { rootOf } from "../../analyze/members.ts";
import { diagnostic, type Diagnostic, type Place } from "../../messages/diagnostic.ts";
import { unwrap, walk } from "../../syntax/walk.ts";
import { differsInMembersAlone } from "../world/class-members.ts";
import { hashBinding, hashNode } from "../world/hashes.ts";
import type { BindingOutline, Outline } from "../world/outline.ts";

/** Undefined unless the declaration is that of the base but for functions that it has in addition; in a class, others may be gone or stand elsewhere. */
export function addedMembers(binding: Binding, old: BindingOutline, before: Outline): readonly Target[] | undefined {
  const [root] = binding.names;
  const known = new Set(before.targets.filter(({ name }) => rootOf(name) === root).map(({ name }) => name));
  const added = binding.lifted.filter(({ name }) => !known.has(name));
  // The host says of no other class that it has been evaluated.
  if (root === undefined || known.size === 0) return undefined;
  if (differsInMembersAlone(binding, old)) return added.length === 0 && hashBinding(binding) === old.hash ? undefined : added;
  if (added.length === 0 || added.length + known.size !== binding.lifted.length) return undefined;
  return hashBinding(binding, new Set(added.map(({ member }) => (member as NonNullable<Target["member"]>).node))) === old.hash ? added : undefined;
}

/** What keeps a new member from being put on the host's class or object. */
export function refuseInstall({ name, member }: Target, binding: Binding, before: Outline, place: Place): readonly Diagnostic[] {
  if (member === undefined) return [];
  const refuse = (why: string): readonly Diagnostic[] => [diagnostic("HF1130", "refusal", { name, root: member.root, why }, place)];
  const { node, container } = member;
  if (node.key.type === "PrivateIdentifier") return refuse("a private name exists inside its class alone");
  if (binding.assigned || before.bindings.some((each) => each.assigned && each.names.includes(member.root))) return refuse("something else is assigned to that name");
  if ("decorators" in container && container.decorators.length > 0) return refuse("a decorator may have put another class in its place");
  const path = name.split("/");
  if (member.static && ["name", "length", "prototype", "caller", "arguments"].includes(path.at(-1) ?? "")) return refuse("every class has a property of this name");
  if (hasTwin(member)) return refuse("it has another member of this key, and the one that stands last counts");
  const nested = member.accessor === undefined ? path.slice(1, -1) : path.slice(1, -2);
  if (member.owner === "object" && nested.some((key) => key === "get" || key === "set")) return refuse("the object in between is called like a kind of accessor");
  if (member.owner === "object" && literalOf(container, node)?.properties.some((each) => each.type !== "Property" || each.computed || isPrototype(each))) {
    return refuse("which entries the object has is computed (spread, computed keys, `__proto__`)");
  }
  return [];
}

/** Another member of the same key, but for the other half of an accessor, and for fields, which are the instance's own. */
function hasTwin({ container, node, static: isStatic, accessor }: NonNullable<Target["member"]>): boolean {
  const kindOf = (each: Node): string => (each.type === "MethodDefinition" || each.type === "Property" ? each.kind : each.type);
  const siblings: readonly Node[] = classBody(container) ?? literalOf(container, node)?.properties ?? [];
  return siblings.some((each) => {
    if (each === node || !("key" in each) || !("computed" in each) || ("static" in each && each.static !== isStatic)) return false;
    if (!isStatic && (each.type === "PropertyDefinition" || each.type === "AccessorProperty")) return false;
    if (each.type === "MethodDefinition" && each.value.body === null) return false;
    return keyText(each.key as Node, each.computed === true) === keyText(node.key, node.computed) && (accessor === undefined || kindOf(each) === accessor || !["get", "set"].includes(kindOf(each)));
  });
}

function classBody(node: Node): readonly Node[] | undefined {
  return node.type === "ClassDeclaration" || node.type === "ClassExpression" ? node.body.body : undefined;
}

function keyText(key: Node, computed: boolean): string {
  if (key.type === "Literal") return String(key.value);
  return key.type === "Identifier" && !computed ? key.name : `[${hashNode({ node: key })}]`;
}

function isPrototype({ key, method }: { readonly key: Node; readonly method: boolean }): boolean {
  return !method && ((key.type === "Identifier" && key.name === "__proto__") || (key.type === "Literal" && key.value === "__proto__"));
}

/** The literal that a property stands in. */
function literalOf(root: Node, property: Node): Extract<Node, { type: "ObjectExpression" }> | undefined {
  let found: Extract<Node, { type: "ObjectExpression" }> | undefined;
  walk(unwrap(root), {
    enter(node) {
      if (node.type === "ObjectExpression" && (node.properties as readonly Node[]).includes(property)) found = node;
      return found === undefined;
    },
  });
  return found;
}

/** In the running object, new entries stand last. */
export function tellOrder({ name, member }: Target, added: readonly Target[], place: Place): readonly Diagnostic[] {
  const literal = member?.owner === "object" ? literalOf(member.container, member.node) : undefined;
  const isLast = literal?.properties.every((each) => each.start <= (member?.start ?? 0) || added.some((other) => other.member?.node === each)) ?? true;
  return isLast ? [] : [diagnostic("HF1132", "notice", { name }, place)];
}
