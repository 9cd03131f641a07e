/**
 * A host that was built once and is kept: `fixtures/host`. Later builders, whose analysis knows better, make patches for it. It is made
 * anew by `node scripts/keep-host.ts` only when the emitted form or the schema of patches has a new version.
 */
import { execFile } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildPatch } from "../../src/builder/build.ts";
import { encodePatch } from "../../src/patch/file.ts";
import { readManifest } from "../../src/manifest/file.ts";
import { recompileAll } from "../../suite/recompile.ts";
import { ROOT, stageCopy, type Stage } from "../harness/stage.ts";

let stage: Stage;

beforeEach(() => {
  stage = stageCopy("kept-host", join(ROOT, "fixtures", "host"));
});

afterEach(() => stage.remove());

/** What the kept host's program gives before a patch, with it, and after the rollback. */
async function play(patch: Uint8Array): Promise<readonly unknown[]> {
  writeFileSync(stage.path("fix.hotfix"), patch);
  writeFileSync(stage.path("play.mjs"), `import { apply, rollback } from "ts-hotfix";
import { readFileSync } from "node:fs";
process.emitWarning = () => {};
const { main } = await import(${JSON.stringify(pathToFileURL(stage.path("built", "main.js")).href)});
const before = await main();
const { outcome, diagnostics } = await apply(readFileSync(${JSON.stringify(stage.path("fix.hotfix"))}));
const patched = await main();
await rollback();
console.log(JSON.stringify([before, outcome, diagnostics, patched, await main()]));
process.exit();
`);
  const { stdout } = await promisify(execFile)(process.execPath, [stage.path("play.mjs")], { cwd: stage.folder });
  return JSON.parse(stdout) as readonly unknown[];
}

test("this version's builder patches the host as it is", async () => {
  cpSync(stage.path("fix", "src"), stage.path("src"), { recursive: true });
  const result = buildPatch({ base: stage.path("built", "hotfix.manifest.json"), source: stage.folder });
  if (result.outcome !== "built") throw new Error(JSON.stringify(result, undefined, 1));
  expect(result.replaced).toEqual(["src/late.ts#late", "src/purse.ts#Purse/spend", "src/rules.ts#double", "src/rules.ts#steps", "src/shop.ts#award"]);
  expect(result.added).toEqual(["src/late.ts#added"]);
  expect(await play(result.bytes)).toEqual([
    [12, 8, 100, 4, 3, [0, 1, 2], "late", 1, "main.js"],
    "applied", [],
    [13, 80, 100, 2, 3, [10, 11, 12], "later 7", 2, "main.js"],
    [15, 8, 100, 1, 3, [0, 1, 2], "late", 3, "main.js"],
  ]);
});

test("each function of it can be patched, by a copy of itself", async () => {
  const manifest = readManifest(stage.path("built", "hotfix.manifest.json"));
  const { payload, targets, left } = recompileAll({ manifest, source: stage.folder });
  // `main` imports a module of the project dynamically
  expect(left).toEqual([{ target: "src/main.ts#main", codes: ["HF1405"] }]);
  expect(targets.length).toBe([...manifest.modules.values()].reduce((sum, { facts }) => sum + facts.targets.length, 0) - 1);
  const [before, outcome, , patched] = await play(payload ? encodePatch(payload) : new Uint8Array());
  expect([outcome, patched]).toEqual(["applied", [14, 8, 100, 3, 3, [0, 1, 2], "late", 2, "main.js"]]);
  expect(before).toEqual([12, 8, 100, 4, 3, [0, 1, 2], "late", 1, "main.js"]);
});
