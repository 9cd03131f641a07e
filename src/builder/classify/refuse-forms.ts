/** Forms that new declarations and statements cannot have: what is evaluated at commit must be synchronous and know its names. */
import type { Node } from "oxc-parser";
import { isEval, isFunction } from "../../analyze/functions.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { walk } from "../../syntax/walk.ts";

/** What cannot be moved into a patch, wherever it stands in a declaration or statement. */
export function refuseForms(module: string, { node }: { readonly node: Node }): readonly Diagnostic[] {
  let awaits = false;
  let evals = false;
  let depth = 0;
  walk(node, {
    enter(each) {
      if (each.type === "CallExpression" && isEval(each.callee)) evals = true;
      if (depth === 0 && (each.type === "AwaitExpression" || (each.type === "ForOfStatement" && each.await) || (each.type === "VariableDeclaration" && each.kind === "await using"))) awaits = true;
      if (isFunction(each)) depth++;
    },
    leave(each) {
      if (isFunction(each)) depth--;
    },
  });
  return [
    ...(awaits ? [diagnostic("HF1409", "refusal", { module })] : []),
    ...(evals ? [diagnostic("HF1106", "refusal", { name: module, what: "a direct `eval`" })] : []),
  ];
}
