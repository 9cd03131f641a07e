/** What a patch build demands of the fixed tree beside its modules, and what it takes from the host's build. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildPatch, type BuildResult } from "../../src/builder/build.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import type { TransformOptions } from "../../src/transform/options.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;

beforeEach(() => {
  stage = makeStage("environment");
  writeFiles(stage.folder, {
    "package.json": '{ "name": "environment", "type": "module" }',
    "tsconfig.json": '{ "compilerOptions": { "jsx": "preserve" } }',
    "package-lock.json": "{}",
    "src/a.ts": "export const a = () => 1;\n",
  });
});

afterEach(() => stage.remove());

function manifestOf(files: readonly string[], options: TransformOptions = {}): Manifest {
  return openProject("test", { ...options }, stage.folder).manifest(files.map((file) => stage.path(file)));
}

function codes(result: BuildResult): readonly string[] {
  return result.outcome === "refused" ? result.refusals.map(({ code }) => code) : [result.outcome];
}

test("another lock file is refused unless it is accepted, which is told", () => {
  const base = manifestOf(["src/a.ts"]);
  writeFiles(stage.folder, { "package-lock.json": '{ "x": 1 }', "src/a.ts": "export const a = () => 2;\n" });
  expect(codes(buildPatch({ base, source: stage.folder }))).toEqual(["HF1505"]);
  const accepted = buildPatch({ base, source: stage.folder, acceptLockfile: true });
  expect(accepted.outcome === "built" && accepted.notices.map(({ code }) => code)).toEqual(["HF1505"]);
});

test("other compiler settings are refused, each by its name", () => {
  const base = manifestOf(["src/a.ts"]);
  writeFiles(stage.folder, { "tsconfig.json": '{ "compilerOptions": { "jsx": "react-jsx", "experimentalDecorators": true } }' });
  const result = buildPatch({ base, source: stage.folder });
  expect(codes(result)).toEqual(["HF1504", "HF1504"]);
  expect(result.outcome === "refused" && result.refusals[0]?.message).toContain("`jsx` is \"react-jsx\"");
});

test("names that the host's build replaced are replaced in patch code; without that they are refused", () => {
  const source = (n: number): string => `declare const __DEV__: boolean;\nexport const a = () => (__DEV__ ? ${n} : process.env.MODE);\n`;
  writeFiles(stage.folder, { "src/a.ts": source(1) });
  const plain = manifestOf(["src/a.ts"]);
  const defined = manifestOf(["src/a.ts"], { define: { __DEV__: "false", "process.env.MODE": '"live"' } });
  writeFiles(stage.folder, { "src/a.ts": source(2) });
  expect(codes(buildPatch({ base: plain, source: stage.folder }))).toEqual(["HF1404"]);
  const result = buildPatch({ base: defined, source: stage.folder });
  expect(result.outcome === "built" && result.payload.modules[0]?.code).toMatch(/\(false\) \? 2 : \("live"\)/);
});

test("aliases of the host's build are followed, wherever the tree lies", () => {
  writeFiles(stage.folder, { "src/b.ts": 'import { a } from "#lib/a";\nexport const b = () => a();\n' });
  const base = manifestOf(["src/a.ts", "src/b.ts"], { alias: { "#lib": "./src" } });
  expect(base.modules.get("environment:src/b.ts")?.facts.specifiers).toEqual([{ specifier: "#lib/a", how: ["import"], answer: { is: "module", key: "environment:src/a.ts" } }]);
  expect(base.environment.aliases).toEqual({ "#lib": "./src" });
  writeFiles(stage.folder, { "src/b.ts": 'import { a } from "#lib/a";\nexport const b = () => a() + 1;\n' });
  expect(codes(buildPatch({ base, source: stage.folder }))).toEqual(["built"]);
});
