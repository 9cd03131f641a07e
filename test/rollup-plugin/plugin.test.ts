/** What users of the Rollup plugin rely on, beyond the transform fixtures. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { transform } from "esbuild";
import { rollup, type OutputOptions, type Plugin, type RollupLog, type RollupOutput } from "rollup";
import { afterEach, describe, expect, test } from "vitest";
import { hotfix, type HotfixOptions } from "../../rollup-plugin/index.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;
afterEach(() => stage.remove());

interface Bundled {
  readonly output: RollupOutput["output"];
  readonly logs: readonly RollupLog[];
}

async function bundle(files: Readonly<Record<string, string>>, options: HotfixOptions = {}, output: OutputOptions = {}, more: readonly Plugin[] = [strip()]): Promise<Bundled> {
  stage = makeStage("plugin", { name: "app", type: "module" });
  writeFiles(stage.folder, files);
  const logs: RollupLog[] = [];
  const input = stage.path(Object.keys(files)[0] ?? "");
  const build = await rollup({ input, plugins: [hotfix({ root: stage.folder, ...options }), ...more], onLog: (_level, log) => logs.push(log) });
  const { output: written } = await build.write({ dir: stage.path("dist"), format: "es", ...output });
  await build.close();
  return { output: written, logs };
}

function strip(): Plugin {
  return {
    name: "strip",
    async transform(code, id) {
      return id.endsWith(".ts") ? await transform(code, { loader: "ts", sourcemap: true, sourcefile: id }) : null;
    },
  };
}

const run = async (file: string, ...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [...args, stage.path("dist", file)], { cwd: stage.folder })).stdout.trim();

const FAILING = `// one line
interface Order { n: number }

export function fail(order: Order): never {
  throw new Error(\`failed \${order.n}\`);
}

try {
  fail({ n: 1 });
} catch (error) {
  console.log((error as Error).stack);
}
`;

describe("source maps", () => {
  test("a thrown error shows the original line", async () => {
    await bundle({ "src/main.ts": FAILING }, {}, { sourcemap: true });
    const stack = await run("main.js", "--enable-source-maps");
    expect(stack).toMatch(/fail.*src\/main\.ts:5:9/);
    expect(stack).toMatch(/src\/main\.ts:9:3/);
  });

  test("an identifier maps to its place", async () => {
    const { output } = await bundle({ "src/main.ts": FAILING }, {}, { sourcemap: true });
    const [chunk] = output;
    const line = chunk.code.split("\n").findIndex((text) => text.includes("throw new Error"));
    const column = chunk.code.split("\n")[line]?.indexOf("Error") ?? 0;
    const map = new TraceMap(JSON.parse(readFileSync(stage.path("dist", "main.js.map"), "utf8")));
    expect(originalPositionFor(map, { line: line + 1, column })).toMatchObject({ source: "../src/main.ts", line: 5, column: 12 });
  });
});

describe("chunks", () => {
  const split = {
    "src/main.ts": 'import { shared } from "./shared";\nconst { lazy } = await import("./lazy");\nconsole.log(shared(1), lazy(2));\n',
    "src/lazy.ts": 'import { shared } from "./shared";\nexport const lazy = (n: number) => shared(n) * 10;\n',
    "src/shared.ts": "export function shared(n: number): number {\n  return n;\n}\n",
  };

  test("code splitting: each chunk has the tables of its modules at its top", async () => {
    const resolve: Plugin = { name: "resolve", resolveId: (source, importer) => (importer && source.startsWith("./") ? stage.path("src", `${source.slice(2)}.ts`) : null) };
    const { output } = await bundle(split, {}, {}, [resolve, strip()]);
    const chunks = output.flatMap((each) => (each.type === "chunk" ? [each] : []));
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) {
      const used = new Set(chunk.code.match(/\$t_\w+/g));
      for (const table of used) expect(chunk.code.indexOf(`const ${table} = `), table).toBeLessThan(chunk.code.indexOf("import"));
    }
    expect(await run("main.js")).toBe("1 20");
  });

  test("CommonJS: tables stand behind the directive and before every require", async () => {
    const { output } = await bundle({ "src/main.ts": 'import { sep } from "node:path";\nexport function main(): string {\n  return sep;\n}\nconsole.log(main());\n' }, {}, { format: "cjs", entryFileNames: "[name].cjs" });
    expect(output[0].code).toMatch(/^'use strict';\s+class \$T_\w+ {} const \$t_\w+ = new \$T_\w+\(\);/);
    expect(await run("main.cjs")).toBe("/");
  });

  test("chunks that import each other get hoisted tables", async () => {
    const files = {
      "src/a.ts": 'import { b } from "./b.ts";\nexport function a(): string {\n  return "a";\n}\nconsole.log(a(), b());\n',
      "src/b.ts": 'import { a } from "./a.ts";\nconst early = a();\nexport function b(): string {\n  return `b${early}`;\n}\n',
    };
    const { output } = await bundle(files, {}, { preserveModules: true });
    expect(output.map((chunk) => (chunk.type === "chunk" ? /function \$t_\w+\(\) {}/.test(chunk.code) : true))).toEqual([true, true]);
    expect(await run("a.js")).toBe("a ba");
  });

  test("other formats are refused", async () => {
    await expect(bundle({ "src/main.ts": "export function f(): void {}\n" }, {}, { format: "iife", name: "x" })).rejects.toThrow(/HF0005.*"iife"/);
  });

  test("preserveModules keeps a chunk for each module", async () => {
    await bundle({ "src/main.ts": 'import { f } from "./f.ts";\nconsole.log(f(1));\n', "src/f.ts": "export function f(n: number): number {\n  return n;\n}\n" }, {}, { preserveModules: true });
    expect(await run("main.js")).toBe("1");
  });
});

describe("input", () => {
  test("a tool that loses a target before us is told (HF0013)", async () => {
    const rename: Plugin = { name: "rename", load: (id) => (id.endsWith("main.ts") ? "export const f = memo(() => 1);\nfunction memo(x) { return x; }\n" : null) };
    await expect(bundle({ "src/main.ts": "export const f = () => 1;\n" }, {}, {}, [rename])).rejects.toThrow(/HF0013.*`f`/);
  });

  test("leaves node_modules and what is excluded alone", async () => {
    const files = {
      "src/main.ts": 'import { dep } from "../node_modules/dep/index.js";\nimport { left } from "./left.ts";\nexport const f = () => dep() + left();\nconsole.log(f());\n',
      "src/left.ts": "export function left(): number {\n  return 1;\n}\n",
      "node_modules/dep/index.js": "export function dep() {\n  return 1;\n}\n",
    };
    const { output } = await bundle(files, { exclude: "src/left.ts" });
    expect(output[0].code.match(/const \$t_/g)).toHaveLength(1);
    expect(await run("main.js")).toBe("2");
  });
});

describe("what is said", () => {
  test("a tag on a method is an error with its place (HF0010)", async () => {
    const source = "export class Player {\n  /** @hotfix */\n  levelUp(): void {}\n}\n";
    await expect(bundle({ "src/main.ts": source })).rejects.toMatchObject({ message: expect.stringMatching(/HF0010.*Player\.levelUp/), loc: { line: 2, column: 6 } });
  });

  test("a text that does not parse is an error with its place (HF0002)", async () => {
    await expect(bundle({ "src/main.ts": "export function f( {\n" })).rejects.toMatchObject({ message: expect.stringMatching(/HF0002/), loc: { line: expect.any(Number) } });
  });

  test("explicit init that would change the program is an error (HF0011), effects of declarations a notice (HF0012)", async () => {
    const source = "const a = JSON.parse('1');\nconsole.log(a);\nexport const b = JSON.parse('2');\n";
    await expect(bundle({ "src/main.ts": source }, { init: "explicit" })).rejects.toThrow(/HF0011.*`b`/);
    stage.remove();
    const { logs } = await bundle({ "src/main.ts": source.replace(/export.*\n/, "export {};\n") }, { init: "explicit" });
    expect(logs.map((log) => log.message).join()).toMatch(/HF0012.*`a`/);
  });

  test.each([
    [{ includes: "x" }, /HF0001.*`includes`.*include, exclude/],
    [{ init: "later" }, /HF0003.*`init`.*"auto" or "explicit".*"later"/],
    [{ lift: { class: true } }, /HF0003.*`lift`.*`classes`, `objects`/],
  ])("wrong options %j", (options, message) => {
    stage = makeStage("options");
    expect(() => hotfix(options as HotfixOptions)).toThrow(message);
  });

  test("sums up what cannot be patched", async () => {
    const { logs } = await bundle({ "src/main.ts": "export function f(): void {}\nexport class A {\n  m(): void {}\n}\nconsole.log([1].map((n) => n), f, A);\n" });
    expect(logs.map((log) => log.message).join("\n")).toMatch(/ts-hotfix: 1 functions can be patched, 2 cannot \(method: 1, callback at init: 1\)/);
  });
});
