/**
 * Code that has nothing in it to fix: it hands on what it got, or stores it. A method that only calls a top-level function is
 * what the remedy of HF1001 asks for; the linter must not ask again.
 */
import type { Node } from "oxc-parser";
import { isFunction } from "../analyze/functions.ts";
import { unwrap } from "../syntax/walk.ts";

/** @param isKnown whether a name is the module's own or imported, so that what is called can be patched */
export function isThin(node: Node, isKnown: (name: string) => boolean): boolean {
  if (node.type === "StaticBlock") return node.body.every((statement) => stores(statement, isKnown));
  if (!isFunction(node) || node.body === null) return false;
  if (node.params.some((parameter) => parameter.type === "AssignmentPattern" && !isPlain(parameter.right))) return false;
  const { body } = node;
  if (body.type !== "BlockStatement") return isHanded(body, isKnown);
  const [first, ...more] = body.body as readonly Node[];
  if (first === undefined) return true;
  if (more.length === 0 && hands(first, isKnown)) return true;
  return [first, ...more].every((statement) => stores(statement, isKnown));
}

/** A statement at a module's top level: a call of anything, with nothing in it that could be wrong. */
export function isThinStatement(node: Node): boolean {
  if (node.type !== "ExpressionStatement") return node.type === "EmptyStatement";
  const called = unwrap(node.expression);
  const value = called.type === "AwaitExpression" ? unwrap(called.argument) : called;
  return isPlain(value) || isPlainCall(value) || (value.type === "AssignmentExpression" && isPlain(value.left) && isPlain(value.right));
}

// return award(player, 1);
function hands(statement: Node, isKnown: (name: string) => boolean): boolean {
  if (statement.type === "ReturnStatement") return statement.argument === null || isHanded(statement.argument, isKnown);
  return statement.type === "ExpressionStatement" && isHanded(statement.expression, isKnown);
}

// super(name); this.name = name; register(this);
function stores(statement: Node, isKnown: (name: string) => boolean): boolean {
  if (statement.type !== "ExpressionStatement") return false;
  const expression = unwrap(statement.expression);
  if (expression.type === "CallExpression" && expression.callee.type === "Super") return expression.arguments.every(isPlain);
  if (expression.type === "AssignmentExpression") return expression.operator === "=" && isPlain(expression.left) && isPlain(expression.right);
  return isHanded(expression, isKnown);
}

function isHanded(node: Node, isKnown: (name: string) => boolean): boolean {
  const value = unwrap(node);
  if (value.type === "AwaitExpression" || value.type === "YieldExpression") return value.argument !== null && isHanded(value.argument, isKnown);
  if (value.type === "AssignmentExpression") return value.operator === "=" && isPlain(value.left) && isPlain(value.right);
  return isPlain(value) || (value.type === "CallExpression" && value.callee.type === "Identifier" && isKnown(value.callee.name) && value.arguments.every(isPlain));
}

function isPlainCall(node: Node): boolean {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return false;
  const callee = unwrap(node.callee);
  // listen(port).catch(report)
  const isCallee = isPlain(callee) || (callee.type === "MemberExpression" && !callee.computed && isPlainCall(unwrap(callee.object)));
  return isCallee && node.arguments.every((argument) => isPlain(argument) || isPlainCall(unwrap(argument)));
}

/** Evaluating it decides nothing and computes nothing. */
function isPlain(node: Node): boolean {
  const value = unwrap(node);
  switch (value.type) {
    case "Identifier":
    case "ThisExpression":
    case "Super":
    case "Literal":
    case "MetaProperty":
      return true;
    case "MemberExpression":
      return isPlain(value.object) && (!value.computed || isPlain(value.property));
    case "SpreadElement":
      return isPlain(value.argument);
    case "ArrayExpression":
      return value.elements.every((element) => element === null || isPlain(element));
    case "ObjectExpression":
      return value.properties.every((property) => (property.type === "SpreadElement" ? isPlain(property.argument) : !property.computed && isPlain(property.value)));
    case "TemplateLiteral":
      return value.expressions.length === 0;
    case "UnaryExpression":
      return (value.operator === "-" || value.operator === "!" || value.operator === "void") && isPlain(value.argument);
    default:
      return false;
  }
}
