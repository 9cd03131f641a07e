/** Test by test: how it ended plain and transformed. */
import type { Outcome, TestOutcome } from "./outcomes.ts";
import type { Run } from "./run-tests.ts";

export interface Difference {
  readonly test: string;
  readonly plain: Outcome;
  readonly transformed: Outcome;
  readonly error: string | undefined;
}

export interface Comparison {
  readonly total: number;
  readonly equal: number;
  readonly differ: readonly Difference[];
  /** Tests that end differently from run to run of the untouched copy. */
  readonly unstable: readonly string[];
}

/** A test differs if any run of the transformed copy ends otherwise than all of the untouched one. */
export function compareRuns(plain: readonly Run[], transformed: readonly Run[]): Comparison {
  const tests = [...new Set([...plain, ...transformed].flatMap((run) => [...run.outcomes.keys()]))];
  const unstable: string[] = [];
  const differ: Difference[] = [];
  for (const test of tests) {
    const [before, after] = [endsOf(plain, test), endsOf(transformed, test)];
    if (new Set(before.map(({ outcome }) => outcome)).size > 1) {
      unstable.push(test);
      continue;
    }
    const expected = before[0]?.outcome ?? "missing";
    const other = after.find(({ outcome }) => outcome !== expected);
    if (other !== undefined) differ.push({ test, plain: expected, transformed: other.outcome, error: other.error ?? before[0]?.error });
  }
  return { total: tests.length, equal: tests.length - differ.length - unstable.length, differ, unstable };
}

function endsOf(runs: readonly Run[], test: string): readonly TestOutcome[] {
  return runs.map((run) => run.outcomes.get(test) ?? { outcome: "missing", error: undefined });
}
