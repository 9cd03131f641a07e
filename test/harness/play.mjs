// Loads a built fixture, calls its main() unpatched, patched and rolled back, and prints what each phase printed.
import { createRequire } from "node:module";
import { format } from "node:util";

const [, , entry, patch] = process.argv;
const phases = { unpatched: [], patched: [], rolledBack: [] };
let current = phases.unpatched;
console.log = (...values) => current.push(format(...values));

const require = createRequire(entry);
const loaded = entry.endsWith(".cjs") ? require(entry) : await import(entry);
const program = typeof loaded.main === "function" ? loaded : loaded.default;
await program.main?.();
if (patch) {
  const hotfix = await import("ts-hotfix");
  current = phases.patched;
  await demand(hotfix.apply(patch), "applied");
  await program.main?.();
  current = phases.rolledBack;
  await demand(hotfix.rollback(), "rolled-back");
  await program.main?.();
}
process.stdout.write(`\n${JSON.stringify(phases)}\n`);

async function demand(operation, outcome) {
  const result = await operation;
  if (result.outcome !== outcome) throw new Error(`not ${outcome}: ${JSON.stringify(result, undefined, 1)}`);
}
