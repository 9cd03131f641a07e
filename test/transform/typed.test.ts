/** TypeScript in, TypeScript out: a strict compiler reports of the output what it reports of the source, and nothing else. */
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { openProject } from "../../src/transform/project.ts";
import { transformTree } from "../../src/transform/tree.ts";
import { readCases, stageCase, type TransformCase } from "../harness/transform-case.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

const STRICT: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ESNext,
  lib: ["lib.esnext.d.ts"],
  strict: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  allowUnreachableCode: false,
  skipLibCheck: true,
  noEmit: true,
  jsx: ts.JsxEmit.Preserve,
  types: [],
  paths: { "ts-hotfix/module": [join(import.meta.dirname, "../../src/runtime/module.ts")] },
  allowImportingTsExtensions: true,
};

const libraries = new Map<string, ts.SourceFile | undefined>();

/** `shop.ts:3 TS2322` for everything reported of these files, sorted. */
function reported(folder: string, files: readonly string[], options: ts.CompilerOptions): readonly string[] {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    if (name.startsWith(folder)) return read(name, ...rest);
    if (!libraries.has(name)) libraries.set(name, read(name, ...rest));
    return libraries.get(name);
  };
  const program = ts.createProgram([...files], options, host);
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ code, start, messageText }) => `${file.slice(folder.length + 1)}:${source?.getLineAndCharacterOfPosition(start ?? 0).line} TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ").slice(0, 120)}`);
  }).toSorted();
}

/** What is reported of the transformed files, and was not of the sources. */
function news(stage: Stage, names: readonly string[], options: Readonly<Record<string, unknown>> = {}, compiler: ts.CompilerOptions = {}): readonly string[] {
  const sources = names.map((name) => stage.path("src", name));
  const before = reported(stage.path("src"), sources, { ...STRICT, ...compiler });
  const tree = transformTree(openProject("test", options, stage.folder), { paths: [stage.path("src")], outDir: stage.path("out"), strip: false, sourceMap: "none" });
  if (!("outputs" in tree)) throw new Error(JSON.stringify(tree));
  writeFiles(stage.folder, Object.fromEntries(tree.outputs.map(({ path, content }) => [path.slice(stage.folder.length + 1), String(content)])));
  // a name that TypeScript cannot find in the source either (it does not read `\u0061wait\u{64}` as `awaitd`) is named once more in the scope accessor
  const unfound = new Set(before.map(afterLine).filter((each) => each.startsWith("TS2304 ")));
  const known = new Set(before);
  return reported(stage.path("out"), names.map((name) => stage.path("out", name)), { ...STRICT, ...compiler }).filter((each) => !known.has(each) && !unfound.has(afterLine(each)));
}

function afterLine(report: string): string {
  return report.slice(report.indexOf(" ") + 1);
}

const cases = readCases().filter(({ entry }) => /\.[cm]?tsx?$/.test(entry));

test.each(cases.map((each): [string, TransformCase] => [each.name, each]))("%s", (_, each) => {
  const stage = stageCase(each);
  try {
    expect(news(stage, each.files, { ...each.expected.options }, { experimentalDecorators: true })).toEqual([]);
  } finally {
    stage.remove();
  }
});

test.each([
  ["void stays void", "export function f() { console.log(1); }\nconst g: () => void = f;\ntype Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;\nexport const same: Same<ReturnType<typeof f>, void> = true;\nexport { g };\n"],
  ["never stays never", "const fail = (m: string) => { throw new Error(m); };\nexport const n = (x?: number): number => x ?? fail('none');\nexport function stop(): never { throw new Error(); }\n"],
  ["inferred results", "export function f(a: number) { if (a > 1) return 'a'; return 2; }\nexport const x: string | 2 | number = f(1);\nexport const list = (n: number) => [n, n];\nexport const y: number = list(1)[0] ?? 0;\n// @ts-expect-error\nexport const wrong: boolean = f(1);\n"],
  ["assertions and predicates", "export function assertString(x: unknown): asserts x is string { if (typeof x !== 'string') throw new Error(); }\nexport const isNumber = (x: unknown): x is number => typeof x === 'number';\nexport function use(a: unknown, b: unknown): string { assertString(a); if (isNumber(b)) return a + b.toFixed(); return a; }\n"],
  ["overloads", "export function f(a: string): string;\nexport function f(a: number): number;\nexport function f(a: string | number): string | number { return a; }\nexport const r: string = f('a');\n"],
  ["this", "export function f(this: { n: number }, by: number): number { return this.n + by; }\nexport const g: (this: { s: string[] }) => string[] = function () { return this.s.map((each) => each.trim()); };\nexport const h = function (a: number) { return a; };\nexport const i = h.bind(null)(1).toFixed();\n"],
  ["defaults that move", "let n = 0;\nfunction next() { return n++; }\nexport function a(x = next(), y: number | undefined = next()) { return x.toFixed() + String(y); }\nexport const b = ({ p = 1, q }: { p?: number; q: string } = { q: 'x' }, { r }: { r?: string } = {}) => p.toFixed() + q + r;\nexport function c({ d = 1 } = {}) { return d; }\nexport const s: string = a() + a(1) + b() + c({ d: 2 });\nexport const t: (o: { z: number }) => number = ({ z }) => z;\n"],
  ["generators", "export function* g() { const x: unknown = yield 1; console.log(x); }\nexport function* h(): Generator<number, string, boolean> { const b: boolean = yield 1; return String(b); }\nexport async function* k() { yield 'a'; return 2; }\nexport const one: number | undefined = [...g()][0];\nexport async function all() { for await (const s of k()) s.trim(); }\n"],
  ["narrowing by statements", "declare const e: string | undefined;\nconst v = e;\nlet w: number;\nif (v === undefined) throw new Error();\nw = v.length;\nexport const len: number = v.length + w;\nexport function f() { return v; }\n"],
  ["types that follow from assignments", "let x;\nx = 5;\nconsole.log(x.toFixed());\nconst list = [];\nlist.push(1);\nlet y = null;\ny = 'a';\nconsole.log(y.trim());\nvar z = undefined;\nz = 1;\nexport const n: number = list.length + z;\nexport function f() { return n; }\n"],
  ["functions that do not return", "import { die } from './die.ts';\nfunction stop(): never { throw new Error(); }\nconst table: { run(): boolean } = { run: () => { die(1); } };\nconst b: () => number = () => { stop(); };\nconst c = () => { die(1); };\nconst d = function () { for (;;) { switch (b()) { case 1: break; default: } } };\nconst e = (n: number) => { switch (n) { case 1: throw 1; default: { if (n) throw 2; else stop(); } } };\nconst g = () => { try { throw 1; } finally { console.log(1); } };\nconst h = () => { do { throw 1; } while (b()); };\nconst i: () => Promise<boolean> = async () => { stop(); };\nconst j = () => { while (true) { if (b()) break; } };\nexport const all = (k: boolean): number => k ? 1 : c() || d() || e(1) || g() || h();\nexport const nothing: void = j();\nexport { table, i };\n"],
  ["new.target", "export function f(this: unknown) { return new.target === undefined ? 1 : 2; }\n"],
])("%s", (_, text) => {
  const stage = makeStage("typed");
  try {
    writeFiles(stage.folder, { "src/a.ts": text, "src/die.ts": "export * from './end.ts';\n", "src/end.ts": "export const die: (n: number) => never = (n) => { throw n; };\n" });
    expect(news(stage, ["a.ts"])).toEqual([]);
  } finally {
    stage.remove();
  }
});

test.each([["node10", ts.ModuleResolutionKind.Node10], ["bundler", ts.ModuleResolutionKind.Bundler], ["nodenext", ts.ModuleResolutionKind.NodeNext]])("what transformed files import has types with moduleResolution %s", (_, moduleResolution) => {
  const stage = makeStage("typed");
  try {
    for (const name of ["ts-hotfix", "ts-hotfix/module", "ts-hotfix/boot", "ts-hotfix/builder"]) {
      const { resolvedModule } = ts.resolveModuleName(name, stage.path("a.ts"), { module: moduleResolution === ts.ModuleResolutionKind.NodeNext ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext, moduleResolution }, ts.sys);
      expect([name, resolvedModule?.resolvedFileName]).toEqual([name, expect.stringMatching(/\.d\.ts$/)]);
    }
  } finally {
    stage.remove();
  }
});

// TS2695 of TypeScript 4, which is not installed here
test("a comma that drops the receiver has no idle value before it", () => {
  const stage = makeStage("typed");
  try {
    writeFiles(stage.folder, { "src/a.ts": "export const f = (n: number) => n;\nexport const g = ({ n }: { n: number }) => { return n; };\n" });
    const tree = transformTree(openProject("test", {}, stage.folder), { paths: [stage.path("src")], outDir: stage.path("out"), strip: false, sourceMap: "none" });
    expect("outputs" in tree ? String(tree.outputs[0]?.content).match(/\(0 as any, \(\$t as any\)\.\$[fg]\)\(/g) : tree).toHaveLength(2);
  } finally {
    stage.remove();
  }
});

test("scripts of one program keep out of each other's way", () => {
  const stage = makeStage("typed", { name: "scripts" });
  try {
    const script = (name: string): string => `const ${name} = module.paths;\nfunction get_${name}() { return ${name}; }\nmodule.exports = { get_${name} };\n`;
    writeFiles(stage.folder, { "src/node.d.ts": "declare var require: any; declare var module: any; declare var exports: any; declare var __filename: string; declare var __dirname: string;\n", "src/a.ts": script("a"), "src/b.ts": script("b") });
    expect(news(stage, ["node.d.ts", "a.ts", "b.ts"], {}, { moduleDetection: ts.ModuleDetectionKind.Auto })).toEqual([]);
  } finally {
    stage.remove();
  }
});

test("type guards that TypeScript infers are told (HF0024), where they are not written down", () => {
  const stage = makeStage("typed");
  try {
    writeFiles(stage.folder, {
      "src/a.ts": "export const isText = (a: unknown) => typeof a === 'string';\nexport function isDate(a: unknown) { return a instanceof Date; }\nexport function has(a: { k?: string }, b: string | undefined) { return b !== undefined && isText(b); }\nexport const told: (a: unknown) => boolean = (a) => a === 1;\nexport function said(a: unknown): a is Date { return isDate(a); }\nexport function two(a: unknown) { if (a === 1) return true; return a === 2; }\nexport const sum = (a: number, b: number) => a + b;\nexport const list = (a: string[]) => a.some((each) => each === 'x');\n",
    });
    const notices = (strip: boolean): readonly string[] => {
      const tree = transformTree(openProject("test", {}, stage.folder), { paths: [stage.path("src")], outDir: stage.path("out"), strip, sourceMap: "none" });
      return "outputs" in tree ? tree.notices.map(({ code, message }) => `${code} ${/`(\w+)`/.exec(message)?.[1]}`) : [];
    };
    expect(notices(false)).toEqual(["HF0024 isText", "HF0024 isDate", "HF0024 has"]);
    expect(notices(true)).toEqual([]);
  } finally {
    stage.remove();
  }
});

test.each([
  ["members of classes", "abstract class Base<T> {\n  protected items: T[] = [];\n  abstract area(): number;\n  add(...items: T[]): this { this.items.push(...items); return this; }\n  get first() { return this.items[0]; }\n  set first(value: T | undefined) { if (value !== undefined) this.items[0] = value; }\n  log() { console.log(this.items); }\n  protected fail(message: string): never { throw new Error(message); }\n  isEmpty(): this is Base<never> { return this.items.length === 0; }\n  static of<T>(this: new () => T) { return new this(); }\n  *[Symbol.iterator]() { yield* this.items; }\n  async load(id: number) { if (id > 1) return 'a'; return this.items.length; }\n}\nexport class Box extends Base<number> {\n  #side = 2;\n  private name?: string;\n  override area() { return this.#side ** 2; }\n  override add(...items: number[]) { super.add(...items); return this; }\n  get label() { return this.name ?? 'box'; }\n  set label(value) { this.name = value; }\n  scale({ by = 2, from: { x } = { x: 1 } }: { by?: number; from?: { x: number } } = {}, more = this.area()) { return by * x + more; }\n  over(a: string): string;\n  over(a: number): number;\n  over(a: string | number) { return a; }\n}\nexport const box: Box = new Box().add(1).add(2);\nexport const area: number = box.area() + box.scale() + box.over(1);\nexport const label: string = box.label + box.over('a');\nexport const nothing: void = box.log();\nexport async function main(): Promise<string | number> { return await box.load([...box].length); }\n"],
  ["functions in object literals", "interface Command { run(n: number): string; readonly usage?: () => string }\ntype Table = Record<string, Command>;\nexport const commands = {\n  buy: { run(n) { return n.toFixed(); }, usage: () => 'buy' },\n  sell: { run: (n) => n.toFixed(), usage() { return 'sell'; } },\n} satisfies Table;\nexport const typed: Table = { gift: { run: function (n) { return n.toFixed(); } } };\nexport const shop = {\n  fee: 2,\n  price(n: number) { return n + this.fee; },\n  get total() { return this.fee; },\n  set total(value) { this.fee = value; },\n  stop() { throw new Error('closed'); },\n  async load({ id = 1 } = {}) { return id; },\n  *each() { yield this.fee; },\n};\nexport const text: string = commands.buy.run(1) + commands.sell.run(2);\nexport const sum: number = shop.price(1) + shop.total;\nexport const all: number[] = [...shop.each()];\n"],
  ["class expressions and defaults", "export const Shop = class Market {\n  static fee = 3;\n  static make() { return new Market(); }\n  price(n = Market.fee) { return n; }\n};\nexport default class {\n  run<T extends object>(value: T, key: keyof T) { return value[key]; }\n}\nexport const price: number = Shop.make().price();\n"],
])("lifted: %s", (_, text) => {
  const stage = makeStage("typed");
  try {
    writeFiles(stage.folder, { "src/a.ts": text });
    expect(news(stage, ["a.ts"], { lift: true })).toEqual([]);
  } finally {
    stage.remove();
  }
});
