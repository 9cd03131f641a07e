/** What a call does with a function among its arguments. */
import type { Node } from "oxc-parser";
import type { Variable } from "../../syntax/scopes.ts";
import { unwrap } from "../../syntax/walk.ts";
import { FOLDING } from "../calling-methods.ts";
import { isFunction } from "../functions.ts";
import { CALLING, CALLING_GLOBALS, COLLECTING, DEFERRING, ITERATING, LAZY, LOOKING, PASSING_ON, PLAIN_CLASSES, REGISTERING, STORING } from "./callees.ts";
import type { Journey } from "./fate.ts";
import { isItself, iteratorOf, somewhere, type Followed } from "./followed.ts";
import { declaredAs, enterCall, followParameters } from "./method.ts";

/** Their result is their argument. */
const KEEPING: ReadonlySet<string> = new Set(["freeze", "seal", "preventExtensions", "resolve"]);

/** They take the values out of an iterator. */
const CONSUMING: ReadonlySet<string> = new Set(["Map", "Set", "WeakMap", "WeakSet", "fromEntries", "all", "allSettled", "race", "any"]);

type Call = Extract<Node, { type: "CallExpression" | "NewExpression" }>;

export function argumentRule(journey: Journey, call: Call, argument: Node, followed: Followed): void {
  const callee = unwrap(call.callee);
  if (call.type === "NewExpression") return constructed(journey, call, callee, followed);
  if (callee.type === "Identifier") return calledByName(journey, call, callee, argument, followed);
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier") return journey.end("passed");
  const { name } = callee.property;
  const owner = unwrap(callee.object);
  if (journey.nest.isGlobal(owner)) {
    if (has(CALLING_GLOBALS, owner.name, name)) return givenToLanguage(journey, `${owner.name}.${name}`, call, argument, followed);
    if (followed.is === "iterator" && isItself(followed) && CONSUMING.has(name)) return journey.end("called");
    if (has(PASSING_ON, owner.name, name)) return journey.follow(call, KEEPING.has(name) ? followed : somewhere(followed));
    if (has(STORING, owner.name, name)) return stored(journey, call, argument, followed);
  }
  if (REGISTERING.has(name)) return journey.end("registered");
  if (name === "setTimeout") return journey.end("timeout");
  if (DEFERRING.has(name)) return journey.end(isCallback(call, argument, name) ? "deferred" : "passed");
  if (CALLING.has(name) && !isCallback(call, argument, name)) return besidesCallback(journey, call, argument, name, followed);
  if (CALLING.has(name)) return isLazy(owner, name) ? journey.follow(call, iteratorOf(followed)) : journey.end("callback");
  if (COLLECTING.has(name)) return journey.store(owner, "collection", somewhere(followed));
  journey.end("passed");
}

/** Behind the callback there may be what the callback is given: `nextTick(f, value)`, `list.map(f, self)`. */
function isCallback(call: Call, argument: Node, name: string): boolean {
  if (call.arguments.some((each) => each.type === "SpreadElement")) return false;
  const index = call.arguments.indexOf(argument as (typeof call.arguments)[number]);
  return index === 0 || (index === 1 && TWO.has(name));
}

/** What they call may stand second. */
const TWO: ReadonlySet<string> = new Set(["then", "replace", "replaceAll"]);

/** `handlers.reduce((next, each) => …, last)`: it is what comes out, or is given to the callback. */
function besidesCallback(journey: Journey, call: Call, argument: Node, name: string, followed: Followed): void {
  const [callback, initial] = call.arguments;
  if (!FOLDING.has(name) || !callback || initial !== argument) return journey.end("passed");
  followParameters(journey, callback, followed);
  journey.follow(call, followed);
}

/** `Array.from(items, f)`: what it is given is called, looked at, or handed on with the result. */
function givenToLanguage(journey: Journey, name: string, call: Call, argument: Node, followed: Followed): void {
  const [items, callback] = call.arguments;
  const first = items === argument;
  if (!first && (callback !== argument || name === "Reflect.apply")) return journey.end("passed");
  if (isItself(followed) || !first) return journey.end(followed.path === undefined && !first ? "passed" : "callback");
  if (followed.path !== undefined && name !== "Array.from") return journey.end("called");
  if (callback) followParameters(journey, callback, somewhere(followed));
  journey.follow(call, somewhere(followed));
}

/** `iterator.map(f)` calls `f` when the iterator is asked, which may be later. */
function isLazy(owner: Node, name: string): boolean {
  if (!LAZY.has(name) || owner.type !== "CallExpression") return false;
  const { callee } = owner;
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier") return false;
  if (callee.object.type === "Identifier" && callee.object.name === "Iterator") return true;
  return (ITERATING.has(callee.property.name) && !(callee.object.type === "Identifier" && callee.object.name === "Object")) || isLazy(unwrap(callee.object), callee.property.name);
}

function constructed(journey: Journey, call: Call, callee: Node, followed: Followed): void {
  if (!journey.nest.isGlobal(callee)) return journey.end("passed");
  if (callee.name === "Promise") return journey.end("callback");
  if (followed.is === "iterator" && isItself(followed) && CONSUMING.has(callee.name)) return journey.end("called");
  if (PLAIN_CLASSES.has(callee.name)) return journey.follow(call, somewhere(followed));
  journey.end("passed");
}

function calledByName(journey: Journey, call: Call, callee: Extract<Node, { type: "Identifier" }>, argument: Node, followed: Followed): void {
  const { nest } = journey;
  const variable = nest.variableOf(callee);
  if (variable === undefined || variable.defs.every((each) => each.type === "ImportBinding")) {
    if (callee.name === "setInterval") return journey.end("registered");
    if (callee.name === "setTimeout") return journey.end("timeout");
    if (DEFERRING.has(callee.name)) return journey.end(isCallback(call, argument, callee.name) ? "deferred" : "passed");
    return journey.end(variable === undefined && LOOKING.has(callee.name) ? "called" : "passed");
  }
  const promise = settled(journey, variable);
  if (promise) return promise.how === "resolved" ? journey.follow(promise.made, followed) : journey.end("elsewhere");
  // A function of the call's own: the argument is its parameter.
  const declared = declaredAs(journey, callee);
  if (!declared || !isFunction(declared)) return journey.end("passed");
  enterCall(journey, declared);
  if (declared.generator) journey.follow(call, iteratorOf(followed));
  const index = call.arguments.indexOf(argument as (typeof call.arguments)[number]);
  const parameter = declared.params[index] as Node | undefined;
  if (parameter && call.arguments.slice(0, index + 1).every((each) => each.type !== "SpreadElement")) journey.followNames(parameter, parameter.type === "RestElement" ? somewhere(followed) : followed);
  else journey.end("passed");
}

/** `new Promise((resolve, reject) => …)`: what the promise is settled with comes out of it. */
function settled({ nest }: Journey, variable: Variable): { readonly made: Node; readonly how: "resolved" | "rejected" } | undefined {
  const [definition, ...more] = variable.defs;
  const executor = definition?.node as unknown as Node | undefined;
  if (definition?.type !== "Parameter" || more.length > 0 || !executor || !isFunction(executor) || nest.writesOf(variable).length > 0) return undefined;
  const index = executor.params.findIndex((each) => each.type === "Identifier" && nest.variableOf(each) === variable);
  let made = nest.parentOf(executor);
  for (let inner: Node = executor; made && unwrap(made) === unwrap(inner); made = nest.parentOf(made)) inner = made;
  if (index < 0 || made?.type !== "NewExpression" || !nest.isGlobal(made.callee) || made.callee.name !== "Promise" || unwrap(made.arguments[0] as Node) !== executor) return undefined;
  return { made, how: index === 0 ? "resolved" : "rejected" };
}

/** `Object.assign(into, { … })` */
function stored(journey: Journey, call: Call, argument: Node, followed: Followed): void {
  const [into] = call.arguments;
  if (!into || into === argument) return journey.follow(call, followed);
  journey.store(into, "property", somewhere(followed));
  journey.follow(call, somewhere(followed));
}

function has(table: Readonly<Record<string, ReadonlySet<string>>>, owner: string, name: string): boolean {
  return Object.hasOwn(table, owner) && table[owner]?.has(name) === true;
}
