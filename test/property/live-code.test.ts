/**
 * What the rules say ends with its call must not be found alive afterwards: generated functions make closures, put them
 * here and there, and run; what is reachable from outside then, was made to live on.
 */
import { expect, test } from "vitest";
import { analyzeText, isAnalysis } from "../../src/analyze/analyze.ts";
import { readLiveCode } from "../../src/analyze/live/live-code.ts";
import { verdictOf, type Verdict } from "../../src/analyze/live/rules.ts";

const PROGRAMS = 2000;
const RUNS = 4;
const NAMES = ["v0", "v1", "v2", "v3"] as const;

/** Pseudo-random numbers in [0, 1): the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The body of a function whose closures stand in `mark(number, …)`. */
function generate(next: () => number): string {
  let closures = 0;
  const oneOf = (...makers: readonly (() => string)[]): string => (makers[Math.floor(next() * makers.length)] as () => string)();
  const name = (): string => oneOf(...NAMES.map((each) => () => each));
  const closure = (depth: number): string => {
    const number = closures++;
    return oneOf(() => `mark(${number}, () => ${depth > 0 ? expression(depth - 1) : 1})`, () => `mark(${number}, function () { return ${depth > 0 ? expression(depth - 1) : 1}; })`);
  };
  const expression = (depth: number): string => {
    if (depth <= 0) return oneOf(name, name, () => "1", () => closure(0));
    const inner = (): string => expression(depth - 1);
    return oneOf(
      () => closure(depth), () => closure(depth), name, name,
      () => `({ a: ${inner()}, b: ${inner()} })`, () => `[${inner()}, ${inner()}]`, () => `[...[${inner()}]]`, () => `({ ...${name()} })`,
      () => `(${inner()} ?? ${inner()})`, () => `(chance() ? ${inner()} : ${inner()})`, () => `(() => ${inner()})()`,
      () => `${name()}?.a`, () => `${name()}?.b`, () => `${name()}?.[0]`, () => `[${inner()}].map((x) => x)`, () => `[${inner()}].filter((x) => x)[0]`,
      () => `new Map([[1, ${inner()}]]).get(1)`, () => `Object.values(${name()} ?? {})`, () => `Object.freeze(${inner()})`, () => `Object.assign({}, ${name()})`,
    );
  };
  const statement = (): string =>
    oneOf(
      () => `${name()} = ${expression(2)};`, () => `${name()} = ${expression(2)};`, () => `${name()} = ${expression(1)};`, () => `void ${expression(2)};`,
      () => `v1 = [${closure(0)}, ${name()}];`, () => `out.x = ${expression(1)};`, () => `list.push(${expression(1)});`, () => `current = ${oneOf(() => "1", name, () => expression(1))};`,
      () => `if (chance()) { ${statement()} }`, () => `(${name()} ?? {}).a = ${expression(1)};`, () => `if (Array.isArray(v0)) v0.push(${expression(1)});`,
      () => `for (const y of Array.isArray(v1) ? v1.slice() : []) { ${oneOf(() => "list.push(y)", () => "v2 = y", () => "out.y = { y }", () => "y")}; }`,
      () => `if (Array.isArray(v1)) v1.forEach((z) => { ${oneOf(() => "list.push(z)", () => "v2 = z", () => "z", () => "out.z = z")}; });`,
      () => `Object.entries(${name()} ?? {}).forEach(([k, h]) => { ${oneOf(() => "list.push(h)", () => "k", () => "v1 = h")}; });`,
      () => `if (typeof v2 === "function") v2();`, () => `({ a: v3 } = { a: ${expression(1)}, b: ${expression(1)} });`, () => `[v0] = [${expression(1)}];`,
      // aliases, what is held by what is made, `this`, parameters
      () => `{ const a = ${oneOf(() => "out", () => "{}", name)} ?? {}; const b = a; b.m = ${closure(0)}; ${oneOf(() => "v2 = a", () => "list.push(a)", () => "b", () => "out.m = a")}; }`,
      () => `{ const c = { h: [], o: ${oneOf(() => "out", () => "{}", name)} }; c.h.push(${closure(0)}); if (c.o) c.o.n = ${closure(0)}; ${oneOf(() => "v3 = c.h", () => "c", () => "c.o = list", () => "v1 = c")}; if (Array.isArray(c.o)) c.o.push(${closure(0)}); }`,
      () => `{ const d = (${oneOf(() => "out.k", () => "v2", () => "current")} ${oneOf(() => "=", () => "??=")} {}); d.q = ${closure(0)}; }`,
      () => `{ const e = { h: ${closure(0)}, g: null, go() { ${oneOf(() => "list.push(this.h)", () => "[1].forEach(() => list.push(this.g))", () => "this.h", () => "out.w = this")}; } }; e.g = ${closure(0)}; e.go(); }`,
      () => `{ class K { run = ${closure(0)}; go() { ${oneOf(() => "list.push(this.run)", () => "this.run", () => "[1].map(() => out.r = this)")}; } } new K().go(); }`,
      () => `{ const u = (q, r) => { ${oneOf(() => "list.push(q)", () => "v1 = q", () => "r.q = q", () => "q")}; }; u(${closure(0)}, ${oneOf(() => "out", () => "{}")}); }`,
      () => `${name()} = [${closure(0)}].${oneOf(() => "reduce((n, each) => each", () => "reduce((n, each) => n", () => "reduceRight((n, each) => [n, each]")}, ${closure(0)});`,
      () => `{ const w = { set s(v) { ${oneOf(() => "list.push(v)", () => "v")}; } }; w.s = ${closure(0)}; const x = { __proto__: { y: ${closure(0)} } }; ${name()} = x.y; }`,
    );
  return `let ${NAMES.join(", ")};\n${Array.from({ length: 8 }, statement).join("\n")}\n${next() < 0.3 ? `return ${expression(1)};` : ""}`;
}

/** The numbers of closures that are reachable from outside once the function has run. */
function run(body: string, round: number): readonly number[] {
  let state = round;
  const chance = (): boolean => (state = (state * 5 + 3) % 7) % 2 === 0;
  const marks = new Map<unknown, number>();
  const mark = (number: number, made: unknown): unknown => (marks.set(made, number), made);
  const outside: { out: object; list: unknown[]; kept: unknown[] } = { out: {}, list: [], kept: [] };
  try {
    // oxlint-disable-next-line no-new-func -- what was generated is to be run
    new Function("out", "list", "kept", "mark", "chance", `let current; function f() {\n${body}\n}\nkept[0] = f(); kept[1] = current;`)(outside.out, outside.list, outside.kept, mark, chance);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) return;
    seen.add(value);
    for (const each of Object.values(value)) visit(each);
  };
  visit(outside);
  return [...marks].filter(([made]) => seen.has(made)).map(([, number]) => number);
}

/** Verdicts by the closures' numbers. */
function judge(body: string): ReadonlyMap<number, Verdict> {
  const unmarked = body.replaceAll(/mark\((\d+), /g, "(/*$1*/");
  const analysis = analyzeText("a.js", `let out = {}, list = [], current; function chance() {} function f() {\n${unmarked}\n}`);
  if (!isAnalysis(analysis)) throw new Error(`${JSON.stringify(analysis)}\n${body}`);
  const target = analysis.targets.find((each) => each.name === "f");
  if (!target) throw new Error(body);
  return new Map(
    readLiveCode(target, analysis).nested.flatMap((unit) => {
      const number = /\/\*(\d+)\*\/$/.exec(analysis.parsed.text.slice(0, unit.start))?.[1];
      return number === undefined ? [] : [[Number(number), verdictOf(unit.rule)] as const];
    }),
  );
}

test("what is said to end with its call does", () => {
  const counts: Record<Verdict, number> = { on: 0, unknown: 0, ends: 0 };
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const body = generate(numbers(seed * 7919));
    const verdicts = judge(body);
    for (const verdict of verdicts.values()) counts[verdict]++;
    const alive = new Set(Array.from({ length: RUNS }, (_, round) => run(body, round)).flat());
    const wrong = [...alive].filter((number) => verdicts.get(number) === "ends");
    expect(wrong, `seed ${seed}:\n${body}`).toEqual([]);
  }
  // a rule that knows nothing would be right too
  expect(Math.min(counts.ends, counts.on)).toBeGreaterThan(PROGRAMS / 10);
}, 60_000);
