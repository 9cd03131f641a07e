/** The transformer in real builds: what the compiler says, what else it writes, and odd kinds of files. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import ts from "typescript";
import { afterAll, describe, expect, test } from "vitest";
import transformer from "../../transformer/index.ts";
import { compile, removeProjects, type ProjectOptions } from "./compile.ts";

afterAll(removeProjects);

const COMMENTED = `/* licence */

// about the import
import { other } from "./other.js";

/** What greet does. */
export function greet(name: string /* who */, { loud = other }: { loud?: boolean } = {}): string {
  // first thing
  const text = name + "!";
  return loud ? text.toUpperCase() : text; // said
}
/** Short. */
export const short = /* before */ ({ name }: { name: string }): string => /* value */ name + marker;
const marker = "."; // dot
// run it
greet("x"); // ran
// the end
`;

describe.concurrent("what the compiler writes beside code", { timeout: 180_000 }, () => {
  const files = { "src/main.ts": COMMENTED, "src/other.ts": "export const other = false;" };
  const options: ProjectOptions = { compilerOptions: { sourceMap: true, declaration: true, declarationMap: true } };

  test("declarations are as without us", async () => {
    const [ours, plain] = await Promise.all([compile(files, options), compile(files, { ...options, plain: true })]);
    expect(ours.read("out/main.d.ts")).toBe(plain.read("out/main.d.ts"));
    expect(ours.read("out/main.d.ts.map")).toBe(plain.read("out/main.d.ts.map"));
  });

  test("comments are neither lost nor doubled", async () => {
    const code = (await compile(files, options)).read("out/main.js");
    for (const comment of COMMENTED.matchAll(/\/\*\*? .*? \*\/|\/\/ [\w ]+/g)) {
      expect([comment[0], code.split(comment[0]).length - 1]).toEqual([comment[0], 1]);
    }
  });

  test("source maps lead to the author's code", async () => {
    const built = await compile(files, options);
    const code = built.read("out/main.js").split("\n");
    const map = new TraceMap(built.read("out/main.js.map"));
    const source = COMMENTED.split("\n");
    for (const word of ["name + \"!\"", "text.toUpperCase", "loud = other", "name + marker", "greet(\"x\")"]) {
      const line = code.findIndex((each) => each.includes(word));
      const found = originalPositionFor(map, { line: line + 1, column: code[line]?.indexOf(word) ?? 0 });
      const expected = source.findIndex((each) => each.includes(word));
      expect([word, found.line, found.column]).toEqual([word, expected + 1, source[expected]?.indexOf(word)]);
    }
    const guard = code.findIndex((each) => each.includes("return $t.$greet"));
    expect(originalPositionFor(map, { line: guard + 1, column: 12 }).line).toBe(null);
  });
});

describe.concurrent("what the compiler says", { timeout: 180_000 }, () => {
  const one = { "src/main.ts": "export function f() { return 1; }\n" };

  test("options that do not exist or are wrong", async () => {
    const built = await compile(one, { plugin: { includes: ["src"], init: "later" } });
    expect(built.output).toContain("error TS1: HF0001: Unknown option `includes` of ts-hotfix/transformer; known are include, exclude, init, manifest, ");
    expect(built.output).toContain("error TS3: HF0003: Option `init` of ts-hotfix/transformer must be");
    expect(built.exitCode).not.toBe(0);
  });

  test("a tag on a method, with its place", async () => {
    const built = await compile({ "src/main.ts": "export class A {\n  /** @hotfix */\n  m(): void {}\n}\n" });
    expect(built.output).toMatch(/^src\/main\.ts\(2,7\): error TS10: HF0010: .*A\.m/m);
    expect(built.exitCode).not.toBe(0);
  });

  test("old targets and foreign module formats", async () => {
    const [old, amd] = await Promise.all([
      compile(one, { compilerOptions: { target: "es2015", lib: ["es2015"] } }),
      compile(one, { compilerOptions: { module: "system", moduleResolution: "bundler", ignoreDeprecations: "6.0" } }),
    ]);
    expect(old.output).toContain("HF0020: ts-hotfix/transformer needs the compiler option `target` to be ES2017 or newer, found ES2015");
    expect(old.exitCode).not.toBe(0);
    expect(amd.output).toContain("HF0021: ts-hotfix/transformer supports ES modules and CommonJS, not the module format System");
    expect(amd.exitCode).not.toBe(0);
  });

  test("notices do not fail a build", async () => {
    const built = await compile({ "src/main.ts": "export const size = Math.max(1, 2);\nsize.toFixed();\nexport class A { m() {} }\n" }, { plugin: { init: "explicit" } });
    expect(built.output).toMatch(/^src\/main\.ts\(1,14\): message TS12: HF0012: /m);
    expect(built.output).toContain("ts-hotfix: 0 functions can be patched, 1 cannot (method: 1)\n");
    expect(built.exitCode).toBe(0);
  });

  test("declarations below lifted statements", async () => {
    const built = await compile({ "src/main.ts": "Math.random();\nexport const size = Math.max(1, 2);\n" }, { plugin: { init: "explicit" } });
    expect(built.output).toMatch(/^src\/main\.ts\(2,14\): error TS11: HF0011: /m);
    expect(built.exitCode).not.toBe(0);
  });
});

describe.concurrent("builds", { timeout: 180_000 }, () => {
  test("a manifest is written where it belongs, and only when something is emitted", async () => {
    const files = { "src/main.ts": "export function f() { return 1; }\n", "src/skipped.ts": "export function g() { return 1; }\n" };
    const [usual, named, broken] = await Promise.all([
      compile(files, { plugin: { exclude: "src/skipped.ts" } }),
      compile(files, { plugin: { manifest: "meta/m.json" }, compilerOptions: { incremental: true } }),
      compile({ "src/main.ts": "export const x: string = 1;" }, { compilerOptions: { noEmitOnError: true } }),
    ]);
    expect(Object.keys((JSON.parse(usual.read("out/hotfix.manifest.json")) as { index: { modules: object } }).index.modules)).toEqual(["app:src/main.ts"]);
    expect(usual.read("out/skipped.js")).not.toContain("$t");
    expect(Object.keys((JSON.parse(named.read("meta/m.json")) as { index: { modules: object } }).index.modules)).toEqual(["app:src/main.ts", "app:src/skipped.ts"]);
    expect(named.output).toBe("ts-hotfix: 2 functions can be patched\n");
    expect(existsSync(join(broken.folder, "out"))).toBe(false);
  });

  test("import cycles can call targets early", async () => {
    const files = {
      "src/a.ts": `import { early } from "./b.js"; export function a(): string { return "a"; } export const value = early; import "./alone.js";`,
      "src/b.ts": `import { a } from "./a.js"; export const early = a(); export function b(): void {}`,
      "src/alone.ts": `export function alone(): void {}`,
      "src/types-only.ts": `import { TypeOnly as T } from "./types-too.js"; export interface Back { t?: T } export function t(): void {}`,
      "src/types-too.ts": `import { Back } from "./types-only.js"; export interface TypeOnly { b?: Back } export function u(): void {}`,
    };
    const built = await compile(files);
    expect(built.output).toBe("ts-hotfix: 5 functions can be patched\n");
    expect(built.read("out/a.js")).toContain("function $t() { }");
    expect(built.read("out/b.js")).toContain("function $t() { }");
    expect(built.read("out/alone.js")).toContain("const $t = new $T();");
    expect(built.read("out/types-only.js")).toContain("const $t = new $T();");
    expect(await built.run(`const { value, a } = load("./out/a.js"); show(value); patch("src/a.ts", { $a: () => "new" }); show(a());`)).toEqual(["a", "new"]);
  });

  test("explicit init keeps statements for later", async () => {
    const files = { "src/main.ts": `export const log: string[] = [];\nawait null;\nlog.push("first"); for (var i = 0; i < 1; i++) log.push("second");\nexport function f(): void {}\nlog.push("third");\n` };
    const built = await compile(files, { plugin: { init: "explicit" } });
    const script = `const { log } = await import("./out/main.js"); show(log.length); for (const each of module("src/main.ts").deferred) await each(); show(log);`;
    expect(await built.run(script)).toEqual([0, ["first", "second", "third"]]);
  });

  test("CommonJS: `export =`, `import = require`, plain JavaScript", async () => {
    const files = {
      "src/main.ts": `import plain = require("./plain.js"); import thing = require("./thing.js"); export import again = require("./thing.js"); export function run(): unknown { return [plain.add(1, 2), thing(3), again(4)]; }`,
      "src/thing.ts": `function thing(n: number): number { return n * 2; }\nexport = thing;`,
      "src/plain.js": `"use strict";\nlet calls = 0;\nfunction add(a, b) { calls++; return a + b; }\nexports.add = add;\nmodule.exports.calls = () => calls;\n`,
      "src/other.mts": `import { run } from "./main.js"; export const shown = run();`,
      "src/page.tsx": `declare const React: any; declare namespace JSX { interface IntrinsicElements { b: {} } } import * as Parts from "./parts.cjs"; export function page(): unknown { return <b>{[1].map((x) => <Parts.Part x={x} />)}</b>; }`,
      "src/parts.cts": `export function Part(props: { x: number }): any { return props.x; }`,
    };
    const built = await compile(files, { packageType: "commonjs", compilerOptions: { allowJs: true, jsx: "react", noImplicitAny: false, esModuleInterop: true } });
    expect(built.output).toBe("ts-hotfix: 5 functions can be patched, 1 cannot (callback at init: 1)\n");
    const script = `
globalThis.React = { createElement: (type, props, ...children) => typeof type === "string" ? [type, ...children] : type(props) };
const main = load("./out/main.js"); const other = await import("./out/other.mjs"); const { page } = load("./out/page.js");
show(main.run(), other.shown, page(), Object.keys(module("src/main.ts").scope()).join(), typeof module("src/main.ts").scope().again);
patch("src/thing.ts", { $thing: (n) => -n }); patch("src/plain.js", { $add: (a, b) => a * 10 + b });
patch("src/parts.cts", { $Part: ({ x }) => "new " + x });
show(main.run(), page(), module("src/plain.js").scope().calls, module("src/page.tsx").scope().Parts.Part({ x: 2 }));`;
    expect(await built.run(script)).toEqual([
      [3, 6, 8], [3, 6, 8], ["b", [1]], "require,module,exports,__filename,__dirname,plain,thing,again,run", "function",
      [12, -3, -4], ["b", ["new 1"]], 2, "new 2",
    ]);
  });

  test("decorators, `using`, private names, helpers", async () => {
    const main = `
function tag(...args: any[]): any { ((globalThis as any).tagged ??= []).push(args.length); }
@tag
export class First { @tag method(): string { return this.#own() + helper({ a: 1 }); } #own(): string { return "own "; } }
export function helper({ a, ...rest }: { a: number; b?: number } = { a: 1 }): string { using x = { [Symbol.dispose]() { rest.b = 100; } }; return "helped " + a + Object.keys(rest).length; }
{ using y = { [Symbol.dispose]() { globalThis.String; } }; }
`;
    const lib = ["es2024", "esnext.disposable"];
    for (const compilerOptions of [{ experimentalDecorators: true, emitDecoratorMetadata: true, target: "es2017" }, { target: "es2022" }, { importHelpers: false, target: "es2017" }]) {
      const built = await compile({ "src/main.ts": main }, { compilerOptions: { ...compilerOptions, lib } });
      expect(built.output).toBe("ts-hotfix: 2 functions can be patched, 3 cannot (method: 2, object member: 1)\n");
      const script = `globalThis.Symbol.dispose ??= Symbol("dispose"); const { First } = load("./out/main.js"); show(new First().method()); patch("src/main.ts", { $helper: () => "new" }); show(new First().method(), tagged.length);`;
      expect(await built.run(script)).toEqual(["own helped 10", "own new", 2]);
    }
  });
});

test("another TypeScript than 6 and 5.9 is refused (HF0022)", () => {
  const told: ts.Diagnostic[] = [];
  const program = ts.createProgram([], {});
  const extras = { ts: { ...ts, versionMajorMinor: "5.8", version: "5.8.3" } as unknown as typeof ts, library: "typescript", addDiagnostic: (each: ts.Diagnostic) => told.push(each) };
  transformer(program, {}, extras);
  expect(told.map((each) => each.messageText)).toEqual([expect.stringMatching(/^HF0022: .*5\.8\.3/)]);
});
