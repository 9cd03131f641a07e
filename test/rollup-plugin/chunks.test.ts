/** Bundles of several chunks run as they do without us, patched too; what nobody uses goes; a watched build is that of the newest source. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { rollup, watch, type OutputOptions, type RollupWatcher } from "rollup";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hotfix, type HotfixOptions } from "../../rollup-plugin/index.ts";
import { buildPatch } from "../../src/builder/build.ts";
import { readManifest } from "../../src/manifest/file.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;
beforeEach(() => {
  stage = makeStage("chunks", { name: "app", type: "module" });
});
afterEach(() => stage.remove());

async function build(inputs: readonly string[], output: OutputOptions, options: HotfixOptions | undefined, dir = "dist"): Promise<readonly string[]> {
  const made = await rollup({ input: inputs.map((name) => stage.path("src", `${name}.js`)), plugins: options === undefined ? [] : [hotfix({ root: stage.folder, ...options })], external: ["ts-hotfix"], onLog() {} });
  const { output: chunks } = await made.write({ dir: stage.path(dir), chunkFileNames: "[name]-chunk.js", ...output });
  await made.close();
  return chunks.map(({ fileName }) => fileName);
}

const run = async (file: string, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> =>
  (await promisify(execFile)(process.execPath, [stage.path(file)], { cwd: stage.folder, env: { ...process.env, ...env } })).stdout.trim().split("\n");

const text = (path: string): string => readFileSync(stage.path(path), "utf8");

const manifest = (): ReturnType<typeof readManifest> => readManifest(stage.path("dist", "hotfix.manifest.json"));

const PROGRAM = {
  "src/main.js": 'import { bump, label } from "./shared.js";\nimport { ping } from "./ping.js";\nasync function main() {\n  console.log(label(), bump(1), ping(3));\n  if (process.env.PATCH) {\n    const { apply } = await import("ts-hotfix");\n    console.log((await apply(JSON.parse(process.env.PATCH))).outcome);\n  }\n  const { lazy } = await import("./lazy.js");\n  const { other } = await import("./other.js");\n  console.log(label(), lazy(1), other(1), ping(3));\n}\nmain();\n',
  "src/admin.js": 'import { bump } from "./shared.js";\nimport { pong } from "./pong.js";\nconsole.log(bump(5), pong(2));\n',
  "src/shared.js": 'export let count = 0;\nexport function bump(by) {\n  return (count += by);\n}\nexport const label = () => `shared ${count}`;\n',
  "src/ping.js": 'import { pong } from "./pong.js";\nexport function ping(n) {\n  return n === 0 ? "." : `i${pong(n - 1)}`;\n}\n',
  "src/pong.js": 'import { ping } from "./ping.js";\nexport function pong(n) {\n  return n === 0 ? "." : `o${ping(n - 1)}`;\n}\n',
  "src/lazy.js": 'import { bump, count } from "./shared.js";\nimport { base } from "./base.js";\nexport const lazy = (n) => bump(n) * 10 + count + base();\n',
  "src/other.js": 'import { base } from "./base.js";\nexport default base;\nexport function other(n) {\n  return base() + n;\n}\n',
  "src/base.js": "export function base() {\n  return 100;\n}\n",
};

const FIXED = {
  "src/shared.js": PROGRAM["src/shared.js"].replace("`shared", "`fixed"),
  "src/pong.js": PROGRAM["src/pong.js"].replace("`o$", "`O$"),
  "src/base.js": PROGRAM["src/base.js"].replace("100", "200"),
};

describe.each<[string, OutputOptions]>([
  ["es", { format: "es" }],
  ["cjs", { format: "cjs" }],
  ["es, a chunk for each module", { format: "es", preserveModules: true }],
  ["cjs, a chunk for each module", { format: "cjs", preserveModules: true }],
])("two entries, shared and dynamic chunks, a cycle: %s", (_, output) => {
  test("unpatched as without us; a patch reaches chunks that are there and those that come", async () => {
    writeFiles(stage.folder, { "dist/package.json": output.format === "cjs" ? "{}" : '{ "type": "module" }', ...PROGRAM });
    const chunks = await build(["main", "admin"], output, {});
    expect(chunks.length).toBeGreaterThan(4);
    await build(["main", "admin"], output, undefined, "dist/plain");
    for (const entry of ["main", "admin"]) expect(await run(`dist/${entry}.js`)).toEqual(await run(`dist/plain/${entry}.js`));
    writeFiles(stage.folder, FIXED);
    const result = buildPatch({ base: stage.path("dist", "hotfix.manifest.json"), source: stage.folder });
    if (result.outcome !== "built") throw new Error(JSON.stringify(result));
    expect(await run("dist/main.js", { PATCH: JSON.stringify(result.payload) })).toEqual(["shared 0 1 ioi.", "applied", "fixed 1 222 201 iOi."]);
  });
});

describe("what nobody uses", () => {
  const files = {
    "src/main.js": 'import { used } from "./used.js";\nimport { unused } from "./unused.js";\nimport { loud } from "./loud.js";\nimport { around } from "./around.js";\nimport { left } from "./left.js";\nexport function run() {\n  return used() + left();\n}\nconsole.log(run());\n',
    "src/used.js": "export function used() {\n  return 1;\n}\n",
    "src/unused.js": 'import { deep } from "./deep.js";\nconst table = new Map();\nexport function unused() {\n  return deep() + table.size;\n}\n',
    "src/deep.js": "export class Deep {}\nexport function deep() {\n  return 41;\n}\n",
    "src/loud.js": 'export function loud() {}\nconsole.log("loud");\n',
    "src/around.js": 'import "./effect.js";\nexport function around() {}\n',
    "src/effect.js": 'function speak() {\n  console.log("effect");\n}\nspeak();\n',
    "src/left.js": "export function left() {\n  return 1;\n}\nexport function gone() {}\n",
  };

  test("goes, with the modules that only it loads; effects stay; what is not transformed is shaken as ever", async () => {
    writeFiles(stage.folder, files);
    await build(["main"], { format: "es" }, undefined, "plain");
    await build(["main"], { format: "es" }, { exclude: "src/left.js" });
    expect(await run("dist/main.js")).toEqual(await run("plain/main.js"));
    const [plain, code] = [text("plain/main.js"), text("dist/main.js")];
    for (const name of ["unused", "Deep", "deep", "table", "gone"]) expect([name, new RegExp(`\\b${name}\\b`).test(code)]).toEqual([name, new RegExp(`\\b${name}\\b`).test(plain)]);
    expect([...manifest().modules.keys()]).toEqual(["app:src/around.js", "app:src/effect.js", "app:src/loud.js", "app:src/main.js", "app:src/used.js"]);
  });

  test("comes with a patch that needs it", async () => {
    writeFiles(stage.folder, files);
    await build(["main"], { format: "es" }, {});
    writeFiles(stage.folder, { "src/main.js": files["src/main.js"].replace("return used()", "return used() + unused()") });
    const result = buildPatch({ base: stage.path("dist", "hotfix.manifest.json"), source: stage.folder });
    if (result.outcome !== "built") throw new Error(JSON.stringify(result));
    expect(result.payload.modules.flatMap(({ key, functions }) => functions.map(({ name, origin }) => `${origin} ${key}#${name}`)).toSorted()).toEqual(["added app:src/deep.js#deep", "added app:src/unused.js#unused", "replaced app:src/main.js#run"]);
  });

  test("stays where the bundle may hold what it says: constants that are evaluated at build time", async () => {
    writeFiles(stage.folder, {
      "src/main.js": 'import { read } from "./read.js";\nexport function main() {\n  return read();\n}\nconsole.log(main());\n',
      "src/read.js": 'import { settings } from "./settings.js";\nimport { LIMIT } from "./limit.js";\nimport { isOn } from "./on.js";\nexport function read() {\n  if (settings.debug) return 1;\n  if (LIMIT > 1) return 2;\n  if (isOn()) return 3;\n  return 0;\n}\n',
      "src/settings.js": "export class settings {\n  static debug = false;\n}\n",
      "src/limit.js": "export const LIMIT = 1;\n",
      "src/on.js": "/** @nohotfix */\nexport const isOn = () => false;\n",
    });
    await build(["main"], { format: "es" }, { exclude: "src/read.js" });
    expect(text("dist/main.js")).not.toContain("if (LIMIT");
    expect([...manifest().modules.keys()]).toEqual(["app:src/limit.js", "app:src/main.js", "app:src/on.js", "app:src/settings.js"]);
  });

  test("is kept where the configuration says so", async () => {
    writeFiles(stage.folder, files);
    const made = await rollup({ input: stage.path("src/main.js"), plugins: [{ name: "keep", resolveId: { order: "pre", handler: (source) => (source === "./unused.js" ? { id: stage.path("src/unused.js"), moduleSideEffects: "no-treeshake" } : null) } }, hotfix({ root: stage.folder })], onLog() {} });
    const { output } = await made.generate({ format: "es" });
    expect(output[0].code).toContain("function unused");
  });
});

describe("watching", () => {
  let watcher: RollupWatcher | undefined;
  afterEach(() => watcher?.close());

  /** Resolves with the end of the build that follows. */
  const built = (): Promise<void> =>
    new Promise((resolve, reject) => {
      watcher?.on("event", function heard(event) {
        if (event.code === "BUNDLE_END") void event.result.close();
        if (event.code !== "END" && event.code !== "ERROR") return;
        watcher?.off("event", heard);
        if (event.code === "END") resolve();
        else reject(event.error);
      });
    });

  test("a module that stays as it is follows those that do not: effects, cycles, tables, manifest", async () => {
    writeFiles(stage.folder, {
      "src/main.js": 'import { one } from "./one.js";\nimport { idle } from "./idle.js";\nimport { old } from "./old.js";\nexport function main() {\n  return one();\n}\nconsole.log(main(), old());\n',
      "src/one.js": 'import { two } from "./two.js";\nexport function one() {\n  return two();\n}\n',
      "src/two.js": "export function two() {\n  return 2;\n}\n",
      "src/idle.js": 'import { below } from "./below.js";\nexport const idle = () => below();\n',
      "src/below.js": "export function below() {}\n",
      "src/old.js": "export function old() {\n  return 0;\n}\n",
    });
    watcher = watch({ input: stage.path("src/main.js"), plugins: [hotfix({ root: stage.folder })], onLog() {}, output: { dir: stage.path("dist"), format: "es", preserveModules: true }, watch: { chokidar: { usePolling: true, interval: 50 } } });
    await built();
    const first = manifest();
    expect(await run("dist/main.js")).toEqual(["2 0"]);
    expect(text("dist/one.js")).toMatch(/const \$t_\w+ = /);
    expect([...first.modules.keys()]).toEqual(["app:src/main.js", "app:src/old.js", "app:src/one.js", "app:src/two.js"]);

    // one.js and idle.js stay as they are
    let next = built();
    writeFileSync(stage.path("src/two.js"), 'import { one } from "./one.js";\nexport function two() {\n  return typeof one;\n}\n');
    await next;
    next = built();
    writeFileSync(stage.path("src/below.js"), 'export function below() {}\nconsole.log("below");\n');
    await next;
    next = built();
    writeFileSync(stage.path("src/main.js"), 'import { one } from "./one.js";\nimport { idle } from "./idle.js";\nexport function main() {\n  return one();\n}\nconsole.log(main());\n');
    await next;
    expect(await run("dist/main.js")).toEqual(["below", "function"]);
    for (const file of ["dist/one.js", "dist/two.js"]) expect(text(file)).toMatch(/function \$t_\w+\(\) {}/);
    const last = manifest();
    expect([...last.modules.keys()]).toEqual(["app:src/below.js", "app:src/idle.js", "app:src/main.js", "app:src/one.js", "app:src/two.js"]);
    expect(last.modules.get("app:src/one.js")?.facts).toEqual(first.modules.get("app:src/one.js")?.facts);
    expect(last.modules.get("app:src/two.js")?.fingerprint).not.toBe(first.modules.get("app:src/two.js")?.fingerprint);
    expect(text("dist/two.js")).toContain(last.modules.get("app:src/two.js")?.fingerprint);
  });
});
