/**
 * Closed-form initialisers: expressions whose value can be made again at any time, with no effect and of nothing but
 * what they say. The list is closed, docs/changed-values.md has it for people; what is not on it is not closed.
 */
import type { Node } from "oxc-parser";
import { ownCallOf } from "../../syntax/own-call.ts";
import { unwrap, walk } from "../../syntax/walk.ts";
import { FREE, functionShape, hasFreeChildren, join, listShape, objectShape, regexpShape, type Shape } from "./shape.ts";

/** What an initialiser may name. */
export interface Surroundings {
  /** What a name of the module stands for: a constant of known shape, something of the host; undefined where unknown. */
  shapeOfName(name: string): Shape | undefined;
  /** A constant whose value is known to be a primitive. */
  isPrimitiveName(name: string): boolean;
  /** An enum: its members are primitives. */
  isEnum(name: string): boolean;
  /** The name means the global of that name. */
  isGlobal(name: string): boolean;
}

/** The shape of an expression's value; undefined where it is not closed. */
export function closedShape(expression: Node, around: Surroundings): Shape | undefined {
  const node = unwrap(expression);
  const shapeOf = (each: Node): Shape | undefined => closedShape(each, around);
  switch (node.type) {
    case "Literal": {
      const { regex } = node as { readonly regex?: { readonly flags: string } };
      return regex ? closedRegexp(regex.flags) : FREE;
    }
    case "Identifier":
      if (["undefined", "NaN", "Infinity"].includes(node.name)) return around.isGlobal(node.name) ? FREE : undefined;
      return around.shapeOfName(node.name);
    case "TemplateLiteral":
      return node.expressions.every((each) => isPrimitive(each, around)) ? FREE : undefined;
    case "UnaryExpression":
      return node.operator !== "delete" && isPrimitive(node.argument, around) ? FREE : undefined;
    case "BinaryExpression":
      return node.operator !== "in" && node.operator !== "instanceof" && isPrimitive(node.left, around) && isPrimitive(node.right, around) ? FREE : undefined;
    case "ConditionalExpression":
      return isPrimitive(node.test, around) ? joined(shapeOf(node.consequent), shapeOf(node.alternate)) : undefined;
    case "LogicalExpression":
      return joined(shapeOf(node.left), shapeOf(node.right));
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return closedFunction(node);
    case "ArrayExpression":
      return arrayShape(node.elements, around);
    case "ObjectExpression":
      return objectOf(node, around);
    case "MemberExpression":
      return memberShape(node, around);
    case "NewExpression":
      return collectionShape(node, around);
    case "CallExpression":
      return callShape(node, around);
    default:
      return undefined;
  }
}

function joined(a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  return a && b && join(a, b);
}

/** A primitive for sure: operators on it call nothing. */
function isPrimitive(expression: Node, around: Surroundings): boolean {
  const node = unwrap(expression);
  switch (node.type) {
    case "Literal":
      return (node as { readonly regex?: unknown }).regex === undefined;
    case "Identifier":
      return around.isGlobal(node.name) ? ["undefined", "NaN", "Infinity"].includes(node.name) : around.isPrimitiveName(node.name);
    case "MemberExpression":
      return memberShape(node, around) !== undefined;
    case "ConditionalExpression":
      return isPrimitive(node.test, around) && isPrimitive(node.consequent, around) && isPrimitive(node.alternate, around);
    case "TemplateLiteral":
    case "UnaryExpression":
    case "BinaryExpression":
      return closedShape(node, around) !== undefined;
    case "CallExpression":
      return callShape(node, around)?.kind === "free";
    default:
      return false;
  }
}

/** A function captures nothing but the module's bindings; its `this` must be nobody's. */
function closedFunction(node: Node): Shape | undefined {
  const own = node.type === "FunctionExpression" ? node.id : null;
  let dynamic = false;
  walk(node, {
    enter(each, parent) {
      // function f() { seen.add(f) }: it gives itself away.
      if (each.type === "Identifier" && each !== own && each.name === own?.name && !(parent?.type === "CallExpression" && parent.callee === each)) dynamic = true;
      if (each.type === "WithStatement" || (each.type === "CallExpression" && each.callee.type === "Identifier" && each.callee.name === "eval")) dynamic = true;
    },
  });
  const usesThis = ownCallOf(node).namesThis;
  return dynamic || (usesThis && node.type === "ArrowFunctionExpression") ? undefined : functionShape(usesThis);
}

function arrayShape(elements: readonly (Node | null)[], around: Surroundings): Shape | undefined {
  const shapes: Shape[] = [];
  for (const element of elements) {
    if (element === null) {
      shapes.push(FREE);
      continue;
    }
    const shape = closedShape(element.type === "SpreadElement" ? element.argument : element, around);
    if (shape === undefined) return undefined;
    if (element.type !== "SpreadElement") shapes.push(shape);
    else if (shape.kind !== "array" && shape.kind !== "set") return undefined;
    else if (shape.children) shapes.push(shape.children);
  }
  const spread = elements.some((element) => element?.type === "SpreadElement");
  const list = listShape("array", shapes);
  return spread ? { ...list, entries: new Map<string, Shape>() } : list;
}

/** The language calls them on the object. */
const CALLED_UNSEEN: ReadonlySet<string> = new Set(["toString", "valueOf", "toJSON", "then"]);

function objectOf(node: Extract<Node, { type: "ObjectExpression" }>, around: Surroundings): Shape | undefined {
  const entries: (readonly [string, Shape])[] = [];
  const others: Shape[] = [];
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      const shape = closedShape(property.argument, around);
      if (shape?.kind !== "object") return undefined;
      if (shape.entries.size > 0) entries.push(...shape.entries);
      else if (shape.children) others.push(shape.children);
      continue;
    }
    if (property.kind !== "init") return undefined;
    const value = closedShape(property.value, around);
    const key = keyName(property.key, property.computed);
    if (value === undefined || (key === "__proto__" && !property.computed)) return undefined;
    if (value.stateful && key !== undefined && CALLED_UNSEEN.has(key)) return undefined;
    if (key !== undefined) entries.push([key, value]);
    else if (isPrimitive(property.key as Node, around)) others.push(value);
    else return undefined;
  }
  return objectShape(entries, others);
}

/** The name of a key that is written out. */
export function keyName(key: Node, computed: boolean): string | undefined {
  if (key.type === "Identifier" && !computed) return key.name;
  return key.type === "Literal" && (typeof key.value === "string" || typeof key.value === "number") ? String(key.value) : undefined;
}

/** `Math.PI`, `Number.MAX_SAFE_INTEGER`, `Color.Red`. */
function memberShape(node: Extract<Node, { type: "MemberExpression" }>, around: Surroundings): Shape | undefined {
  const object = unwrap(node.object);
  if (object.type !== "Identifier" || node.computed || node.property.type !== "Identifier") return undefined;
  if (around.isEnum(object.name)) return FREE;
  return around.isGlobal(object.name) && (object.name === "Math" || object.name === "Number") && /^[A-Z][A-Z0-9_]*$/.test(node.property.name) ? FREE : undefined;
}

function collectionShape(node: Extract<Node, { type: "NewExpression" }>, around: Surroundings): Shape | undefined {
  if (node.callee.type !== "Identifier" || !around.isGlobal(node.callee.name)) return undefined;
  const [argument, ...more] = node.arguments;
  switch (node.callee.name) {
    case "RegExp":
      return regexpCall(node.arguments, around);
    case "Set": {
      if (argument === undefined) return listShape("set", []);
      const shape = closedShape(argument, around);
      return shape?.kind === "array" && more.length === 0 ? { ...anyKey(shape), kind: "set" } : undefined;
    }
    case "Map": {
      if (argument === undefined) return listShape("map", []);
      const shape = closedShape(argument, around);
      // What stands in the pairs: keys are as hidden as values.
      return shape?.kind === "array" && shape.children?.kind === "array" && more.length === 0 ? { ...anyKey(shape), kind: "map", children: shape.children.children } : undefined;
    }
    default:
      return undefined;
  }
}

function anyKey(shape: Shape): Shape {
  return { ...shape, entries: new Map<string, Shape>() };
}

/** A sticky one keeps its position through `replace` and `match` too. */
function closedRegexp(flags: string): Shape | undefined {
  return flags.includes("y") ? undefined : regexpShape(flags);
}

function regexpCall(args: readonly Node[], around: Surroundings): Shape | undefined {
  const [pattern, flags] = args;
  if (args.length > 2 || pattern === undefined || !(isPrimitive(pattern, around) || closedShape(pattern, around)?.kind === "regexp")) return undefined;
  if (flags === undefined) return isPrimitive(pattern, around) ? regexpShape("") : closedShape(pattern, around);
  return flags.type === "Literal" && typeof flags.value === "string" ? closedRegexp(flags.value) : undefined;
}

const PURE_GLOBALS: ReadonlySet<string> = new Set(["String", "Number", "Boolean", "parseInt", "parseFloat"]);
const PURE_STRING_METHODS: ReadonlySet<string> = new Set([
  "at", "charAt", "charCodeAt", "codePointAt", "concat", "endsWith", "includes", "indexOf", "join", "lastIndexOf", "padEnd", "padStart", "repeat", "slice", "startsWith",
  "substring", "toLowerCase", "toUpperCase", "trim", "trimEnd", "trimStart",
]);

/** Calls that can be shown to be pure. */
function callShape(node: Extract<Node, { type: "CallExpression" }>, around: Surroundings): Shape | undefined {
  const callee = unwrap(node.callee);
  const [first] = node.arguments;
  const primitives = node.arguments.every((each) => each.type !== "SpreadElement" && isPrimitive(each, around));
  if (callee.type === "Identifier") {
    if (!around.isGlobal(callee.name)) return undefined;
    if (callee.name === "RegExp") return regexpCall(node.arguments, around);
    return PURE_GLOBALS.has(callee.name) && primitives ? FREE : undefined;
  }
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier" || node.optional) return undefined;
  const method = callee.property.name;
  const object = unwrap(callee.object);
  if (object.type === "Identifier" && around.isGlobal(object.name)) {
    const known = `${object.name}.${method}`;
    if (object.name === "Math") return method !== "random" && primitives ? FREE : undefined;
    if (known === "Symbol.for" || known === "Date.UTC") return primitives ? FREE : undefined;
    if (first === undefined || first.type === "SpreadElement" || node.arguments.length > 1) return undefined;
    const shape = closedShape(first, around);
    // What the host has is not frozen by a patch.
    if (known === "Object.freeze" || known === "Object.seal") return shape?.kind === "free" && !isPrimitive(first, around) ? undefined : shape;
    if (known === "Object.keys") return shape?.kind === "object" ? listShape("array", [FREE]) : undefined;
    if (known === "Object.values") return shape?.kind === "object" ? { ...anyKey(shape), kind: "array" } : undefined;
    if (known === "Object.fromEntries") return shape?.kind === "array" && shape.children?.kind === "array" ? objectShape([], shape.children.children ? [shape.children.children] : []) : undefined;
    return undefined;
  }
  if (!primitives) return undefined;
  if (isPrimitive(object, around)) return method === "split" ? listShape("array", [FREE]) : PURE_STRING_METHODS.has(method) ? FREE : undefined;
  const list = closedShape(object, around);
  return list?.kind === "array" && hasFreeChildren(list) && (method === "join" || method === "includes" || method === "indexOf") ? FREE : undefined;
}
