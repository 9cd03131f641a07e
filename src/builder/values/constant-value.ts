/**
 * Constant expressions: initialisers whose value is known when the patch is built. The list is closed; what is not on
 * it is no constant.
 */
import type { Node } from "oxc-parser";
import { unwrap } from "../../syntax/walk.ts";

/** A primitive, or a regular expression without state of its own. */
export type ConstantValue =
  | { readonly kind: "primitive"; readonly value: string | number | bigint | boolean | null | undefined }
  | { readonly kind: "regexp"; readonly pattern: string; readonly flags: string };

type Primitive = Extract<ConstantValue, { kind: "primitive" }>["value"];

/** @param valueOf the value of another constant that the expression names */
export function constantValue(expression: Node, valueOf: (name: string) => ConstantValue | undefined): ConstantValue | undefined {
  const node = unwrap(expression);
  if (node.type === "Identifier" && node.name !== "undefined") return valueOf(node.name);
  const literal = node as { readonly regex?: { readonly pattern: string; readonly flags: string } };
  if (node.type === "Literal" && literal.regex) {
    // `g` and `y` keep a position in the object: state.
    return /[gy]/.test(literal.regex.flags) ? undefined : { kind: "regexp", ...literal.regex };
  }
  const value = primitive(node, (name) => {
    const found = valueOf(name);
    return found?.kind === "primitive" ? found : undefined;
  });
  return value && { kind: "primitive", value: value.value };
}

interface Known {
  readonly value: Primitive;
}

function primitive(expression: Node, valueOf: (name: string) => Known | undefined): Known | undefined {
  const node = unwrap(expression);
  switch (node.type) {
    case "Literal": {
      const { bigint, regex } = node as { readonly bigint?: string; readonly regex?: unknown };
      if (regex !== undefined) return undefined;
      return { value: bigint === undefined ? (node.value as Primitive) : BigInt(bigint) };
    }
    case "Identifier":
      return node.name === "undefined" ? { value: undefined } : valueOf(node.name);
    case "TemplateLiteral": {
      const parts = node.expressions.map((each) => primitive(each, valueOf));
      if (parts.includes(undefined)) return undefined;
      return { value: node.quasis.map((quasi, index) => `${quasi.value.cooked ?? ""}${index < parts.length ? String(parts[index]?.value) : ""}`).join("") };
    }
    case "UnaryExpression": {
      const operand = primitive(node.argument, valueOf);
      return operand && unary(node.operator, operand.value);
    }
    case "BinaryExpression": {
      const left = primitive(node.left, valueOf);
      const right = primitive(node.right, valueOf);
      return left && right && binary(node.operator, left.value, right.value);
    }
    case "ConditionalExpression": {
      const test = primitive(node.test, valueOf);
      return test && primitive(test.value ? node.consequent : node.alternate, valueOf);
    }
    default:
      return undefined;
  }
}

function unary(operator: string, value: Primitive): Known | undefined {
  switch (operator) {
    case "-":
      return typeof value === "number" || typeof value === "bigint" ? { value: -value } : undefined;
    case "+":
      return typeof value === "number" ? { value } : undefined;
    case "!":
      return { value: !value };
    case "~":
      return typeof value === "number" ? { value: ~value } : undefined;
    case "void":
      return { value: undefined };
    default:
      return undefined;
  }
}

function binary(operator: string, left: Primitive, right: Primitive): Known | undefined {
  if (operator === "+" && (typeof left === "string" || typeof right === "string") && typeof left !== "bigint" && typeof right !== "bigint") return { value: `${left}${right}` };
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  switch (operator) {
    case "+":
      return { value: left + right };
    case "-":
      return { value: left - right };
    case "*":
      return { value: left * right };
    case "/":
      return { value: left / right };
    case "%":
      return { value: left % right };
    case "**":
      return { value: left ** right };
    case "<<":
      return { value: left << right };
    case ">>":
      return { value: left >> right };
    case ">>>":
      return { value: left >>> right };
    case "|":
      return { value: left | right };
    case "&":
      return { value: left & right };
    case "^":
      return { value: left ^ right };
    default:
      return undefined;
  }
}

/** The value as an expression of JavaScript. */
export function printConstant(constant: ConstantValue): string {
  if (constant.kind === "regexp") return `/${constant.pattern}/${constant.flags}`;
  const { value } = constant;
  if (typeof value === "bigint") return value < 0n ? `(${value}n)` : `${value}n`;
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "(0 / 0)";
    if (!Number.isFinite(value)) return value > 0 ? "(1 / 0)" : "(-1 / 0)";
    return Object.is(value, -0) ? "(-0)" : value < 0 ? `(${value})` : String(value);
  }
  return value === undefined ? "(void 0)" : JSON.stringify(value);
}
