import { expect, test } from "vitest";
import type { Call, Path } from "../../src/analyze/calls/call.ts";
import { decodeCalls, encodeCalls } from "../../src/analyze/calls/encode.ts";
import { analyzeText, isAnalysis } from "../../src/analyze/analyze.ts";
import { readModuleCalls, type ModuleCalls } from "../../src/analyze/calls.ts";

test("functions that all hand each other on are looked into once, not along every path", () => {
  const names = Array.from({ length: 20 }, (_, index) => `kind${index}`);
  // superstruct's factory of 2018
  const { make } = callsIn(`${names.map((name) => `function ${name}(a: any, b: any, c: any) { return c(a, b); }`).join("\n")}
function award() {}
export function make(settings: any) {
  const struct: any = (schema: any, defaults: any) => ${names.map((name) => `${name}(schema, defaults, struct)`).join(" ?? ")};
${names.map((name) => `  struct.${name} = (schema: any, defaults: any) => ${name}([schema, award], defaults, struct);`).join("\n")}
  return struct;
}`).targets;
  expect(make?.length).toBeLessThan(2000);
});

test("what a name may hold does not depend on by which way it is come to first", () => {
  const { run } = callsIn(`function write(to: any, what: any) {}
export function run(state: any, level: any) {
  state.handler.call(level);
  write(state, level);
}`).targets;
  // state may hold level: `write` was given both
  expect(run).toEqual(expect.arrayContaining([called(parameter(0)), called(parameter(1)), { is: "given", call: called(parameter(1)), to: named("write"), at: 0, dropped: true }]));
});

test("what is handed on is followed through functions that are made; what only waits to be called is not", () => {
  const { targets, calls } = callsIn(`import { lib } from "lib";
function award() {}
export const handlers = { award: () => award() };
export function run() {
  const make = () => () => lib.keep(award);
  lib.take(make());
}`);
  expect(targets["run"]).toContainEqual({ is: "maybe", call: { is: "given", call: called(named("award")), to: named("lib", "keep"), at: 0, dropped: false } });
  expect(calls.bindings[0]?.evaluated).toEqual([]);
});

test("what a name is called like does not tell what it does with what it is given", () => {
  const { run } = callsIn(`import { reset } from "lib";
function award() {}
export function run() { return reset(award).go(); }`).targets;
  expect(run).toContainEqual({ is: "kept", call: called(named("award")), by: named("reset") });
});

test("code in which everything may hold everything is followed for a time that grows with its text: it may call anything", () => {
  const count = 6000;
  const all = Array.from({ length: count }, (_, index) => index);
  // Each variable may hold what the next one holds, and the last one what the first one holds.
  const { run, small } = callsIn(`import { ${all.map((index) => `a${index}`).join(", ")} } from "lib";
export function run() {
  let ${all.map((index) => `v${index}: any`).join(", ")};
${all.map((index) => `  v${index} = [a${index}, v${(index + 1) % count}];`).join("\n")}
  v0[0]();
}
export function small() { a0(); }`).targets;
  expect(run).toContainEqual({ is: "anything" });
  // what is known beside it, and other code
  expect(run).toContainEqual(called(named("a0")));
  expect(small).toEqual([called(named("a0"))]);
});

test("encoded and decoded, calls are what they were", () => {
  const { calls } = callsIn(`import { lib, Base } from "lib";
class Shop extends Base { #a = lib.make(award); constructor(f: any) { super(); f(); this.open(); } get gold() { return award(); } open() {} }
const shop = lib.wrap(new Shop(award)).run(); const other = import("./other.js");
function award(...all: any[]) { if (all) all[0](); lib[all.length](all, shop); lib.later(() => lib.keep(other)); }
lib.on("x", award); shop.sell = award;`);
  const decoded = decodeCalls(JSON.parse(JSON.stringify(encodeCalls(calls))));
  expect(sortedLists(decoded)).toEqual(sortedLists(calls));
  const [first] = decoded.targets[0] ?? [];
  expect(new Set([...decoded.targets, ...decoded.init].flat()).size, "equal calls are one object").toBe(new Set([...calls.targets, ...calls.init].flat()).size);
  expect(first).toBeDefined();
});

function callsIn(text: string): { readonly calls: ModuleCalls; readonly targets: Readonly<Record<string, readonly Call[]>> } {
  const analysis = analyzeText("a.ts", text);
  if (!isAnalysis(analysis)) throw new Error(JSON.stringify(analysis));
  const calls = readModuleCalls(analysis);
  return { calls, targets: Object.fromEntries(analysis.targets.map(({ name }, index) => [name, calls.targets[index] ?? []])) };
}

function sortedLists({ targets, bindings, init }: ModuleCalls): unknown {
  const sorted = (calls: readonly Call[]): readonly string[] => calls.map((call) => JSON.stringify(call)).toSorted();
  return [targets.map(sorted), bindings.map((each) => [each.evaluated, each.instance, each.construction, each.implicit].map(sorted)), init.map(sorted)];
}

function named(name: string, ...members: readonly string[]): Path {
  return { root: { is: "name", name }, members };
}

function parameter(index: number): Path {
  return { root: { is: "parameter", index, rest: false }, members: [] };
}

function called(path: Path): Call {
  return { is: "call", path };
}
