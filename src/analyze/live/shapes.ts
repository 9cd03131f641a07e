/** Small questions to a syntax tree. */
import type { Node } from "oxc-parser";
import { isTypeOnly, walk } from "../../syntax/walk.ts";
import type { Nest } from "./nest.ts";

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
