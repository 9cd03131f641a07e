/** Hashes of what code means, not of how it is written. */
import type { Node } from "oxc-parser";
import type { Binding } from "../../analyze/analysis.ts";
import { digest } from "../../syntax/digest.ts";
import { normalise } from "../../syntax/normalise.ts";
import { isTypeOnly } from "../../syntax/walk.ts";

const hashes = new WeakMap<object, string>();

/** Hash of a piece's meaning; the same whatever its formatting, comments and types. */
export function hashNode(unit: { readonly node: Parameters<typeof normalise>[0] }): string {
  const known = hashes.get(unit.node);
  if (known !== undefined) return known;
  const hash = digest(normalise(unit.node));
  hashes.set(unit.node, hash);
  return hash;
}

/**
 * Hash of a declaration apart from the functions in it that are targets of their own.
 *
 * @param without members that do not count at all
 */
export function hashBinding({ node, lifted }: Pick<Binding, "node" | "lifted">, without?: ReadonlySet<Node>): string {
  return lifted.length === 0 ? hashNode({ node }) : digest(normalise(node, new Set(lifted.map(({ fn }) => fn)), without));
}

/** Hash of a class apart from the bodies of its methods, accessors, constructor and static blocks; null for anything else. */
export function hashShell({ node, kind, lifted }: Binding): string | null {
  if (kind !== "class" || (node.type !== "ClassDeclaration" && node.type !== "ClassExpression")) return null;
  const apart = new Set<Node>(lifted.map(({ fn }) => fn));
  const parts = [node.superClass, ...node.decorators].map((each) => (each === null ? "" : normalise(each)));
  for (const member of node.body.body) {
    if (member.type === "StaticBlock") parts.push("static block");
    else if (member.type === "MethodDefinition" && apart.has(member.value)) parts.push(normalise(member, apart));
    else if (member.type === "MethodDefinition" && member.value.body) parts.push(normalise({ ...member, value: { ...member.value, params: [], body: null } }));
    else if (!isTypeOnly(member)) parts.push(normalise(member));
  }
  return digest(JSON.stringify(parts));
}
