// Runs programs' main() unpatched, patched and rolled back, or patched from the start; prints what each round of each program traced.
import { createRequire } from "node:module";
import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";

const [, , work, report] = process.argv;
const { entries, patch, early, runtime } = JSON.parse(readFileSync(work, "utf8"));
if (early) await applyPatch();
const mains = [];
for (const entry of entries) mains.push(await load(entry).catch((error) => [`not loaded: ${error}`]));
const rounds = [await play()];
if (patch === undefined || early) rounds.push(await play(), await play());
else {
  const hotfix = await applyPatch();
  rounds.push(await play());
  await demand(hotfix.rollback(), "rolled-back");
  rounds.push(await play());
}
writeFileSync(report, JSON.stringify(rounds));

async function applyPatch() {
  const hotfix = await import(runtime);
  await demand(hotfix.apply(JSON.parse(readFileSync(patch, "utf8"))), "applied");
  return hotfix;
}

async function load(entry) {
  // CommonJS by require(): what import() makes of it depends on what Node.js guesses of its exports
  return entry.format === "esm" ? (await import(join(entry.file))).main : createRequire(entry.file)(entry.file).main;
}

async function play() {
  const traces = [];
  for (const main of mains) traces.push(typeof main === "function" ? await main().catch((error) => [`failed: ${error}`]) : [String(main)]);
  return traces;
}

async function demand(operation, outcome) {
  const result = await operation;
  if (result.outcome !== outcome) throw new Error(`not ${outcome}: ${JSON.stringify(result, undefined, 1)}`);
}
