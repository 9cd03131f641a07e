/** On a Node older than `engines`, every tool ends with one line. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { ROOT } from "../harness/stage.ts";

const PRETEND = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.11.1" })`;

function run(...argv: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", PRETEND, ...argv], { cwd: ROOT, encoding: "utf8" });
  return { status, stdout, stderr };
}

const load = (entry: string): string => `await import(${JSON.stringify(pathToFileURL(join(ROOT, "dist", entry)).href)})`;

test.each([
  ["the CLI", ["bin/ts-hotfix.js", "status"]],
  ["the demo", ["demo/run.js"]],
  ["the transformer", ["--input-type=module", "--eval", load("transformer/index.js")]],
  ["the Rollup plugin", ["--input-type=module", "--eval", load("rollup-plugin/index.js")]],
])("%s", (_name, argv) => {
  const { status, stdout, stderr } = run(...argv);
  expect(stderr).toMatch(/^(HF0004: )?ts-hotfix needs Node\.js 22\.15 or newer[,;] this is 20\.11\.1\.?\n$/);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
});

test.each(["src/builder/index.js", "runtime/index.js", "runtime/boot.js"])("%s throws", (entry) => {
  const script = `${load(entry)}.catch((error) => console.log(error.message))`;
  expect(run("--input-type=module", "--eval", script).stdout).toMatch(/^HF0004: ts-hotfix needs Node\.js 22\.15 or newer/);
});
