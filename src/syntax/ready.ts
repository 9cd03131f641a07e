/** The parser's tree, made ready for all who walk it. */
import { visitorKeys, type Node, type Program } from "oxc-parser";
import { eachChild } from "./walk.ts";

const TYPES: ReadonlyMap<string, string> = new Map(Object.keys(visitorKeys).map((type) => [type, type]));

/**
 * Comes as JSON, in which each node has a string of its own for its `type`: two of them are compared character by character. From here on
 * they are the same string everywhere. And `range` stands where somebody looks for it: scopes want it of names and of functions' bodies.
 * On every node, as the parser would write it, it is half of what a tree takes.
 *
 * @returns offsets of the names in `typeof x`, where that is a type
 */
export function makeReady(program: Program): ReadonlySet<number> {
  const typeQueries = new Set<number>();
  makeNodeReady(program, program, typeQueries);
  return typeQueries;
}

function makeNodeReady(node: Node, parent: Node, typeQueries: Set<number>): void {
  const fields = node as { type: string; range?: readonly [number, number] };
  fields.type = TYPES.get(node.type) ?? node.type;
  if (node.type === "Identifier" || node.type === "JSXIdentifier" || isBody(node, parent)) fields.range = [node.start, node.end];
  else if (node.type === "TSTypeQuery") typeQueries.add(leftmost(node.exprName).start);
  eachChild(node, makeNodeReady, typeQueries, undefined);
}

function isBody(node: Node, parent: Node): boolean {
  return (parent.type === "FunctionDeclaration" || parent.type === "FunctionExpression" || parent.type === "ArrowFunctionExpression") && parent.body === node;
}

function leftmost(name: Node): Node {
  return name.type === "TSQualifiedName" ? leftmost(name.left) : name;
}
