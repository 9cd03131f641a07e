/** Escape: a constant handed to a function. */
import type { Node } from "oxc-parser";
import { CALLING_METHODS } from "../../analyze/calling-methods.ts";
import { unwrap } from "../../syntax/walk.ts";
import type { Escape, Follower } from "./escape.ts";
import { parametersOf, usesArguments } from "./escape-method.ts";
import { anyOf, hasFreeChildren, listShape, objectShape, type Shape } from "./shape.ts";
import type { WorldModule } from "../world/module.ts";

type Call = Extract<Node, { type: "CallExpression" | "NewExpression" }>;

/** Look at what they get, and keep nothing. */
const LOOKING: ReadonlySet<string> = new Set([
  "Object.keys", "Object.hasOwn", "Object.getOwnPropertyNames", "Object.isFrozen", "Object.prototype.hasOwnProperty.call", "Array.isArray", "JSON.stringify", "structuredClone",
  "String", "Boolean", "Number", "isNaN", "Number.isNaN", "Number.isInteger",
]);
/** Methods of strings that take a regular expression and leave its position as they found it. */
const MATCHING: ReadonlySet<string> = new Set(["match", "matchAll", "replace", "replaceAll", "search", "split"]);

export function followArgument(follower: Follower, module: WorldModule, call: Call, node: Node, shape: Shape): Escape | undefined {
  const callee = unwrap(call.callee);
  const position = call.arguments.indexOf(node as never);
  const escapes: Escape = { module, node, how: "is handed to a function" };
  if (call.arguments.slice(0, position).some((each) => each.type === "SpreadElement")) return escapes;
  const known = `${call.type === "NewExpression" ? "new " : ""}${globalPath(module, callee) ?? ""}`;
  if (LOOKING.has(known)) return known === "JSON.stringify" && !isPlainReplacer(call.arguments[1]) ? escapes : undefined;
  const copied = copyOf(known, shape);
  if (known === "Object.assign" && position === 0) return { ...escapes, how: "is changed" };
  if (copied !== undefined) {
    // Array.from(list, (element) => …), Object.assign(target, …): the parts go further than the result.
    const goesFurther = (known === "Array.from" && call.arguments.length > 1) || (known === "Object.assign" && call.arguments[0]?.type !== "ObjectExpression");
    return goesFurther && !hasFreeChildren(shape) ? escapes : follower.value(module, call, copied);
  }
  if (callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier" && position === 0) {
    const method = callee.property.name;
    if (shape.kind === "regexp" && MATCHING.has(method)) return undefined;
    if (shape.kind === "function" && !shape.stateful && CALLING_METHODS.has(method)) return undefined;
  }
  const callable = call.type === "CallExpression" ? follower.program.functionNamed(module, callee) : undefined;
  if (callable === undefined) return escapes;
  const parameters = parametersOf(callable.node);
  if (usesArguments(callable.node)) return escapes;
  const parameter = parameters[position];
  const rest = parameters.at(-1);
  if (parameter !== undefined && parameter.type !== "RestElement") return follower.pattern(callable.module, parameter, shape);
  // More arguments than parameters: nobody sees them.
  return rest?.type === "RestElement" ? follower.pattern(callable.module, rest, shape) : undefined;
}

/** The shape of a new object with the same elements; undefined for what makes none, or where that is not known. */
function copyOf(known: string, shape: Shape): Shape | undefined {
  const parts = shape.children ? [shape.children] : [];
  const anyKey = (list: Shape): Shape => ({ ...list, entries: new Map<string, Shape>() });
  switch (known) {
    case "Object.values":
      return anyOf(shape);
    case "Array.from":
      return shape.kind === "map" ? undefined : anyOf(shape);
    case "new Set":
      return shape.kind === "map" ? undefined : anyKey(listShape("set", parts));
    case "Object.assign":
      return objectShape([], parts);
    case "Object.entries":
      return anyKey(listShape("array", [anyOf(shape)]));
    case "Object.fromEntries":
    case "new Map": {
      // Of pairs.
      const values = shape.kind === "map" ? parts : shape.kind === "array" && shape.children?.kind === "array" ? (shape.children.children ? [shape.children.children] : []) : undefined;
      return values && (known === "new Map" ? anyKey(listShape("map", values)) : objectShape([], values));
    }
    default:
      return undefined;
  }
}

/** A function would be given every part. */
function isPlainReplacer(replacer: Node | undefined): boolean {
  return replacer === undefined || replacer.type === "Literal" || replacer.type === "ArrayExpression" || (replacer.type === "Identifier" && replacer.name === "undefined");
}

/** `Object.keys` --> the path of names, where its first is the global of that name. */
function globalPath(module: WorldModule, callee: Node): string | undefined {
  const node = unwrap(callee);
  if (node.type === "Identifier") return module.analysis.scopes.variableAt(node) === undefined ? node.name : undefined;
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return undefined;
  const object = globalPath(module, node.object);
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}
