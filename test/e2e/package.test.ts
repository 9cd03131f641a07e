/** The package as users get it: packed, checked, installed into an empty project. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectDemo } from "../harness/demo-result.ts";
import { ROOT } from "../harness/stage.ts";

const run = promisify(execFile);
const PATH = [join(ROOT, "node_modules", ".bin"), process.env["PATH"]].join(delimiter);

/** What the demo needs beside the package, as installed here. */
const BESIDE = ["typescript", "ts-patch", "rollup", "@rollup/plugin-typescript", "tslib", "@types/node", "autocannon"];

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-package-")));
  await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd: ROOT, env: { ...process.env, PATH } });
  tarball = join(folder, readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("publint and attw have nothing to say", async () => {
  await run(join(ROOT, "node_modules", ".bin", "publint"), [tarball, "--strict"], { env: { ...process.env, PATH } });
  await run(join(ROOT, "node_modules", ".bin", "attw"), [tarball, "--profile", "esm-only"], { env: { ...process.env, PATH } });
});

test("holds what it needs and nothing else", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: ROOT, env: { ...process.env, PATH }, maxBuffer: 1 << 24 });
  const listing = JSON.parse(stdout) as { readonly files: readonly { readonly path: string }[] } | readonly { readonly files: readonly { readonly path: string }[] }[];
  const packed = Array.isArray(listing) ? listing[0] : Object.values(listing)[0];
  const folders = new Set((packed as { files: { path: string }[] }).files.map(({ path }) => path.split("/").slice(0, path.startsWith("dist/") ? 2 : 1).join("/")));
  expect([...folders].toSorted()).toEqual([
    "CHANGELOG.md", "LICENSE", "README.md", "bin", "demo", "dist/bundlers", "dist/demo", "dist/rollup-plugin", "dist/runtime", "dist/src", "dist/transformer", "docs", "fixtures", "package.json",
  ]);
});

test("the demo works in an empty project that has installed it", async () => {
  const project = join(folder, "project");
  const versions = BESIDE.map((name) => `${name}@${(JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8")) as { version: string }).version}`);
  await run(process.execPath, ["-e", `require("fs").mkdirSync(${JSON.stringify(project)})`]);
  writeFileSync(join(project, "package.json"), '{ "name": "empty", "private": true }\n');
  await run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", tarball, ...versions], { cwd: project, env: { ...process.env, PATH }, timeout: 200_000 });
  const { stdout } = await run(process.execPath, [join("node_modules", "ts-hotfix", "demo", "run.js"), "--json"], { cwd: project, timeout: 110_000 });
  expectDemo(stdout);
}, 300_000);
