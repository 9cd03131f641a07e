/** Named targets: what a pick leaves out must not stop the build, and must not be relied on. */
import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { any, buildPatch, functions, modules, type BuildResult, type Manifest, type Picker } from "../../src/builder/index.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;

beforeEach(() => {
  stage = makeStage("pick");
  writeFiles(stage.folder, { "package.json": '{ "name": "pick", "type": "module" }', "package-lock.json": "{}" });
});

afterEach(() => stage.remove());

/** The manifest of the first texts; the tree is left with the second. What has no text is not there. */
function change(texts: Readonly<Record<string, readonly [before: string, after: string]>>): Manifest {
  const write = (which: 0 | 1): void => {
    for (const [file, text] of Object.entries(texts)) {
      if (text[which] === "") rmSync(stage.path(file), { force: true });
      else writeFiles(stage.folder, { [file]: text[which] });
    }
  };
  write(0);
  const sources = Object.entries(texts).flatMap(([file, [before]]) => (before !== "" && /^src\/.*\.ts$/.test(file) ? [stage.path(file)] : []));
  const manifest = openProject("test", { entries: ["src/entry.ts"] }, stage.folder).manifest(sources);
  write(1);
  return manifest;
}

function build(base: Manifest, pick?: Picker): BuildResult {
  return buildPatch({ base, source: stage.folder, ...(pick === undefined ? {} : { pick }) });
}

function codes(result: BuildResult): readonly string[] {
  return result.outcome === "refused" ? result.refusals.map(({ code }) => code) : [result.outcome];
}

const A = ["export const a = () => 1;\n", "export const a = () => 2;\n"] as const;

test.each([
  ["a changed file that is not transformed", { "src/b.ts": ['import data from "./data.json" with { type: "json" };\nexport const b = () => data;\n', 'import data from "./data.json" with { type: "json" };\nexport const b = () => [data];\n'], "src/data.json": ["1", "2"] }, "HF1503"],
  ["a changed statement", { "src/b.ts": ["console.log(1);\nexport const b = () => 1;\n", "console.log(2);\nexport const b = () => 2;\n"] }, "HF1301"],
  ["a changed order", { "src/b.ts": ["const x = Math.random();\nconst y = Math.random();\nexport const b = () => x + y;\n", "const y = Math.random();\nconst x = Math.random();\nexport const b = () => x - y;\n"] }, "HF1303"],
  ["a new module with code that cannot be added", { "src/b.ts": ["export const b = () => 1;\n", 'import { c } from "./c.js";\nexport const b = () => c;\n'], "src/c.ts": ["", "export const c = await Promise.resolve(1);\n"] }, "HF1409"],
  ["a constant that code outside of the build reads", { "src/entry.ts": ["export const LIMIT = 1;\nexport const b = () => LIMIT;\n", "export const LIMIT = 2;\nexport const b = () => LIMIT;\n"] }, "HF1207"],
  ["an export that a dynamic import holds", { "src/b.ts": ["export const LIMIT = 1;\nexport const b = () => LIMIT;\n", "export const LIMIT = 2;\nexport const b = () => LIMIT;\n"], "src/d.ts": ['export const d = () => import("./b.js");\n', 'export const d = () => import("./b.js");\n'] }, "HF1501"],
] as const)("%s stops a build, and one that picks something of it, but no other", (_what, texts, code) => {
  const base = change({ "src/a.ts": A, ...texts });
  expect(codes(build(base))).toContain(code);
  expect(codes(build(base, any(functions("src/a.ts#a"), functions(`src/${"src/entry.ts" in texts ? "entry" : "b"}.ts#b`))))).toContain(code);
  const result = build(base, functions("src/a.ts#a"));
  expect(codes(result)).toEqual(["built"]);
  expect(result.outcome === "built" && [...result.replaced, ...result.added]).toEqual(["src/a.ts#a"]);
  expect(result.outcome === "built" && result.payload.modules.map(({ key }) => key)).toEqual(["pick:src/a.ts"]);
  expect(result.outcome !== "unchanged" && result.outcome !== "failed" && result.notices.map((each) => each.code)).toContain("HF1709");
});

test("another lock file is refused, whatever is picked", () => {
  const base = change({ "src/a.ts": A, "package-lock.json": ["{}", '{ "x": 1 }'] });
  expect(codes(build(base, modules("**")))).toEqual(["HF1505"]);
});

test("picking everything is the patch without a pick, byte for byte", () => {
  const base = change({
    "src/a.ts": A,
    "src/b.ts": ["const LIMIT = 1;\nexport const b = () => LIMIT;\n", 'import { c } from "./c.js";\nconst LIMIT = 2;\nlet n = 0;\nexport const b = () => LIMIT + c + n++;\n'],
    "src/c.ts": ["", "export const c = 1;\n"],
  });
  const [all, picked, byName] = [build(base), build(base, modules("**")), build(base, any(modules("src/a.ts"), functions("src/b.ts#b")))];
  if (all.outcome !== "built" || picked.outcome !== "built" || byName.outcome !== "built") throw new Error("not built");
  expect(picked.bytes).toEqual(all.bytes);
  expect(byName.bytes).toEqual(all.bytes);
  expect(picked.notices).toEqual([]);
});

test("a module that moved is found by its old path and by its new one", () => {
  const text = (n: number): string => `export const a = () => ${n};\nexport const b = () => 3;\nexport const c = () => 4;\n`;
  const base = change({ "src/input.ts": ['import { a } from "./a.js";\nexport const run = () => a();\n', 'import { a } from "./new.js";\nexport const run = () => a();\n'], "src/a.ts": [text(1), ""], "src/new.ts": ["", text(2)] });
  for (const path of ["src/new.ts", "src/a.ts"]) {
    const result = build(base, functions(`${path}#a`));
    expect(result.outcome === "built" ? result.replaced : codes(result)).toEqual(["src/a.ts#a"]);
  }
});
