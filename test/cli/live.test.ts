/** Live code on the command line: refused, accepted by name, and told of wherever the patch is. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openProject } from "../../src/transform/project.ts";
import { makeStage, ROOT, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";
import { guarded, hotfix, patchOf, World } from "../runtime/world.ts";
import { encodePatch } from "../../src/patch/file.ts";
import { printResult } from "../../src/cli/result.ts";
import { PLAIN } from "../../src/messages/render.ts";

let stage: Stage;
beforeEach(() => {
  stage = makeStage("live", { name: "game", type: "module" });
  writeFiles(stage.folder, {
    "src/shop.ts": `export function onConnect(socket, gold) {
  socket.on("trade", (n) => gold.add(n * 2));
}

export async function loop(step) {
  while (true) await step(2);
}

export function later(act) {
  setTimeout(() => act(2), 10);
}
`,
  });
  openProject("test", {}, stage.folder).writeManifest("dist/hotfix.manifest.json", [stage.path("src/shop.ts")]);
  writeFileSync(stage.path("src/shop.ts"), readFileSync(stage.path("src/shop.ts"), "utf8").replaceAll("2", "1"));
});
afterEach(() => stage.remove());

function build(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const cli = join(ROOT, "test", "cli", "source-cli.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "build", ...args], { cwd: stage.folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  return { status, stdout, stderr };
}

const codesOf = (list: readonly { code: string; severity: string }[]): string[] => list.map(({ code, severity }) => `${code} ${severity}`);

test("refused with exit code 2, each with its place and how the old code lives on", () => {
  const { status, stderr } = build();
  expect(status).toBe(2);
  expect(stderr).toContain("src/shop.ts:2:22 refusal HF1110: Updating a function nested in `onConnect` requires a restart because live instances keep the old code: it is registered with an event source or an interval timer.");
  expect(stderr).toContain("src/shop.ts:6:3 refusal HF1114: Calls of `loop` that have begun go on with the old code: its loop never ends.");
  expect(stderr).toContain("src/shop.ts:10:14 notice HF1107: Functions that `later` left behind before the patch may go on with the old code: it waits in a timer.");
  expect(stderr).toContain("--accept-live src/shop.ts#loop");
  expect(stderr).toContain("2 changes cannot be patched");
});

test("accepted by name, one by one or all", () => {
  const json = (...args: readonly string[]) => JSON.parse(build("--json", ...args).stdout).result;
  expect(codesOf(json("--accept-live", "src/shop.ts#onConnect").refusals)).toEqual(["HF1114 refusal"]);
  const live = [
    { target: "src/shop.ts#onConnect", line: 2, reason: "it is registered with an event source or an interval timer" },
    { target: "src/shop.ts#loop", line: 6, reason: "its loop never ends" },
  ];
  const byName = json("--accept-live", "src/shop.ts#onConnect", "--accept-live", "src/shop.ts#loop");
  expect(byName).toMatchObject({ outcome: "built", live });
  expect(codesOf(byName.notices)).toEqual(["HF1110 notice", "HF1114 notice", "HF1107 notice"]);
  expect(json("--accept-live").live).toEqual(live);
  expect(build("--accept-live")).toMatchObject({ status: 0, stdout: expect.stringContaining("  old code goes on in src/shop.ts#loop (line 6): its loop never ends\n") });
  const slip = json("--accept-live", "src/shop.ts#onConnect", "src/shop.ts#loop", "src/shop.ts#lop");
  expect(codesOf(slip.notices)).toContain("HF1116 notice");
});

test("strictness refuses what cannot be told, and takes the same acceptance", () => {
  const json = (...args: readonly string[]) => JSON.parse(build("--json", "--strict-live", ...args).stdout).result;
  expect(codesOf(json().refusals)).toEqual(["HF1110 refusal", "HF1114 refusal", "HF1107 refusal"]);
  expect(codesOf(json("--accept-live", "src/shop.ts#onConnect", "src/shop.ts#loop").refusals)).toEqual(["HF1107 refusal"]);
  expect(json("--accept-live").live).toHaveLength(3);
});

test("the running process tells of it for as long as the patch is active", async () => {
  const world = new World();
  await world.host("shop.mjs", { names: "award", body: `export ${guarded("award", "", "return 'old';")}` });
  const live = [{ target: "src/shop.ts#award", line: 7, reason: "its loop never ends" }];
  const payload = { ...patchOf({ "app:src/shop.ts": { functions: "award", code: "function award() { return 'new'; }" } }), live };
  const result = await hotfix.apply(encodePatch(payload));
  expect(result).toMatchObject({ outcome: "applied", live });
  expect(hotfix.status().live).toEqual(live);
  const printed: string[] = [];
  printResult({ paint: PLAIN, print: (text) => void printed.push(text), complain() {}, end() {} }, result, "app.sock", false);
  expect(printed).toContain("  old code goes on in src/shop.ts#award (line 7): its loop never ends");
  expect(await hotfix.rollback()).toMatchObject({ outcome: "rolled-back", live: [] });
  expect(hotfix.status().live).toEqual([]);
  const damaged = { ...payload, live: [{ target: "src/shop.ts#award", line: -1, reason: "it stays" }] };
  expect(await hotfix.apply(encodePatch(damaged))).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2002" }] });
});
