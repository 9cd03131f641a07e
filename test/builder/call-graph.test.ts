/** What code at the top level does with a function, seen from the records alone: whether the old one ran at start. */
import { describe, expect, test } from "vitest";
import { ANYTHING } from "../../src/analyze/calls/call.ts";
import { CallGraph } from "../../src/builder/trace/call-graph.ts";
import type { CallsOf } from "../../src/builder/trace/call-names.ts";
import { Analyses } from "../../src/builder/world/analyses.ts";
import { WorldModule } from "../../src/builder/world/module.ts";
import { World } from "../../src/builder/world/world.ts";

describe("the changed function `award`", () => {
  test.each<readonly [code: string, other?: string]>([
    ["const x = (() => { const f = award; return f(); })();"],
    ["const x = (() => { const { f } = { f: award }; return f(); })();"],
    ["const x = (() => { let t; t = award; return t(); })();"],
    ["const x = [award].map((f) => f());"],
    ["const x = [1,2].map(award);"],
    ["const x = Object.values({ award }).map((f) => f());"],
    ["const hs = { award }; const x = Object.values(hs).map((f) => f());"],
    ["const hs = { award }; const x = hs['award']();"],
    ["const hs = new Map([['a', award]]); const x = hs.get('a')!();"],
    ["const hs = [award]; const x = hs[0]();"],
    ["const hs = [award]; const x = hs.map((f) => f());"],
    ["const hs = [award]; const x = (() => { let s = 0; for (const h of hs) s += h(); return s; })();"],
    ["const x = run({ a: { b: award } }); function run(o: any) { return o.a.b(); }"],
    ["const x = run(award); function run(f: any) { const g = () => f(); return g(); }"],
    ["const x = run(award); function run(...fs: any[]) { return fs.map((f) => f()); }"],
    ["const x = run(award); function run(f: any) { return apply(f); } function apply(f: any) { return f.call(null); }"],
    ["const x = run(1, award); function run() { return arguments[1](); }"],
    ["const x = run(award); function run(f: any) { return new Promise((ok) => ok(f())); }"],
    ["const x = await go(); async function go() { await 1; return award(); }"],
    ["class A { static x = award(); }"],
    ["class A { static make() { return award(); } } const x = A.make();"],
    ["class A { run() { return award(); } } function mk() { return new A(); } const x = mk().run();"],
    ["class A { run() { return award(); } } const a = mk(); function mk() { return new A(); } const x = a.run();"],
    ["class A { #f = () => award(); run() { return this.#f(); } } const a = new A(); const x = a.run();"],
    ["class A { x = award(); } const a = new A();"],
    ["class A { x = [1].map(() => award()); } const a = [new A()];"],
    ["class A { constructor(f: any) { f(); } } const a = new A(award);"],
    ["class B { constructor() { award(); } } class A extends B {} const a = new A();"],
    ["class B { constructor() { init(this); } } class A extends B { f() { award(); } } const a = new A(); function init(x: any) { x.f(); }"],
    ["function twice(f: any) { return () => f() * 2; } const g = twice(award); const x = g();"],
    ["function wrap(n: any) { return () => award(n); } const g = wrap(2); const x = g();"],
    ["function wrap(n: any) { return { go: () => award(n) }; } const x = wrap(2).go();"],
    ["function wrap(n: any) { return { go: () => award(n) }; } const { go } = wrap(2); const x = go();"],
    ["const x = a(); function a() { return b(); } function b() { return a2(); } function a2() { return Math.random() > 2 ? a() : award(); }"],
    ["const x = new (class { v = award(); })().v;"],
    ["const x = [3,1].sort((a, b) => award(a));"],
    ["const x = Array.from({ length: 2 }, award);"],
    ["const x = 'a'.replace(/a/, award);"],
    ["const x = lib.map(award);import lib from 'lib';"],
    ["const x = o.through(award); import * as o from './o';", "export function through(f: any) { return f(); }"],
    ["const x = through(award); import { through } from './o';", "export const through = (f: any) => f();"],
    ["const x = through(award); import { through } from './o';", "const impl = (f: any) => f(); export { impl as through };"],
    ["import { o } from './o'; const x = o.go();", "import { award } from './m'; export const o = { go: () => award() };"],
    ["export let x: any; x = award();"],
    ["if (1) { const y = award(); }"],
    ["const x = cond ? award() : 1; const cond = true as boolean;"],
    ["const x = award?.();"],
    ["const x = obj?.f?.(); const obj = { f: award };"],
    ["enum E { A = award() }"],
    ["namespace N { export const v = award(); }"],
    ["const x = [...gen()]; function* gen() { yield award(); }"],
    ["const it = gen(); const x = it.next(); function* gen() { yield award(); }"],
    ["const f = award.bind(null, 1); const x = f();"],
    ["const x = pipe(award, award)(1); function pipe(...fs: any[]) { return (v: any) => fs.reduce((a, f) => f(a), v); }"],
    ["const x = new Foo().v; function Foo(this: any) { this.v = award(); }"],
    ["const x = structured(); function structured() { class L { v() { return award(); } } return new L().v(); }"],
    ["const p = new Proxy({}, h); const h = { get: () => award() }; const x = (p as any).a;"],
    ["let y = 0; for (const k of [1]) y += award(k);"],
    ["const x = globalThis.structuredClone(award());"],
    ["const x = (0, award)();"],
    ["const x = [award][0]();"],
    ["const x = (award as any)!();"],
    ["const x = new Set([1]).forEach(award);"],
    ["const x = run([award]); function run([f]: any) { return f(); }"],
    ["const x = run({ f: award }); function run(o: any) { const { f: g = null } = o; return g(); }"],
    ["const x = run(award); function run(f: any) { try { return f(); } catch { return 0; } }"],
    ["const x = run(award); async function run(f: any) { for (const a of [1]) await f(a); }"],
    ["const x = run(award); function run(f: any) { return run2({ ...{ f } }); } function run2({ f }: any) { return f(); }"],
    ["@dec class A {} function dec(c: any) { award(); }"],
    ["class A { [Symbol.toPrimitive]() { return award(); } } const a = new A(); const x = +a;"],
    ["class B { get t() { return award(); } } class A extends B {} const a = new A(); const x = a.t;"],
    ["const x = { ...obj }; const obj = { get t() { return award(); } };"],
    ["const { t } = obj; const obj = { get t() { return award(); } };"],
    ["const x = read(obj); const obj = { get t() { return award(); } }; function read(o: any) { return o.t; }"],
    ["const x = read(); const obj = { get t() { return award(); } }; function read() { return obj.t; }"],
    ["const x = o2.y.t; const o2 = { y: obj }; const obj = { get t() { return award(); } };"],
    ["const x = shop.get('a'); class Shop { get(k: any) { return award(k); } } const shop = new Shop();"],
    ["const x = shop.get('a'); class Shop { get(k: any) { return award(k); } } const shop = mk(); function mk() { return new Shop(); }"],
    ["const x = using(); function using() { const s = { get: award }; return s.get(); }"],
    ["const x = (function () { return arguments[0](); })(award);"],
    ["const x = ((f: any) => f())(award);"],
    ["const x = fs.map((f) => f.run()); const fs = [{ run: () => award() }];"],
    ["async function main() { await boot(); } async function boot() { cache = award(); } let cache: any; main().catch((e) => fail(e)); function fail(e: any) {}"],
  ])("ran: %s", (code = "", other = "") => {
    expect(verdictOf(code, other)).toBe("ran");
  });

  test.each<readonly [code: string, other?: string]>([
    ["class A { static get y() { return award(); } } const x = A.y;"],
    ["class A { constructor(f: any) { this.go(f); } go(f: any) { f(); } } const a = new A(award);"],
    ["function wrap(n: any) { return { get go() { return award(n); } }; } const w = wrap(1); const x = w.go;"],
    ["const x = `${{ toString: () => award() }}`;"],
    ["const x = JSON.stringify({ toJSON() { return award(); } });"],
    ["const x = memo(award);import memo from 'lib';"],
    ["const x = lib.run(() => award());import lib from 'lib';"],
    ["lib.run(() => award());import lib from 'lib';"],
    ["const x = lib.use(award).total();import lib from 'lib';"],
    ["const x = through(award); import { through } from './o';", "const impl = (f: any) => f(); export const through = impl;"],
    ["const list: any[] = []; list.push(award); const x = list[0]();"],
    ["const reg: any = {}; register('a', award); const x = reg.a(); function register(n: any, f: any) { reg[n] = f; }"],
    ["const x = run(() => () => award()); function run(f: any) { return f()(); }"],
    ["const x = util.inspect({ [Symbol.for('x')]() { return award(); } }); import util from 'lib';"],
    ["const x = m.a; const m: any = {}; Object.defineProperty(m, 'a', { get: award });"],
    ["const x = lazy.value; const lazy = mk(() => award()); function mk(f: any) { return { get value() { return f(); } }; }"],
    ["const ok = main().catch(award); async function main() {}"],
    ["const x = queue.flush(); class Queue { fs: any[] = []; add(f: any) { this.fs.push(f); } flush() { return this.fs.map((f) => f()); } } const queue = new Queue(); queue.add(award);"],
  ])("may have run: %s", (code = "", other = "") => {
    expect(verdictOf(code, other)).toBe("may have run");
  });

  test.each<readonly [code: string, other?: string]>([
    ["class B { f() { award(); } } const a = { b: new B(), c: [new B()] }; const b = new B() as any;"],
    ["class B { f = () => award(); } const a = new B();"],
    ["app.get('/', award); app.post('/', (q: any) => award(q)); app.use(() => award()); const app = express();import express from 'express';"],
    ["setInterval(award, 5); process.on('exit', () => award()); setTimeout(() => award(), 1);"],
    ["const t = setInterval(award, 5); const s = http.createServer((q: any) => award(q)).listen(1);import http from 'node:http';"],
    ["const app = express(); setup(app); function setup(a: any) { a.get('/', award); a.on('x', () => award()); } import express from 'express';"],
    ["const r = { a: award, b: () => award() }; export default { r };"],
    ["const deb = debounce(award, 5); import { debounce } from 'lodash';"],
  ])("was only kept: %s", (code = "", other = "") => {
    expect(verdictOf(code, other)).toBe("was only kept");
  });
});

/** Each hands what it is given on to all: more ways through them than anybody could follow one by one. */
function everyOneHandsOn(count: number, last: string): string {
  const others = Array.from({ length: count }, (_, index) => `f${index}(f);`).join(" ");
  return Array.from({ length: count }, (_, index) => `function f${index}(f: any) { ${others} ${index === count - 1 ? last : ""} }`).join("\n");
}

test("functions that hand on to each other in every way are followed once each", () => {
  expect(verdictOf(`const x = f0(award); ${everyOneHandsOn(60, "return f();")}`, "")).toBe("ran");
  expect(verdictOf(`const x = f0(award); ${everyOneHandsOn(60, "if (f) lib.run(f);")} import lib from 'lib';`, "")).toBe("may have run");
  expect(verdictOf(`const x = f0(award); ${everyOneHandsOn(60, "")}`, "")).toBe("was only kept");
  expect(verdictOf(`const list: any[] = []; f0(award); const x = list[0](); ${everyOneHandsOn(60, "list.push(f);")}`, "")).toBe("may have run");
});

test("code that could not be followed to its end may call anything, and so may what hands something to it", () => {
  const modules = modulesOf({ m: "export function award() {}", o: "import { award } from './m'; export function big(f: any) { other(award); } function other(f: any) {} const x = big(1); const y = other(2);", p: "import { award } from './m'; import { take } from './q'; const x = take(award);", q: "export function take(f: any) {}" });
  const callsOf: CallsOf = (module) => {
    const calls = module.calls;
    return module.key === "m" ? calls : { ...calls, targets: calls.targets.map((each, index) => (module.outline.targets[index]?.name === "other" ? each : [ANYTHING])) };
  };
  const found = [...new CallGraph({ fixed: new World(modules), manifest: { package: "p" } }, { changed: [["m", "award"]], callsOf }).reaching()];
  expect(found.map(({ module, unit, reached }) => [module.key, "names" in unit.outline ? unit.outline.names[0] : "", reached])).toEqual([["o", "x", { id: "m#award", certain: false }], ["p", "x", { id: "m#award", certain: false }]]);
});

test("calls are asked for only of code that may reach the changed function, and of what that hands it to", () => {
  const modules = modulesOf({
    m: "export function award() {} export function other() {}",
    user: "import { award } from './m'; import { keep } from './keeper'; export function use() { return award(); } keep(use);",
    caller: "import { use } from './user'; export const total = use();",
    keeper: "import { list } from './list'; export function keep(f: any) { list.push(f); }",
    list: "export const list: any[] = [];",
    reader: "import { list } from './list'; export const first = list[0]();",
    aside: "import { other } from './m'; export const x = other();",
    above: "import './caller'; import { x } from './aside'; export const y = x;",
    reexport: "export * from './m';",
  });
  const asked = new Set<string>();
  const callsOf: CallsOf = (module) => {
    asked.add(module.key);
    return module.calls;
  };
  const found = [...new CallGraph({ fixed: new World(modules), manifest: { package: "p" } }, { changed: [["m", "award"]], callsOf }).reaching()];
  expect(found.map(({ module, reached }) => [module.key, reached.certain])).toEqual([["caller", true], ["reader", false]]);
  expect([...asked].toSorted()).toEqual(["caller", "keeper", "list", "reader", "user"]);
});

/** `./m` is the module with the code, `./o` another. */
function verdictOf(code: string, other: string): "ran" | "may have run" | "was only kept" {
  const modules = modulesOf({ m: `${code}\nexport function award(n = 1): any { return n; }\n`, o: other });
  const graph = new CallGraph({ fixed: new World(modules), manifest: { package: "p" } }, { changed: [["m", "award"]] });
  const found = [...graph.reaching()].map(({ reached }) => reached.certain);
  return found.includes(true) ? "ran" : found.length > 0 ? "may have run" : "was only kept";
}

function modulesOf(texts: Readonly<Record<string, string>>): ReadonlyMap<string, WorldModule> {
  return new Map(Object.entries(texts).map(([key, text]) => [key, moduleOf(key, text)]));
}

function moduleOf(key: string, text: string): WorldModule {
  const source = { key, file: `${key}.ts`, content: text, fingerprint: "", text: () => text, options: {} };
  return new WorldModule(source, new Analyses(), (specifier) => (specifier.startsWith("./") ? { module: specifier.slice(2) } : { specifier }));
}
