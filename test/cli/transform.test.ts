/** `ts-hotfix transform` as a user runs it. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";
import { runCli } from "./run-cli.ts";

let stage: Stage;
beforeEach(() => {
  stage = makeStage("transform", { name: "game", type: "module" });
  writeFiles(stage.folder, {
    "src/shop.ts": "import { rate } from './rate.ts';\n\nexport function award(n: number): number {\n  return n * rate();\n}\n",
    "src/rate.ts": "export const rate = (): number => 2;\n",
    "src/view.tsx": "export const View = ({ a }: { a: number }) => <b>{a}</b>;\n",
    "src/old.cjs": "#!/usr/bin/env node\nfunction f() { return arguments.length; }\nmodule.exports = f;\n",
    "src/plain.js": "export function crlf(a) {\r\n  return a;\r\n}\r\n",
    "src/types.d.ts": "declare const x: number;\n",
    "src/data.json": "{}\n",
  });
});
afterEach(() => stage.remove());

const text = (path: string): string => readFileSync(stage.path(path), "utf8");

test("a tree goes to another folder: sources transformed, all else copied, manifest and maps beside", async () => {
  chmodSync(stage.path("src/old.cjs"), 0o755);
  expect(await runCli(stage.folder, "transform src --out-dir out")).toMatchObject({
    status: 0,
    stderr: "",
    stdout: "Transformed 5 files; manifest out/hotfix.manifest.json.\nts-hotfix: 5 functions can be patched\n",
  });
  expect(readdirSync(stage.path("out")).toSorted()).toEqual([
    "data.json", "hotfix.manifest.json", "old.cjs", "old.cjs.map", "plain.js", "plain.js.map", "rate.ts", "rate.ts.map", "shop.ts", "shop.ts.map", "types.d.ts", "view.tsx", "view.tsx.map",
  ]);
  expect(text("out/view.tsx")).toContain("<b>{a}</b>");
  expect(text("out/plain.js").split("\r\n")).toHaveLength(4);
  expect(text("out/old.cjs")).toMatch(/^#!\/usr\/bin\/env node\nclass \$T \{\}/);
  expect(statSync(stage.path("out/old.cjs")).mode & 0o777).toBe(0o755);
  expect(JSON.parse(text("out/shop.ts.map"))).toMatchObject({ file: "shop.ts", sources: ["../src/shop.ts"] });
  expect(Object.keys((JSON.parse(text("out/hotfix.manifest.json")) as { index: { modules: object } }).index.modules)).toEqual(["game:src/old.cjs", "game:src/plain.js", "game:src/rate.ts", "game:src/shop.ts", "game:src/view.tsx"]);
});

test("stripped, it runs", async () => {
  expect((await runCli(stage.folder, "transform src --out-dir out --strip --source-map inline --exclude **/*.tsx")).status).toBe(0);
  expect(existsSync(stage.path("out/shop.js.map"))).toBe(false);
  const { stdout } = spawnSync(process.execPath, ["--enable-source-maps", "-e", "import('./out/shop.js').then(({ award }) => console.log(award(2)))"], { cwd: stage.folder, encoding: "utf8" });
  expect(stdout).toBe("4\n");
});

test("a script of a package of ES modules stays one, whatever its own names are", async () => {
  writeFiles(stage.folder, {
    "src/main.ts": "const instance: any = { exports: { run: () => 7 } };\nconst { exports } = instance;\nfunction award(): number {\n  return exports.run();\n}\nconsole.log(award());\n",
    "src/load.ts": "function load(require: (name: string) => string): string {\n  return require('x');\n}\nconsole.log(load((name) => name));\n",
    "src/own.ts": "const require = process.getBuiltinModule('node:module').createRequire(process.cwd() + '/');\nfunction base(): string {\n  return require('node:path').basename('a/b');\n}\nconsole.log(base());\n",
  });
  const run = (file: string): string => spawnSync(process.execPath, [file], { cwd: stage.folder, encoding: "utf8" }).stdout;
  expect((await runCli(stage.folder, "transform src --out-dir out --strip --source-map none --exclude **/*.tsx")).status).toBe(0);
  expect([run("out/main.js"), run("out/load.js"), run("out/own.js")]).toEqual(["7\n", "x\n", "b\n"]);
});

test("a script that names nothing of CommonJS but its place stays CommonJS", async () => {
  writeFiles(stage.folder, { "old/package.json": "{}\n", "old/main.ts": "function where(): string {\n  return __dirname.slice(-3);\n}\nconsole.log(where());\n" });
  expect((await runCli(stage.folder, "transform old --out-dir old --strip --source-map none")).status).toBe(0);
  expect(spawnSync(process.execPath, ["old/main.js"], { cwd: stage.folder, encoding: "utf8" }).stdout).toBe("old\n");
});

test.each(["@tsconfig/strictest/tsconfig.json", "./tsconfig.json"])("a tsconfig that extends %s, which does not lead to one, is refused (HF0023)", async (name) => {
  writeFiles(stage.folder, { "tsconfig.json": JSON.stringify({ extends: name }) });
  for (const command of ["transform src --out-dir out", "audit src"]) expect(await runCli(stage.folder, command), command).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error HF0023: .*\n.*Install/) });
});

test("--lift, everywhere or by globs", async () => {
  writeFiles(stage.folder, { "src/room.ts": "export class Room {\n  size(): number {\n    return 1;\n  }\n}\n", "src/table.ts": "export const table = { buy(): number { return 1; } };\n" });
  const targets = async (...flags: readonly string[]): Promise<unknown> => {
    const { stdout } = await runCli(stage.folder, `transform src --out-dir out ${flags.join(" ")} --json`);
    return (JSON.parse(stdout) as { result: { targets: number } }).result.targets;
  };
  expect(await targets()).toBe(5);
  expect(text("out/room.ts")).not.toContain("$0Room");
  expect(JSON.parse(text("out/hotfix.manifest.json")).environment).not.toHaveProperty("lift");
  expect(await targets("--lift")).toBe(7);
  expect(text("out/room.ts")).toContain("$0Room$$size");
  expect(await targets("--lift", "src/room.ts")).toBe(6);
  expect(text("out/table.ts")).not.toContain("$0table");
  expect(JSON.parse(text("out/hotfix.manifest.json")).environment.lift).toEqual({ classes: true, objects: true, include: ["src/room.ts"] });
});

test("in place, once; the manifest describes what the author wrote", async () => {
  const { stdout } = await runCli(stage.folder, "transform src/shop.ts src/rate.ts --in-place --json");
  expect(JSON.parse(stdout)).toMatchObject({ command: "transform", result: { files: 2, targets: 2, written: 2, manifest: "hotfix.manifest.json" } });
  expect(text("src/shop.ts").split("\n")).toHaveLength(7);
  const before = text("hotfix.manifest.json");
  const again = await runCli(stage.folder, "transform src --in-place");
  expect(again).toMatchObject({ status: 1, stdout: "" });
  expect(again.stderr).toContain("HF0015");
  expect(text("hotfix.manifest.json")).toBe(before);
  expect(text("src/old.cjs")).not.toContain("$T");
});

test("a file that does not parse stops all; nothing is written", async () => {
  writeFiles(stage.folder, { "src/broken.ts": "export function (\n" });
  const { status, stderr } = await runCli(stage.folder, "transform src --out-dir out");
  expect([status, stderr.includes("HF0002"), existsSync(stage.path("out"))]).toEqual([1, true, false]);
});

test("usage that is not understood", async () => {
  expect((await runCli(stage.folder, "transform src")).stderr).toContain("give --out-dir or --in-place");
  expect((await runCli(stage.folder, "transform src --in-place --strip")).stderr).toContain("--out-dir");
  expect((await runCli(stage.folder, "transform nowhere --in-place")).stderr).toContain("HF0006");
  expect((await runCli(stage.folder, "transform src --in-place --include *.py")).stderr).toContain("HF0016");
});

test("what a file is, decides how it reaches the runtime", async () => {
  writeFiles(stage.folder, {
    "lib/package.json": "{}",
    "lib/script.js": "function f() { return this; }\nglobalThis.f = f;\n",
    "lib/bundled.js": "export function f() {}\n",
    "lib/a.ts": "import { b } from './b.ts';\nexport function a(): number { return b(); }\n",
    "lib/b.ts": "import { a } from './a.ts';\nexport function b(): number { return a(); }\n",
  });
  expect((await runCli(stage.folder, "transform lib --out-dir out")).status).toBe(0);
  expect(text("out/script.js")).toContain('require("ts-hotfix/module")');
  expect(text("out/bundled.js")).not.toContain("import.meta");
  expect(text("out/a.ts")).toContain("function $t() {}");
});
