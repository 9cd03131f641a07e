/** `{ let a; var a; }` does not parse. Lifted, its `var` would be an assignment, and it would. */
import type { Node } from "oxc-parser";
import { walk } from "../syntax/walk.ts";
import { isFunction } from "./functions.ts";
import { boundNames } from "../syntax/bound-names.ts";

/** Whether a `var` in the statement has the name that a block around it declares otherwise. */
export function isRedeclared(statement: Node): boolean {
  const blocks: { readonly node: Node; readonly names: ReadonlySet<string> }[] = [];
  let found = false;
  walk(statement, {
    enter(node) {
      if (found || isFunction(node) || node.type === "StaticBlock") return false;
      const names = namesDeclaredBy(node);
      if (names.length > 0) blocks.push({ node, names: new Set(names) });
      if (node.type === "VariableDeclaration" && node.kind === "var") {
        found = node.declarations.some(({ id }) => boundNames(id).some((name) => blocks.some(({ names: declared }) => declared.has(name))));
      }
      return true;
    },
    leave(node) {
      if (blocks.at(-1)?.node === node) blocks.pop();
    },
  });
  return found;
}

/** The names that a node declares for what it contains, and for nothing around it. */
function namesDeclaredBy(node: Node): readonly string[] {
  switch (node.type) {
    case "BlockStatement":
      return node.body.flatMap(lexicalNames);
    case "SwitchStatement":
      return node.cases.flatMap((each) => each.consequent.flatMap(lexicalNames));
    case "ForStatement":
      return node.init ? lexicalNames(node.init) : [];
    case "ForInStatement":
    case "ForOfStatement":
      return lexicalNames(node.left);
    case "CatchClause":
      // a plain name may be declared again
      return node.param && node.param.type !== "Identifier" ? boundNames(node.param) : [];
    default:
      return [];
  }
}

function lexicalNames(node: Node): readonly string[] {
  if (node.type === "VariableDeclaration") return node.kind === "var" ? [] : node.declarations.flatMap(({ id }) => boundNames(id));
  return (node.type === "ClassDeclaration" || node.type === "FunctionDeclaration") && node.id ? [node.id.name] : [];
}
