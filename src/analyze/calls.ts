/**
 * Which functions a piece of code calls while it is evaluated: by name, at once. Functions that it only makes or hands on
 * (handlers, methods, what it returns) run later, and are not looked into.
 */
import type { Node } from "oxc-parser";
import type { Scopes } from "../syntax/scopes.ts";
import { children, unwrap } from "../syntax/walk.ts";
import { isFunction } from "./functions.ts";

/** Methods and functions that call what they are given before they return. */
const CALLING: ReadonlySet<string> = new Set([
  "every", "filter", "find", "findIndex", "findLast", "findLastIndex", "flatMap", "forEach", "from", "groupBy", "map", "reduce", "reduceRight", "replace", "replaceAll", "some", "sort", "toSorted",
]);

export interface Calls {
  /** Names of the module's top level, sorted; `ns.name` for a member of one. */
  readonly evaluated: readonly string[];
  /** Of a class: those that its constructor, fields and methods call. */
  readonly constructed: readonly string[];
}

export function readCalls(node: Node, scopes: Scopes): Calls {
  const evaluated = new Set<string>();
  collect(node, node, { scopes, found: evaluated, whole: false });
  const constructed = new Set<string>();
  for (const part of children(node)) if (part.type === "ClassBody") collect(part, part, { scopes, found: constructed, whole: true });
  return { evaluated: [...evaluated].toSorted(), constructed: [...constructed].toSorted() };
}

interface Collecting {
  readonly scopes: Scopes;
  readonly found: Set<string>;
  /** Methods and fields of classes count too. */
  readonly whole: boolean;
}

function collect(node: Node, root: Node, into: Collecting, parent?: Node): void {
  if (node !== root && isFunction(node) && !into.whole && !runsAtOnce(node, parent)) return;
  if (!into.whole && (node.type === "MethodDefinition" || node.type === "PropertyDefinition" || node.type === "AccessorProperty")) {
    // class { static n = f(); [g()]() {} }
    const parts = [...node.decorators, ...(node.computed ? [node.key] : []), ...(node.type !== "MethodDefinition" && node.static && node.value ? [node.value] : [])];
    for (const part of parts) collect(part as Node, root, into, node);
    return;
  }
  const called = calledBy(node);
  if (called) add(called, into);
  if (node.type === "CallExpression" && CALLING.has(lastName(node.callee) ?? "")) for (const argument of node.arguments) add(argument, into);
  for (const child of children(node)) collect(child, root, into, node);
}

function calledBy(node: Node): Node | undefined {
  switch (node.type) {
    case "CallExpression":
    case "NewExpression":
      return node.callee;
    case "TaggedTemplateExpression":
      return node.tag;
    case "Decorator":
      return node.expression;
    case "ClassDeclaration":
    case "ClassExpression":
      // Making an instance runs the parent's constructor.
      return node.superClass ?? undefined;
    default:
      return undefined;
  }
}

function add(callee: Node, { scopes, found }: Collecting): void {
  const node = unwrap(callee);
  const object = node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier" ? unwrap(node.object) : node;
  if (object.type !== "Identifier" || scopes.variableAt(object)?.scope !== scopes.module) return;
  found.add(object === node ? object.name : `${object.name}.${lastName(node)}`);
}

function lastName(callee: Node): string | undefined {
  const node = unwrap(callee);
  if (node.type === "Identifier") return node.name;
  return node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier" ? node.property.name : undefined;
}

/** `(() => …)()`, `list.map(() => …)`, `new Promise(() => …)`; and local functions, which may be called. */
function runsAtOnce(fn: Node, parent: Node | undefined): boolean {
  switch (parent?.type) {
    case "CallExpression":
      return unwrap(parent.callee) === fn || CALLING.has(lastName(parent.callee) ?? "");
    case "NewExpression":
      return lastName(parent.callee) === "Promise";
    case "VariableDeclarator":
    case "BlockStatement":
      return true;
    default:
      return false;
  }
}
