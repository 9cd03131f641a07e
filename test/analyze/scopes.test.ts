import { analyze, type Reference, type ScopeManager } from "@typescript-eslint/scope-manager";
import { globSync, readFileSync } from "node:fs";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import { isParsed, parse, type Parsed } from "../../src/syntax/parse.ts";
import { readScopes } from "../../src/syntax/scope-reader.ts";

interface Placed {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Everything that scopes hold, as text: nodes by their places, scopes by their numbers. */
function describe({ scopes }: ScopeManager): string {
  const at = (node: unknown): string => (node == null ? "-" : `${(node as Placed).type} ${(node as Placed).start}-${(node as Placed).end}`);
  const numberOf = new Map<unknown, number>(scopes.map((scope, index) => [scope, index]));
  const tell = (each: Reference): string => {
    const { resolved, maybeImplicitGlobal: global } = each;
    const flags = [each.isRead(), each.isWrite(), each.isTypeReference, each.isValueReference, each.init];
    return `${each.identifier.name} ${at(each.identifier)} ${flags} = ${at(each.writeExpr)} in ${numberOf.get(each.from)} of ${resolved && `${numberOf.get(resolved.scope)} ${resolved.name}`} ${global ? at(global.node) + at(global.pattern) : ""}`;
  };
  return scopes.map((scope, index) => [
    `${index} ${scope.type} ${at(scope.block)} ${scope.isStrict} above ${numberOf.get(scope.upper)} variables in ${numberOf.get(scope.variableScope)} names ${[...scope.set.keys()]}`,
    ...scope.variables.flatMap((variable) => [
      ` ${variable.name} ${variable.isTypeVariable} ${variable.isValueVariable} ${variable.identifiers.map(at)}`,
      ...variable.defs.map((each) => `  ${each.type} ${at(each.name)} ${at(each.node)} ${at(each.parent)} ${(each as { rest?: boolean }).rest}`),
      ...variable.references.map((each) => `  ${tell(each)}`),
    ]),
    ...scope.references.map((each) => ` reads ${tell(each)}`),
    ...scope.through.map((each) => ` lets through ${tell(each)}`),
  ].join("\n")).join("\n");
}

/** By the original, which wants `range` on every node. */
function original({ file, text, language, sourceType }: Parsed): string {
  const lang = language.typed ? (language.jsx ? "tsx" : "ts") : "jsx";
  const { program } = parseSync(file, text, { lang, sourceType, astType: "ts", range: true, preserveParens: false });
  const options = { ...optionsOf({ language, sourceType }), jsxPragma: null, jsxFragmentName: null, lib: [] };
  return describe(analyze(program as unknown as Parameters<typeof analyze>[0], options));
}

function optionsOf({ language, sourceType }: Pick<Parsed, "language" | "sourceType">) {
  const isModule = sourceType === "module";
  return { sourceType: isModule ? ("module" as const) : ("script" as const), globalReturn: !isModule, impliedStrict: language.typed };
}

function compare(file: string, text: string): void {
  const parsed = parse(file, text);
  if (!isParsed(parsed)) throw new Error(JSON.stringify(parsed));
  expect(describe(readScopes(parsed.program, optionsOf(parsed)).manager), file).toBe(original(parsed));
}

const FORMS: Readonly<Record<string, readonly string[]>> = {
  "a.cjs": [
    "function f({ a = b, ...c }, [d, , e = a] = [f], ...g) { var b; return arguments; }",
    "x = 1; ({ a, b: c.d, [e]: f = g, ...h } = i); [j, k.l, m = n, ...o] = p; q += r; s++; t.u--;",
    "for (var a of b) c; for (const [a, { b = c }] of d) e; for (f in g) h; for ([a.b, c] of d); for (let i = 0; i < j; i++) k;",
    "with (a) { b = c; function d() {} } label: for (;;) { break label; } if (x) function y() {}",
    "try { a; } catch { b; } try {} catch ({ message = c }) { message; } switch (a) { case b: let c = d; default: c; }",
    "const a = function b() { b(); }, c = class d { static { d; } #e = f; [g] = h; static [i]() { this.#e in j; } get k() { return super.k; } };",
    "`${a}`; b`${c}`; new.target; async () => { for await (const a of b); }; function* g() { yield* h; } a?.b?.[c]?.(d);",
  ],
  "a.mjs": [
    "import a, { b as c, default as d } from 'e'; import * as f from 'g' with { type: 'json' }; export { a, c as h }; export * from 'i'; export * as j from 'k'; export { l } from 'm';",
    "export default a; export const { b, c: [d] } = e; export function f() {} export class g extends h {} import.meta.url; await import(i);",
    "export default function () {} export { x as default2 }; const x = <></>, y = <A b={c} {...d}><e.f/><this.g/><div>{h}</div><A.B.C/></A>;",
  ],
  "a.ts": [
    "type A<T extends B = C> = T extends (infer U)[] ? (a: infer V) => U : { [K in keyof T as D<K>]?: T[K] }; type E = typeof f.g; type H = typeof import('i')<J>;",
    "interface A<T> extends B<T>, C.D { (a: T): E; new (b: T): F; [key: string]: G; readonly [h.i]: J; k?<L>(m: L, ...n: L[]): asserts m is L; get o(): P; }",
    "enum A { b = 1, 'c' = b, d = e } declare enum F { g } const enum H { i = A.b } namespace j.k { export const l = m; } declare module 'n' { let o: P; } declare global { var q: R; }",
    "abstract class A<T> extends B<T> implements C<T>, D { constructor(private readonly a: E, @f() public b = g) { super(); } abstract h(): I; abstract accessor j: K; static accessor l = m; declare n: O; [p: string]: Q; @r(s) t?: U = v; override w<X>(this: A<X>, y?: X): y is X; w() { return true; } }",
    "@a(b) export class C { @d method(@e f: G) {} } export default abstract class {}",
    "import a = require('b'); import type { C } from 'd'; import { type E, f } from 'g'; import h = i.j.k; export type { C }; export { type E, f }; export import l = m.n; export = a;",
    "function f(this: A, a: B): a is C; function f<const T>(a?: T, { b }: D<T> = {} as D<T>): asserts a { return <E>a satisfies F; } (g as any) = h!; (i as J)++; [k as any] = l; m<N>; new O<P>(q); r<S>(t); u<V>`w`;",
    "let a: [b: C, ...d: E[]], f: unique symbol, g: `x${H}`, i: J.K<L>, m: abstract new () => N, o: (this: P) => void, q: R['s'][T]; declare function u(v: W): X; const y = (z: A): z is B => z;",
    "using a = b; { await using c = d; } let e!: F; for (using g of h); accessor; type = 1; export as namespace I;",
  ],
};

test.each(Object.entries(FORMS).flatMap(([file, texts]) => texts.map((text) => ({ file, text }))))("scopes are those of scope-manager: $file $text", ({ file, text }) => {
  compare(file, text);
});

test("scopes are those of scope-manager: files of this project and its fixtures", () => {
  for (const file of globSync("{src,transformer,fixtures,bench}/**/*.{ts,tsx,mts,cts,js,mjs,cjs}")) {
    if (/\.d\.[cm]?ts$|node_modules/.test(file)) continue;
    const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    if (isParsed(parse(file, text))) compare(file, text);
  }
}, 60_000);
