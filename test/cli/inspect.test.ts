/** `ts-hotfix inspect`: what it gathers and what it writes. What the page does is tested in test/inspect. */
import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { encodePatch } from "../../src/patch/file.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";
import { guarded, hotfix, patchOf, World } from "../runtime/world.ts";
import { runCli, type Ran } from "./run-cli.ts";

const SHOP = `export function award(): string {
  return "old";
}
export class Shop {
  open(): void {
    award();
  }
}
`;

let stage: Stage;
beforeEach(() => {
  stage = makeStage("inspect", { name: "app", type: "module" });
  writeFiles(stage.folder, { "src/shop.ts": SHOP });
  openProject("test", {}, stage.folder).writeManifest("dist/hotfix.manifest.json", [stage.path("src/shop.ts")]);
});
afterEach(() => stage.remove());

const cli = (args: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> => runCli(stage.folder, `inspect ${args}`, { DISPLAY: "", WAYLAND_DISPLAY: "", BROWSER: "", ...env });
const json = async (args: string): Promise<Record<string, any>> => JSON.parse((await cli(`--json ${args}`)).stdout); // each test knows what it asked for

test("one file, and a line of figures; --json tells the same without code and writes nothing", async () => {
  expect(await cli("")).toEqual({ status: 0, stdout: "1 module: 1 function; 1 place where a change needs a restart.\nWrote hotfix.inspect.html.\n", stderr: "" });
  const page = readFileSync(stage.path("hotfix.inspect.html"), "utf8");
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).not.toContain(stage.folder);
  expect(page.length).toBeLessThan(60_000);
  const told = await json("--out out/page.html");
  expect(told).toMatchObject({
    schema: 1, command: "inspect", file: "out/page.html",
    result: { package: "app", notices: [], errors: [], modules: [{ path: "src/shop.ts", source: "as built", functions: [{ name: "award", line: 1, endLine: 3, statements: 1, state: "patchable" }], spots: [{ line: 5, statements: 1, code: "HF1001", name: "Shop.open" }], refusals: [{ code: "HF1001" }] }] },
  });
  expect(existsSync(stage.path("out/page.html"))).toBe(true);
  expect(Object.keys(await json(""))).not.toContain("file");
});

test("--open without anything that could is told, and the page is there", async () => {
  expect(await cli("--open --out page.html")).toMatchObject({ status: 0, stderr: expect.stringMatching(/notice HF0050: No browser could be opened: there is no display\. The page is in page\.html\./) });
  expect(await cli("--open --out page.html", { BROWSER: "/nowhere/browser" })).toMatchObject({ status: 0, stderr: expect.stringContaining("ENOENT") });
  expect(await cli("--open --out page.html", { BROWSER: process.execPath })).toMatchObject({ status: 0, stderr: "" });
});

test("a tree that is not what was built is told, file by file", async () => {
  writeFiles(stage.folder, { "src/shop.ts": SHOP.replace("old", "new") });
  expect(await cli("")).toMatchObject({ status: 0, stderr: "1 of 1 files are not as they were built: what is shown of them is the file in the tree, not the running code.\n" });
  writeFiles(stage.folder, { "src/shop.ts": "export function (" });
  expect(await cli("")).toMatchObject({ status: 1, stderr: expect.stringMatching(/^src\/shop\.ts:1:17 error HF0002[\s\S]*do not parse: only their functions' names are known\.\n$/) });
  expect(await cli("--base nowhere.json")).toMatchObject({ status: 1, stderr: expect.stringContaining("HF2101") });
});

test("--to asks the process for its state, its history and the patch in place; --patch shows another", async () => {
  const world = new World();
  await world.host("shop.mjs", { names: "award", body: `export ${guarded("award", "", "return 'old';")}` });
  const path = world.path("app.sock");
  const socket = await hotfix.listen(path);
  onTestFinished(() => socket.close());
  expect((await json(`--to ${path}`)).result).toMatchObject({ host: { socket: path, pid: process.pid, state: "base", history: [] }, modules: [{ functions: [{ state: "patchable" }] }] });
  const fix = patchOf({ "app:src/shop.ts": { functions: "award", code: "function award() { return 'new'; }" } });
  const applied = await hotfix.apply(encodePatch(fix));
  expect(applied.outcome).toBe("applied");
  const { result } = await json(`--to ${path}`);
  expect(result).toMatchObject({
    host: { state: applied.patch, history: [{ operation: "apply", outcome: "applied" }] },
    patch: { id: applied.patch, changes: [{ code: expect.stringContaining("function award() { return 'new'; }") }] },
    modules: [{ functions: [{ name: "award", state: "patched" }] }],
    notices: ["The patch is for another build than this manifest's."],
  });
  writeFiles(stage.folder, { "other.hotfix": Buffer.from(encodePatch({ ...fix, sequence: 9 })).toString("utf8") });
  expect((await json(`--to ${path} --patch other.hotfix`)).result.notices).toContain("The patch that is shown is not the one that the process has in place.");
  expect((await json(`--to ${path} --to ${world.path("b.sock")}`)).diagnostics).toMatchObject([{ code: "HF0006" }]);
  expect((await json(`--to ${world.path("b.sock")}`)).diagnostics).toMatchObject([{ code: "HF3012" }]);
});
