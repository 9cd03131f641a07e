/** The statements of a module: what the audit counts. Declarations of functions, classes and types are none. */
import type { Node } from "oxc-parser";
import type { ModuleAnalysis, Range } from "../analyze/analysis.ts";
import { isFunction } from "../analyze/functions.ts";
import { isTypeOnly, unwrap, walk } from "../syntax/walk.ts";

const COUNTED: ReadonlySet<string> = new Set([
  "ExpressionStatement", "ReturnStatement", "IfStatement", "ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement",
  "SwitchStatement", "ThrowStatement", "TryStatement", "BreakStatement", "ContinueStatement", "DebuggerStatement", "WithStatement", "TSExportAssignment",
]);

/** In source order, outer ones before those inside. */
export function statementsOf({ parsed, targets }: Pick<ModuleAnalysis, "parsed" | "targets">): readonly Range[] {
  const functions = new Set<Node>(targets.map((target) => target.fn));
  const found: Range[] = [];
  walk(parsed.program, {
    enter(node, parent) {
      if (isTypeOnly(node)) return false;
      if (isCounted(node, parent, functions)) found.push({ start: node.start, end: node.end });
      return true;
    },
  });
  return found;
}

function isCounted(node: Node, parent: Node | undefined, targets: ReadonlySet<Node>): boolean {
  if (node.type === "ExpressionStatement") return typeof node.directive !== "string";
  if (COUNTED.has(node.type) || node.type === "TSEnumMember") return true;
  // `const f = () => …` declares a function as `function f` does.
  if (node.type === "VariableDeclarator") return node.init !== null && !targets.has(unwrap(node.init));
  if (parent?.type === "PropertyDefinition" || parent?.type === "AccessorProperty") return parent.value === node && !isFunction(node);
  if (parent?.type === "ArrowFunctionExpression") return parent.body === node && node.type !== "BlockStatement";
  return parent?.type === "ExportDefaultDeclaration" && !isFunction(node) && node.type !== "ClassDeclaration";
}
