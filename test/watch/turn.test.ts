/** What becomes of a save that comes while a patch is built, and what a terminal shows. */
import { mkdirSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import type { BuildResult } from "../../src/builder/build.ts";
import { displayOf } from "../../src/cli/watch-display.ts";
import { PLAIN } from "../../src/messages/render.ts";
import { decodePatch, encodePatch } from "../../src/patch/file.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import { diagnostic } from "../../src/messages/diagnostic.ts";
import type { Turn } from "../../src/watch/turn.ts";
import { watchTree } from "../../src/watch/watch.ts";
import { guarded, hotfix, patchOf, World } from "../runtime/world.ts";

function built(code: string, sequence: number): BuildResult {
  const payload = patchOf({ "app:src/shop.ts": { functions: "award", code } }, sequence);
  const bytes = encodePatch(payload);
  const reading = decodePatch(bytes);
  return { outcome: "built", patch: reading.ok ? reading.patch.id : "", payload, bytes, replaced: [], added: [], constants: [], live: [], notices: [] };
}

test("what was read while somebody saved is not applied; one more build is, for however many saves", async () => {
  const world = new World();
  const host = await world.host("shop.mjs", { names: "award", body: `export ${guarded("award", "", "return 'old';")}` });
  const socket = await hotfix.listen(world.path("app.sock"));
  onTestFinished(() => socket.close());
  mkdirSync(world.path("src"));
  writeFileSync(world.path("src/shop.ts"), "");
  const stop = new AbortController();
  const turns: Turn[] = [];
  let builds = 0;
  const build = (): BuildResult => {
    builds++;
    for (const text of builds === 1 ? ["saved", "and", "again"] : []) writeFileSync(world.path("src/shop.ts"), text);
    return built(`function award() { return 'build ${builds}'; }`, builds);
  };
  const manifest = { modules: new Map([["app:src/shop.ts", {}]]), packages: { app: "." } } as unknown as Manifest; // what is watched
  await watchTree(
    { build, finish: (each) => each, findSockets: () => [{ path: world.path("app.sock"), isNamed: true }], query: {}, timeout: 30_000, allowProduction: false, base: world.path("m.json"), manifest, root: world.folder, settle: 100, rollbackOnExit: false },
    { building: () => {}, turn: (turn) => (turns.push(turn), stop.abort()) },
    stop.signal,
  );
  expect(turns).toMatchObject([{ kind: "told", operation: "apply", answers: { outcome: "done" } }]);
  expect(builds).toBe(2);
  expect(host["award"]()).toBe("build 2");
  await hotfix.rollback();
});

test("a terminal has one line that changes, below what has happened; what stays as it was is said shortly", () => {
  const shown: string[] = [];
  const display = displayOf({ paint: PLAIN, print: (text) => shown.push(text), complain: (text) => shown.push(text), end() {}, overwrite: (text) => shown.push(`~${text}`) }, false);
  const refused: Turn = { kind: "refused", refusals: [diagnostic("HF1301", "refusal", {})], notices: [] };
  display.watching(["app.sock"], 3);
  display.building();
  display.turn({ kind: "as built", kept: [] }, 5);
  display.building();
  display.turn(refused, 5);
  display.building();
  display.turn(refused, 5);
  display.ended(refused, false);
  expect(shown).toEqual([
    "Watching 3 modules for app.sock. Ctrl-C ends.",
    "~Building", "~", "The tree means the same as the build.", "~Watching",
    "~Building", "~", expect.stringMatching(/^refusal HF1301/), "1 change cannot be patched; nothing was applied.", "~Watching",
    "~Building", "~", "As before: 1 change cannot be patched; nothing was applied.", "~Watching",
    "~",
  ]);
});

test("a notice that stays from one patch to the next is counted, not repeated", () => {
  const shown: string[] = [];
  const display = displayOf({ paint: PLAIN, print: (text) => shown.push(text), complain: (text) => shown.push(text), end() {} }, false);
  const applied = (file: string, ...patches: string[]): Turn[] =>
    patches.map((patch) => ({
      kind: "told", operation: "apply", patch, notices: [diagnostic("HF3050", "notice", { socket: file })],
      answers: { outcome: "done", answers: [{ socket: "app.sock", outcome: "applied", diagnostics: [], result: { operation: "apply", outcome: "applied", patch, from: "base", signedBy: [], functions: ["src/a.ts#f"], pending: [], live: [], cost: { prepareMs: 1, commitMs: 1, heldMs: 0, bytes: 1 }, threads: [], notices: [diagnostic("HF3102", "notice", {})], diagnostics: [], log: [] } }] },
    }));
  for (const turn of [...applied("one", "a", "b"), ...applied("two", "c")]) display.turn(turn, 12);
  const line = "Applied patch PATCH at app.sock: 1 function, prepared in 1 ms, in place within 1 ms.";
  expect(shown).toEqual([
    expect.stringMatching(/^notice HF3050: .*one/), expect.stringMatching(/^notice HF3102/), line.replace("PATCH", "a"), "  src/a.ts#f", "  12 ms after the save",
    line.replace("PATCH", "b"), "  src/a.ts#f", "  2 notices as before", "  12 ms after the save",
    expect.stringMatching(/^notice HF3050: .*two/), line.replace("PATCH", "c"), "  src/a.ts#f", "  1 notice as before", "  12 ms after the save",
  ]);
});
