// Runs one program in this process: warms it up, puts it into a state, warms it up again, measures it.
import { pathToFileURL } from "node:url";

const { entry, patches, rolledBack, warmMs, betweenMs, sliceMs, slices } = JSON.parse(process.argv[2]);
process.removeAllListeners("warning").on("warning", () => {});
const { run } = await import(pathToFileURL(entry).href);
const expected = run();

warm(warmMs);
if (patches.length > 0) {
  const { apply, rollback } = await import("ts-hotfix");
  for (const patch of patches) {
    demand(await apply(patch), "applied");
    warm(betweenMs);
  }
  if (rolledBack) demand(await rollback({ to: "base" }), "rolled-back");
}
warm(warmMs);
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
console.log(JSON.stringify({ ns: best, machine, result: expected }));

function warm(ms) {
  for (const end = performance.now() + ms; performance.now() < end; ) check(run());
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

function demand(result, outcome) {
  if (result.outcome !== outcome) throw new Error(`not ${outcome}: ${JSON.stringify(result, undefined, 1)}`);
}
