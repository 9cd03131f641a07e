/** The web application as its users build it, with each tool. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { readManifest } from "../../src/manifest/file.ts";
import { ROOT, stageCopy, type Stage } from "../harness/stage.ts";

let stage: Stage;
afterEach(() => stage.remove());

const run = async (...argv: readonly string[]): Promise<string> => (await promisify(execFile)(process.execPath, [...argv], { cwd: stage.folder })).stdout;

/** The facts that do not depend on the tool; where specifiers lead is each tool's own answer. */
const emitted = (): readonly unknown[] =>
  [...readManifest(stage.path("dist", "hotfix.manifest.json")).modules].map(([key, { fingerprint, text, facts: { targets, scope, mutable, init, specifiers } }]) => ({
    key, fingerprint, text, targets, scope, mutable, init, named: specifiers.map(({ specifier, how, answer }) => [specifier, how, answer.is === "module" ? answer.key : answer.is]),
  }));

test("tspc and Rollup, which sees the compiler's JavaScript, write down the same of each module", async () => {
  stage = stageCopy("webapp", join(ROOT, "fixtures", "webapp"));
  await run(join(ROOT, "node_modules/ts-patch/bin/tspc.js"), "-p", ".");
  const viaCompiler = emitted();
  await run(join(ROOT, "node_modules/rollup/dist/bin/rollup"), "-c", "--silent");
  expect(viaCompiler.length).toBe(5);
  expect(emitted()).toEqual(viaCompiler);
});
