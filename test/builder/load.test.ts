/** Which files a patch build reads in full. */
import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadTree } from "../../src/builder/load/load.ts";
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
    "src/b.ts": 'import { deep } from "./deep/index.js";\nexport const b = () => deep();\n',
    "src/deep/index.ts": "export const deep = () => 1;\n",
  });
  manifest = openProject("test", {}, stage.folder).manifest(["src/a.ts", "src/b.ts", "src/deep/index.ts"].map((file) => stage.path(file)));
});

afterEach(() => stage.remove());

/** The modules whose record is the manifest's own, and so was not made anew. */
function unread(): readonly string[] {
  const { modules } = loadTree(manifest, stage.folder);
  return [...modules].filter(([key, module]) => module.record === manifest.modules[key]).map(([key]) => key);
}

const ALL = ["load:src/a.ts", "load:src/b.ts", "load:src/deep/index.ts"];

test("files as they were are not read in full; their analysis is there when it is asked for", () => {
  expect(unread()).toEqual(ALL);
  expect(loadTree(manifest, stage.folder).modules.get("load:src/a.ts")?.analysis.targets.map((target) => target.name)).toEqual(["a"]);
});

test("a file whose text changed is, if only in a comment", () => {
  writeFiles(stage.folder, { "src/b.ts": '// b\nimport { deep } from "./deep/index.js";\nexport const b = () => deep();\n' });
  expect(unread()).toEqual(["load:src/a.ts", "load:src/deep/index.ts"]);
});

test("a file that imports one that is gone is", () => {
  rmSync(stage.path("src/deep/index.ts"));
  expect(unread()).toEqual(["load:src/a.ts"]);
});

test.each([
  ["a file that the resolver finds first", { "src/deep.ts": "export const deep = () => 2;\n" }],
  ["other paths", { "tsconfig.json": '{ "compilerOptions": { "paths": { "#x": ["./src/a.ts"] } } }' }],
  ["another module format", { "package.json": '{ "name": "load", "type": "commonjs" }' }],
])("all are where specifiers may lead elsewhere: %s", (_, files) => {
  writeFiles(stage.folder, files);
  expect(unread()).toEqual([]);
});

test("a file that cannot stand in the way of another changes nothing", () => {
  writeFiles(stage.folder, { "src/c.ts": "export {};\n", "src/a.test.ts": "export {};\n", "src/b.js": "export {};\n" });
  expect(unread()).toEqual(ALL);
});

test("a manifest of another version of the generator is not trusted with records", () => {
  manifest = { ...manifest, environment: { ...manifest.environment, generator: "ts-hotfix 0.0.1" } };
  expect(unread()).toEqual([]);
});
