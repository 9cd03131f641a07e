/** A program with worker threads, each with the same module and a way to ask it things. */
import { once } from "node:events";
import { Worker, type WorkerOptions } from "node:worker_threads";
import { onTestFinished } from "vitest";
import type { PatchPayload } from "../../../src/patch/payload.ts";
import { guarded, patchOf, SOURCES, World, type Exports } from "../world.ts";

export const KEY = "app:src/shop.ts";

/** A pair of functions that must agree. */
export const shop = {
  names: "left right",
  body: `export ${guarded("left", "", "return 'old';")}\nexport ${guarded("right", "", "return 'old';")}\nexport function both() { return left() + ' ' + right(); }`,
};

export function fix(sequence: number, extra = ""): PatchPayload {
  return patchOf({ [KEY]: { functions: `left right${extra === "" ? "" : " +extra@1"}`, code: `${guarded("left", "", `return '${sequence}';`)} ${guarded("right", "", `return '${sequence}';`)} ${extra}` } }, sequence);
}

export interface TestThread {
  readonly worker: Worker;
  /** Evaluates an expression in the thread; `shop` is the host module there. */
  evaluate(expression: string): Promise<unknown>;
}

export class Process {
  readonly world = new World();
  host!: Exports;

  static async start(): Promise<Process> {
    const process = new Process();
    process.host = await process.world.host("shop.mjs", shop);
    process.world.write("worker.mjs", `import { parentPort, workerData } from "node:worker_threads";
const hotfix = await import(${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)});
globalThis.spin = function spin(milliseconds) { const end = Date.now() + milliseconds; while (Date.now() < end); };
const shop = workerData?.late ? undefined : await import("./shop.mjs");
parentPort.on("message", async ({ id, expression }) => {
  try { parentPort.postMessage({ id, value: await eval(expression) }); } catch (error) { parentPort.postMessage({ id, error: String(error) }); }
});
parentPort.postMessage("ready");`);
    return process;
  }

  async thread(options: WorkerOptions = {}): Promise<TestThread> {
    const worker = new Worker(this.world.path("worker.mjs"), options);
    onTestFinished(async () => void (await worker.terminate()));
    await once(worker, "message");
    let asked = 0;
    return {
      worker,
      evaluate: (expression) =>
        new Promise((done, fail) => {
          const id = ++asked;
          const answer = (message: { id: number; value?: unknown; error?: string }): void => {
            if (message.id !== id) return;
            worker.off("message", answer);
            if (message.error === undefined) done(message.value);
            else fail(new Error(message.error));
          };
          worker.on("message", answer);
          worker.postMessage({ id, expression });
        }),
    };
  }
}

