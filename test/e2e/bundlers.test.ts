/** The matrix: the web application as each build tool makes it, fixed while it is used. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { bundle, BUNDLERS, type Bundler } from "../harness/bundlers.ts";
import { fixLive } from "../harness/live-fix.ts";
import { ROOT, stageCopy, type Stage } from "../harness/stage.ts";

interface Cell {
  readonly tool: Bundler | "tspc";
  readonly format: "esm" | "cjs";
  readonly minify: boolean;
}

const CELLS: readonly Cell[] = [
  ...BUNDLERS.flatMap((tool) => (["esm", "cjs"] as const).flatMap((format) => [false, true].map((minify) => ({ tool, format, minify })))),
  // the compiler has no minifier
  { tool: "tspc", format: "esm", minify: false },
  { tool: "tspc", format: "cjs", minify: false },
];

/** CommonJS has no top-level `await`. */
const AWAITED = 'await listen(process.env["WEBAPP_SOCKET"] ?? "run/app.sock");';

/** A request that fails, in the source's words. */
const FAILING = '  if (url.pathname === "/fail") return failed(new Error("asked for"));\n';

const FAILED = "\nfunction failed(error: Error): string {\n  return String(error.stack);\n}\n";

describe.concurrent("fixed live", () => {
  test.each(CELLS.map((cell) => [`${cell.tool} ${cell.format}${cell.minify ? " minified" : ""}`, cell] as const))("%s", async (_name, cell) => {
    const stage = stageCopy("webapp", join(ROOT, "fixtures", "webapp"));
    try {
      const line = prepare(stage, cell.format);
      const entry = await build(stage, cell);
      const seen = await fixLive(stage, [entry]);
      expect(seen).toMatchObject({ requests: expect.any(Number), failed: 0, before: { ok: true }, after: { ok: false }, rolledBack: { ok: true }, init: { runs: 1 } });
      expect(seen.requests).toBeGreaterThanOrEqual(30);
      expect(seen.stack).toMatch(new RegExp(`src/main\\.ts:${line}:`));
    } finally {
      stage.remove();
    }
  }, 120_000);
});

/** Gives the line of the error. */
function prepare(stage: Stage, format: Cell["format"]): number {
  const file = stage.path("src", "main.ts");
  const text = readFileSync(file, "utf8").replace('  if (url.pathname === "/pause")', `${FAILING}$&`).replace(/$/, FAILED);
  writeFileSync(file, format === "cjs" ? text.replace(AWAITED, AWAITED.replace("await ", "void ")) : text);
  return text.slice(0, text.indexOf("asked for")).split("\n").length;
}

async function build(stage: Stage, { tool, format, minify }: Cell): Promise<string> {
  if (tool !== "tspc") return await bundle(tool, { root: stage.folder, entry: "src/main.ts", outDir: stage.path("dist"), format, minify, hotfix: {} });
  writeFileSync(stage.path("package.json"), JSON.stringify({ name: "webapp", type: format === "esm" ? "module" : "commonjs" }));
  await promisify(execFile)(process.execPath, [join(ROOT, "node_modules/ts-patch/bin/tspc.js"), "-p", ".", "--noCheck"], { cwd: stage.folder });
  cpSync(stage.path("package.json"), stage.path("dist", "package.json"));
  return stage.path("dist", "main.js");
}
