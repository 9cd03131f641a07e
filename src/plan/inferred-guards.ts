/** Functions whose type guard (`x is T`) TypeScript would infer: it does so for a single `return` alone, and the guard that makes them patchable is another. */
import type { Node } from "oxc-parser";
import type { ModuleAnalysis, Target } from "../analyze/analysis.ts";
import { isFunction } from "../analyze/functions.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { placeAt } from "../syntax/place.ts";
import { unwrap, walk } from "../syntax/walk.ts";

/** Notices (HF0024) for those that look like it: what the types of their parameters are, only the compiler knows. */
export function tellInferredGuards({ parsed, targets }: ModuleAnalysis, hasContext: (target: Target) => boolean): readonly Diagnostic[] {
  return targets.flatMap((target): Diagnostic[] => {
    const { fn, kind, member } = target;
    if (kind !== "sync" || fn.returnType || member?.accessor !== undefined || hasContext(target)) return [];
    const names = new Set((fn.params as readonly Node[]).flatMap((node) => (node.type === "Identifier" ? [node.name] : [])));
    const value = onlyReturn(fn.body as Node);
    if (names.size === 0 || value === undefined || !narrows(value, names)) return [];
    return [diagnostic("HF0024", "notice", { name: target.name }, placeAt(parsed.file, parsed.text, target.start, (fn.body as Node).start))];
  });
}

function onlyReturn(body: Node): Node | undefined {
  if (body.type !== "BlockStatement") return body;
  const last = body.body.at(-1);
  let returns = 0;
  walk(body, {
    enter(node) {
      if (node.type === "ReturnStatement") returns++;
      return !isFunction(node);
    },
  });
  return returns === 1 && last?.type === "ReturnStatement" && last.argument ? last.argument : undefined;
}

/** Whether the truth of an expression says something about the type of one of these. */
function narrows(expression: Node, names: ReadonlySet<string>): boolean {
  const node = unwrap(expression);
  const isOne = (each: Node): boolean => {
    const inner = unwrap(each);
    return inner.type === "Identifier" && names.has(inner.name);
  };
  switch (node.type) {
    case "LogicalExpression":
      return narrows(node.left, names) || narrows(node.right, names);
    case "UnaryExpression":
      return node.operator === "!" && (isOne(node.argument) || narrows(node.argument, names));
    case "BinaryExpression": {
      if (node.operator === "instanceof") return isOne(node.left);
      if (node.operator === "in") return isOne(node.right);
      if (!/^[!=]==?$/.test(node.operator)) return false;
      return [node.left, node.right].some((side) => {
        const inner = unwrap(side);
        return isOne(inner) || (inner.type === "UnaryExpression" && inner.operator === "typeof" && isOne(inner.argument));
      });
    }
    case "CallExpression":
      return node.arguments.length > 0 && isOne(node.arguments[0] as Node) && /^is[A-Z]/.test(calleeName(node.callee));
    default:
      return false;
  }
}

function calleeName(callee: Node): string {
  if (callee.type === "MemberExpression") return callee.property.type === "Identifier" ? callee.property.name : "";
  return callee.type === "Identifier" ? callee.name : "";
}
