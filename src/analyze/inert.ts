/**
 * Expressions whose evaluation nobody can observe: no effect, no dependence on state, no exception.
 * The list is closed; what is not on it counts as observable.
 */
import type { Node } from "oxc-parser";
import { unwrap } from "../syntax/walk.ts";

/** Literals, functions, and array and object literals, `!`/`-`/`void` and the like of such. */
export function isInert(expression: Node): boolean {
  const node = unwrap(expression);
  switch (node.type) {
    case "Literal":
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return true;
    case "TemplateLiteral":
      return node.expressions.length === 0;
    case "Identifier":
      return node.name === "undefined";
    case "UnaryExpression":
      return node.operator !== "delete" && unwrap(node.argument).type === "Literal";
    case "ArrayExpression":
      return node.elements.every((element) => element === null || (element.type !== "SpreadElement" && isInert(element)));
    case "ObjectExpression":
      return node.properties.every(
        (property) =>
          property.type === "Property" && !property.computed && property.kind === "init" && !isProto(property.key) && isInert(property.value),
      );
    case "ConditionalExpression":
      return isInert(node.test) && isInert(node.consequent) && isInert(node.alternate);
    default:
      return false;
  }
}

function isProto(key: Node): boolean {
  return (key.type === "Identifier" && key.name === "__proto__") || (key.type === "Literal" && key.value === "__proto__");
}

const PURE_CONSTRUCTORS: ReadonlySet<string> = new Set(["Map", "Set", "WeakMap", "WeakSet", "Array", "Object"]);

/**
 * Whether an initialiser means the same wherever it is evaluated: inert, or an empty collection, or built of such.
 *
 * @param isStable whether a name always has the same value once the module's declarations were evaluated
 */
export function isOrderFree(expression: Node, isStable: (name: string) => boolean): boolean {
  const node = unwrap(expression);
  const free = (each: Node): boolean => isOrderFree(each, isStable);
  switch (node.type) {
    case "Identifier":
      return node.name === "undefined" || isStable(node.name);
    case "NewExpression":
      return (
        node.callee.type === "Identifier" && PURE_CONSTRUCTORS.has(node.callee.name) && !isStable(node.callee.name) && node.arguments.length === 0
      );
    case "ArrayExpression":
      return node.elements.every((element) => element === null || (element.type !== "SpreadElement" && free(element)));
    case "ObjectExpression":
      return node.properties.every(
        (property) =>
          property.type === "Property" && !property.computed && property.kind === "init" && !isProto(property.key) && free(property.value),
      );
    default:
      return isInert(node);
  }
}
