/** What a call does with a function among its arguments. */
import type { Node } from "oxc-parser";
import { unwrap } from "../../syntax/walk.ts";
import { isFunction } from "../functions.ts";
import { CALLING, CALLING_GLOBALS, COLLECTING, DEFERRING, ITERATING, LAZY, LOOKING, PASSING_ON, PLAIN_CLASSES, REGISTERING, STORING } from "./callees.ts";
import type { Journey } from "./fate.ts";
import { isItself, iteratorOf, somewhere, type Followed } from "./followed.ts";
import { declaredAs, followParameters } from "./method.ts";

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
    if (has(CALLING_GLOBALS, owner.name, name)) return givenToLanguage(journey, call, argument, followed);
    if (followed.is === "iterator" && isItself(followed) && CONSUMING.has(name)) return journey.end("called");
    if (has(PASSING_ON, owner.name, name)) return journey.follow(call, KEEPING.has(name) ? followed : somewhere(followed));
    if (has(STORING, owner.name, name)) return stored(journey, call, argument, followed);
  }
  if (REGISTERING.has(name)) return journey.end("registered");
  if (name === "setTimeout") return journey.end("timeout");
  if (DEFERRING.has(name)) return journey.end("deferred");
  if (CALLING.has(name)) return isLazy(owner, name) ? journey.follow(call, iteratorOf(followed)) : journey.end("callback");
  if (COLLECTING.has(name)) return journey.store(owner, "collection", somewhere(followed));
  journey.end("passed");
}

/** `Array.from(items, f)`: what it is given is called, looked at, or handed on with the result. */
function givenToLanguage(journey: Journey, call: Call, argument: Node, followed: Followed): void {
  const first = call.arguments[0] === argument;
  const [, callback] = call.arguments;
  if (isItself(followed) || !first) return journey.end(followed.path === undefined && !first ? "passed" : "callback");
  if (followed.path !== undefined) return journey.end("called");
  if (callback) followParameters(journey, callback, followed);
  journey.follow(call, followed);
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
    if (DEFERRING.has(callee.name)) return journey.end("deferred");
    return journey.end(variable === undefined && LOOKING.has(callee.name) ? "called" : "passed");
  }
  // A function of the call's own: the argument is its parameter.
  const declared = declaredAs(journey, callee);
  if (!declared || !isFunction(declared)) return journey.end("passed");
  const parameter = declared.params[call.arguments.indexOf(argument as (typeof call.arguments)[number])] as Node | undefined;
  if (parameter && argument.type !== "SpreadElement") journey.followNames(parameter, parameter.type === "RestElement" ? somewhere(followed) : followed);
  else journey.end("passed");
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
