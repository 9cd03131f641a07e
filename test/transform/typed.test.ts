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
  ["new.target", "export function f(this: unknown) { return new.target === undefined ? 1 : 2; }\n"],
])("%s", (_, text) => {
  const stage = makeStage("typed");
  try {
    writeFiles(stage.folder, { "src/a.ts": text });
    expect(news(stage, ["a.ts"])).toEqual([]);
  } finally {
    stage.remove();
  }
});
