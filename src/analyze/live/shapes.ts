/** Small questions to a syntax tree. */
import type { Node } from "oxc-parser";
import { isTypeOnly, walk } from "../../syntax/walk.ts";

/** Uses of `this`, in a class or in the methods of an object. */
export function selvesOf(unit: Node): readonly Node[] {
  const found: Node[] = [];
  walk(unit, {
    enter(node) {
      if (isTypeOnly(node)) return false;
      if (node.type === "ThisExpression") found.push(node);
      return true;
    },
  });
  return found;
}
