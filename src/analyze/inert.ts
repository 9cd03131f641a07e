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
/** Give a new value and look at nothing but literals and what they were given. */
const PURE_CALLS: ReadonlySet<string> = new Set(["Symbol", "Symbol.for", "Object.freeze", "Object.seal", "Object.create"]);

/**
 * Whether an initialiser means the same wherever it is evaluated: inert, or an empty collection, or built of such.
 *
 */
export function isOrderFree(expression: Node, names: NamesOfModule): boolean {
  const node = unwrap(expression);
  const free = (each: Node): boolean => isOrderFree(each, names);
  switch (node.type) {
    case "Identifier":
      return node.name === "undefined" || names.isStable(node.name);
    case "NewExpression":
      return node.callee.type === "Identifier" && PURE_CONSTRUCTORS.has(node.callee.name) && !names.isBound(node.callee.name) && node.arguments.every(isLiteralData);
    case "CallExpression": {
      const called = globalName(node.callee);
      return called !== undefined && PURE_CALLS.has(called) && !names.isBound(called.split(".")[0] ?? "") && node.arguments.every((each) => each.type !== "SpreadElement" && isLiteralData(each));
    }
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

/** `Object.freeze` --> as it is written; whether the first name is the global is for the caller to ask. */
function globalName(callee: Node): string | undefined {
  const node = unwrap(callee);
  if (node.type === "Identifier") return node.name;
  return node.type === "MemberExpression" && !node.computed && node.object.type === "Identifier" && node.property.type === "Identifier" ? `${node.object.name}.${node.property.name}` : undefined;
}

/** Literals, and arrays and objects of such: iterating and reading them runs nobody's code. */
function isLiteralData(expression: Node): boolean {
  const node = unwrap(expression);
  switch (node.type) {
    case "Literal":
      return true;
    case "ArrayExpression":
      return node.elements.every((element) => element !== null && element.type !== "SpreadElement" && isLiteralData(element));
    case "ObjectExpression":
      return node.properties.every((property) => property.type === "Property" && !property.computed && property.kind === "init" && !isProto(property.key) && isLiteralData(property.value));
    case "UnaryExpression":
      return node.operator !== "delete" && unwrap(node.argument).type === "Literal";
    default:
      return false;
  }
}

export interface NamesOfModule {
  /** The name always has the same value once the module's declarations were evaluated. */
  isStable(name: string): boolean;
  /** The module declares or imports the name: it is no global. */
  isBound(name: string): boolean;
}

export function namesOf({ targets, bindings, scopes }: Pick<ModuleAnalysis, "targets" | "bindings" | "scopes">): NamesOfModule {
  const stable = new Set([
    ...targets.map((target) => target.name),
    ...bindings.filter((binding) => binding.kind === "const" || binding.kind === "function" || binding.kind === "class").flatMap((binding) => binding.names),
  ]);
  return { isStable: (name) => stable.has(name), isBound: (name) => scopes.module.set.has(name) };
}

/** Whether a declaration means the same whenever it is evaluated. */
export function isOrderFreeDeclaration(node: Node, names: NamesOfModule): boolean {
  const inner = unwrap(node);
  switch (inner.type) {
    case "VariableDeclarator":
      return inner.init === null || (inner.id.type === "Identifier" && isOrderFree(inner.init, names));
    case "FunctionDeclaration":
    case "TSImportEqualsDeclaration":
      return true;
    case "TSEnumDeclaration":
      return inner.body.members.every((member) => member.initializer == null || isInert(member.initializer));
    case "ClassDeclaration":
    case "ClassExpression":
      return (
        inner.decorators.length === 0 &&
        (inner.superClass === null || isOrderFree(inner.superClass, names)) &&
        inner.body.body.every((member) => {
          if (member.type === "StaticBlock" || member.type === "TSIndexSignature") return member.type !== "StaticBlock";
          if (member.computed || member.decorators.length > 0) return false;
          return member.type === "MethodDefinition" || !member.static || !("value" in member) || member.value === null || isInert(member.value);
        })
      );
    default:
      return isOrderFree(inner, names);
  }
}
