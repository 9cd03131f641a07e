/** `npm run suite`: a package's own tests, plain and transformed, test by test. */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareRuns, type RunOfBoth } from "./compare.ts";
import { parseOptions, type SuiteOptions } from "./options.ts";
import { recompileAll, type Recompiled } from "./recompile.ts";
import type { PatchPayload } from "../src/patch/payload.ts";
import { printReport, say } from "./report.ts";
import { runTests, type Run } from "./run-tests.ts";
import { makeStage, type SuiteStage } from "./stage.ts";
import { transformCopy, type TransformedCopy } from "./transform.ts";

/** Runs of both copies beyond the first, while tests differ: what differs under load alone is no difference. */
const REPEATS = 2;

await main(parseOptions(process.argv.slice(2)));

async function main(options: SuiteOptions): Promise<void> {
  const stage = makeStage(options.folder);
  try {
    const untouched = stage.copy("plain");
    const plain = await runAll("plain", untouched, stage, options, {});
    // where nothing passes, nothing could differ
    if (!plain.some((run) => [...run.outcomes.values()].some(({ outcome }) => outcome === "passed"))) throw new Error(`no test passes in the untouched copy\n${plain[0]?.output ?? ""}`);
    const folder = stage.copy("transformed");
    const copy = await transformCopy(folder, options);
    // from the plain copy: its sources are what the author wrote
    const recompiled = options.patched ? recompileAll({ manifest: copy.manifest, source: untouched, globals: options.global }) : undefined;
    const env = setUp(stage, copy, recompiled, options.init);
    const first = await runAll("transformed", folder, stage, options, env);
    const again: RunOfBoth[] = [];
    while (again.length < REPEATS && compareRuns(plain, first, again).differ.length > 0) {
      const round = options.runs + again.length + 1;
      again.push({ plain: await runOnce("plain", round, untouched, stage, options, {}), transformed: await runOnce("transformed", round, folder, stage, options, env) });
    }
    const comparison = compareRuns(plain, first, again);
    const transformed = [...first, ...again.map((run) => run.transformed)];
    printReport({ options, copy, recompiled, plain, transformed, comparison });
    // a function that kept its own code has shown nothing
    const broken = transformed.some((run) => run.broken.length > 0 || run.notes.has("unpatched"));
    process.exitCode = broken || comparison.total === 0 ? 1 : comparison.differ.length > 0 ? 2 : 0;
  } catch (error) {
    say(`suite: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    if (options.keep) say(`kept: ${stage.scratch}`);
    else stage.remove();
  }
}

async function runAll(name: string, folder: string, stage: SuiteStage, options: SuiteOptions, env: Readonly<Record<string, string>>): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (let round = 1; round <= options.runs; round++) runs.push(await runOnce(name, round, folder, stage, options, env));
  return runs;
}

async function runOnce(name: string, round: number, folder: string, stage: SuiteStage, options: SuiteOptions, env: Readonly<Record<string, string>>): Promise<Run> {
  const notes = join(stage.scratch, `${name}-${round}`);
  mkdirSync(notes);
  if (env["TS_HOTFIX_SUITE"] !== undefined) copyPlan(env["TS_HOTFIX_SUITE"], notes);
  const own = env["TS_HOTFIX_SUITE"] === undefined ? env : { ...env, TS_HOTFIX_SUITE: notes };
  const run = await runTests({ folder, command: options.test, notes, env: own, timeout: options.timeout });
  say(`${name}: ${run.outcomes.size} tests, ended with ${run.ended}`);
  return run;
}

/** What the processes of the tests read, and how they come to. */
function setUp({ scratch }: SuiteStage, { slots }: TransformedCopy, recompiled: Recompiled | undefined, init: SuiteOptions["init"]): Readonly<Record<string, string>> {
  const plan = join(scratch, "plan");
  mkdirSync(plan);
  const payload = recompiled?.payload;
  const patched = recompiled && Object.fromEntries((payload?.modules ?? []).map(({ key, functions }) => [key, functions.filter(({ origin }) => origin === "replaced").map(({ slot }) => slot)]));
  writeFileSync(join(plan, "plan.json"), JSON.stringify({ slots, patched: patched ?? null, explicit: init === "explicit" }));
  if (payload !== undefined) writeFileSync(join(plan, "patch.json"), JSON.stringify(withCounters(payload)));
  return { TS_HOTFIX_SUITE: plan, NODE_OPTIONS: `--import=${new URL("child/preload.mjs", import.meta.url).href}` };
}

// (function ($t, $s) { "use strict"; … --> (function ($t, $s) { "use strict"; process[…]($t, "app:src/a.ts"); …
/** Copies in one patch call each other past the host's guards, by the guards on the patch's own table. */
function withCounters(payload: PatchPayload): PatchPayload {
  return { ...payload, modules: payload.modules.map((module) => ({ ...module, code: module.code.replace(/^\(function \(([^,\s]+), [^)]*\) \{(?: "use strict";)?/, (head, table: string) => `${head} process[Symbol.for("ts-hotfix/suite")]?.(${table}, ${JSON.stringify(module.key)});`) })) };
}

function copyPlan(plan: string, notes: string): void {
  for (const file of readdirSync(plan)) copyFileSync(join(plan, file), join(notes, file));
}
