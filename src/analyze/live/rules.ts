/**
 * What becomes of a nested function once the call that made it is over. The list is closed: what no rule knows is
 * `passed` or `elsewhere`, and that means it cannot be told. docs/live-code.md is generated from this table.
 */

/** `on`: old code goes on after the patch. `ends`: it ends with the call, or with a call in flight. */
export type Verdict = "on" | "ends" | "unknown";

export type RuleName =
  | "registered" | "rearmed" | "returned" | "variable" | "property" | "collection" | "endless loop" | "endless generator"
  | "timeout" | "passed" | "elsewhere" | "recursion" | "waiting loop" | "generator"
  | "called" | "callback" | "deferred";

export interface Rule {
  readonly verdict: Verdict;
  /** Completes "… goes on with the old code: {how}". */
  readonly how: string;
  /** An example for the docs: the changed function is the arrow or the one named `f`. */
  readonly example: string;
  /** What belongs to the rule in full, for the docs. */
  readonly covers: string;
}

export const RULES: Readonly<Record<RuleName, Rule>> = {
  registered: { verdict: "on", how: "it is registered with an event source or an interval timer", example: "socket.on(\"trade\", (n) => …)", covers: "`on`, `once`, `addListener`, `addEventListener`, `prependListener`, `prependOnceListener`, `subscribe`, `setInterval`" },
  rearmed: { verdict: "on", how: "it schedules itself again and again", example: "const f = () => { …; setTimeout(f, 100); }", covers: "A function that hands itself to a timer, to `then` or to an event source, or is called by such a one inside it" },
  returned: { verdict: "on", how: "it is returned to the caller", example: "return { buy: () => … }", covers: "Returned or yielded by the target, also inside of an object, an array, a collection, a bound function or a promise that is resolved with it" },
  variable: { verdict: "on", how: "it is stored in a variable that outlives the call", example: "current = () => …", covers: "Assigned to a variable of the module or to a global" },
  property: { verdict: "on", how: "it is stored in a property of an object that the call did not make", example: "player.onDeath = () => …", covers: "Assigned to a property, also by `Object.assign` and `Object.defineProperty`, of `this`, a parameter, a variable of the module, or of what such a one holds or `get`, `at` or `find` hands out" },
  collection: { verdict: "on", how: "it is put into a collection that the call did not make", example: "handlers.set(\"trade\", () => …)", covers: "`push`, `unshift`, `splice`, `fill`, `add`, `set`, `enqueue` of such an object" },
  "endless loop": { verdict: "on", how: "its loop never ends", example: "while (true) { await step(); }", covers: "`while (true)`, `for (;;)`, `do … while (true)` without `break`, `return` or a `throw` that leaves it; in the target, or in a function nested in it" },
  "endless generator": { verdict: "on", how: "it is a generator whose loop never ends", example: "function* ids() { while (true) yield next++; }", covers: "Iterators that exist are suspended in the old code. Of a nested generator the rules follow the iterators" },
  timeout: { verdict: "unknown", how: "it waits in a timer", example: "setTimeout(() => …, 30_000)", covers: "`setTimeout`: runs once, and nobody knows when" },
  passed: { verdict: "unknown", how: "it is handed to a function that may keep it", example: "withLock(id, () => …)", covers: "Every call and `new` that no other rule knows" },
  elsewhere: { verdict: "unknown", how: "it is not clear where it is stored", example: "make().handler = () => …", covers: "Every place that no other rule knows, such as a property of what an unknown function returned, or a value that a nested function returns" },
  recursion: { verdict: "unknown", how: "it is asynchronous and calls itself", example: "const f = async () => { await step(); f(); }", covers: "It may never end" },
  "waiting loop": { verdict: "unknown", how: "its loop waits, and may run for long", example: "while (!stopped) await step();", covers: "A loop with `await` whose end depends on something outside of the function, an endless one that can be left, and `for await`" },
  generator: { verdict: "unknown", how: "iterators that exist are suspended in the old code", example: "function* pages() { yield 1; }", covers: "A changed generator that is a target" },
  called: { verdict: "ends", how: "it is only called", example: "const f = () => …; f();", covers: "Called at once, or held by names of the call and by objects, arrays and collections it made, and only called; also compared and printed" },
  callback: { verdict: "ends", how: "it is a callback that is called at once", example: "items.map((item) => …)", covers: "`map`, `filter`, `forEach`, `reduce`, `reduceRight`, `some`, `every`, `find`, `findIndex`, `findLast`, `findLastIndex`, `flatMap`, `sort`, `toSorted`, `replace`, `replaceAll`, whatever they are called on; `Array.from`, `JSON.parse`, `JSON.stringify`, `Object.groupBy`, `Map.groupBy`, `Reflect.apply`, `new Promise`. What else they are given counts as handed on, or as their result (`reduce`)" },
  deferred: { verdict: "ends", how: "it runs with a call in flight", example: "load().then((data) => …)", covers: "`then`, `catch`, `finally`, `queueMicrotask`, `process.nextTick`, `setImmediate`: like what stands behind an `await`, it belongs to a call in flight" },
};

const WEIGHT: Readonly<Record<Verdict, number>> = { ends: 0, unknown: 1, on: 2 };

/** The one that says the most; of equals the first. */
export function worst(rules: Iterable<RuleName>): RuleName {
  let found: RuleName | undefined;
  for (const rule of rules) if (found === undefined || weightOf(rule) > weightOf(found)) found = rule;
  return found ?? "called";
}

function weightOf(rule: RuleName): number {
  return WEIGHT[RULES[rule].verdict];
}

export function verdictOf(rule: RuleName): Verdict {
  return RULES[rule].verdict;
}
