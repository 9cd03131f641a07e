/** Verdicts: the outcomes of tests in the patched process against those in fresh ones. */
import { type JobResult, NEW_EXPORT, type Results, type TestResult } from "./child/job.ts";
import type { Touched } from "./touched.ts";

export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** `src/shop.ts:12` */
  readonly place?: string;
}

export type Verdict =
  | {
      readonly verdict: "fixed";
      /** Tests of the commit that end otherwise without the patch. */
      readonly proving: number;
      readonly compared: number;
      /** Tests that use new exports, which a running program has no use for. */
      readonly unreachable: number;
    }
  | { readonly verdict: "refused"; readonly by: "builder" | "runtime"; readonly refusals: readonly Refusal[] }
  | { readonly verdict: "wrong"; readonly differences: readonly string[] }
  | { readonly verdict: "untestable"; readonly reason: string };

export interface Judged {
  readonly commit: string;
  readonly subject: string;
  readonly touched: readonly Touched[];
  /** Only functions and constants with literal values changed. */
  readonly plain: boolean;
  readonly result: Verdict;
}

/** The three processes of a commit. */
export interface Runs {
  readonly control: JobResult;
  readonly base: JobResult;
  readonly live: JobResult;
}

/**
 * @param patched whether there was a patch to apply
 * @param newExports names that the commit adds to what modules of the parent export
 */
export function judge({ control, base, live }: Runs, patched: boolean, newExports: ReadonlySet<string>): Verdict {
  if (live.applied && live.applied.outcome === "refused") {
    return { verdict: "refused", by: "runtime", refusals: [{ code: live.applied.codes[0] ?? "none", message: live.applied.detail }] };
  }
  if (live.applied && live.applied.outcome !== "applied") return { verdict: "wrong", differences: [`applying: ${live.applied.outcome}: ${live.applied.detail}`] };
  if (!Object.values(control.commit).some((each) => each.outcome === "pass")) {
    return { verdict: "untestable", reason: `the commit's tests do not run here: ${Object.values(control.commit).find((each) => each.error !== undefined)?.error ?? "there are none"}` };
  }
  const unreachable = new Set(differing(live.commit, control.commit).filter((id) => fileOf(id) in live.missing || [live.commit[id], live.commit[`${fileOf(id)} > loading`]].some((each) => usesNewExport(each, newExports))));
  const proving = differing(base.commit, control.commit);
  const differences = [
    ...describe("the parent's tests, transformed", live.before, base.before),
    ...live.lost,
    ...describe("the commit's tests", live.commit, control.commit, unreachable),
    ...describe("the parent's tests, rolled back", live.after, base.after),
    ...Object.entries(live.iterators).flatMap(([name, told]) => (base.iterators[name] === told ? [] : [`iterator of ${name}: ${told}, without a patch ${base.iterators[name]}`])),
  ];
  if (differences.length > 0) return { verdict: "wrong", differences };
  const names = [...new Set([...Object.values(live.missing).flat(), ...[...unreachable].flatMap((id) => newNameIn(live.commit[id]) ?? [])])].join(", ");
  if (!patched) return { verdict: "untestable", reason: unreachable.size > 0 ? `it adds exports (${names}) and changes nothing that runs` : "it changes nothing that runs in the host" };
  if (proving.length > 0 && proving.every((id) => unreachable.has(id))) return { verdict: "untestable", reason: `the tests that show the fix use new exports: ${names}` };
  return { verdict: "fixed", proving: proving.length - unreachable.size, compared: Object.keys(control.commit).length - unreachable.size, unreachable: unreachable.size };
}

/** A test that takes a new export from a namespace of the host, or that itself calls one. */
function usesNewExport(result: TestResult | undefined, newExports: ReadonlySet<string>): boolean {
  if (result?.error?.endsWith(NEW_EXPORT) === true) return true;
  const name = newNameIn(result);
  return name !== undefined && newExports.has(name);
}

function newNameIn(result: TestResult | undefined): string | undefined {
  const error = result?.error ?? "";
  if (error.endsWith(NEW_EXPORT)) return error.split(" ", 1)[0];
  return result?.ownError === true ? /(?:^|\.)([\w$]+) is not (?:a function|a constructor|iterable)/.exec(error)?.[1] : undefined;
}

function differing(one: Results, other: Results): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((id) => one[id]?.outcome !== other[id]?.outcome);
}

function describe(what: string, found: Results, expected: Results, except: ReadonlySet<string> = new Set()): readonly string[] {
  return differing(found, expected).flatMap((id) => {
    if (except.has(id)) return [];
    const told = (results: Results): string => `${results[id]?.outcome ?? "absent"}${results[id]?.error === undefined ? "" : ` (${results[id]?.error})`}`;
    return [`${what}: ${id}: ${told(found)}, expected ${told(expected)}`];
  });
}

function fileOf(id: string): string {
  return id.split(" > ", 1)[0] ?? id;
}
