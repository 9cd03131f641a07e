/** What a call does with a function among its arguments. */
import type { Node } from "oxc-parser";
import { unwrap } from "../../syntax/walk.ts";
import { isFunction } from "../functions.ts";
import { CALLING, CALLING_GLOBALS, COLLECTING, DEFERRING, ITERATING, LAZY, LOOKING, PASSING_ON, PLAIN_CLASSES, REGISTERING, STORING } from "./callees.ts";
import type { Followed, Journey } from "./fate.ts";

type Call = Extract<Node, { type: "CallExpression" | "NewExpression" }>;

export function argumentRule(journey: Journey, call: Call, argument: Node, followed: Followed): void {
  const callee = unwrap(call.callee);
  if (call.type === "NewExpression") return constructed(journey, call, callee, followed);
  if (callee.type === "Identifier") return calledByName(journey, call, callee, argument, followed);
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier") return journey.end("passed");
  const { name } = callee.property;
  const owner = unwrap(callee.object);
  if (journey.nest.isGlobal(owner)) {
    if (has(CALLING_GLOBALS, owner.name, name)) return journey.end("callback");
    if (has(PASSING_ON, owner.name, name)) return followed === "iterator" ? journey.end("called") : journey.follow(call, followed);
    if (has(STORING, owner.name, name)) return stored(journey, call, argument, followed);
  }
  if (REGISTERING.has(name)) return journey.end("registered");
  if (name === "setTimeout") return journey.end("timeout");
  if (DEFERRING.has(name)) return journey.end("deferred");
  if (CALLING.has(name)) return isLazy(owner, name) ? journey.follow(call, "iterator") : journey.end("callback");
  if (COLLECTING.has(name)) return journey.store(owner, "collection", followed);
  journey.end("passed");
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
  if (PLAIN_CLASSES.has(callee.name)) return followed === "iterator" ? journey.end("called") : journey.follow(call, followed);
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
  const [definition, ...more] = variable.defs;
  const node = definition?.node as unknown as Node | undefined;
  const declared = node?.type === "VariableDeclarator" ? (node.init ? unwrap(node.init) : undefined) : node;
  if (!nest.isOwn(variable) || more.length > 0 || !declared || !isFunction(declared) || nest.writesOf(variable).some((each) => unwrap(each) !== declared)) return journey.end("passed");
  const parameter = declared.params[call.arguments.indexOf(argument as (typeof call.arguments)[number])] as Node | undefined;
  const name = parameter?.type === "AssignmentPattern" ? parameter.left : parameter;
  const bound = name?.type === "Identifier" && argument.type !== "SpreadElement" ? nest.variableOf(name) : undefined;
  if (bound) journey.followVariable(bound, followed);
  else journey.end("passed");
}

/** `Object.assign(into, { … })` */
function stored(journey: Journey, call: Call, argument: Node, followed: Followed): void {
  const [into] = call.arguments;
  if (!into || into === argument) return journey.follow(call, followed);
  journey.store(into, "property", followed);
  journey.follow(call, followed);
}

function has(table: Readonly<Record<string, ReadonlySet<string>>>, owner: string, name: string): boolean {
  return Object.hasOwn(table, owner) && table[owner]?.has(name) === true;
}
