/** How code is written that calls, or that may be passed over. */
import type { Node } from "oxc-parser";
import { unwrap } from "../../syntax/walk.ts";

export function isPromise(node: Node): boolean {
  return node.type === "NewExpression" && node.callee.type === "Identifier" && node.callee.name === "Promise";
}

export function isConditional(part: Node, parent: Node): boolean {
  if (parent.type === "IfStatement" || parent.type === "ConditionalExpression") return part !== parent.test;
  return (parent.type === "LogicalExpression" && part === parent.right) || parent.type === "SwitchCase";
}

/** `app.get(…).post(…)`: if nobody reads the one, nobody reads the other. */
export function isChain(part: Node, parent: Node): boolean {
  if (parent.type === "CallExpression") return parent.callee === part;
  return parent.type === "MemberExpression" || parent.type === "ChainExpression" || parent.type === "AwaitExpression" || parent.type === "UnaryExpression" || unwrap(parent) !== parent;
}

/** `f()`, `f.x`, `ns.f()`: neither the function itself nor anything that holds it goes anywhere. */
export function isCallee(node: Node, parent: Node | undefined): boolean {
  switch (parent?.type) {
    case "CallExpression":
    case "NewExpression":
      return parent.callee === node;
    case "TaggedTemplateExpression":
      return parent.tag === node;
    case "MemberExpression":
      return parent.object === node;
    default:
      return false;
  }
}

/** `buy` of `buy()` and `shop.buy()` */
export function lastName(callee: Node): string | undefined {
  const node = unwrap(callee);
  if (node.type === "Identifier") return node.name;
  return node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier" ? node.property.name : undefined;
}
