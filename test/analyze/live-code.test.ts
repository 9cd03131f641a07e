/** What becomes of nested functions: the rule for each of `f`'s, in source order. */
import { expect, test } from "vitest";
import { analyzeText, isAnalysis } from "../../src/analyze/analyze.ts";
import { readLiveCode } from "../../src/analyze/live/live-code.ts";

const HEAD = `import { x, bus } from "./other"; const list = []; const map = new Map(); let current; function own(cb) { cb(); }\n`;

function live(code: string): { own: string | undefined; nested: readonly string[] } {
  const analysis = analyzeText("a.ts", HEAD + code);
  if (!isAnalysis(analysis)) throw new Error(JSON.stringify(analysis));
  const target = analysis.targets.find((each) => each.name === "f");
  if (!target) throw new Error("no target f");
  const found = readLiveCode(target, analysis);
  return { own: found.own?.rule, nested: found.nested.map((each) => each.rule) };
}

test.each([
  ["function f(s) { s.on('x', (n) => n * 2); }", "registered"],
  ["function f(s) { s?.on('x', ((n) => n * 2) as any); }", "registered"],
  ["function f() { const g = function () {}; bus.on('e', g.bind(null)); }", "registered"],
  ["function f() { const { g } = { g: () => 1 }; bus.on('e', g); }", "registered"],
  ["function f() { const h = {}; h.a = () => 1; bus.on('e', (k) => h[k]()); }", "registered registered"],
  ["function f() { const a = () => b(); const b = () => a(); bus.on('t', b); }", "registered registered"],
  ["function f() { class P { run() { bus.on('e', () => 3); } } new P().run(); }", "called registered"],
  ["function f() { const step = () => 1; setInterval(() => step(), 100); }", "registered registered"],
  ["function f() { const g = () => { setTimeout(g, 10); }; g(); }", "rearmed"],
  ["function f() { const g = () => { setTimeout(() => g(), 10); }; g(); }", "rearmed timeout"],
  ["function f() { const g = () => { x().then(g); }; g(); }", "rearmed"],
  ["function f() { const g = (n) => (n ? g(n - 1) : 0); return g(3); }", "called"],
  ["function f() { return { a: () => 1, b() { return 2; } }; }", "returned returned"],
  ["const f = () => () => 4;", "returned"],
  ["function f() { const l = []; l.push(() => 1); return l; }", "returned"],
  ["function f() { const l = new Map(); l.set(1, () => 1); return l.get(1); }", "returned"],
  ["function f() { return current ? () => 1 : (x, () => 2); }", "returned returned"],
  ["function f() { return Object.freeze({ g: () => 2 }); }", "returned"],
  ["function f() { class P { run() {} } return new P(); }", "returned"],
  ["function f() { return class { run = () => 1; }; }", "returned"],
  ["function f(s) { return class extends s { a() {} }; }", "returned"],
  ["function f() { return (() => () => 1)(); }", "called returned"],
  ["function f() { return { *[Symbol.iterator]() { yield 1; } }; }", "returned"],
  ["function f() { current = () => 1; globalHook = () => 2; }", "variable variable"],
  ["function f() { function* g() { yield 1; } current = g(); }", "variable"],
  ["function f() { class P { *it() { yield 1; } } current = new P().it(); }", "variable"],
  ["function f() { const it = map.values().map((v) => v); current = it; }", "variable"],
  ["function f(p) { p.x = () => 1; this.y = () => 2; const { q } = p; q.k = () => 3; }", "property property property"],
  ["function f() { map.get('x').foo = () => 3; for (const p of map.values()) p.h = () => 1; }", "property property"],
  ["function f() { const z = map.get(1) ?? {}; z.h = () => 2; Object.assign(current, { g: () => 1 }); }", "property property"],
  ["function f() { module.exports.f = () => 1; }", "property"],
  ["function f() { list.push(() => 1); map.set('k', () => 2); }", "collection collection"],
  ["function f() { void (async () => { while (true) await x(); })(); }", "endless loop"],
  ["function f() { const h = { a: () => 1 }; Object.entries(h).forEach(([n, g]) => bus.on(n, g)); }", "registered callback"],
  ["function f() { for (const g of [() => 1]) bus.on('e', g); [() => 2].forEach((g) => bus.on('e', g)); }", "registered registered callback"],
  ["function f() { Promise.resolve(() => 1).then((g) => bus.on('e', g)); Array.from([() => 2], (g) => list.push(g)); }", "registered deferred collection callback"],
  ["function f() { const h = { a: () => 1, b: () => 2, c: { d: () => 3, e: () => 4 } }; const { b } = h; current = h.c.d; return b; }", "called returned variable called"],
  ["function f() { class P { static make() { return new P(); } } return P.make(); }", "elsewhere"],
  ["function f() { class P { run() {} } const p = new P(); return p.run; }", "returned"],
  ["function f() { const h = { a: () => 1, keep() { list.push(this); } }; h.keep(); }", "collection collection"],
  ["function f() { const h = { get a() { return 1; } }; return h.a; }", "called"],
  ["function f() { return { get a() { return 1; } }; }", "returned"],
  ["function f() { [() => 1].forEach(x); }", "passed"],
  ["function f() { const s = { n: 0, inc: () => { s.n += 1; } }; s.inc(); return s.n; }", "called"],
  ["function f() { class P { n = 1; run() {} } const p = new P(); p.run(); return p.n; }", "called"],
  ["function f() { function* g() { yield 1; } return new Set(g()); }", "called"],
  ["function f() { const g = () => 1; return g.length + g().toFixed() + [g].length; }", "called"],
  ["function f() { setTimeout(() => 1, 10); }", "timeout"],
  ["function f() { class P { constructor() { map.set(1, this); } } new P(); }", "collection"],
  ["function f() { class P { constructor() { current = this; } } new P(); }", "variable"],
  ["function f() { class P { self() { return this; } } return new P().self().name; }", "elsewhere"],
  ["function f() { class P extends x {} new P(); class E extends Error {} throw new E(); }", "passed elsewhere"],
  ["function f() { x(() => 1); own(() => 2); new Thing(() => 3); }", "passed passed passed"],
  ["function f() { return css`${() => 1}`; }", "passed"],
  ["function f() { x().on = () => 1; const e = new Emitter(); e.h = () => 2; }", "elsewhere elsewhere"],
  ["function f() { return [1, 2].map((n) => () => n); }", "callback elsewhere"],
  ["function f() { const walk = async (n) => { for (const c of n) await walk(c); }; return walk(1); }", "recursion"],
  ["function f() { (async () => { while (!current) await x(); })(); }", "waiting loop"],
  ["function f() { const h = { a: (n) => n, b: (n) => n + 1 }; return h[current](3); }", "called called"],
  ["function f() { const l = []; l.push(() => 1); l.forEach((g) => g()); }", "called callback"],
  ["function f() { class P { run() { return 1; } } const p = new P(); return p.run(); }", "called"],
  ["function f(cb = () => 1) { return cb(); }", "called"],
  ["function f() { function* g() { yield 1; } for (const y of g()) x(y); const it = g(); const { value } = it.next(); return [...g(), value]; }", "called"],
  ["function f() { const h = { *g() { yield 1; } }; return [...h.g()]; }", "called"],
  ["function f() { return [...map.keys().filter((k) => k)]; }", "called"],
  ["function f() { const each = (cb) => list.forEach((o) => cb(o)); each((o) => o + 1); }", "called callback called"],
  ["function f() { return new Promise((resolve) => x(resolve)); }", "callback"],
  ["function f() { fetch('x').then((r) => r); queueMicrotask(() => 1); process.nextTick(() => 2); }", "deferred deferred deferred"],
  // promises
  ["function f() { return new Promise((ok) => ok(() => 1)); }", "callback returned"],
  ["async function f() { current = await new Promise((ok) => setTimeout(() => ok(() => 1), 10)); }", "callback timeout variable"],
  ["function f() { return new Promise((ok, no) => no(() => 1)); }", "callback elsewhere"],
  // parameters
  ["function f(cb) { cb(() => 1); [() => 2].forEach(cb); }", "passed passed"],
  ["function f() { function g(a) { list.push(arguments[0]); } g(() => 1); }", "called passed"],
  ["function f() { const loop = async (b) => { while (true) { await x(); b(); } }; loop(() => 1); }", "endless loop endless loop"],
  ["function f() { function* g(b) { yield b(); } current = g(() => 1); }", "variable variable"],
  ["function f() { return list.reduce((n, m) => m, () => 1); }", "callback returned"],
  ["function f() { list.forEach(x, () => 1); setImmediate(x, () => 2); Reflect.apply(x, () => 3, []); }", "passed passed passed"],
  // objects that are held in more than one way
  ["function f() { const o = {}; current = o; const p = o; p.h = () => 1; }", "variable"],
  ["function f() { const l = []; const k = l; k.push(() => 1); return l; }", "returned"],
  ["function f() { const o = (current = {}); o.h = () => 1; const p = (current ??= {}); p.h = () => 2; }", "property property"],
  ["function f(p) { const s = { p, h: [] }; s.p.x = () => 1; s.h.push(() => 2); }", "property called"],
  ["function f(p) { const s = { h: [] }; s.h = p; s.h.push(() => 2); }", "elsewhere"],
  ["function f() { const o = { inner: {} }; const i = o.inner; i.h = () => 1; current = o; }", "elsewhere"],
  ["function f() { const p = new Proxy(list, {}); p.x = () => 1; }", "elsewhere"],
  ["function f() { arguments[0].x = () => 1; }", "property"],
  ["function f() { const h = { run: () => 1 }; const o = { __proto__: h }; current = o.run; }", "variable"],
  ["function f() { const o = { set h(v) { list.push(v); } }; o.h = () => 1; }", "called elsewhere"],
  ["function f(o) { Object.defineProperty(o, 'x', { get: () => 1 }); return new Proxy({}, { get: () => 2 }); }", "property returned"],
  ["function f() { class P { run() {} } const p = new P(); bus.on('e', p.run.bind(p)); }", "registered"],
  ["function f() { const o = { h: () => 1, go() { bus.on('e', this.h); } }; o.go(); }", "registered called"],
  ["function f() { const o = { h: null, go() { bus.on('e', () => this.h()); } }; o.h = () => 1; o.go(); }", "registered registered registered"],
  ["function f() { class P { run() {} go() { bus.on('e', () => this.run()); } } new P().go(); }", "registered registered"],
])("%s", (code, rules) => {
  expect(live(code).nested).toEqual(rules.split(/ (?!loop)/));
});

test.each([
  ["async function f() { while (true) await x(); }", "endless loop"],
  ["async function f() { do { await x(); } while (1); }", "endless loop"],
  ["function f() { for (;;) { try { throw 1; } catch {} switch (current) { case 1: break; } } }", "endless loop"],
  ["function f() { a: for (;;) { for (;;) continue a; } }", "endless loop"],
  ["function f() { for (;;) list.forEach(() => { return; }); }", "endless loop"],
  ["async function f() { while (!current) await x(); }", "waiting loop"],
  ["async function f() { while (true) { if (await x()) break; } }", "waiting loop"],
  ["async function f(s) { for await (const m of s) x(m); }", "waiting loop"],
  ["function* f() { while (true) yield 1; }", "endless generator"],
  ["async function* f() { yield 1; }", "generator"],
  ["function f() { for (;;) { if (current) break; } }", undefined],
  ["function f() { for (;;) { if (current) throw 1; } }", undefined],
  ["function f() { a: for (;;) { for (;;) break a; } }", undefined],
  ["function f() { for (const a of list) { for (;;) return a; } }", undefined],
  ["async function f(items) { let i = 0; while (i < items.length) await x(items[i++]); }", undefined],
  ["async function f() { for (let i = 0; i < list.length; i++) await x(i); }", undefined],
  ["async function f() { for (const i of list) await x(i); }", undefined],
  ["function f() { while (current) x(); }", undefined],
])("the calls of %s", (code, rule) => {
  expect(live(code).own).toBe(rule);
});

test("types do not count", () => {
  const plain = live("function f(s) { const l = []; l.push((n) => n); s.on('x', l[0]); return (() => 1)!; }");
  expect(live("function f(s: Set<string>) { const l: Array<(n: number) => void> = []; l.push((n: number): void => n as never); s.on('x', l[0]!); return (() => 1)! as () => number; }")).toEqual(plain);
});
