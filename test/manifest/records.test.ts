/** A module's record depends on its source alone: not on the back end, the place of the tree or the order of files. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { printManifest, readManifest } from "../../src/manifest/file.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage } from "../harness/stage.ts";
import { emitCase, readCases, stageCase } from "../harness/transform-case.ts";
import { writeFiles } from "../harness/write-files.ts";

const records = (manifest: string): readonly string[] => manifest.split("\n").filter((line) => line.startsWith('"fixture:')).map((line) => line.replace(/,$/, ""));

test.each(readCases().filter((each) => !each.entry.endsWith(".cjs")).map((each) => [each.name, each] as const))("%s: byte-identical from tsc and Rollup", async (_name, each) => {
  const one = stageCase(each);
  const two = stageCase(each);
  try {
    await emitCase(each, one, "tsc");
    await emitCase(each, two, "rollup");
    const viaCompiler = records(readFileSync(one.path("hotfix.manifest.json"), "utf8"));
    const viaBundler = records(readFileSync(two.path("hotfix.manifest.json"), "utf8"));
    // It leaves CommonJS alone.
    if (viaBundler.length === 0) expect(Object.keys(readManifest(two.path("hotfix.manifest.json")).outside).length).toBeGreaterThan(0);
    // A bundler has what is reachable; the compiler has what is included.
    expect(viaCompiler).toEqual(expect.arrayContaining(viaBundler as string[]));
  } finally {
    one.remove();
    two.remove();
  }
});

test("the order of files does not matter, formatting, comments and types neither", () => {
  const stage = makeStage("records");
  try {
    writeFiles(stage.folder, { "src/a.ts": "export function a(n: number) { return n + 0x10; }\n", "src/b.ts": 'import { a } from "./a.js";\nexport const b = () => a(1);\n' });
    const files = [stage.path("src/a.ts"), stage.path("src/b.ts")];
    // What the files hold byte by byte is written down too, and is no part of the build's identity.
    const printed = (order: readonly string[]): string => printManifest({ ...openProject("test", {}, stage.folder).manifest(order), contents: {} });
    const before = printed(files);
    writeFiles(stage.folder, { "src/a.ts": "/** Adds. */\nexport function a(\n  n: bigint | number,\n): number {\n  return (n as number) + 16; // sixteen\n}\n\ntype Unused = string;\n" });
    expect(printed(files.toReversed())).toBe(before);
    writeFiles(stage.folder, { "src/a.ts": "export function a(n: number) { return n + 17; }\n" });
    expect(printed(files)).not.toBe(before);
  } finally {
    stage.remove();
  }
});
