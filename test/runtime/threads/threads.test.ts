import { expect, test } from "vitest";
import { codes, guarded, hotfix, patchOf } from "../world.ts";
import { fix, KEY, Process } from "./process.ts";

const { apply, rollback, status } = hotfix;

test("a patch reaches every thread, and goes from every thread", async () => {
  const process = await Process.start();
  const threads = [await process.thread({ name: "room" }), await process.thread()];
  const answers = async (): Promise<unknown[]> => [process.host["both"](), ...(await Promise.all(threads.map(({ evaluate }) => evaluate("shop.both()"))))];
  const result = await apply(fix(1));
  expect(result).toMatchObject({ outcome: "applied", threads: [{ outcome: "done", functions: ["src/shop.ts#left", "src/shop.ts#right"] }, { outcome: "done" }] });
  expect(await answers()).toEqual(["1 1", "1 1", "1 1"]);
  expect(status().threads).toMatchObject([{ isInStep: true }, { isInStep: true }]);
  expect(await apply(fix(2))).toMatchObject({ outcome: "applied" });
  expect(await answers()).toEqual(["2 2", "2 2", "2 2"]);
  expect(await rollback({ to: "previous" })).toMatchObject({ outcome: "rolled-back" });
  expect(await answers()).toEqual(["1 1", "1 1", "1 1"]);
  expect(await rollback()).toMatchObject({ outcome: "rolled-back" });
  expect(await answers()).toEqual(["old old", "old old", "old old"]);
});

test("a thread that starts later comes up with the active patch", async () => {
  const process = await Process.start();
  await apply(fix(1));
  const thread = await process.thread();
  expect(await thread.evaluate("shop.both()")).toBe("1 1");
  expect(status().threads).toMatchObject([{ isInStep: true }]);
  await rollback();
  expect(await thread.evaluate("shop.both()")).toBe("old old");
  expect(await (await process.thread()).evaluate("shop.both()")).toBe("old old");
});

test("a thread's program asks for the whole process", async () => {
  const process = await Process.start();
  const threads = [await process.thread(), await process.thread()];
  expect(await threads[0]?.evaluate(`hotfix.apply(${JSON.stringify(fix(1))})`)).toMatchObject({ outcome: "applied", threads: [{}, {}] });
  expect([process.host["both"](), await threads[1]?.evaluate("shop.both()")]).toEqual(["1 1", "1 1"]);
  await expect(threads[0]?.evaluate("hotfix.rollback({ to: 5 })")).rejects.toThrow("rollback({ to })");
  expect(await threads[0]?.evaluate("hotfix.rollback()")).toMatchObject({ outcome: "rolled-back" });
});

test("a thread that does not come aborts the patch everywhere and is named with what it does", async () => {
  const process = await Process.start();
  const [idle, busy] = [await process.thread(), await process.thread({ name: "room" })];
  const spinning = busy.evaluate("spin(7000)");
  await new Promise((done) => setTimeout(done, 50));
  const result = await apply(fix(1), { barrierTimeout: 2000 });
  expect(result).toMatchObject({ outcome: "refused" });
  expect(codes(result)).toEqual(["HF3030"]);
  expect(result.diagnostics[0]?.message).toMatch(/worker thread \d+.* did not come to its safe point within 2000 ms; it was running .*worker\.mjs:\d/);
  expect([process.host["both"](), await idle.evaluate("shop.both()")]).toEqual(["old old", "old old"]);
  await spinning;
  expect(await busy.evaluate("shop.both()")).toBe("old old");
  expect(await apply(fix(1))).toMatchObject({ outcome: "applied" });
});

test("what one thread refuses is refused by all", async () => {
  const process = await Process.start();
  const thread = await process.thread();
  await thread.evaluate("globalThis[Symbol.for('ts-hotfix/runtime/1')].register('app:src/other.ts', 'another', {}, () => ({})) && 1");
  const payload = patchOf({ [KEY]: { functions: "left", code: guarded("left", "", "return '1';") }, "app:src/other.ts": { functions: "f", code: guarded("f", "", "") } });
  const result = await apply(payload);
  expect(result).toMatchObject({ outcome: "refused" });
  expect(result.diagnostics.map(({ code, message }) => [code, message.startsWith("In worker thread")])).toEqual([["HF2004", true]]);
  expect([process.host["both"](), await thread.evaluate("shop.both()")]).toEqual(["old old", "old old"]);
  expect(status().busy).toBe(false);
  expect(await apply(fix(2))).toMatchObject({ outcome: "applied" });
});

test("what one thread cannot commit is undone by all", async () => {
  const process = await Process.start();
  const threads = [await process.thread(), await process.thread(), await process.thread()];
  await threads[1]?.evaluate("globalThis.isPoisoned = true");
  const payload = patchOf({ [KEY]: { functions: "left right", variables: "v@1", code: `${guarded("left", "", "return '1';")} ${guarded("right", "", "return '1';")} const init_v = () => { if (globalThis.isPoisoned) throw new Error('poisoned'); };` } });
  const result = await apply(payload);
  expect(result.diagnostics).toMatchObject([{ code: "HF3004", message: expect.stringMatching(/In worker thread \d+.*poisoned/) }]);
  expect([process.host["both"](), ...(await Promise.all(threads.map(({ evaluate }) => evaluate("shop.both()"))))]).toEqual(Array(4).fill("old old"));
  await threads[1]?.evaluate("delete globalThis.isPoisoned");
  expect(await apply(payload)).toMatchObject({ outcome: "applied" });
  expect(await Promise.all(threads.map(({ evaluate }) => evaluate("shop.both()")))).toEqual(Array(3).fill("1 1"));
});
