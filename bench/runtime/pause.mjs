// How long the event loop stands still while a patch is applied; beside it, in turn, as long a time in which none is.
import { pathToFileURL } from "node:url";
import { apply, rollback } from "ts-hotfix";
import { fillHeap, observeTurns } from "./turns.mjs";
import { demand, variantsOf } from "./variants.mjs";

const { entry, payload, heapMb, applies } = JSON.parse(process.argv[2]);
process.removeAllListeners("warning").on("warning", () => {});
const { turn, first } = await import(pathToFileURL(entry).href);
const variant = variantsOf(payload);
const heap = fillHeap(heapMb);
const observed = observeTurns(turn);
const windows = { applied: [], idle: [] };

const WARMING = 20;
const times = [];
for (let sequence = 1; sequence <= applies + WARMING; sequence++) {
  const file = variant(sequence);
  // the bytes were made in this very turn: what that left behind is not the patch's
  await new Promise((done) => setTimeout(done, 2));
  const counts = sequence > WARMING;
  const time = await observed.during(counts ? windows.applied : undefined, async () => demand(await apply(file), "applied"));
  if (first("player", 1) !== 500_000 + sequence) throw new Error("not patched");
  if (counts) times.push(time);
  await observed.during(counts ? windows.idle : undefined, () => new Promise((done) => setTimeout(done, time)));
  demand(await rollback(), "rolled-back");
}
console.log(JSON.stringify({ ...(await observed.figures(windows, times)), heap: heap.length }));
process.exit();
