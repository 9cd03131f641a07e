/** Instances and objects that are made and put away. */
import type { Node } from "oxc-parser";
import { unwrap } from "../../syntax/walk.ts";

/**
 * `const parsers = { era: new EraParser() }`: the `new` expressions and objects that are values in what the declaration
 * binds. Their methods and accessors run when somebody uses the binding.
 */
export function onlyMade(root: Node): ReadonlySet<Node> {
  const found = new Set<Node>();
  if (root.type === "VariableDeclarator") {
    // const { gold } = new Account(): its accessors run
    if (root.init && root.id.type === "Identifier") collect(root.init, found);
  } else if (root.type === "NewExpression" || root.type === "ObjectExpression" || root.type === "ArrayExpression") collect(root, found);
  return found;
}

function collect(value: Node, found: Set<Node>): void {
  const node = unwrap(value);
  if (node.type === "NewExpression" || node.type === "ObjectExpression") found.add(node);
  if (node.type === "ObjectExpression") for (const each of node.properties) if (each.type === "Property" && each.kind === "init") collect(each.value, found);
  if (node.type === "ArrayExpression") for (const each of node.elements) if (each !== null && each.type !== "SpreadElement") collect(each, found);
}
