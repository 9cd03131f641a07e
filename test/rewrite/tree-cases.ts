/** Programs that are easy to get wrong in a syntax tree. Each shows what it does through \`log\`; \`drive\` is no target. */
export const cases: Readonly<Record<string, string>> = {
  "anonymous default": `
export default function () { return "default"; }
import * as self from "./case.js";
export let drive = () => { log(self.default(), self.default.length); };`,

  "default arrow by name": `
const only = async () => ({ a: 1 });
export default only;
export let drive = async () => { log(await only()); };`,

  overloads: `
export function f(a: string): string;
export function f(a: number): number;
/** the body */
export function f(a: any): any { return [a]; }
declare function ambient(): void;
export let drive = () => { log(f(1), f("x"), f.length); };`,

  "parameters that move": `
let calls: string[] = [];
function note<T>(name: string, value: T): T { calls.push(name); return value; }
function f(a: any, { b = note("b", 1), c: [c, ...d] = note("c", [2, 3, 4]) }: any = note("whole", {}), e = note("e", a + 1), ...[g, { h } = note("h", { h: 5 })]: any[]) {
  return [a, b, c, d, e, g, h];
}
const arrow = (a: any, { [note("key", "b")]: b = a } = note("w", {} as any), ...{ length }: any[]) => [a, b, length];
const chain = ({ a }: any = {}) => (b = a) => ({ a, b });
const text = async (/* lead */ { a }: any /* trail */, b = /* d */ a /* e */) => // line
  // another
  a + b;
export let drive = async () => {
  log(f(1), f(1, { b: 2, c: [9] }, 0, 6), f.length, arrow(1), arrow(1, { b: 3 }, 1, 2), chain({ a: 1 })(), await text({ a: 1 }));
  log(calls);
  try { f(1, null); } catch (error) { log((error as Error).constructor.name); }
  try { await text(undefined); } catch (error) { log((error as Error).constructor.name); }
};`,

  "parameters that stay": `
function inert(a = 1, b = () => a, c = {}) { return [a, b(), c]; }
function dead(a: any = b, b: any = 1) { return [a, b]; }
function inner(a: any = x()) { var x: any = 1; return [a, x]; }
function x() { return "outer"; }
function* walk({ a }: any = { a: 1 }) { yield a; return arguments.length; }
async function* stream(...[a]: any[]) { yield a; }
export let drive = async () => {
  log(inert(), inner(), inner(2));
  try { log(dead()); } catch (error) { log((error as Error).constructor.name); }
  log([...walk()], [...walk({ a: 2 })]);
  for await (const each of stream(1)) log(each);
};`,

  "bodies of arrows": `
const comma = (a: any) => (log("side"), a);
const object = (a: any) => ({ a });
const conditional = (a: any) => a ? "yes" : "no";
let state = 0;
const assign = (a: any) => state = a;
const cast = (a: any) => <any>(a as unknown)!;
const wrapped = ((((a: any) => a) as any) satisfies any)!;
const nothing = () => {};
const thrower = () => { throw new Error("x"); };
const spread = ({ a, ...r }: any) => ({ ...r, a });
const opt = (a?: any) => a?.b?.c ?? "none";
const template = (a: any) => \`<\${a}>\`;
export let drive = () => {
  log(comma(1), object(1), conditional(0), assign(3), state, cast(4), wrapped(5), nothing(), spread({ a: 1, b: 2 }), opt(), template(1), wrapped.name, object.name);
  try { thrower(); } catch { log("thrown"); }
};`,

  "function expressions": `
const named = function inner(n: number): number { return n ? inner(n - 1) + 1 : 0; };
const anonymous = async function (this: any, ...rest: any[]) { return [this, rest, arguments.length]; };
const generator = function* (n: number) { const got: any = yield n; return got; };
export let drive = async () => {
  log(named(3), named.name, await anonymous.call(1, 2), anonymous.name);
  const it = generator(1);
  log(it.next(), it.next("got"));
};`,

  "this, arguments, new.target": `
function Old(this: any, a: any) { this.a = a; this.isNew = new.target === Old; this.n = arguments.length; }
class Sub extends (Old as any) { constructor() { super(5); } }
function viaArrow(this: any) { return (() => [this, arguments[0], new.target])(); }
export let drive = () => { const sub = new Sub() as any; log(sub.a, sub.isNew, sub.n, sub instanceof Old, viaArrow.call("t", 1)); };`,

  "names from Object.prototype": `
function toString() { return "ours"; }
const constructor = () => "made";
const hasOwnProperty = (a: any) => a;
function __proto__() { return "proto"; }
export { toString, constructor, __proto__ as proto };
export let drive = () => { log(toString(), constructor(), hasOwnProperty(1), __proto__()); };`,

  "names like ours": `
const $t = 1, $scope = 2, $module = 3, $register = 4, $1 = 5, $v = 6;
class $T {}
function f({ a }: any, $hole0 = log("h")) { return [a, $1, $t]; }
log($scope, $module);
export let drive = () => { log(f({ a: 1 }), $register, $v, new $T() instanceof $T); };`,

  "undefined and Reflect bound": `
const Reflect = null;
function f(undefined: any, b = log("b") ?? 2) { return [undefined, b, new.target]; }
export let drive = () => { log(f(1), Reflect); };`,

  directives: `
"use strict";
"use client";
// about f
function f() {
  "use strict"
  "other"
  // body
  return this;
}
const g = function () { 'use strict'; ; return arguments.length; };
export let drive = () => { log(f.call(undefined), g()); };`,

  "init statements": `
log("one");
{ var inBlock = 1; let own = 2; log(own); }
if (inBlock) var single = 5, unset; else var { other } = { other: 1 } as any;
for (var i = 0, n = 2; i < n; i++) log(i);
for (var key in { a: 1 }) log(key);
for (var { v: [value = 9] } of [{ v: [] }] as any) log(value);
for (var bare; bare === undefined; bare = 1);
for (var let_ of [1]) log(let_);
for ((globalThis as any).member of [2]) log("member");
switch (single) { case 5: var inCase = "case", f = function () {}; break; }
try { throw 1; } catch { var caught = "caught"; } finally { var { a: { b = 3, ...rest } } = { a: { c: 4 } } as any; }
label: for (;;) { var inLoop = [() => inLoop]; break label; }
log(single, unset, n, key, value, inCase, f.name, caught, b, rest, inLoop.length, typeof other);
let between = 1;
void function () { var local = 1; log(local); }();
export { i as index, inCase, rest };
export var exported = 1;
exported += 1; [exported] = [exported + 1]; ({ exported } = { exported: exported + 1 });
export let drive = () => { log(i, inCase, exported, between); };`,

  "declarations of other kinds": `
export let { a, b: [c = 2] } = { a: 1, b: [] } as any, plain: any;
export enum Color { Red, Green = Red + 5 }
enum Local { A = "x" }
export namespace Space { export const inner = 1; export function nested() { return inner; } }
function merged() { return merged.extra; }
namespace merged { export let extra = "extra"; }
export class Thing { static made = 0; #private = 1; field = () => this.#private; static { Thing.made++; } method() { return this.field(); } }
const Expr = class { x = 1 };
interface Type { a: number }
type Alias = Type;
declare const ambient: number;
export abstract class Base { abstract m(): void; }
const fn = () => Local.A;
export let drive = () => {
  a = 10; c += 1; plain = fn();
  log(a, c, plain, Color.Green, Space.nested(), merged(), Thing.made, new Thing().method(), new Expr().x);
};`,

  "nested functions of the same names": `
export let total = 1;
export function f(total: number) { function f() { return total; } { let drive = f; return drive(); } }
export function total2() { var total2 = total; return total2; }
export const h = (h: any) => h;
export let drive = () => { total = 7; log(f(3), total2(), h(1), total); };`,

  "async and loops": `
async function gather(list: any) { const all = []; for await (const each of list) all.push(await each); return all; }
async function* count(n: number) { for (let i = 0; i < n; i++) yield i; }
function* delegate(): any { const got = yield* [1, 2]; try { yield 3; } finally { log("cleanup"); } return got; }
export let drive = async () => {
  log(await gather(count(3)));
  const it = delegate(); it.next(); it.next(); it.next(); log(it.return("r"));
};`,

  "only statements": `log("alone"); export {};`,
  "only types": `export interface A {} export type B = A;`,
};
