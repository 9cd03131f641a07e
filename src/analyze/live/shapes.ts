/** Small questions to a syntax tree. */
import type { Node } from "oxc-parser";
import { isTypeOnly, walk } from "../../syntax/walk.ts";
import { isFunction } from "../functions.ts";
import type { Nest, Unit } from "./nest.ts";

/** What it returns, or one of its methods does, is suspended in its code. */
export function generates(unit: Unit): boolean {
  if (isFunction(unit)) return unit.generator;
  return unit.body.body.some((member) => "value" in member && member.value !== null && isFunction(member.value) && member.value.generator);
}

/** Uses of `this` as a value, in a class. */
export function selvesOf(unit: Node, nest: Nest): readonly Node[] {
  const found: Node[] = [];
  walk(unit, {
    enter(node) {
      if (isTypeOnly(node)) return false;
      if (node.type === "ThisExpression" && nest.parentOf(node)?.type !== "MemberExpression") found.push(node);
      return true;
    },
  });
  return found;
}

export function rootOf(node: Node): Node {
  let root = node;
  while (root.type === "MemberExpression" || root.type === "TSNonNullExpression" || root.type === "ChainExpression" || root.type === "TSAsExpression") {
    root = root.type === "MemberExpression" ? root.object : root.expression;
  }
  return root;
}

export function boundIdentifiers(pattern: Node): readonly Node[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "AssignmentPattern":
      return boundIdentifiers(pattern.left);
    case "RestElement":
      return boundIdentifiers(pattern.argument);
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? boundIdentifiers(element) : []));
    case "ObjectPattern":
      return pattern.properties.flatMap((property) => boundIdentifiers(property.type === "RestElement" ? property.argument : property.value));
    default:
      return [];
  }
}
