/** One commit: stage, build, run, judge. */
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { buildPatch, type BuildResult } from "../src/builder/index.ts";
import type { Job } from "./child/job.ts";
import { judge, type Judged, type Refusal, type Verdict } from "./judge.ts";
import type { ReplayOptions } from "./options.ts";
import { isFailure, runProcess } from "./process.ts";
import type { Commit } from "./repository.ts";
import type { Stage, Tree } from "./stage.ts";
import { changedAtRunTime, kindsTouched, newExports, type Touched } from "./touched.ts";
import { openTree, treeFiles } from "./tree.ts";

interface Trees {
  readonly base: Tree;
  readonly fix: Tree;
  readonly newExports: ReadonlySet<string>;
}

const ENTRIES: readonly string[] = ["src/index.ts", "src/index.tsx", "src/index.js", "index.ts", "index.js"];
const PLAIN: ReadonlySet<Touched> = new Set(["function", "constant"]);

export async function replayCommit(commit: Commit, { base, fix, remove }: Stage, options: ReplayOptions): Promise<Judged> {
  const verdict = (touched: readonly Touched[], result: Verdict): Judged => ({ commit: commit.hash, subject: commit.subject, touched, plain: touched.length > 0 && touched.every((each) => PLAIN.has(each)), result });
  try {
    if (base.sources.length === 0) return verdict([], { verdict: "untestable", reason: "the parent has no sources that match" });
    const changed = changedAtRunTime(base, fix);
    if (changed.length === 0) return verdict([], { verdict: "untestable", reason: "no change at run time: types, comments or formatting" });
    const project = openTree(base, fix.sources);
    const [error] = project.errors(treeFiles(base));
    const fixed = openTree(fix);
    const touched = kindsTouched(project, fixed, changed, base, fix);
    if (error) return verdict(touched, { verdict: "untestable", reason: `the parent cannot be transformed: ${error.code}: ${error.message}` });
    // Both trees use the packages that are installed beside the repository, whatever their lock files say.
    const built = buildPatch({ base: project.manifest(treeFiles(base)), source: fix.folder, acceptLockfile: true, ...(options.acceptLive ? { acceptLive: true } : {}), ...(options.acceptComputed ? { acceptComputed: true } : {}) });
    if (built.outcome === "failed") return verdict(touched, { verdict: "untestable", reason: `the commit does not parse: ${built.errors[0]?.message}` });
    if (built.outcome === "refused") return verdict(touched, { verdict: "refused", by: "builder", refusals: refusalsOf(built, fix.folder) });
    return verdict(touched, await runAndJudge({ base, fix, newExports: newExports(project, fixed, changed, base, fix) }, built, options));
  } catch (error) {
    return verdict([], { verdict: "wrong", differences: [`the builder broke down: ${error instanceof Error ? error.stack : String(error)}`] });
  } finally {
    if (!options.keep) remove();
  }
}

/** A difference counts that shows in every attempt: tests wait for timers and draw random numbers. */
async function runAndJudge(trees: Trees, built: BuildResult, options: ReplayOptions): Promise<Verdict> {
  let verdict = await attempt(trees, built, options);
  for (let more = 1; more < options.attempts && verdict.verdict === "wrong"; more++) {
    const again = await attempt(trees, built, options);
    if (again.verdict !== "wrong") return again;
    const still = new Set(again.differences.map(withoutDetail));
    const both = verdict.differences.filter((each) => still.has(withoutDetail(each)));
    verdict = both.length > 0 ? { verdict: "wrong", differences: both } : again;
  }
  return verdict;
}

function withoutDetail(difference: string): string {
  return difference.replaceAll(/\([^)]*\)/g, "");
}

async function attempt({ base, fix, newExports: added }: Trees, built: BuildResult, { test, entry, timeout }: ReplayOptions): Promise<Verdict> {
  const file = join(fix.folder, "..", "replay.hotfix");
  if (built.outcome === "built") writeFileSync(file, built.bytes);
  const run = async (role: Job["role"]): ReturnType<typeof runProcess> =>
    await runProcess({ role, base, fix, api: test.api, entry: entry ?? ENTRIES.find((each) => base.sources.includes(each)), ...(role === "live" && built.outcome === "built" ? { patch: file } : {}) }, timeout);
  const control = await run("control");
  if (isFailure(control)) return { verdict: "untestable", reason: `the commit's tests do not run here: ${control.failure}` };
  const [plain, live] = await Promise.all([run("base"), run("live")]);
  if (isFailure(plain)) return { verdict: "untestable", reason: `the parent's tests do not run here: ${plain.failure}` };
  if (isFailure(live)) return { verdict: "wrong", differences: [`the patched process: ${live.failure}`] };
  return judge({ control, base: plain, live }, built.outcome === "built", added);
}

function refusalsOf(built: Extract<BuildResult, { outcome: "refused" }>, folder: string): readonly Refusal[] {
  return built.refusals.map(({ code, message, place }) => ({ code, message, ...(place ? { place: `${relative(folder, place.file)}:${place.line}` } : {}) }));
}
