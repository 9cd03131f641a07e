/** Patch code of a module → its functions, variables and constants, each with its text. Nothing is left out. */
import type { Node } from "oxc-parser";
import { adderName } from "../patch/adder.ts";
import { isLiftedName, liftName, SUPER_TEXT } from "../patch/lift-names.ts";
import type { PatchModule } from "../patch/payload.ts";
import { isParsed, parse } from "../syntax/parse.ts";

export interface Piece {
  /**
   * `constant`: a value the patch brings for a name of the module that it does not add. `code`: what is none of the
   * others; the builder writes no such code.
   */
  readonly kind: "replaced" | "added" | "variable" | "constant" | "code";
  readonly name: string;
  readonly text: string;
  /** Of a constant, or a variable with an initialiser: its value as an expression. */
  readonly value?: Node;
}

/** In the order of the code. */
export function piecesOf(module: Pick<PatchModule, "code" | "functions" | "variables">): readonly Piece[] {
  const { code } = module;
  const parsed = parse("patch.cjs", code);
  const body = isParsed(parsed) ? factoryBody(parsed.program.body as readonly Node[]) : undefined;
  if (body === undefined) return [{ kind: "code", name: "", text: code }];
  const pieces: Piece[] = [];
  for (const statement of body) {
    const text = code.slice(statement.start, statement.end);
    if (statement.type === "ExpressionStatement" && "directive" in statement && statement.directive === "use strict") continue;
    if (statement.type === "ReturnStatement" && text === productText(pieces, module)) continue;
    if (text === SUPER_TEXT) continue;
    pieces.push(pieceOf(statement, text, module));
  }
  return pieces;
}

// (function ($t, $s) { … })
function factoryBody([statement, ...more]: readonly Node[]): readonly Node[] | undefined {
  if (more.length > 0 || statement?.type !== "ExpressionStatement") return undefined;
  const { expression } = statement;
  if (expression.type !== "FunctionExpression" || expression.id !== null || expression.params.length !== 2 || expression.async || expression.generator) return undefined;
  return expression.params.every((parameter) => parameter.type === "Identifier") ? (expression.body?.body as readonly Node[] | undefined) : undefined;
}

function pieceOf(statement: Node, text: string, { functions, variables }: Pick<PatchModule, "functions" | "variables">): Piece {
  const declared = declaredName(statement);
  const name = declared === "$default" ? "default" : declared;
  const target = functions.find((each) => each.name === name || (isLiftedName(each.name) && name === liftName(each.slot)));
  if (name !== undefined && target !== undefined) return { kind: target.origin, name: target.name, text };
  const variable = variables.find((each) => adderName(each.name) === name);
  if (variable !== undefined) return withValue({ kind: "variable", name: variable.name, text }, initialiserOf(statement));
  const value = statement.type === "VariableDeclaration" ? statement.declarations[0]?.init : undefined;
  if (name !== undefined && value && isValue(value)) return { kind: "constant", name, text, value };
  return { kind: "code", name: name ?? "", text };
}

function withValue(piece: Piece, value: Node | undefined): Piece {
  return value === undefined ? piece : { ...piece, value };
}

// const $add_hits = () => { let hits = new Map(); return hits; };
function initialiserOf(statement: Node): Node | undefined {
  const adder = statement.type === "VariableDeclaration" ? statement.declarations[0]?.init : undefined;
  if (adder?.type !== "ArrowFunctionExpression" || adder.body.type !== "BlockStatement") return undefined;
  const [declaration] = adder.body.body as readonly Node[];
  return declaration?.type === "VariableDeclaration" ? (declaration.declarations[0]?.init ?? undefined) : undefined;
}

function declaredName(statement: Node): string | undefined {
  if (statement.type === "FunctionDeclaration") return statement.id?.name;
  if (statement.type !== "VariableDeclaration" || statement.kind !== "const") return undefined;
  const [declaration, lifted, ...more] = statement.declarations;
  // const $home_0 = { … }, $lift_0 = $home_0.levelUp;
  if (more.length === 0 && lifted?.id.type === "Identifier" && lifted.id.name.startsWith(liftName(""))) return lifted.id.name;
  if (lifted !== undefined) return undefined;
  return declaration?.id.type === "Identifier" ? declaration.id.name : undefined;
}

/** What the builder writes for a value: no function of the patch's own, which would be a function in disguise. */
function isValue(node: Node): boolean {
  return node.type !== "FunctionExpression" && node.type !== "ArrowFunctionExpression" && node.type !== "ClassExpression";
}

/** The statement that hands out what the module brings, as the builder writes it. */
function productText(pieces: readonly Piece[], { functions }: Pick<PatchModule, "functions">): string {
  const made = pieces.flatMap(({ kind, name }) => {
    const target = kind === "replaced" || kind === "added" ? functions.find((each) => each.name === name) : undefined;
    return target === undefined ? [] : [`${target.slot}: ${isLiftedName(name) ? liftName(target.slot) : name === "default" ? "$default" : name}`];
  });
  const variables = pieces.filter(({ kind }) => kind === "variable").map(({ name }) => `"${name}": ${adderName(name)}`);
  return `return { functions: { ${made.join(", ")} }, variables: { ${variables.join(", ")} } };`;
}
