// Runs one program in this process: warms it up and measures it, in one state after the other.
import { pathToFileURL } from "node:url";

// A step: patches to apply (files; "" for the program that has none, which runs as long), whether to roll back, then measuring.
const { entry, steps, warmMs, betweenMs, sliceMs, slices } = JSON.parse(process.argv[2]);
process.removeAllListeners("warning").on("warning", () => {});
const { run } = await import(pathToFileURL(entry).href);
const expected = run();
const measured = [];

for (const { patches, rollBack } of steps) {
  for (const patch of patches) {
    if (patch !== "") await change("applied", ({ apply }) => apply(patch));
    warm(betweenMs);
  }
  if (rollBack) await change("rolled-back", ({ rollback }) => rollback({ to: "base" }));
  warm(warmMs);
  measured.push(measure());
}
console.log(JSON.stringify({ measured, result: expected }));

async function change(outcome, operation) {
  const result = await operation(await import("ts-hotfix"));
  if (result.outcome !== outcome) throw new Error(`not ${outcome}: ${JSON.stringify(result, undefined, 1)}`);
}

function warm(ms) {
  for (const end = performance.now() + ms; performance.now() < end; ) check(run());
}

function measure() {
  const begin = performance.now();
  run();
  const count = Math.max(1, Math.round(sliceMs / (performance.now() - begin)));
  let best = Infinity;
  let machine = spin();
  for (let slice = 0; slice < slices; slice++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) check(run());
    best = Math.min(best, Number(process.hrtime.bigint() - start) / count);
    machine = Math.min(machine, spin());
  }
  return { ns: best, machine };
}

function check(value) {
  if (value !== expected) throw new Error(`${value}, and ${expected} before`);
}

/** What a fixed piece of work takes on the machine as it is now. */
function spin() {
  let quickest = Infinity;
  for (let attempt = 0; attempt < 4; attempt++) {
    const start = process.hrtime.bigint();
    const objects = [];
    for (let i = 0; i < 20_000; i++) objects.push({ x: i, y: (i * 31) & 1023 });
    if (objects.reduce((sum, { x, y }) => (sum + x * y) & 0xfffff, 0) < 0) throw new Error("unreachable");
    quickest = Math.min(quickest, Number(process.hrtime.bigint() - start));
  }
  return quickest;
}
