/** What a method call does with what its object holds. */
import type { Node } from "oxc-parser";
import { ownCallOf } from "../../syntax/own-call.ts";
import { unwrap } from "../../syntax/walk.ts";
import { isFunction, type AnyFunction } from "../functions.ts";
import { CALLING, CARRYING, ITERATOR_METHODS } from "./callees.ts";
import type { Journey } from "./fate.ts";
import { isItself, iteratorOf, outOf, type Followed } from "./followed.ts";

type Call = Extract<Node, { type: "CallExpression" }>;

const AWAITING: ReadonlySet<string> = new Set(["then", "catch", "finally"]);

export function followMethod(journey: Journey, call: Call, name: string | undefined, followed: Followed): void {
  const found = outOf(followed, name);
  // `handlers.buy()`: what it returns is not what it is.
  if (found && followed.is === "generator") journey.follow(call, iteratorOf(followed));
  if (isItself(followed)) {
    const carries = followed.is === "iterator" ? ITERATOR_METHODS : BINDING;
    if (name !== undefined && carries.has(name) && (name === "bind" || !followed.members)) journey.follow(call, followed);
    // A promise of it, as an async function's value or what `Promise.resolve` made of it.
    if (name !== undefined && AWAITING.has(name)) followCallbacks(journey, call, followed);
    return;
  }
  if (followed.path !== undefined || name === undefined) return;
  if (CARRYING.has(name)) journey.follow(call, followed);
  if (CALLING.has(name) || AWAITING.has(name)) followCallbacks(journey, call, followed);
}

const BINDING: ReadonlySet<string> = new Set(["bind"]);

function followCallbacks(journey: Journey, call: Call, followed: Followed): void {
  for (const callback of call.arguments) followParameters(journey, callback, followed);
}

/** What a callback is given: `Object.entries(handlers).forEach(([name, handler]) => …)`. */
export function followParameters(journey: Journey, callback: Node, followed: Followed): void {
  const inner = unwrap(callback);
  const fn = inner.type === "Identifier" ? declaredAs(journey, inner) : inner;
  if (fn !== undefined && isFunction(fn)) {
    enterCall(journey, fn);
    for (const parameter of fn.params as readonly Node[]) journey.followNames(parameter, followed);
  } else if (inner.type !== "Literal") journey.end("passed");
}

/** What is given to a function lives as long as its calls do. */
export function enterCall(journey: Journey, fn: AnyFunction): void {
  const loop = journey.nest.longLoopOf(fn);
  if (loop) journey.end(loop.rule);
  if (fn.generator) journey.end("elsewhere");
  if (fn.type !== "ArrowFunctionExpression" && ownCallOf(fn).namesArguments) journey.end("passed");
}

/** The function that a name of the call stands for, if it is that and nothing else. */
export function declaredAs(journey: Journey, name: Node): Node | undefined {
  const { nest } = journey;
  const variable = nest.variableOf(name);
  const [definition, ...more] = variable?.defs ?? [];
  // Of a parameter, the node is the function that has it.
  if (!variable || !nest.isOwn(variable) || more.length > 0 || (definition?.type !== "FunctionName" && definition?.type !== "Variable")) return undefined;
  const node = definition.node as unknown as Node;
  const declared = node.type === "VariableDeclarator" ? (node.init && node.id.type === "Identifier" ? unwrap(node.init) : undefined) : node;
  return declared && isFunction(declared) && nest.writesOf(variable).every((each) => unwrap(each) === declared) ? declared : undefined;
}
