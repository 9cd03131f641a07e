/** Escape: a constant handed to a function. */
import type { Node } from "oxc-parser";
import { unwrap } from "../syntax/walk.ts";
import type { SourceModule } from "../transform/project.ts";
import type { Escape, Follower } from "./escape.ts";
import { usesArguments } from "./escape-method.ts";
import { anyOf, hasFreeChildren, listShape, type Shape } from "./shape.ts";

type Call = Extract<Node, { type: "CallExpression" | "NewExpression" }>;

/** Look at what they get, and keep nothing. */
const LOOKING: ReadonlySet<string> = new Set([
  "Object.keys", "Object.hasOwn", "Object.getOwnPropertyNames", "Object.isFrozen", "Object.prototype.hasOwnProperty.call", "Array.isArray", "JSON.stringify", "structuredClone",
  "String", "Boolean", "Number", "isNaN", "Number.isNaN", "Number.isInteger",
]);
/** Give a new object with the same elements. */
const COPYING: ReadonlySet<string> = new Set(["Object.values", "Array.from", "new Set", "Object.assign", "Object.fromEntries"]);
const PAIRING: ReadonlySet<string> = new Set(["Object.entries", "new Map"]);
/** Methods of strings that take a regular expression and leave its position as they found it. */
const MATCHING: ReadonlySet<string> = new Set(["match", "matchAll", "replace", "replaceAll", "search", "split"]);
/** Methods that call a function before they return and do not keep it. */
const CALLING: ReadonlySet<string> = new Set(["every", "filter", "find", "findIndex", "findLast", "findLastIndex", "flatMap", "forEach", "map", "some", "reduce", "reduceRight", "sort", "toSorted"]);

export function followArgument(follower: Follower, module: SourceModule, call: Call, node: Node, shape: Shape): Escape | undefined {
  const callee = unwrap(call.callee);
  const position = call.arguments.indexOf(node as never);
  const escapes: Escape = { module, node, how: "is handed to a function" };
  if (call.arguments.slice(0, position).some((each) => each.type === "SpreadElement")) return escapes;
  const known = `${call.type === "NewExpression" ? "new " : ""}${globalPath(module, callee) ?? ""}`;
  if (LOOKING.has(known)) return undefined;
  if (COPYING.has(known)) return known === "Object.assign" && position === 0 ? { ...escapes, how: "is changed" } : follower.value(module, call, anyOf(shape));
  if (PAIRING.has(known)) {
    return hasFreeChildren(shape) ? undefined : follower.value(module, call, { ...listShape(known === "new Map" ? "map" : "array", [anyOf(shape)]), entries: new Map<string, Shape>() });
  }
  if (callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier" && position === 0) {
    const method = callee.property.name;
    if (shape.kind === "regexp" && MATCHING.has(method)) return undefined;
    if (shape.kind === "function" && !shape.stateful && CALLING.has(method)) return undefined;
  }
  const callable = call.type === "CallExpression" ? follower.program.functionNamed(module, callee) : undefined;
  if (callable === undefined) return escapes;
  const parameters = (callable.node as Extract<Node, { type: "ArrowFunctionExpression" }>).params as readonly Node[];
  if (usesArguments(callable.node)) return escapes;
  const parameter = parameters[position];
  const rest = parameters.at(-1);
  if (parameter !== undefined && parameter.type !== "RestElement") return follower.pattern(callable.module, parameter, shape);
  // More arguments than parameters: nobody sees them.
  return rest?.type === "RestElement" ? follower.pattern(callable.module, rest, shape) : undefined;
}

/** `Object.keys` --> the path of names, where its first is the global of that name. */
function globalPath(module: SourceModule, callee: Node): string | undefined {
  const node = unwrap(callee);
  if (node.type === "Identifier") return module.analysis.scopes.variableAt(node) === undefined ? node.name : undefined;
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return undefined;
  const object = globalPath(module, node.object);
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}
