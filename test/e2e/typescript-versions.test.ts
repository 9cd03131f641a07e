/** Projects with another TypeScript than ours. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { readManifest } from "../../src/manifest/file.ts";
import { fixLive } from "../harness/live-fix.ts";
import { makeStage, ROOT, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;
afterEach(() => stage.remove());

const run = async (...argv: readonly string[]): Promise<string> => (await promisify(execFile)(process.execPath, [...argv], { cwd: stage.folder })).stdout;

/** The fixture's own packages in place of ours. */
function stageWith(name: "typescript-5" | "typescript-7", source: string, packages: readonly string[]): void {
  stage = makeStage(name);
  cpSync(source, stage.folder, { recursive: true, filter: (path) => !path.includes("node_modules") && !path.endsWith("dist") });
  for (const each of packages) {
    rmSync(stage.path("node_modules", each));
    symlinkSync(join(ROOT, "fixtures", name, "node_modules", each), stage.path("node_modules", each), "dir");
  }
}

const versionOf = (name: string): string => (JSON.parse(readFileSync(stage.path("node_modules", name, "package.json"), "utf8")) as { version: string }).version;

test("TypeScript 5.9 with ts-patch 3.3: the web application is fixed while it is used", async () => {
  stageWith("typescript-5", join(ROOT, "fixtures", "webapp"), ["typescript", "ts-patch"]);
  expect([versionOf("typescript"), versionOf("ts-patch")]).toEqual([expect.stringMatching(/^5\.9\./), expect.stringMatching(/^3\.3\./)]);
  await run(stage.path("node_modules", "ts-patch", "bin", "tspc.js"), "-p", ".", "--noCheck");
  const seen = await fixLive(stage, ["dist/main.js"]);
  expect(seen).toMatchObject({ failed: 0, before: { ok: true }, after: { ok: false }, rolledBack: { ok: true }, init: { runs: 1 } });
});

test("TypeScript 5.9 makes strict code of scripts only where it is told to", async () => {
  stageWith("typescript-5", join(ROOT, "fixtures", "webapp", "fix"), ["typescript", "ts-patch"]);
  for (const strict of [false, true]) {
    writeFiles(stage.folder, {
      "package.json": '{ "name": "app", "type": "commonjs" }',
      "tsconfig.json": JSON.stringify({ compilerOptions: { module: "commonjs", target: "es2022", strict, outDir: "dist", types: [], noCheck: true, plugins: [{ transform: "ts-hotfix/transformer" }] }, include: ["script.ts"] }),
      "script.ts": "function f(this: unknown): boolean { return this === undefined; }\nconsole.log(f());\n",
    });
    await run(stage.path("node_modules", "ts-patch", "bin", "tspc.js"), "-p", ".");
    expect(await run("dist/script.js")).toBe(`${strict}\n`);
    expect(readManifest(stage.path("dist", "hotfix.manifest.json")).environment.alwaysStrict).toBe(strict);
  }
});

test("TypeScript 7 checks, Node.js runs, ts-hotfix/register makes it patchable", async () => {
  stageWith("typescript-7", join(ROOT, "fixtures", "typescript-7"), ["typescript"]);
  expect(versionOf("typescript")).toMatch(/^7\./);
  await run(stage.path("node_modules", "typescript", "bin", "tsc"), "-p", ".");
  const seen = await fixLive(stage, ["--import", "ts-hotfix/register", "src/main.ts"], "hotfix.manifest.json");
  expect(seen).toMatchObject({ failed: 0, before: { ok: true }, after: { ok: false }, rolledBack: { ok: true }, init: { runs: 1 } });
  expect(seen.stack).toMatch(/src\/main\.ts:17:21/);
});
