/** Threads that end in every way: nobody waits for them, and nothing of them stays. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { codes, faults, hotfix, type World } from "../world.ts";
import { fix, Process } from "./process.ts";

const { apply, rollback, status } = hotfix;

/** A thread that starts another one, which has the host module; both wait. */
async function family(world: World): Promise<Worker> {
  world.write("inner.mjs", 'import { parentPort } from "node:worker_threads"; await import("./shop.mjs"); parentPort.postMessage("up"); setInterval(() => {}, 1000);');
  world.write("outer.mjs", `import { parentPort, Worker } from "node:worker_threads";
await import("./shop.mjs");
const inner = new Worker(new URL("inner.mjs", import.meta.url));
inner.on("message", (message) => parentPort.postMessage(message));
inner.on("exit", () => parentPort.postMessage("down"));
parentPort.on("message", () => inner.terminate());`);
  const outer = new Worker(world.path("outer.mjs"));
  await once(outer, "message");
  return outer;
}

test("a thread of a thread is terminated: it is not waited for", async () => {
  const { world } = await Process.start();
  const outer = await family(world);
  expect(await apply(fix(1), { barrierTimeout: 20_000 })).toMatchObject({ outcome: "applied", threads: [{}, {}] });
  outer.postMessage("end it");
  await once(outer, "message");
  await expect.poll(() => status().threads.length).toBe(1);
  expect(await apply(fix(2), { barrierTimeout: 20_000 })).toMatchObject({ outcome: "applied", threads: [{}] });
  await outer.terminate();
});

test("a thread is terminated with its threads: those are not waited for longer than once", async () => {
  const { world } = await Process.start();
  const outer = await family(world);
  expect(status().threads).toHaveLength(2);
  await outer.terminate();
  expect(await apply(fix(1), { barrierTimeout: 500 })).toMatchObject({ outcome: "applied", threads: [] });
  expect(status().threads).toEqual([]);
});

test("modules come too fast for a patch: it says so, and nothing is changed (HF3080)", async () => {
  const process = await Process.start();
  const thread = await process.thread();
  // whenever the other thread stands still, a module comes to this one
  let more = 0;
  const runtime = (globalThis as any)[Symbol.for("ts-hotfix/runtime/1")];
  const come = (): unknown => runtime.register(`app:src/more${more++}.ts`, "fp", {}, () => ({}));
  faults.hook = (point) => void (point === "threads:step" && come());
  const result = await apply(fix(1), { barrierTimeout: 2000 });
  faults.hook = undefined;
  expect([result.outcome, ...codes(result)]).toEqual(["refused", "HF3080"]);
  expect([process.host["both"](), await thread.evaluate("shop.both()")]).toEqual(["old old", "old old"]);
  expect(await apply(fix(2), { barrierTimeout: 20_000 })).toMatchObject({ outcome: "applied" });
});

test("threads come and go, by themselves and terminated: nothing of them stays", { timeout: 120_000 }, async () => {
  const { world } = await Process.start();
  world.write("short.mjs", 'import { parentPort, workerData } from "node:worker_threads"; const { both } = await import("./shop.mjs"); parentPort.postMessage(both()); if (workerData) setInterval(() => {}, 1000);');
  await apply(fix(1));
  const seen = new Set<unknown>();
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 6 }, async (_, index) => {
      const worker = new Worker(world.path("short.mjs"), { workerData: index % 2 === 0 });
      const ended = once(worker, "exit");
      seen.add((await once(worker, "message"))[0]);
      if (index % 2 === 0) await worker.terminate();
      await ended;
    }));
    expect((await (round % 2 === 0 ? apply(fix(round + 2), { barrierTimeout: 20_000 }) : rollback({ to: "previous" }))).threads).toEqual([]);
  }
  expect(status().threads).toEqual([]);
  expect([...seen].every((pair) => /^(\d+) \1$/.test(String(pair)))).toBe(true);
  expect(process.listenerCount("worker")).toBe(1);
});
