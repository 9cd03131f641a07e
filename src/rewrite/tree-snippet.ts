/** Texts of a plan → nodes that belong to no source. */
import type { Block, Expression, FunctionDeclaration, Identifier, Node, NodeArray, SourceFile, Statement } from "typescript";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { Rewriting, TypeScript } from "./tree-rewriting.ts";

/** A text, or what stands between texts. */
export type Piece = string | (() => Node);

/** What the code stands in: decides what `yield` and `await` mean. */
export interface Surroundings {
  readonly generator: boolean;
  readonly async: boolean;
}

export function parseStatements(rewriting: Rewriting, pieces: readonly Piece[], within?: Surroundings): readonly Statement[] {
  const { text, holes } = joinPieces(pieces);
  if (!within) return fillHoles(parse(text, rewriting).statements, holes, rewriting);
  const wrapped = `${within.async ? "async " : ""}function${within.generator ? "*" : ""} $() {${text}}`;
  const body = (parse(wrapped, rewriting).statements[0] as FunctionDeclaration).body as Block;
  return fillHoles(body.statements, holes, rewriting);
}

export function parseExpression(rewriting: Rewriting, pieces: readonly Piece[], within: Surroundings): Expression {
  const [statement] = parseStatements(rewriting, ["return ", ...pieces, ";"], within);
  if (!statement || !rewriting.ts.isReturnStatement(statement) || !statement.expression) throw internal(`no expression: ${pieces.join("…")}`);
  return statement.expression;
}

type Holes = ReadonlyMap<string, () => Node>;

function joinPieces(pieces: readonly Piece[]): { readonly text: string; readonly holes: Holes } {
  const texts = pieces.filter((piece) => typeof piece === "string");
  let prefix = "$hole";
  while (texts.some((text) => text.includes(prefix))) prefix += "$";
  const holes = new Map<string, () => Node>();
  const parts = pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const name = `${prefix}${holes.size}`;
    holes.set(name, piece);
    return name;
  });
  return { text: parts.join(""), holes };
}

function parse(text: string, { ts }: Rewriting): SourceFile {
  const file = ts.createSourceFile("snippet.ts", text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  // `parseDiagnostics` is not part of the published types.
  const { parseDiagnostics } = file as SourceFile & { readonly parseDiagnostics?: readonly unknown[] };
  if (parseDiagnostics && parseDiagnostics.length > 0) throw internal(`emitted text does not parse: ${text}`);
  synthesize(file, ts);
  return file;
}

/**
 * Without positions and with the flag of nodes made by a factory: otherwise the emitter would look for comments and
 * literals at these offsets of the *source*, and transformers would ask the checker about nodes it has never seen.
 */
function synthesize(node: Node, ts: TypeScript): void {
  const nowhere = { pos: -1, end: -1 };
  const mutable = ts.setTextRange(node, nowhere) as { flags: number; parent: Node | undefined };
  mutable.flags |= ts.NodeFlags.Synthesized;
  mutable.parent = undefined;
  ts.forEachChild(
    node,
    (child) => synthesize(child, ts),
    (children: NodeArray<Node>) => {
      ts.setTextRange(children, nowhere);
      for (const child of children) synthesize(child, ts);
    },
  );
}

function fillHoles(statements: readonly Statement[], holes: Holes, { ts, context }: Rewriting): readonly Statement[] {
  if (holes.size === 0) return statements;
  const fill = (node: Node): Node => {
    const filling = ts.isIdentifier(node) ? holes.get((node as Identifier).text) : undefined;
    return filling ? filling() : ts.visitEachChild(node, fill, context);
  };
  return statements.map((statement) => fill(statement) as Statement);
}

function internal(detail: string): HotfixError {
  return new HotfixError(diagnostic("HF9001", "error", { detail }));
}
