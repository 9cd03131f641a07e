/**
 * Syntax tree → text that is equal for equal meaning: formatting, comments, types and redundant syntax
 * do not count. The form is only ever hashed, so it needs to be unambiguous, not readable.
 */
import type { Node } from "oxc-parser";
import { isNode, isTypeOnly, isWrapper } from "./walk.ts";

/** Fields that positions, types or notation put into a node and that mean nothing at run time. */
const IGNORED: ReadonlySet<string> = new Set([
  "type", "start", "end", "range", "loc", "parent", "raw", "directive", "shorthand", "sourceType", "hashbang",
  "typeAnnotation", "typeParameters", "typeArguments", "returnType", "superTypeArguments", "implements",
  "declare", "abstract", "override", "readonly", "accessibility", "definite", "importKind", "exportKind",
]);

/** Nodes on which `optional` is TypeScript's `?`, not the operator `?.`. */
const TYPED_OPTIONAL: ReadonlySet<string> = new Set([
  "Identifier", "ObjectPattern", "ArrayPattern", "AssignmentPattern", "RestElement",
  "PropertyDefinition", "MethodDefinition", "AccessorProperty", "Property",
]);

/**
 * @param apart nodes that do not count: something stands there, that is all
 * @param without members of lists that are passed over
 */
export function normalise(node: Node, apart: ReadonlySet<Node> = NOTHING, without: ReadonlySet<Node> = NOTHING): string {
  const out: Output = { apart, without, text: "" };
  write(node, out);
  return out.text;
}

const NOTHING: ReadonlySet<Node> = new Set();

interface Output {
  readonly apart: ReadonlySet<Node>;
  readonly without: ReadonlySet<Node>;
  text: string;
}

function write(node: Node, out: Output): void {
  if (isWrapper(node)) return write(node.expression, out);
  if (out.apart.has(node)) return void (out.text += "(lifted)");
  switch (node.type) {
    case "Literal": {
      const literal = node as { value: unknown; bigint?: string; regex?: { pattern: string; flags: string } };
      if (literal.regex) out.text += `(re${JSON.stringify([literal.regex.pattern, literal.regex.flags])})`;
      else if (literal.bigint !== undefined) out.text += `(big${literal.bigint})`;
      // JSON has no Infinity, and `1e999` is a literal.
      else out.text += `(${typeof literal.value === "number" ? String(literal.value) : (JSON.stringify(literal.value) ?? "undefined")})`;
      return;
    }
    case "Identifier":
      out.text += `(id ${node.name}`;
      // Those of a parameter.
      if ("decorators" in node && node.decorators !== undefined && node.decorators.length > 0) writeList(node.decorators, out);
      out.text += ")";
      return;
    case "FunctionDeclaration":
    case "FunctionExpression":
      // A TypeScript `this` parameter is a type.
      out.text += `(${node.type}${node.async}${node.generator}`;
      writeValue(node.id, out);
      writeList((node.params as readonly Node[]).filter((parameter) => !isThisParameter(parameter)), out);
      writeValue(node.body, out);
      out.text += ")";
      return;
    case "TemplateElement":
      out.text += `(tpl${JSON.stringify([node.value.raw, node.value.cooked])})`;
      return;
  }
  out.text += `(${node.type}`;
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    if (IGNORED.has(key) || (key === "optional" && TYPED_OPTIONAL.has(node.type))) continue;
    if (key === "decorators" && (fields[key] as readonly unknown[]).length === 0) continue;
    writeValue(fields[key], out);
  }
  if (node.type === "ExpressionStatement" && typeof node.directive === "string") out.text += "directive";
  out.text += ")";
}

function writeValue(value: unknown, out: Output): void {
  // Most fields are flags, or empty.
  if (value === false) out.text += "false;";
  else if (value === null) out.text += "null;";
  else if (Array.isArray(value)) writeList(value, out);
  else if (isNode(value)) {
    if (isTypeOnly(value)) out.text += "~";
    else write(value, out);
  } else if (typeof value === "object") out.text += JSON.stringify(value);
  else out.text += value === undefined ? "~;" : `${JSON.stringify(value)};`;
}

function writeList(list: readonly unknown[], out: Output): void {
  out.text += "[";
  for (const each of list) {
    if (isNode(each) && (out.without.has(each) || isTypeOnly(each) || each.type === "EmptyStatement")) continue;
    writeValue(each, out);
  }
  out.text += "]";
}

export function isThisParameter(node: Node): boolean {
  return node.type === "Identifier" && node.name === "this";
}
