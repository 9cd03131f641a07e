/** New declarations that destructure: `const { a, b: [c] } = f();` */
import type { Binding } from "../../analyze/analysis.ts";
import { boundNames } from "../../syntax/bound-names.ts";

export function isPattern({ node }: Pick<Binding, "node">): boolean {
  return node.type === "VariableDeclarator" && node.id.type !== "Identifier";
}

/** The names under which a new declaration is added; `default` for the value of an expression. */
export function addedNames({ name, names }: Pick<Binding, "name" | "names">): readonly string[] {
  return names.length > 0 ? names : [name];
}

/** Why a pattern cannot be evaluated apart from the variables it binds; undefined where it can. */
export function patternFault({ node, kind, uses }: Binding): string | undefined {
  if (node.type !== "VariableDeclarator") return undefined;
  const names = boundNames(node.id);
  if (names.length === 0) return "a destructuring declaration of no names";
  // A closure in it would see another variable than the rest of the code.
  return kind !== "const" && uses.some((name) => names.includes(name)) ? "a destructuring declaration of variables that names them itself" : undefined;
}
