// How long the event loop stands still while a patch is applied; beside it, in turn, as long a time in which none is.
import { PerformanceObserver } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { apply, rollback } from "ts-hotfix";
import { demand, percentile, variantsOf } from "./variants.mjs";

const { entry, payload, heapMb, applies } = JSON.parse(process.argv[2]);
process.removeAllListeners("warning").on("warning", () => {});
const { turn, first } = await import(pathToFileURL(entry).href);
const variant = variantsOf(payload);

// what lives on the heap: small objects that point to each other, as a server's state does
const heap = [];
while (process.memoryUsage().heapUsed < heapMb * 2 ** 20) {
  for (let i = 0; i < 2000; i++) heap.push({ id: i, name: `player ${i}`, items: [i, i + 1], next: heap[heap.length - 1 - (i % 50)] });
}

const collections = [];
new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({ entryTypes: ["gc"] });

// the server: turns of the event loop without a pause, each with a little work
let longest = 0;
let last = performance.now();
let turns = 0;
// what the thread itself worked between two turns: on a machine that is not quiet the rest is other programs' time
const cpu = () => {
  if (process.threadCpuUsage === undefined) return NaN;
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
let longestWork = 0;
let lastCpu = cpu();
const server = () => {
  const now = performance.now();
  if (now - last > longest) longest = now - last;
  const work = cpu();
  if (work - lastCpu > longestWork) longestWork = work - lastCpu;
  lastCpu = work;
  last = now;
  if (turn(turns++).size === 0) throw new Error("unreachable");
  setImmediate(server);
};
setImmediate(server);

const windows = { applied: [], idle: [] };
const observe = async (list, operation) => {
  await new Promise((done) => setImmediate(done));
  longest = longestWork = 0;
  lastCpu = cpu();
  const start = (last = performance.now());
  await operation();
  for (let i = 0; i < 3; i++) await new Promise((done) => setImmediate(done));
  list?.push({ start, end: performance.now(), longest, longestWork });
  return performance.now() - start;
};

const WARMING = 20;
const times = [];
for (let sequence = 1; sequence <= applies + WARMING; sequence++) {
  const file = variant(sequence);
  // the bytes were made in this very turn: what that left behind is not the patch's
  await new Promise((done) => setTimeout(done, 2));
  const counts = sequence > WARMING;
  const time = await observe(counts ? windows.applied : undefined, async () => demand(await apply(file), "applied"));
  if (first("player", 1) !== 500_000 + sequence) throw new Error("not patched");
  if (counts) times.push(time);
  await observe(counts ? windows.idle : undefined, () => new Promise((done) => setTimeout(done, time)));
  demand(await rollback(), "rolled-back");
}
await new Promise((done) => setTimeout(done, 50));

const collected = (list) => list.map(({ start, end }) => Math.max(0, ...collections.filter((each) => each.startTime < end && each.startTime + each.duration > start).map(({ duration }) => duration)));
const figures = (values) => ({ p50: percentile(values, 50), p99: percentile(values, 99) });
console.log(JSON.stringify({
  pause: figures(windows.applied.map((each) => each.longest)),
  idle: figures(windows.idle.map((each) => each.longest)),
  work: figures(windows.applied.map((each) => each.longestWork)),
  idleWork: figures(windows.idle.map((each) => each.longestWork)),
  gc: figures(collected(windows.applied)),
  idleGc: figures(collected(windows.idle)),
  time: figures(times),
  heap: heap.length,
}));
process.exit();
