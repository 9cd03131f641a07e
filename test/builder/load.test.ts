/** Which modules of the fixed tree are the base's own. */
import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadTree } from "../../src/builder/load/load.ts";
import { writeManifest } from "../../src/manifest/file.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;
let manifest: Manifest;

beforeEach(() => {
  stage = makeStage("load");
  writeFiles(stage.folder, {
    "package.json": '{ "name": "load", "type": "module" }',
    "src/a.ts": 'import { b } from "./b.js";\nexport const a = () => b();\n',
    "src/b.ts": 'import { deep } from "./deep";\nexport const b = () => deep();\n',
    "src/deep/index.ts": "export const deep = () => 1;\n",
  });
  manifest = openProject("test", {}, stage.folder).manifest(["src/a.ts", "src/b.ts", "src/deep/index.ts"].map((file) => stage.path(file)));
});

afterEach(() => stage.remove());

/** The modules that are one object in both worlds. */
function same(): readonly string[] {
  const { base, fixed } = loadTree(manifest, stage.folder);
  return [...fixed.modules.values()].filter((module) => module === base.module(module.key)).map(({ key }) => key);
}

const ALL = ["load:src/a.ts", "load:src/b.ts", "load:src/deep/index.ts"];

test("a file that did not change is the base's module; its analysis is there when it is asked for", () => {
  expect(same()).toEqual(ALL);
  expect(loadTree(manifest, stage.folder).fixed.module("load:src/a.ts")?.analysis.targets.map((target) => target.name)).toEqual(["a"]);
});

test("a file whose text changed is, if only in a comment", () => {
  writeFiles(stage.folder, { "src/b.ts": '// b\nimport { deep } from "./deep";\nexport const b = () => deep();\n' });
  expect(same()).toEqual(["load:src/a.ts", "load:src/deep/index.ts"]);
});

test("a file that imports one that is gone is", () => {
  rmSync(stage.path("src/deep/index.ts"));
  expect(same()).toEqual(["load:src/a.ts"]);
});

test.each([
  ["a file came that the resolver finds first", { "src/deep.ts": "export const deep = () => 2;\n" }, ["load:src/a.ts", "load:src/deep/index.ts"]],
  ["paths that lead nothing elsewhere", { "tsconfig.json": '{ "compilerOptions": { "paths": { "#x": ["./src/a.ts"] } } }' }, ALL],
  ["paths that lead one elsewhere", { "tsconfig.json": '{ "compilerOptions": { "baseUrl": ".", "paths": { "./deep": ["./src/a.ts"] } } }' }, ALL],
  ["files that cannot stand in the way of others", { "src/c.ts": "export {};\n", "src/a.test.ts": "export {};\n", "src/b.js": "export {};\n" }, ALL],
])("where specifiers lead is compared one by one: %s", (_, files, expected) => {
  writeFiles(stage.folder, files);
  expect(same()).toEqual(expected);
});

test("what the build's own tool answered holds where no change explains another answer, and that is told", () => {
  const file = stage.path("hotfix.manifest.json");
  const answer = { is: "module", key: "load:src/deep/index.ts" } as const;
  const modules = new Map([...manifest.modules].map(([key, module]) => [key, key === "load:src/a.ts" ? { ...module, facts: { ...module.facts, specifiers: [{ specifier: "./b.js", how: ["import"] as const, answer }] } } : module]));
  writeManifest(file, { ...manifest, modules });
  writeFiles(stage.folder, { "src/a.ts": 'import { b } from "./b.js";\nexport const a = () => b() + 1;\n' });
  const { fixed, notices } = loadTree(file, stage.folder);
  expect(fixed.outline("load:src/a.ts")?.imports).toEqual([{ local: "b", imported: "b", from: { module: "load:src/deep/index.ts" } }]);
  expect(notices().map(({ code, message }) => [code, message])).toEqual([["HF1418", expect.stringContaining("`./b.js` led ts-hotfix to load:src/deep/index.ts")]]);
});
