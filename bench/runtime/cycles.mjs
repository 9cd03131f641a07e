// What thousands of different patches, each applied and rolled back, leave on the heap. Needs --expose-gc.
import { pathToFileURL } from "node:url";
import { apply, rollback } from "ts-hotfix";
import { demand, variantsOf } from "./variants.mjs";

const { entry, payload, cycles } = JSON.parse(process.argv[2]);
process.removeAllListeners("warning").on("warning", () => {});
const { first } = await import(pathToFileURL(entry).href);
const variant = variantsOf(payload);

const WARMING = 200;
let sequence = 0;
const cycle = async () => {
  demand(await apply(variant(++sequence)), "applied");
  if (first("player", 1) !== 500_000 + sequence) throw new Error("not patched");
  demand(await rollback(), "rolled-back");
  // what is weakly held stays for a turn of the event loop
  await new Promise((done) => setImmediate(done));
};
const settled = async () => {
  for (let i = 0; i < 6; i++) {
    globalThis.gc();
    await new Promise((done) => setTimeout(done, 20));
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heapUsed, rss };
};
for (let i = 0; i < WARMING; i++) await cycle();
const before = await settled();
const start = performance.now();
for (let i = 0; i < cycles; i++) await cycle();
const time = (performance.now() - start) / cycles;
const after = await settled();
console.log(JSON.stringify({ heap: (after.heapUsed - before.heapUsed) / 2 ** 20, rss: (after.rss - before.rss) / 2 ** 20, time }));
process.exit();
