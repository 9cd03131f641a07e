/** What of its own call a function names, itself or in arrow functions inside it. */
import type { Node } from "oxc-parser";
import { walk } from "./walk.ts";

export interface OwnCall {
  /** `this`, and `super`, which is looked up from it. */
  readonly namesThis: boolean;
  /** Of an arrow function: those of the function around it. */
  readonly namesArguments: boolean;
}

export function ownCallOf(fn: Node): OwnCall {
  const found = { namesThis: false, namesArguments: false };
  const look = (root: Node, parent?: Node): void =>
    walk(root, {
      enter(node) {
        if (node.type === "ThisExpression" || node.type === "Super") found.namesThis = true;
        if (node.type === "Identifier" && node.name === "arguments") found.namesArguments = true;
        if (node === fn) return true;
        // A class has its own `this`, but for the names of its members and their decorators.
        if (node.type === "MethodDefinition" || node.type === "PropertyDefinition" || node.type === "AccessorProperty") {
          if (node.computed) look(node.key as Node, node);
          for (const decorator of node.decorators) look(decorator, node);
          return false;
        }
        return node.type !== "StaticBlock" && node.type !== "FunctionExpression" && node.type !== "FunctionDeclaration";
      },
    }, parent);
  look(fn);
  return found;
}
