/** `npm run test262`: the language's own conformance suite, plain and transformed. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listCases } from "./cases.ts";
import { runCases } from "./crew.ts";
import { NotPromised, readNotPromised } from "./not-promised.ts";
import { isEqual } from "./outcome.ts";
import { parseOptions, type Test262Options } from "./options.ts";
import { isClean, makeReport, renderReport } from "./report.ts";
import { Results, type Result } from "./results.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

await main(parseOptions(process.argv.slice(2)));

async function main(options: Test262Options): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "test262-"));
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.abort(signal));
  try {
    const list = listCases(checkSuite(options.suite), options.filter);
    if (list.cases.length + list.skipped.length === 0) throw new Error(`no test of ${options.suite} has a path like ${options.filter.join(", ") || "test/language/**.js"}`);
    const results = openResults(options);
    const settings = { suite: options.suite, form: options.form, patched: options.patched, lift: options.lift, scratch };
    const open = list.cases.filter(({ id }) => results.of(id) === undefined);
    const tell = progress(open.length);
    await runCases(open, settings, { jobs: options.jobs, timeout: options.timeout, signal: stopped.signal }, (result) => {
      results.add(result);
      tell();
    });
    // what differs under load alone is no difference
    const suspects = list.cases.filter(({ id }) => isSuspect(results.of(id)));
    await runCases(suspects, settings, { jobs: 1, timeout: options.timeout, signal: stopped.signal }, (result) => results.add(result));
    const known = list.cases.flatMap(({ id }) => results.of(id) ?? []);
    if (stopped.signal.aborted) return stop(stopped.signal.reason as NodeJS.Signals, `${known.length} of ${list.cases.length} runs are done`);
    const report = makeReport(list, known, new NotPromised(readNotPromised(), options.patched));
    process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
    process.exitCode = isClean(report) ? 0 : 2;
  } catch (error) {
    process.stderr.write(`test262: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function checkSuite(suite: string): string {
  if (!existsSync(join(suite, "harness", "assert.js"))) throw new Error(`${suite} is no checkout of test262: it has no harness/assert.js`);
  return suite;
}

function stop(signal: NodeJS.Signals, done: string): void {
  process.stderr.write(`test262: stopped; ${done}, --resume goes on\n`);
  process.exitCode = 128 + constants.signals[signal];
}

function isSuspect(result: Result | undefined): boolean {
  return result !== undefined && !("idle" in result) && ("broken" in result || !isEqual(result.plain, result.other));
}

/** Results belong to a state of both checkouts; a change that is not committed is the caller's own affair. */
function openResults({ suite, form, patched, lift, resume }: Test262Options): Results {
  const what = JSON.stringify({ suite: commitOf(suite), tool: commitOf(ROOT), node: process.version, form, patched, ...(lift ? { lift } : {}) });
  const results = new Results(`${ROOT}node_modules/.cache/ts-hotfix/test262-${form}${patched ? "-patched" : ""}${lift ? "-lift" : ""}.jsonl`, what, resume);
  if (resume && results.size === 0) process.stderr.write("test262: no run of the same kind was stopped in this state of the suite, this repository and Node.js; all tests are run\n");
  return results;
}

function commitOf(folder: string): string {
  try {
    return execFileSync("git", ["-C", folder, "rev-parse", "HEAD"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "none";
  }
}

/** On a terminal, one line that is written over. */
function progress(total: number): () => void {
  const start = performance.now();
  let done = 0;
  return () => {
    done++;
    if (process.stderr.isTTY && (done % 50 === 0 || done === total)) process.stderr.write(`\r${done}/${total} after ${Math.round((performance.now() - start) / 1000)} s${done === total ? "\n" : ""}`);
  };
}
