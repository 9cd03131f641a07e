// Runs one loop of a built program in this process: warms it up, puts it into a state, measures it, prints the result.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { entry, run, size, patches, rolledBack, warmMs, betweenMs, sliceMs, slices } = JSON.parse(process.argv[2]);
const program = entry.includes("cjs") ? createRequire(import.meta.url)(entry) : await import(pathToFileURL(entry).href);
const loop = program[run];
let sink;

// Called from a place that has seen many functions, as a server's dispatcher has, V8 does not inline the loop there.
const targets = [loop, (n) => n, (n) => n + 1, (n) => n + 2, (n) => n + 3, (n) => n + 4];
for (let i = 0; i < 6000; i++) dispatch(1 + (i % 5), i);
// so that it is optimised for good before its result counts
for (let i = 0; i < 30; i++) spin();
await warm(warmMs);
if (patches.length > 0) {
  const { apply, rollback } = await import("ts-hotfix");
  for (const patch of patches) {
    await demand(apply(patch), "applied");
    await warm(betweenMs);
  }
  if (rolledBack) await demand(rollback(), "rolled-back");
  // the optimising compiler takes its time again
  await warm(warmMs);
}
const calls = await calibrate();
let best = Infinity;
let machine = spin();
for (let slice = 0; slice < slices; slice++) {
  best = Math.min(best, await time(calls));
  machine = Math.min(machine, spin());
}
console.log(JSON.stringify({ ns: best / calls / size, machine, result: await loop(size), sink: typeof sink }));

/** What the same work takes on the machine as it is now, in nanoseconds: shows a slow moment for what it is. */
function spin() {
  let quickest = Infinity;
  for (let attempt = 0; attempt < 4; attempt++) {
    const start = process.hrtime.bigint();
    const objects = [];
    for (let i = 0; i < 20_000; i++) objects.push({ x: i, y: (i * 31) & 1023 });
    sink = objects.reduce((sum, { x, y }) => (sum + x * y) & 0xfffff, 0);
    quickest = Math.min(quickest, Number(process.hrtime.bigint() - start));
  }
  return quickest;
}

function dispatch(index, n) {
  return targets[index](n);
}

async function burst(count) {
  if (run === "awaitLoop") for (let i = 0; i < count; i++) sink = await dispatch(0, size);
  else for (let i = 0; i < count; i++) sink = dispatch(0, size);
}

/** Nanoseconds that so many calls of the loop take. */
async function time(count) {
  const start = process.hrtime.bigint();
  await burst(count);
  return Number(process.hrtime.bigint() - start);
}

async function warm(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end) await burst(Math.ceil(20_000 / size));
}

/** How often the loop is called in one slice. */
async function calibrate() {
  for (let count = 1; ; count *= 2) {
    const ms = (await time(count)) / 1e6;
    if (ms >= sliceMs / 4) return Math.max(1, Math.round((count * sliceMs) / ms));
  }
}

async function demand(operation, outcome) {
  const result = await operation;
  if (result.outcome !== outcome) throw new Error(`not ${outcome}: ${JSON.stringify(result, undefined, 1)}`);
}
