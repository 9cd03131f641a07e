/** Functions that are no targets: their names, and why they are none. */
import type { Node, Program } from "oxc-parser";
import { isTypeOnly, walk } from "../syntax/walk.ts";
import type { NonTarget, NonTargetReason } from "./analysis.ts";
import { isFunction, type AnyFunction } from "./functions.ts";

export interface TaggableNonTarget extends NonTarget {
  /** Offsets a tag's comment may stand before. */
  readonly tagAt: readonly number[];
}

/**
 * @param candidates functions that may be targets, by node; they do not occur among the non-targets
 */
export function readNonTargets(program: Program, candidates: ReadonlySet<Node>): readonly TaggableNonTarget[] {
  const nonTargets: TaggableNonTarget[] = [];
  const ancestors: Node[] = [];
  let functions = 0;
  walk(program, {
    enter(node, parent) {
      if (isTypeOnly(node) && node.type !== "TSEmptyBodyFunctionExpression") return false;
      ancestors.push(node);
      if (node.type === "StaticBlock") {
        nonTargets.push({ start: node.start, end: node.end, node, name: `${pathName(ancestors)}static block`, reason: "static block", tagAt: [node.start] });
      }
      if (!isFunction(node)) return true;
      if (!candidates.has(node)) nonTargets.push(describe(node, parent, ancestors, functions > 0));
      functions++;
      return true;
    },
    leave(node) {
      if (ancestors.at(-1) !== node) return;
      ancestors.pop();
      if (isFunction(node)) functions--;
    },
  });
  return nonTargets;
}

function describe(node: AnyFunction, parent: Node | undefined, ancestors: readonly Node[], inFunction: boolean): TaggableNonTarget {
  const reason = reasonOf(node, parent, ancestors, inFunction);
  const own = node.type === "ArrowFunctionExpression" ? undefined : node.id?.name;
  const path = pathName(ancestors.slice(0, -1));
  const name = `${path}${own ?? (path === "" || path.endsWith(" > ") ? "callback" : "")}`.replace(/\.$/, "").replace(/ > $/, "");
  const tagAt = [node.start];
  for (let depth = ancestors.length - 2; depth >= 0; depth--) {
    const ancestor = ancestors[depth];
    if (!ancestor || !OWNS_TAG.has(ancestor.type)) break;
    tagAt.push(ancestor.start);
  }
  return { start: node.start, end: node.end, node, name, reason, tagAt };
}

/** Between a function and the place its JSDoc stands. */
const OWNS_TAG: ReadonlySet<string> = new Set([
  "MethodDefinition", "PropertyDefinition", "Property", "VariableDeclarator", "VariableDeclaration", "ExportNamedDeclaration",
  "ExportDefaultDeclaration", "CallExpression", "ExpressionStatement", "AssignmentExpression", "TSAsExpression", "TSSatisfiesExpression",
  "ReturnStatement", "TSExportAssignment",
]);

function reasonOf(node: AnyFunction, parent: Node | undefined, ancestors: readonly Node[], inFunction: boolean): NonTargetReason {
  if (parent?.type === "MethodDefinition" && parent.value === node) {
    if (parent.kind === "constructor") return "constructor";
    return parent.kind === "method" ? "method" : "accessor";
  }
  if (parent?.type === "PropertyDefinition" || parent?.type === "AccessorProperty") return "field";
  if (inFunction) return "nested function";
  if (parent?.type === "Property") return "object member";
  for (const ancestor of ancestors.toReversed().slice(1)) {
    switch (ancestor.type) {
      case "CallExpression":
      case "NewExpression":
        return ancestors.some((each) => each.type === "VariableDeclarator") ? "computed value" : "callback at init";
      case "VariableDeclarator":
        return node.type !== "FunctionDeclaration" && isReassignable(ancestors) ? "reassignable binding" : "computed value";
      case "TSModuleBlock":
        return "namespace member";
      case "BlockStatement":
        return node.type === "FunctionDeclaration" ? "function in a block" : "callback at init";
      case "ExportDefaultDeclaration":
      case "TSExportAssignment":
        return "default expression";
    }
  }
  return node.type === "FunctionDeclaration" ? "function in a block" : "callback at init";
}

function isReassignable(ancestors: readonly Node[]): boolean {
  return ancestors.some((each) => each.type === "VariableDeclaration" && each.kind !== "const");
}

/** `Player.levelUp`, `award > refund`, `commands.trade` */
function pathName(ancestors: readonly Node[]): string {
  let path = "";
  for (const node of ancestors) {
    switch (node.type) {
      case "ClassDeclaration":
      case "ClassExpression":
        path += node.id ? `${node.id.name}.` : path === "" ? "class." : "";
        break;
      case "VariableDeclarator":
        if (node.id.type === "Identifier") path += `${node.id.name}.`;
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
        if (node.id) path = `${path.replace(/\.$/, " > ")}${node.id.name} > `;
        else path = path.replace(/\.$/, " > ");
        break;
      case "ArrowFunctionExpression":
        path = path.replace(/\.$/, " > ");
        break;
      case "MethodDefinition":
      case "PropertyDefinition":
      case "Property":
        path += `${keyName(node.key)}.`;
        break;
      case "TSModuleDeclaration":
        if (node.id.type === "Identifier") path += `${node.id.name}.`;
        break;
      case "CallExpression":
        path += `${calleeName(node.callee)}(…) > `;
        break;
    }
  }
  return path;
}

function keyName(key: Node): string {
  if (key.type === "Identifier") return key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  return key.type === "Literal" ? String(key.value) : "[computed]";
}

function calleeName(callee: Node): string {
  if (callee.type === "Identifier") return callee.name;
  if (callee.type === "MemberExpression" && !callee.computed) return `${calleeName(callee.object)}.${keyName(callee.property)}`;
  return callee.type === "ThisExpression" ? "this" : "…";
}
