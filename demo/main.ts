/** `npm run demo`: a server built with each tool, fixed under traffic and rolled back. */
import { parseArgs } from "node:util";
import picocolors from "picocolors";
import { isAsClaimed, play, type Run } from "./scenario.ts";

const HELP = `Builds a small server with tspc and with Rollup, puts traffic on it, fixes a bug in it live and rolls back.

Usage: npm run demo [-- --json]

  --json   print one object: {"ok": bool, "runs": [{"build", "requests", "failed", "sessionsBefore", "sessionsAfter",
           "initRuns", "before", "after", "rolledBack", "patchBytes", "applyMs", "pauseMs"}]}
  --help   this text

Exit code 1 if anything is not as claimed.`;

export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { json: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const json = values.json === true;
  const runs: Run[] = [];
  for (const tool of ["tspc", "rollup"] as const) {
    if (!json) console.log(picocolors.bold(`\n${tool}`));
    runs.push(await play(tool, (step) => void (json || console.log(`  ${step}`))));
  }
  const ok = runs.every(isAsClaimed);
  console.log(json ? JSON.stringify({ ok, runs }) : `\n${renderTable(runs)}\n\n${verdict(ok)}`);
  process.exitCode = ok ? 0 : 1;
}

function verdict(ok: boolean): string {
  return ok ? picocolors.green("Fixed live in both builds: no request failed, no session was lost.") : picocolors.red("Not as claimed, see the table.");
}

const ROWS: readonly (readonly [string, (run: Run) => string])[] = [
  ["requests served", (run) => String(run.requests)],
  ["requests failed", (run) => String(run.failed)],
  ["sessions before, after", (run) => `${run.sessionsBefore}, ${run.sessionsAfter}`],
  ["times init ran", (run) => String(run.initRuns)],
  ["size of the patch", (run) => `${run.patchBytes} bytes`],
  ["time to apply", (run) => `${run.applyMs} ms`],
  ["longest pause meanwhile", (run) => `${run.pauseMs} ms`],
];

function renderTable(runs: readonly Run[]): string {
  const lines = [["", ...runs.map((run) => run.build)], ...ROWS.map(([label, show]) => [label, ...runs.map(show)])];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines.map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 3))).join("")).join("\n");
}
