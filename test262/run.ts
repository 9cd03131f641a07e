/** `npm run test262`: the language's own conformance suite, plain and transformed. */
import { execFileSync } from "node:child_process";
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
  try {
    const list = listCases(options.suite, options.filter);
    if (list.cases.length === 0) throw new Error(`no tests in ${options.suite}`);
    const results = openResults(options);
    const settings = { suite: options.suite, form: options.form, patched: options.patched };
    const open = list.cases.filter(({ id }) => results.of(id) === undefined);
    const tell = progress(open.length);
    await runCases(open, settings, options.jobs, options.timeout, (result) => {
      results.add(result);
      tell();
    });
    // what differs under load alone is no difference
    await runCases(list.cases.filter(({ id }) => isSuspect(results.of(id))), settings, 1, options.timeout, (result) => results.add(result));
    const report = makeReport(list, list.cases.flatMap(({ id }) => results.of(id) ?? []), new NotPromised(readNotPromised(), options.patched));
    process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
    process.exitCode = isClean(report) ? 0 : 2;
  } catch (error) {
    process.stderr.write(`test262: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function isSuspect(result: Result | undefined): boolean {
  return result !== undefined && !("idle" in result) && ("broken" in result || !isEqual(result.plain, result.other));
}

/** Results belong to a state of both checkouts; a change that is not committed is the caller's own affair. */
function openResults({ suite, form, patched, resume }: Test262Options): Results {
  const what = JSON.stringify({ suite: commitOf(suite), tool: commitOf(ROOT), node: process.version, form, patched });
  return new Results(`${ROOT}node_modules/.cache/ts-hotfix/test262-${form}${patched ? "-patched" : ""}.jsonl`, what, resume);
}

function commitOf(folder: string): string {
  try {
    return execFileSync("git", ["-C", folder, "rev-parse", "HEAD"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "none";
  }
}

function progress(total: number): () => void {
  const start = performance.now();
  let done = 0;
  return () => {
    done++;
    if (done % 500 === 0 || done === total) process.stderr.write(`${done}/${total} after ${Math.round((performance.now() - start) / 1000)} s\n`);
  };
}
