/** A rule that was wrong when the host was built is right for that host as soon as the builder has it right. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

const RULE = "../../src/analyze/calling-methods.ts";

let stage: Stage;

beforeEach(() => {
  stage = makeStage("planted");
  writeFiles(stage.folder, { "package.json": '{ "name": "planted", "type": "module" }', "src/a.ts": "export function price(n: number) { return n * 2; }\nexport const prices = [1, 2].map(price);\n" });
});

afterEach(() => {
  vi.doUnmock(RULE);
  vi.resetModules();
  stage.remove();
});

/** The codes of what this version's builder says of the fix. */
async function judge(base: string): Promise<readonly string[]> {
  const { buildPatch } = await import("../../src/builder/build.ts");
  // the cache goes by the code on disk, which the planted fault does not change
  const result = buildPatch({ base, source: stage.folder, cache: false });
  return result.outcome === "refused" ? result.refusals.map(({ code }) => code) : [result.outcome];
}

test("a rule is mended in the builder alone", async () => {
  vi.resetModules();
  // the planted fault: `map` calls nothing of what it is given
  vi.doMock(RULE, async () => ({ ...(await vi.importActual<object>(RULE)), CALLING_METHODS: new Set(), ITERATING: new Set() }));
  const { openProject } = await import("../../src/transform/project.ts");
  const base = stage.path("hotfix.manifest.json");
  openProject("test", {}, stage.folder).writeManifest(base, [stage.path("src/a.ts")]);
  writeFiles(stage.folder, { "src/a.ts": "export function price(n: number) { return n * 3; }\nexport const prices = [1, 2].map(price);\n" });
  expect(await judge(base)).toEqual(["built"]);

  vi.doUnmock(RULE);
  vi.resetModules();
  expect(await judge(base)).toEqual(["HF1208"]);
});
