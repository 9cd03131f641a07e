/** The web application as its users build it, with each tool. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { ROOT, stageCopy, type Stage } from "../harness/stage.ts";

let stage: Stage;
afterEach(() => stage.remove());

const run = async (...argv: readonly string[]): Promise<string> => (await promisify(execFile)(process.execPath, [...argv], { cwd: stage.folder })).stdout;

/** Manifest lines, one module each. */
const records = (): readonly string[] =>
  readFileSync(stage.path("dist", "hotfix.manifest.json"), "utf8").split("\n").filter((line) => line.startsWith('"webapp:')).map((line) => line.replace(/,$/, ""));

test("tspc and Rollup, which sees the compiler's JavaScript, write byte-identical records", async () => {
  stage = stageCopy("webapp", join(ROOT, "fixtures", "webapp"));
  await run(join(ROOT, "node_modules/ts-patch/bin/tspc.js"), "-p", ".");
  const viaCompiler = records();
  await run(join(ROOT, "node_modules/rollup/dist/bin/rollup"), "-c", "--silent");
  expect(viaCompiler.length).toBe(5);
  expect(records()).toEqual(viaCompiler);
});
