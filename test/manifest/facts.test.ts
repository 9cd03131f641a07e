/** The facts of a module depend on its source and its tool's answers: not on the back end, the place of the tree or the order of files. */
import { expect, test } from "vitest";
import { printManifest, readManifest } from "../../src/manifest/file.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage } from "../harness/stage.ts";
import { emitCase, readCases, stageCase } from "../harness/transform-case.ts";
import { writeFiles } from "../harness/write-files.ts";

/** The facts that do not depend on the tool. */
const facts = ({ modules }: Manifest): readonly unknown[] =>
  [...modules].map(([key, { fingerprint, content, text, facts: { targets, scope, mutable, privates, init, readAs } }]) => ({ key, fingerprint, content, text, targets, scope, mutable, privates, init, readAs }));

test.each(readCases().filter((each) => !each.entry.endsWith(".cjs")).map((each) => [each.name, each] as const))("%s: the same from tsc and Rollup", async (_name, each) => {
  const one = stageCase(each);
  const two = stageCase(each);
  try {
    await emitCase(each, one, "tsc");
    await emitCase(each, two, "rollup");
    const viaCompiler = facts(readManifest(one.path("hotfix.manifest.json")));
    const bundled = readManifest(two.path("hotfix.manifest.json"));
    // It leaves CommonJS alone.
    if (bundled.modules.size === 0) expect(Object.keys(bundled.outside).length).toBeGreaterThan(0);
    // A bundler has what is reachable; the compiler has what is included.
    expect(viaCompiler).toEqual(expect.arrayContaining(facts(bundled) as unknown[]));
  } finally {
    one.remove();
    two.remove();
  }
});

test("the order of files does not matter; a text that is written in another way is another build", () => {
  const stage = makeStage("facts");
  try {
    writeFiles(stage.folder, { "src/a.ts": "export function a(n: number) { return n + 0x10; }\n", "src/b.ts": 'import { a } from "./a.js";\nexport const b = () => a(1);\n' });
    const files = [stage.path("src/a.ts"), stage.path("src/b.ts")];
    const printed = (order: readonly string[]): string => printManifest(openProject("test", {}, stage.folder).manifest(order));
    const before = printed(files);
    expect(printed(files.toReversed())).toBe(before);
    writeFiles(stage.folder, { "src/a.ts": "export function a(n: number) { return n + 16; }\n" });
    expect(printed(files)).not.toBe(before);
  } finally {
    stage.remove();
  }
});
