/** A process of a replay: runs a job and sends its result to the parent. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { apply, rollback } from "../../src/runtime/index.ts";
import type { ApplyResult } from "../../src/runtime/result.ts";
import type { Tree } from "../stage.ts";
import { collecting, testFunctions } from "./api.ts";
import { DECORATOR_HELPERS } from "./decorators.ts";
import { loadAssertions, mockFunctions, typeOnly } from "./assertions.ts";
import { installHooks, lacking } from "./hooks.ts";
import { HostSources } from "./host.ts";
import type { Applied, Job, JobResult, Results, TestResult } from "./job.ts";
import { Keeper } from "./keep.ts";
import { Collector, failed } from "./suite.ts";

// Tests may leave promises behind that nobody waits for; runners tell them from failures of tests, too.
process.on("unhandledRejection", () => {});
process.on("disconnect", () => process.exit());
process.once("message", (job) => {
  void runJob(job as Job).then(
    (result) => send({ result }),
    (error: unknown) => send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

function send(message: object): void {
  process.send?.(message, undefined, {}, () => process.exit(0));
}

async function runJob(job: Job): Promise<JobResult> {
  const { api, base, fix, role } = job;
  const host = new HostSources(role === "control" ? fix : base, role === "live");
  const { expect, mocks } = await loadAssertions(api, host.tree.folder);
  const mocking = mockFunctions(mocks);
  const functions = { ...testFunctions(), expect, vi: mocking, vitest: mocking, jest: mocking, expectTypeOf: typeOnly, assertType: typeOnly, lacking };
  Object.assign(globalThis, functions, DECORATOR_HELPERS, { [Symbol.for("ts-hotfix.replay")]: functions });
  const { loaded, testSide, missing } = installHooks(host, fix, [base, fix], job.entry, Object.keys(functions));
  const told = (tree: Tree): Record<string, readonly string[]> => Object.fromEntries([...missing].flatMap(([file, names]) => (file.startsWith(tree.folder) ? [[file.slice(tree.folder.length + 1), names]] : [])));
  // What tests leave behind in a process (timers, fakes) is no difference: the live one has run tests before, too.
  if (role === "control") await runTests(job, base, "before", testSide);
  if (role === "control") return { before: {}, commit: await runTests(job, fix, "commit", testSide), after: {}, missing: told(fix), lost: [], iterators: {} };

  const before = await runTests(job, base, "before", testSide);
  const keeper = new Keeper();
  await keeper.keep(loaded);
  const applied = role === "live" && job.patch !== undefined ? await applyPatch(job.patch) : undefined;
  const lost = [...keeper.lost()];
  const commit = await runTests(job, fix, "commit", testSide);
  const iterators = keeper.resume();
  if (applied?.outcome === "applied") {
    // Tests have given exported variables new values.
    const patched = new Keeper();
    await patched.keep(loaded);
    const { outcome } = await rollback();
    if (outcome !== "rolled-back") lost.push(`rolling back: ${outcome}`);
    lost.push(...patched.lost().map((each) => `${each}, rolled back`));
  }
  const after = await runTests(job, base, "after", testSide);
  return { before, commit, after, missing: told(fix), lost, iterators, ...(applied === undefined ? {} : { applied }) };
}

async function applyPatch(file: string): Promise<Applied> {
  const result: ApplyResult = await apply(file);
  const detail = result.outcome === "failed" ? result.error.message : result.diagnostics.map((each) => `${each.code}: ${each.message}`).join("\n");
  return { outcome: result.outcome, codes: result.diagnostics.map((each) => each.code), detail };
}

/** @param run test files are loaded anew in each */
async function runTests({ api }: Job, tree: Tree, run: string, testSide: ReadonlySet<string>): Promise<Results> {
  const results: Record<string, TestResult> = {};
  const isTestSide = (url: string): boolean => testSide.has(url.replace(/\?.*$/, ""));
  const folder = process.cwd();
  process.chdir(tree.folder);
  for (const file of tree.tests) {
    const collector = new Collector(api, isTestSide);
    collecting.current = collector;
    try {
      await import(`${pathToFileURL(join(tree.folder, file)).href}?run=${run}`);
      if (api === "node") results[file] = { outcome: "pass" };
      else Object.assign(results, await collector.run(file));
    } catch (error) {
      // Known to judge.ts by this name.
      results[`${file} > loading`] = failed(error, isTestSide);
    } finally {
      collecting.current = undefined;
    }
  }
  process.chdir(folder);
  return results;
}
