/** What happens between the step of the main thread and the end of its operation, and after the end of threads. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { activityOf } from "../../../src/runtime/threads/sample.ts";
import { codes, faults, guarded, hotfix, patchOf, SOURCES } from "../world.ts";
import { fix, KEY, Process } from "./process.ts";

const { apply, rollback, status } = hotfix;
const INDEX = JSON.stringify(new URL("runtime/index.ts", SOURCES).href);

test("an operation is under way until its threads have reported", async () => {
  const process = await Process.start();
  const threads = [await process.thread(), await process.thread()];
  let second: Promise<unknown> | undefined;
  // right after the step of the main thread: the reports are not there yet
  faults.hook = (point) => void (point === "commit:end" && queueMicrotask(() => (second ??= rollback().then((result) => [process.host["both"](), codes(result)]))));
  const applying = apply(fix(1));
  expect(await applying).toMatchObject({ outcome: "applied", threads: [{ outcome: "done" }, { outcome: "done" }] });
  expect(await second).toEqual(["1 1", ["HF3001"]]);
  expect([status().busy, (await rollback()).outcome]).toEqual([false, "rolled-back"]);
  expect(await Promise.all(threads.map(({ evaluate }) => evaluate("shop.both()")))).toEqual(["old old", "old old"]);
});

test("with a thread, the threads end that it has started, and nobody waits for them", async () => {
  const process = await Process.start();
  const parent = await process.thread();
  process.world.write("child.mjs", `import { parentPort } from "node:worker_threads"; await import(${INDEX}); const { both } = await import("./shop.mjs"); setInterval(both, 1000); parentPort.postMessage("ready");`);
  await parent.evaluate(`new Promise(async (done) => { const { Worker } = await import("node:worker_threads"); globalThis.child = new Worker(new URL("child.mjs", ${JSON.stringify(process.world.url("worker.mjs"))})); child.once("message", () => done(1)); })`);
  expect(status().threads).toHaveLength(2);
  await parent.worker.terminate();
  expect(await apply(fix(1), { barrierTimeout: 500 })).toMatchObject({ outcome: "applied" });
  expect(status().threads).toHaveLength(0);
});

test("a thread that starts during a long commit is in step", async () => {
  const process = await Process.start();
  const slow = patchOf({ [KEY]: { functions: "left right", variables: "v@1", code: `${guarded("left", "", "return '1';")} ${guarded("right", "", "return '1';")} const init_v = () => { const end = Date.now() + 1500; while (Date.now() < end); };` } });
  const coming = process.thread();
  await apply(slow);
  const thread = await coming;
  await expect.poll(() => thread.evaluate("shop.both()"), { timeout: 5000 }).toBe("1 1");
});

test("asking again for what is in place brings threads that are behind", async () => {
  const process = await Process.start();
  const thread = await process.thread();
  await thread.evaluate("globalThis.isPoisoned = true");
  const payload = patchOf({ [KEY]: { functions: "left right", variables: "v@1", code: `${guarded("left", "", "return '1';")} ${guarded("right", "", "return '1';")} const init_v = () => { if (globalThis.isPoisoned) throw new Error('poisoned'); };` } });
  const first = await apply(payload, { threads: "eventually" });
  expect([first.outcome, codes({ diagnostics: first.notices } as never)]).toEqual(["applied", ["HF3102", "HF3035"]]);
  await thread.evaluate("delete globalThis.isPoisoned");
  expect(await apply(payload)).toMatchObject({ outcome: "unchanged", threads: [{ outcome: "done", functions: ["src/shop.ts#left", "src/shop.ts#right"] }], notices: [] });
  expect(await thread.evaluate("shop.both()")).toBe("1 1");
});

test("many threads that do not come are looked into without a warning to the program", async () => {
  const workers = Array.from({ length: 11 }, () => new Worker("for (const end = Date.now() + 20_000; Date.now() < end; );", { eval: true }));
  onTestFinished(async () => void (await Promise.all(workers.map((worker) => worker.terminate()))));
  await Promise.all(workers.map((worker) => once(worker, "online")));
  const warnings: string[] = [];
  const warned = ({ name }: Error): void => void warnings.push(name);
  process.on("warning", warned);
  onTestFinished(() => void process.off("warning", warned));
  await activityOf(workers.map(({ threadId }) => threadId));
  expect(warnings).toEqual([]);
});
