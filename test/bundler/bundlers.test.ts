/** What users of the bundlers' plugins rely on, beyond the matrix of test/e2e: refusals, watching, caches, source maps. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { rspack } from "@rspack/core";
import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import * as vite from "vite";
import { afterEach, describe, expect, test } from "vitest";
import webpack from "webpack";
import esbuildHotfix from "../../bundlers/esbuild.ts";
import rolldownHotfix from "../../bundlers/rolldown.ts";
import rspackHotfix from "../../bundlers/rspack.ts";
import viteHotfix from "../../bundlers/vite.ts";
import webpackHotfix from "../../bundlers/webpack.ts";
import { buildPatch } from "../../src/builder/build.ts";
import { readManifest } from "../../src/manifest/file.ts";
import { bundle, type Bundler, type Bundling } from "../harness/bundlers.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;
afterEach(() => stage.remove());

function stageFiles(files: Readonly<Record<string, string>>): void {
  stage = makeStage("bundlers", { name: "app", type: "module" });
  writeFiles(stage.folder, files);
}

const given = (more: Partial<Bundling> = {}): Bundling => ({ root: stage.folder, entry: "src/main.ts", outDir: stage.path("dist"), format: "esm", hotfix: {}, ...more });

const manifest = (): ReturnType<typeof readManifest> => readManifest(stage.path("dist", "hotfix.manifest.json"));

const run = async (file: string): Promise<string> => (await promisify(execFile)(process.execPath, [file], { cwd: stage.folder })).stdout.trim();

const MAIN = "export function f(n: number): number {\n  return n;\n}\nconsole.log(f(1));\n";

const ALL: readonly Bundler[] = ["vite", "webpack", "esbuild", "rolldown", "rspack", "rollup"];

describe.each(ALL)("%s", (bundler) => {
  test("an error has its place and leaves no manifest; what came before goes on", async () => {
    stageFiles({ "src/main.ts": 'export class Player {\n  /** @hotfix */\n  levelUp(): void {}\n}\nconsole.log(new Player());\n' });
    const failure = await bundle(bundler, given()).then(() => undefined, (error: unknown) => error as Error & { errors?: readonly { readonly location?: object }[] });
    const said = `${failure?.message ?? ""} ${JSON.stringify(failure)}`;
    expect(said).toContain("HF0010");
    expect(said).toMatch(/main\.ts:2|"line":2/);
    expect(existsSync(stage.path("dist", "hotfix.manifest.json"))).toBe(false);
  });

  test("CommonJS in the bundle is left alone: changing it is refused; so are modules whose `import.meta` is no more", async () => {
    stageFiles({ "src/main.ts": 'import old from "./old.cjs";\nexport function f(): string {\n  return old.name();\n}\nconsole.log(f());\n', "src/old.cjs": 'module.exports = { name: function name() {\n  return "old";\n} };\n' });
    if (bundler === "rollup") return; // needs a plugin for CommonJS
    expect(await run(await bundle(bundler, given()))).toBe("old");
    expect([...manifest().modules.keys()]).toEqual(["app:src/main.ts"]);
    writeFiles(stage.folder, { "src/old.cjs": 'module.exports = { name: function name() {\n  return "new";\n} };\n' });
    const result = buildPatch({ base: stage.path("dist", "hotfix.manifest.json"), source: stage.folder });
    expect(result.outcome === "refused" && result.refusals.map(({ code }) => code)).toEqual(["HF1503"]);
  });

  test("an alias of the bundler's own is followed: the manifest has its answer", async () => {
    const config = (limit: string): string => `export const LIMIT = ${limit};\n`;
    stageFiles({ "src/main.ts": 'import { LIMIT } from "@/config.ts";\nexport function f(): number {\n  return LIMIT;\n}\nconsole.log(f());\n', "src/config.ts": config("5") });
    const alias = { "@": stage.path("src") };
    expect(await run(await bundle(bundler, given({ alias })))).toBe("5");
    expect(manifest().modules.get("app:src/main.ts")?.facts.specifiers.map(({ answer }) => answer)).toEqual([{ is: "module", key: "app:src/config.ts" }]);
    writeFiles(stage.folder, { "src/config.ts": config("6") });
    const result = buildPatch({ base: stage.path("dist", "hotfix.manifest.json"), source: stage.folder });
    expect(result.outcome === "built" && result.payload.modules.map(({ key }) => key)).toEqual(["app:src/main.ts"]);
  });

  test("a minified bundle keeps its tables as constants, CommonJS its directive", async () => {
    stageFiles({ "src/main.ts": `${MAIN}console.log((function (this: unknown) { return this === undefined; })());\n` });
    const output = { format: "cjs", minify: true, tsconfig: { alwaysStrict: true } } as const;
    const file = await bundle(bundler, given(output));
    expect(readFileSync(file, "utf8")).toMatch(/\bconst [\w$]+ ?= ?new (class|[\w$]+\b)/);
    // strict where it is so without us
    expect(await run(file)).toBe(await run(await bundle(bundler, given({ ...output, hotfix: undefined, outDir: stage.path("plain") }))));
  });
});

describe("what is no file, no code, or has no extension", () => {
  const FILES = { "src/main.js": 'import { f } from "./f.js";\nimport text from "./text.jsx";\nconsole.log(f(), text.includes("register"));\n', "src/f.js": "export function f() {\n  return 1;\n}\n", "src/text.jsx": "export function t() {\n  return 1;\n}\n" };

  test("esbuild", async () => {
    stageFiles({ ...FILES, "src/main.js": `import { v } from "virtual:v.ts";\nimport again from "./f.js" with { type: "text" };\n${FILES["src/main.js"].replace("f(),", "f(), v, again.length,")}` });
    const virtual: esbuild.Plugin = { name: "virtual", setup(build) {
      build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: "v" }));
      build.onLoad({ filter: /.*/, namespace: "v" }, () => ({ contents: "export const v: number = 2;", loader: "ts" }));
    } };
    await esbuild.build({ absWorkingDir: stage.folder, entryPoints: ["src/main.js"], outfile: "dist/server", bundle: true, platform: "node", format: "esm", loader: { ".jsx": "text" }, logLevel: "silent", plugins: [esbuildHotfix(), virtual] });
    expect(await run(stage.path("dist", "server"))).toBe(`1 2 ${FILES["src/f.js"].length} false`);
    expect([[...manifest().modules.keys()], Object.keys(manifest().outside)]).toEqual([["app:src/f.js", "app:src/main.js"], ["app:src/text.jsx"]]);
  });

  test("webpack", async () => {
    stageFiles(FILES);
    const config = { ...packing(), entry: "./src/main.js", output: { path: stage.path("dist"), filename: "server", module: true }, experiments: { outputModule: true }, module: { rules: [{ test: /text\.jsx$/, type: "asset/source" }] }, plugins: [webpackHotfix()] };
    expect(await errorsOf(webpack(config as webpack.Configuration))).toBe("");
    expect(await run(stage.path("dist", "server"))).toBe("1 false");
    expect([[...manifest().modules.keys()], Object.keys(manifest().outside)]).toEqual([["app:src/f.js", "app:src/main.js"], ["app:src/text.jsx"]]);
  });

  test("Vite", async () => {
    stageFiles({ ...FILES, "src/main.js": `import { v } from "virtual:v.js";\n${FILES["src/main.js"].replace("text.jsx", "text.jsx?raw").replace("f(),", "f(), v,")}` });
    const virtual: vite.Plugin = { name: "virtual", resolveId: (id) => (id.startsWith("virtual:") ? id : null), load: (id) => (id.startsWith("virtual:") ? "export const v = 2;" : null) };
    await vite.build({ root: stage.folder, configFile: false, logLevel: "silent", plugins: [viteHotfix(), virtual], build: { ssr: "src/main.js", outDir: "dist" } });
    expect(await run(stage.path("dist", "main.js"))).toBe("1 2 false");
    expect([...manifest().modules.keys()]).toEqual(["app:src/f.js", "app:src/main.js"]);
  });
});

describe("what would break patches is refused", () => {
  test("HF0030: builds for browsers", async () => {
    stageFiles({ "src/main.ts": MAIN });
    await expect(esbuild.build({ absWorkingDir: stage.folder, entryPoints: ["src/main.ts"], bundle: true, format: "esm", write: false, logLevel: "silent", plugins: [esbuildHotfix()] })).rejects.toThrow(/HF0030.*browser/);
    expect(await errorsOf(webpack({ ...packing(), target: "web", output: { path: stage.path("dist") }, plugins: [webpackHotfix()] } as webpack.Configuration))).toMatch(/HF0030.*web/);
  });

  test("HF0005: formats without a place for tables", async () => {
    stageFiles({ "src/main.ts": MAIN });
    await expect(esbuild.build({ absWorkingDir: stage.folder, entryPoints: ["src/main.ts"], bundle: true, format: "iife", platform: "node", write: false, logLevel: "silent", plugins: [esbuildHotfix()] })).rejects.toThrow(/HF0005.*"iife"/);
    expect(await errorsOf(webpack({ ...packing(), output: { path: stage.path("dist"), library: { type: "amd" } }, plugins: [webpackHotfix()] } as webpack.Configuration))).toMatch(/HF0005.*"amd"/);
  });

  test("HF0031: renamed properties", async () => {
    stageFiles({ "src/main.ts": MAIN });
    await expect(esbuild.build({ absWorkingDir: stage.folder, entryPoints: ["src/main.ts"], bundle: true, platform: "node", mangleProps: /_$/, write: false, logLevel: "silent", plugins: [esbuildHotfix()] })).rejects.toThrow(/HF0031.*`mangleProps`/);
    const minimizer = [new rspack.SwcJsMinimizerRspackPlugin({ minimizerOptions: { mangle: { props: { regex: "_$" } } } as never })];
    expect(await errorsOf(rspack({ ...packing(), output: { path: stage.path("dist") }, optimization: { minimizer }, plugins: [rspackHotfix()] } as Parameters<typeof rspack>[0]))).toMatch(/HF0031/);
  });

  test("HF0041: statements that the bundler takes out", async () => {
    stageFiles({ "src/main.ts": MAIN });
    await expect(esbuild.build({ absWorkingDir: stage.folder, entryPoints: ["src/main.ts"], bundle: true, platform: "node", format: "esm", dropLabels: ["DEV"], write: false, logLevel: "silent", plugins: [esbuildHotfix()] })).rejects.toThrow(/HF0041.*`dropLabels`/);
  });

  test("HF0032, HF0034: `import.meta` for more than its URL where there is none", async () => {
    stageFiles({ "src/main.ts": "export const f = (): string => import.meta.dirname;\nconsole.log(typeof f());\n" });
    await bundle("webpack", given());
    expect(manifest().modules.size).toBe(0);
    expect(Object.keys(manifest().outside)).toEqual(["app:src/main.ts"]);
    await expect(bundle("rolldown", given({ format: "cjs" }))).rejects.toThrow(/HF0034.*Rolldown/);
  });

  test("a patch cannot name `import.meta.url` where the bundler would have had to leave a path for it", async () => {
    stageFiles({ "src/main.ts": MAIN });
    await bundle("webpack", given());
    expect(readFileSync(stage.path("dist", "main.mjs"), "utf8")).not.toContain(stage.folder);
    writeFiles(stage.folder, { "src/main.ts": MAIN.replace("return n", "return import.meta.url.length") });
    const result = buildPatch({ base: stage.path("dist", "hotfix.manifest.json"), source: stage.folder });
    expect(result.outcome === "refused" && result.refusals.map(({ code }) => code)).toEqual(["HF1407"]);
  });

  test("HF0033: a module out of a cache that no longer fits", async () => {
    stageFiles({ "src/main.ts": MAIN });
    // what was emitted for another text, or with other options
    const stale = { name: "stale", renderChunk: (code: string) => code.replace(/"[\w-]{22}"/, JSON.stringify("a".repeat(22))) };
    await expect(bundle("rollup", given({ plugins: [stale] }))).rejects.toThrow(/HF0033.*main\.ts/s);
  });
});

describe("vite", () => {
  test("builds for browsers and development servers are left alone, which is said (HF0035)", async () => {
    stageFiles({ "src/main.ts": MAIN });
    const said: string[] = [];
    const customLogger = { ...vite.createLogger("silent"), info: (message: string) => void said.push(message) } as vite.Logger;
    await vite.build({ root: stage.folder, configFile: false, customLogger, plugins: [viteHotfix()], build: { lib: { entry: "src/main.ts", formats: ["es"], fileName: "main" }, outDir: "dist" } });
    expect(said.join("\n")).toContain("HF0035");
    expect(readFileSync(stage.path("dist", "main.js"), "utf8")).not.toContain("ts-hotfix/module");
    expect(existsSync(stage.path("dist", "hotfix.manifest.json"))).toBe(false);
  });

  test("what Vite puts in the place of names, patches get too", async () => {
    stageFiles({ "src/main.ts": MAIN });
    const source = (n: number): string => `declare const __RELEASE__: string;\nexport const f = (): unknown => [import.meta.env.MODE, import.meta.env.SSR, __RELEASE__, ${n}];\nconsole.log(f());\n`;
    writeFiles(stage.folder, { "src/main.ts": source(1) });
    await vite.build({ root: stage.folder, configFile: false, logLevel: "silent", mode: "production", define: { __RELEASE__: '"r1"' }, plugins: [viteHotfix()], build: { ssr: "src/main.ts", outDir: "dist" } });
    writeFiles(stage.folder, { "src/main.ts": source(2) });
    const result = buildPatch({ base: stage.path("dist", "hotfix.manifest.json"), source: stage.folder });
    expect(result.outcome === "built" && result.payload.modules[0]?.code).toMatch(/\[\s*\("production"\),\s*\(true\),\s*\("r1"\),\s*2\s*\]/);
  });
});

test("webpack: the mode is known to patches, and TypeScript's checks find nothing in what we add", async () => {
  const source = (n: number): string => `export const f = (): unknown => [process.env.NODE_ENV, ${n}];\nconsole.log(f());\n`;
  stageFiles({ "src/main.ts": source(1) });
  expect(await errorsOf(webpack({ ...packing(), mode: "production", output: { path: stage.path("dist") }, experiments: { typescript: true }, plugins: [webpackHotfix()] } as webpack.Configuration))).toBe("");
  writeFiles(stage.folder, { "src/main.ts": source(2) });
  const result = buildPatch({ base: stage.path("dist", "hotfix.manifest.json"), source: stage.folder });
  expect(result.outcome === "built" && result.payload.modules[0]?.code).toMatch(/\("production"\),\s*2/);
});

describe("names for which the bundler imports something, or puts a value", () => {
  const source = (n: number): string => `export const f = (): unknown => [fetch(), process.env.NODE_ENV, ${n}];\nconsole.log(f());\n`;
  const outcome = (): unknown => {
    writeFiles(stage.folder, { "src/main.ts": source(2) });
    const refused = buildPatch({ base: stage.path("dist", "hotfix.manifest.json"), source: stage.folder });
    writeFiles(stage.folder, { "src/main.ts": source(2).replace("fetch()", "0") });
    const built = buildPatch({ base: stage.path("dist", "hotfix.manifest.json"), source: stage.folder });
    return [refused.outcome === "refused" && refused.refusals.map(({ code, message }) => `${code} ${message.slice(0, 7)}`), built.outcome === "built" && /\[.*\]/s.exec(built.payload.modules[0]?.code ?? "")?.[0].replaceAll(/\s/g, "")];
  };
  const EXPECTED = [["HF1404 `fetch`"], '[0,("live"),2]'];
  const OWN = { "src/main.ts": source(1), "src/own.ts": 'export const fetch = (): string => "own";\n' };

  test("esbuild", async () => {
    stageFiles(OWN);
    await esbuild.build({ absWorkingDir: stage.folder, entryPoints: ["src/main.ts"], outdir: "dist", bundle: true, platform: "node", format: "esm", inject: ["src/own.ts"], define: { "process.env.NODE_ENV": '"live"' }, logLevel: "silent", plugins: [esbuildHotfix()] });
    expect(await run(stage.path("dist", "main.js"))).toContain("own");
    expect(outcome()).toEqual(EXPECTED);
  });

  test("webpack", async () => {
    stageFiles(OWN);
    const plugins = [new webpack.ProvidePlugin({ fetch: [stage.path("src/own.ts"), "fetch"] }), new webpack.DefinePlugin({ "process.env.NODE_ENV": '"live"' }), webpackHotfix()];
    expect(await errorsOf(webpack({ ...packing(), output: { path: stage.path("dist") }, experiments: { typescript: true }, plugins } as webpack.Configuration))).toBe("");
    expect(outcome()).toEqual(EXPECTED);
  });

  test("Rolldown", async () => {
    stageFiles(OWN);
    const build = await rolldown({ cwd: stage.folder, input: stage.path("src/main.ts"), platform: "node", logLevel: "silent", transform: { define: { "process.env.NODE_ENV": '"live"' }, inject: { fetch: [stage.path("src/own.ts"), "fetch"] } }, plugins: [rolldownHotfix({ root: stage.folder })] });
    await build.write({ dir: stage.path("dist") });
    await build.close();
    expect(outcome()).toEqual(EXPECTED);
  });
});

describe("watching", () => {
  test("esbuild: a second build has a manifest of its own, tables in files that it did not touch, none of what is gone", async () => {
    stageFiles({ "src/main.ts": 'import { g } from "./g.ts";\nexport const f = (): number => g();\nconsole.log(f());\n', "src/g.ts": "export const g = (): number => 1;\n", "src/other.ts": "export const h = (): number => 1;\nconsole.log(h());\n" });
    const context = await esbuild.context({ absWorkingDir: stage.folder, entryPoints: ["src/main.ts", "src/other.ts"], outdir: "dist", bundle: true, platform: "node", format: "esm", logLevel: "silent", plugins: [esbuildHotfix()] });
    await context.rebuild();
    const first = manifest();
    writeFileSync(stage.path("src/main.ts"), "export const f = (): number => 2;\nconsole.log(f());\n");
    await context.rebuild();
    await context.dispose();
    expect([...first.modules.keys()]).toEqual(["app:src/g.ts", "app:src/main.ts", "app:src/other.ts"]);
    expect([...manifest().modules.keys()]).toEqual(["app:src/main.ts", "app:src/other.ts"]);
    expect(await run(stage.path("dist", "main.js"))).toBe("2");
    expect(await run(stage.path("dist", "other.js"))).toBe("1");
  });

  test("webpack: modules that it takes from its memory stay in the manifest", async () => {
    stageFiles({ "src/main.ts": 'import { g } from "./g.ts";\nexport const f = (): number => g();\nconsole.log(f());\n', "src/g.ts": "export const g = (): number => 1;\n" });
    const compiler = webpack({ ...packing(), cache: { type: "memory" }, output: { path: stage.path("dist"), module: true }, experiments: { typescript: true, outputModule: true }, plugins: [webpackHotfix()] } as webpack.Configuration);
    const built = (): Promise<void> => new Promise((resolve, reject) => void compiler?.run((error) => (error ? reject(error) : resolve())));
    await built();
    const { build } = manifest();
    writeFileSync(stage.path("src/main.ts"), 'import { g } from "./g.ts";\nexport const f = (): number => g() + 1;\nconsole.log(f());\n');
    await built();
    await new Promise((resolve) => void compiler?.close(resolve));
    expect([...manifest().modules.keys()]).toEqual(["app:src/g.ts", "app:src/main.ts"]);
    expect(manifest().build).not.toBe(build);
    expect(await run(stage.path("dist", "main.mjs"))).toBe("2");
  });
});

test("esbuild without bundling: files stay apart, those in cycles have tables that are there from the start", async () => {
  stageFiles({ "src/a.ts": 'import { b } from "./b.js";\nexport function a(): string {\n  return "a";\n}\nconsole.log(a(), b());\n', "src/b.ts": 'import { a } from "./a.js";\nconst early = a();\nexport function b(): string {\n  return `b${early}`;\n}\n', "src/c.ts": "export const c = 1;\n" });
  await esbuild.build({ absWorkingDir: stage.folder, entryPoints: ["src/a.ts", "src/b.ts", "src/c.ts"], outdir: "dist", platform: "node", format: "esm", logLevel: "silent", plugins: [esbuildHotfix()] });
  expect(await run(stage.path("dist", "a.js"))).toBe("a ba");
  expect([...manifest().modules.keys()]).toEqual(["app:src/a.ts", "app:src/b.ts", "app:src/c.ts"]);
});

test("wrong options are errors at once", () => {
  stage = makeStage("options");
  for (const face of [viteHotfix, rolldownHotfix]) expect(() => face({ includes: "x" } as object)).toThrow(/HF0001.*`includes`/);
});

function packing(): object {
  return { mode: "none", context: stage.folder, target: "node22", entry: "./src/main.ts", output: { path: stage.path("dist") }, resolve: { extensions: [".ts", ".js"] }, experiments: {} };
}

async function errorsOf(compiler: unknown): Promise<string> {
  const packer = compiler as { run(done: (error: unknown, stats?: { toString(options: object): string; hasErrors(): boolean }) => void): void; close(done: () => void): void };
  const text = await new Promise<string>((resolve, reject) => packer.run((error, stats) => (error || !stats ? reject(error) : resolve(stats.hasErrors() ? stats.toString({ all: false, errors: true }) : ""))));
  await new Promise<void>((resolve) => packer.close(resolve));
  return text;
}
