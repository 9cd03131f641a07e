/** Escape: methods called on a constant. */
import type { Node } from "oxc-parser";
import { FOLDING, ITERATING } from "../../analyze/calling-methods.ts";
import { ownCallOf } from "../../syntax/own-call.ts";
import { unwrap } from "../../syntax/walk.ts";
import type { Escape, Follower } from "./escape.ts";
import { anyOf, childOf, hasFreeChildren, listShape, type Shape } from "./shape.ts";
import type { WorldModule } from "../world/module.ts";

type Call = Extract<Node, { type: "CallExpression" }>;

/** Give a primitive, whatever the elements are. */
const PLAIN: ReadonlySet<string> = new Set(["includes", "indexOf", "lastIndexOf", "join", "toString", "toLocaleString", "has", "keys", "hasOwnProperty", "propertyIsEnumerable"]);
/** Give a new list of some of the elements. */
const SELECTING: ReadonlySet<string> = new Set(["slice", "concat", "toReversed", "toSpliced", "with", "values", "flat"]);
const CHANGING: ReadonlySet<string> = new Set(["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin", "set", "add", "delete", "clear", "compile"]);

/** Give the object itself, or a function that calls it. */
const OWN: ReadonlySet<string> = new Set(["valueOf", "bind", "call", "apply"]);

/** Follows `constant.method(…)`. */
export function followMethod(follower: Follower, module: WorldModule, call: Call, method: string | undefined, shape: Shape): Escape | undefined {
  const escapes = (how: string): Escape => ({ module, node: call, how });
  if (shape.kind === "object") {
    if (method === "valueOf" && !shape.entries.has(method)) return escapes("is handed to a function");
    const child = childOf(shape, method);
    return child.stateful || child.kind === "mixed" ? escapes("is the `this` of a call") : undefined;
  }
  if (method === undefined) return escapes("has a method called whose name is not known");
  if (CHANGING.has(method)) return escapes("is changed");
  if (OWN.has(method)) return escapes(`has its method \`${method}\` called`);
  const callsBack = ITERATING.has(method) || FOLDING.has(method) || method === "toSorted";
  if (shape.kind === "mixed") return hasFreeChildren(shape) && !shape.stateful && !callsBack ? undefined : escapes(`has its method \`${method}\` called`);
  if (shape.kind === "regexp") return shape.stateful && (method === "test" || method === "exec") ? escapes("keeps a position from one use to the next") : undefined;
  if (shape.kind === "function") return escapes(`has its method \`${method}\` called`);
  const element = childOf(shape, undefined);
  const isKeyed = shape.kind === "map" || shape.kind === "set";
  // The keys of a set are its elements, and those of a map are parts of it too.
  if (method === "keys" && isKeyed) return follower.value(module, call, anyOf(shape));
  if (PLAIN.has(method)) return undefined;
  if (method === "get" || method === "at") return follower.value(module, call, element);
  if (ITERATING.has(method) || FOLDING.has(method)) {
    const callback = isKeyed ? followCallback(follower, module, call, element, 2, 2) : followCallback(follower, module, call, element, FOLDING.has(method) ? 2 : 1);
    if (callback) return callback;
    if (method === "find" || method === "findLast") return follower.value(module, call, element);
    return method === "filter" ? follower.value(module, call, anyOf(shape)) : undefined;
  }
  if (method === "entries") return hasFreeChildren(shape) ? undefined : follower.value(module, call, anyKey(listShape("array", [anyOf(shape)])));
  if (method === "toSorted") return followCallback(follower, module, call, element, 2, 2) ?? follower.value(module, call, anyOf(shape));
  if (method === "flat" && !hasFreeChildren(shape)) return escapes("has its parts taken out");
  if (SELECTING.has(method)) return follower.value(module, call, anyOf(shape));
  return escapes(`has its method \`${method}\` called`);
}

function anyKey(shape: Shape): Shape {
  return { ...shape, entries: new Map<string, Shape>() };
}

/**
 * What a callback does with the elements it gets.
 *
 * @param elements how many of its first parameters are elements
 * @param most parameters that are harmless; behind them comes the list itself
 */
function followCallback(follower: Follower, module: WorldModule, call: Call, element: Shape, elements: number, most = elements + 1): Escape | undefined {
  const [given] = call.arguments;
  if (given === undefined) return undefined;
  const escapes: Escape = { module, node: given, how: "is handed to a function" };
  const callback = unwrap(given);
  const own = callback.type === "ArrowFunctionExpression" || callback.type === "FunctionExpression" ? { module, node: callback as Node } : follower.program.functionNamed(module, callback);
  if (own === undefined) {
    const harmless = callback.type === "Identifier" && ["Number", "String", "Boolean", "parseInt", "parseFloat"].includes(callback.name) && module.analysis.scopes.variableAt(callback) === undefined;
    return harmless ? undefined : escapes;
  }
  const parameters = parametersOf(own.node);
  if (parameters.length > most || parameters.some((each) => each.type === "RestElement") || usesArguments(own.node)) return escapes;
  for (const parameter of parameters.slice(0, elements)) {
    const escape = follower.pattern(own.module, parameter, element);
    if (escape) return escape;
  }
  return undefined;
}

/** Those that get arguments: `this: Player` does not. */
export function parametersOf(fn: Node): readonly Node[] {
  const { params } = fn as Extract<Node, { type: "ArrowFunctionExpression" }>;
  return (params as readonly Node[]).filter((each) => each.type !== "Identifier" || each.name !== "this");
}

/** A function that names `arguments` sees what its parameters do not show. */
export function usesArguments(fn: Node): boolean {
  return fn.type !== "ArrowFunctionExpression" && ownCallOf(fn).namesArguments;
}

