// How long worker threads stand still at the barrier of an apply.
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const { entry, payload, threads, isBusy, applies } = isMainThread ? JSON.parse(process.argv[2]) : workerData;
const { turn } = await import(pathToFileURL(entry).href);

if (!isMainThread) {
  const WORK = 0.5; // milliseconds in one turn
  const work = () => {
    for (const end = performance.now() + WORK; performance.now() < end; ) turn(1);
    setImmediate(work);
  };
  if (isBusy) work();
  // as long as it is asked for, the thread stays
  parentPort.on("message", () => {});
  parentPort.postMessage("ready");
} else {
  process.removeAllListeners("warning").on("warning", () => {});
  const { apply, rollback } = await import("ts-hotfix");
  const { demand, percentile, variantsOf } = await import("./variants.mjs");
  const variant = variantsOf(payload);
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url), { workerData: { entry, isBusy } }));
  await Promise.all(workers.map((worker) => once(worker, "message")));
  const held = [];
  const times = [];
  for (let sequence = 1; sequence <= applies; sequence++) {
    const file = variant(sequence);
    const start = performance.now();
    const result = demand(await apply(file, { barrierTimeout: 30_000 }), "applied");
    times.push(performance.now() - start);
    if (result.threads.length !== threads) throw new Error("not all threads took part");
    held.push(result.cost.heldMs);
    if (sequence % 10 === 0) demand(await rollback({ barrierTimeout: 30_000 }), "rolled-back");
  }
  console.log(JSON.stringify({ p50: percentile(held, 50), p99: percentile(held, 99), max: Math.max(...held), time: percentile(times, 50) }));
  process.exit();
}
