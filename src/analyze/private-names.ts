/** Private names (`#gold`): those that a class declares, and where code means one of a class around it. */
import type { Class, Node } from "oxc-parser";
import { children, isWrapper, unwrap } from "../syntax/walk.ts";

export interface PrivateMember {
  /** With its `#`. */
  readonly name: string;
  /** Not an accessor with a setter alone. */
  readonly readable: boolean;
  /** A field, or an accessor with a setter. */
  readonly writable: boolean;
}

/** The private members of a class, static ones among them, in source order. */
export function privateMembers({ body }: Class): readonly PrivateMember[] {
  const found = new Map<string, PrivateMember>();
  for (const member of body.body) {
    if (!("key" in member) || member.key.type !== "PrivateIdentifier") continue;
    const name = `#${member.key.name}`;
    const [readable, writable] = member.type === "MethodDefinition" ? [member.kind !== "set", member.kind === "set"] : [true, true];
    const half = found.get(name);
    found.set(name, { name, readable: readable || half?.readable === true, writable: writable || half?.writable === true });
  }
  return [...found.values()];
}

/** `object.#gold`, or `#gold in object`. */
export interface PrivateUse {
  readonly name: string;
  readonly node: Extract<Node, { type: "MemberExpression" | "BinaryExpression" }>;
  /** `object.#pay()`, also in parentheses, or as a template's tag: the object is `this` of the call. */
  readonly called: boolean;
  /** `a?.b.#gold`: whether it is evaluated at all, an earlier part of its chain decides. */
  readonly inChain: boolean;
}

/** Uses in a function of what a class around it declares, inner ones before outer ones. */
export function privateUses(fn: Node): readonly PrivateUse[] {
  const found: PrivateUse[] = [];
  const visit = (node: Node, called: boolean, own: ReadonlySet<string>): void => {
    const names = node.type === "ClassBody" ? new Set([...own, ...node.body.flatMap((each) => ("key" in each && each.key.type === "PrivateIdentifier" ? [each.key.name] : []))]) : own;
    const callee = node.type === "CallExpression" ? node.callee : node.type === "TaggedTemplateExpression" ? node.tag : undefined;
    const inside = isWrapper(node) || node.type === "ChainExpression" ? node.expression : undefined;
    for (const child of children(node)) visit(child, child === callee || (called && inside === child), names);
    const key = node.type === "MemberExpression" ? node.property : node.type === "BinaryExpression" ? node.left : undefined;
    if (key?.type !== "PrivateIdentifier" || own.has(key.name)) return;
    found.push({ name: `#${key.name}`, node: node as PrivateUse["node"], called, inChain: node.type === "MemberExpression" && !node.optional && hasOptional(node.object) });
  };
  visit(fn, false, new Set());
  return found;
}

/** Down to where the chain begins. */
function hasOptional(node: Node): boolean {
  const inner = node.type === "TSNonNullExpression" ? unwrap(node) : node;
  if (inner.type === "MemberExpression") return inner.optional || hasOptional(inner.object);
  return inner.type === "CallExpression" && (inner.optional || hasOptional(inner.callee));
}
