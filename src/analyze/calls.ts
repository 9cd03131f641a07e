/**
 * Which functions a piece of code calls while it is evaluated: by name, at once. Functions that it only makes or hands on
 * (handlers, methods, what it returns) run later, and are not looked into.
 */
import type { Node } from "oxc-parser";
import { valueReferences, type Scopes } from "../syntax/scopes.ts";
import { children, unwrap } from "../syntax/walk.ts";
import { CALLING_METHODS } from "./calling-methods.ts";
import { isFunction } from "./functions.ts";

/** Methods and functions that call what they are given before they return. */
const CALLING: ReadonlySet<string> = new Set([...CALLING_METHODS, "from", "groupBy", "replace", "replaceAll"]);

/** Methods of collections that call nothing of what these hold. */
const QUIET: ReadonlySet<string> = new Set([
  "add", "at", "clear", "concat", "delete", "entries", "fill", "get", "has", "includes", "indexOf", "join", "keys", "pop", "push", "set", "shift", "slice", "splice", "unshift", "values",
]);

export interface Calls {
  /** Names of the module's top level, sorted; `ns.name` for a member of one. */
  readonly evaluated: readonly string[];
  /** Of a class: those that its constructor, fields and methods call. */
  readonly constructed: readonly string[];
  /** Names that it holds on to or hands on instead of calling them, at any time. */
  readonly held: readonly string[];
}

/** Offset → name, of everything that refers to the module's top level. */
export type TopLevelNames = ReadonlyMap<number, string>;

export function topLevelNames(scopes: Scopes): TopLevelNames {
  return new Map(scopes.module.variables.flatMap((variable) => valueReferences(variable, scopes).map(({ identifier }): [number, string] => [identifier.range[0], variable.name])));
}

export function readCalls(root: Node, names: TopLevelNames): Calls {
  const found = { evaluated: new Set<string>(), constructed: new Set<string>(), held: new Set<string>() };
  collect(root, root, { names, found, at: "evaluated" }, undefined);
  const sorted = (set: ReadonlySet<string>): readonly string[] => [...set].toSorted();
  return { evaluated: sorted(found.evaluated), constructed: sorted(found.constructed), held: sorted(found.held) };
}

interface Collecting {
  readonly names: TopLevelNames;
  readonly found: { readonly evaluated: Set<string>; readonly constructed: Set<string>; readonly held: Set<string> };
  /** When what is looked at runs: with the evaluation, when an instance of the class is made or used, or some time. */
  readonly at: "evaluated" | "constructed" | "later";
}

function collect(node: Node, root: Node, into: Collecting, parent: Node | undefined): void {
  const called = calledBy(node);
  if (called) add(called, into);
  const callsArguments = node.type === "CallExpression" && CALLING.has(lastName(node.callee) ?? "");
  if (callsArguments) for (const argument of node.arguments) add(argument, into);
  if (node.type === "Identifier" && !isCallee(node, parent)) {
    const name = into.names.get(node.start);
    if (name !== undefined) into.found.held.add(name);
  }
  // emitter.on("trade", shop.trade)
  if (node.type === "MemberExpression" && !isCallee(node, parent) && unwrap(node.object).type === "Identifier") {
    const name = into.names.get(unwrap(node.object).start);
    const member = lastName(node);
    if (name !== undefined && member !== undefined) into.found.held.add(`${name}.${member}`);
  }
  for (const child of children(node)) {
    const below = { ...into, at: timeOf(child, node, root, into.at) };
    // list.map(f): called at once, and forgotten
    if (callsArguments && child.type === "Identifier" && (node.arguments as readonly Node[]).includes(child)) continue;
    collect(child, root, below, node);
  }
}

/** When a part runs that stands in something that runs at a time. */
function timeOf(part: Node, parent: Node, root: Node, at: Collecting["at"]): Collecting["at"] {
  if (parent.type === "MethodDefinition" || parent.type === "PropertyDefinition" || parent.type === "AccessorProperty") {
    // class { static n = f(); [g()]() {} }
    const isEvaluated = part === (parent.key as Node) || (parent.decorators as readonly Node[]).includes(part) || (parent.type !== "MethodDefinition" && parent.static);
    return isEvaluated || at !== "evaluated" ? at : "constructed";
  }
  // const f = () => g(): declared, not called
  if (isFunction(part) && at === "evaluated" && ((parent === root && root.type === "VariableDeclarator") || !runsAtOnce(part, parent))) return "later";
  return at;
}

/** `f()`, `f.x`, `ns.f()`: neither the function itself nor anything that holds it goes anywhere. */
function isCallee(node: Node, parent: Node | undefined): boolean {
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

function add(callee: Node, { names, found, at }: Collecting): void {
  if (at === "later") return;
  const node = unwrap(callee);
  const object = node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier" ? unwrap(node.object) : node;
  const name = object.type === "Identifier" ? names.get(object.start) : undefined;
  if (name !== undefined && (object === node || !QUIET.has(lastName(node) ?? ""))) found[at].add(object === node ? name : `${name}.${lastName(node)}`);
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
