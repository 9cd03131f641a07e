/** What tspc emits, run: every module format and language target means the same. */
import { afterAll, describe, expect, test } from "vitest";
import { compile, removeProjects, type ProjectOptions } from "./compile.ts";

const FILES = {
  "src/only-types.ts": `(globalThis as any).loaded = "only-types"; export interface Only { a: number } export class OnlyClass { a = 1 }`,
  "src/level.ts": `export const enum Level { Low = 3, High = 7 }`,
  "src/db.ts": `export const db = { rows: 2 }; export interface Row { id: number } export default function count(): number { return db.rows; }`,
  "src/shop.ts": `
import { db, type Row } from "./db.js";
import rows from "./db.js";
import { Only, OnlyClass } from "./only-types.js";
import { Level } from "./level.js";

/** How often something was awarded. */
export let total = 0;
let hidden = 1;
export { hidden as shown };
export var later: number | undefined;
export const seen: unknown[] = [];

/** Awards. */
export function award(this: unknown, n: number, { by, ...rest }: { by?: number; a?: number } = (seen.push("old default"), {}), c = rows()): unknown[] {
  total += n;
  return [this === undefined, n, by ?? 0, rest, c, Level.High];
}
export async function wait(n: number): Promise<number> {
  await null;
  return n + db.rows;
}
export function* walk(n: number = 1): Generator<number, string> { yield n; yield n + 1; return "end"; }
export async function* stream(n: number): AsyncGenerator<number> { yield n; yield await n + 1; }
export const double = (n: number): number => n * 2;
export const pick = ({ id }: Row, extra: Only | OnlyClass = { a: id }): object => ({ id, extra: extra.a });
export const later2 = async <T,>(value: T): Promise<T> => { await null; return value; };
const toString = function (this: { x: number } | undefined, y?: number) { return (this ? this.x : -1) + (y ?? 0); } as (this: { x: number } | undefined, y?: number) => number;
export { toString as text };
export default function (): string { return "anonymous " + hidden; }
export function Point(this: { x: number }, x: number): void { if (!new.target) throw new Error("new"); this.x = x; }
if (total === 0) {
  // in the init entry
  var { length: size, [0]: first = "none" } = [] as string[];
  for (var i = 0; i < 3; i++) seen.push(i);
  later = size + 5;
}
export { first };
`,
};

const SCRIPT = `
const shop = load("./out/shop.js");
const scope = module("src/shop.ts").scope();
const run = async () => {
  const walked = [...shop.walk()];
  const streamed = [];
  for await (const each of shop.stream(5)) streamed.push(each);
  const P = shop.Point;
  return [(0, shop.award)(1), shop.award.call({}, 1, { by: 2, a: 3 }, 4), await shop.wait(1), walked, streamed, shop.double(4), shop.pick({ id: 1 }), shop.pick({ id: 1 }, { a: 9 }), await shop.later2("x"), shop.text.call({ x: 1 }, 2), (0, shop.text)(), shop.default(), new P(3).x, new P(3) instanceof P];
};
const { award, double } = shop;
show(await run(), shop.total, [...shop.seen], shop.later, shop.first, module("src/shop.ts").segments, globalThis.loaded ?? "not loaded");
show(award.length, double.length, shop.pick.length, double.name, Object.prototype.toString.call(shop.wait));

patch("src/shop.ts", {
  $award: function (...args) { return ["new", this === undefined, args]; },
  $wait: async (n) => n * 100,
  $walk: function* (n) { yield ["new", n]; },
  $stream: async function* (n) { yield n * 100; },
  $double: (n) => n * 200,
  $pick: (...args) => args,
  $later2: async (value) => "new " + value,
  $toString: function (...args) { return [this ?? null, args]; },
  $default: () => "new",
  $Point: function (x) { this.x = x * 100; this.target = new.target === P; },
});
const P = shop.Point;
const before = shop.seen.length;
show(await run(), shop.seen.length - before, award(1, undefined), double(4), new shop.Point(3).target);

patch("src/shop.ts", {});
show(award(0).length, double(4));

scope.total = 50; scope.hidden = 51; scope.later = 52; scope.first = "set"; scope.i += 1;
show(shop.total, shop.shown, shop.later, shop.first, scope.total, scope.hidden, scope.i, scope.db.rows, scope.rows(), scope.award === award, scope.double === double);
award(1);
show(scope.total, shop.total);
`;

const OLD = [
  [true, 1, 0, {}, 2, 7], [false, 1, 2, { a: 3 }, 4, 7], 3, [1, 2], [5, 6], 8, { id: 1, extra: 1 }, { id: 1, extra: 9 }, "x", 3, -1, "anonymous 1", 3, true,
];
const NEW = [
  ["new", true, [1]], ["new", false, [1, { by: 2, a: 3 }, 4]], 100, [["new", null]], [500], 800, [{ id: 1 }, null], [{ id: 1 }, { a: 9 }], "new x", [{ x: 1 }, [2]], [null, []], "new", 300, true,
];

const FORMATS: Readonly<Record<string, ProjectOptions>> = {
  "nodenext ESM": { compilerOptions: { module: "nodenext" }, packageType: "module" },
  "nodenext CommonJS": { compilerOptions: { module: "nodenext" }, packageType: "commonjs" },
  commonjs: { compilerOptions: { module: "commonjs", moduleResolution: "bundler" }, packageType: "commonjs" },
  "esnext, bundler": { compilerOptions: { module: "esnext", moduleResolution: "bundler" }, packageType: "module" },
};

afterAll(removeProjects);

describe.concurrent("emitted code", () => {
  for (const [format, options] of Object.entries(FORMATS)) {
    for (const target of ["es2017", "es2022", "esnext"]) {
      test(`${format}, ${target}`, { timeout: 120_000 }, async () => {
        const built = await compile(FILES, { ...options, compilerOptions: { ...options.compilerOptions, target, noImplicitThis: false } });
        expect(built.output).toBe("ts-hotfix: 11 functions can be patched\n");
        expect(built.exitCode).toBe(0);
        const esm = options.packageType === "module";
        const shown = await built.run(SCRIPT);
        expect(shown.slice(0, 7)).toEqual([OLD, 2, [0, 1, 2, "old default"], 5, "none", 1, "not loaded"]);
        expect(shown.slice(7, 12)).toEqual([1, 1, 1, "double", "[object AsyncFunction]"]);
        expect(shown.slice(12, 16)).toEqual([NEW, 0, ["new", true, [1, null]], 800]);
        expect(shown.slice(16, 19)).toEqual([true, 6, 8]);
        expect(shown.slice(19, 30)).toEqual([50, 51, 52, "set", 50, 51, 4, 2, 2, true, true]);
        expect(shown.slice(30)).toEqual([51, 51]);
        expect(built.read("out/shop.js").includes("only-types")).toBe(false);
        expect(built.read("out/shop.js").includes("7 /* Level.High */")).toBe(true);
        expect(built.read("out/shop.js").startsWith('"use strict"')).toBe(!esm);
      });
    }
  }
});
