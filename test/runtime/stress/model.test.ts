/** Random lives of a process: whatever is done in whatever order, the runtime is as the model of it says. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hotfix, World, SOURCES, type Exports } from "../world.ts";
import { hostText, stepsOf, type Real } from "./commands.ts";
import { familyOf, Model } from "./model.ts";
import type { TestThread } from "../threads/process.ts";

const INDEX = JSON.stringify(new URL("runtime/index.ts", SOURCES).href);

async function lives(counts: boolean, threads: number, numRuns: number, maxCommands: number): Promise<void> {
  const steps = stepsOf(familyOf(counts), threads);
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands, size: "max" }), async (commands) => {
      const world = new World();
      const real: Real = { world, counts, modules: new Map<string, Exports>(), threads: [], start: () => start(world) };
      world.writeHost("one.mjs", hostText("one"));
      hotfix.status(); // makes the runtime
      try {
        await fc.asyncModelRun(() => ({ model: new Model(), real }), commands);
      } finally {
        for (const { worker } of real.threads) await worker.terminate();
      }
    }),
    { numRuns, endOnFailure: threads > 0 },
  );
}

async function start(world: World): Promise<TestThread> {
  world.write("worker.mjs", `import { parentPort } from "node:worker_threads"; import * as one from "./one.mjs"; import * as hotfix from ${INDEX};
parentPort.on("message", (expression) => parentPort.postMessage({ value: eval(expression), hotfix: hotfix.status().state, one: typeof one }));
parentPort.postMessage("ready");`);
  const worker = new Worker(world.path("worker.mjs"));
  await once(worker, "message");
  const evaluate = async (expression: string): Promise<unknown> => {
    worker.postMessage(expression);
    const [{ value }] = (await once(worker, "message")) as [{ value: unknown }];
    return value;
  };
  return { worker, evaluate };
}

test("patches, rollbacks, two phases, faults and modules that come, in any order", { timeout: 120_000 }, async () => {
  await lives(true, 0, 100, 40);
});

test("the same with threads that come and go", { timeout: 240_000 }, async () => {
  await lives(false, 2, 6, 25);
  expect(process.listenerCount("worker")).toBe(1);
});
