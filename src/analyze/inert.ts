/**
 * Expressions whose evaluation nobody can observe: no effect, no dependence on state, no exception.
 * The list is closed; what is not on it counts as observable.
 */
import type { Node } from "oxc-parser";
import { unwrap } from "../syntax/walk.ts";
import type { ModuleAnalysis } from "./analysis.ts";

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
    case "BinaryExpression":
      return isLiteralArithmetic(node);
    case "ConditionalExpression":
      return isInert(node.test) && isInert(node.consequent) && isInert(node.alternate);
    default:
      return false;
  }
}

/** `60 * 60 * 1000`, `"a" + "b"`. */
function isLiteralArithmetic(expression: Node): boolean {
  const node = unwrap(expression);
  if (node.type === "BinaryExpression") return node.operator !== "in" && node.operator !== "instanceof" && isLiteralArithmetic(node.left) && isLiteralArithmetic(node.right);
  return node.type === "Literal" && (typeof node.value === "number" || typeof node.value === "string");
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

/** Names that always have the same value once the module's declarations were evaluated. */
export function stableNames(analysis: Pick<ModuleAnalysis, "targets" | "bindings">): (name: string) => boolean {
  const stable = new Set([
    ...analysis.targets.map((target) => target.name),
    ...analysis.bindings.filter((binding) => binding.kind === "const" || binding.kind === "function" || binding.kind === "class").flatMap((binding) => binding.names),
  ]);
  return (name) => stable.has(name);
}

/** Whether a declaration means the same whenever it is evaluated. */
export function isOrderFreeDeclaration(node: Node, isStable: (name: string) => boolean): boolean {
  const inner = unwrap(node);
  switch (inner.type) {
    case "VariableDeclarator":
      return inner.init === null || (inner.id.type === "Identifier" && isOrderFree(inner.init, isStable));
    case "FunctionDeclaration":
    case "TSImportEqualsDeclaration":
      return true;
    case "TSEnumDeclaration":
      return inner.body.members.every((member) => member.initializer == null || isInert(member.initializer));
    case "ClassDeclaration":
    case "ClassExpression":
      return (
        inner.decorators.length === 0 &&
        (inner.superClass === null || isOrderFree(inner.superClass, isStable)) &&
        inner.body.body.every((member) => {
          if (member.type === "StaticBlock" || member.type === "TSIndexSignature") return member.type !== "StaticBlock";
          if (member.computed || member.decorators.length > 0) return false;
          return member.type === "MethodDefinition" || !member.static || !("value" in member) || member.value === null || isInert(member.value);
        })
      );
    default:
      return isOrderFree(inner, isStable);
  }
}
