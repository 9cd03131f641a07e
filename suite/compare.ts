/** Test by test: how it ended plain and transformed. */
import type { Outcome, TestOutcome } from "./outcomes.ts";
import type { Run } from "./run-tests.ts";

export interface Difference {
  readonly test: string;
  readonly plain: Outcome;
  readonly transformed: Outcome;
  readonly error: string | undefined;
}

export interface Unstable {
  readonly test: string;
  readonly plain: readonly Outcome[];
  readonly transformed: readonly Outcome[];
}

export interface Comparison {
  readonly total: number;
  readonly equal: number;
  readonly differ: readonly Difference[];
  /** Tests that end differently from run to run by themselves, with how they ended. */
  readonly unstable: readonly Unstable[];
}

export interface RunOfBoth {
  readonly plain: Run;
  readonly transformed: Run;
}

/**
 * A test differs if any run of the transformed copy ends otherwise than all of the untouched one.
 *
 * @param again further runs of both copies, made because tests differed: one that is equal in all of these had met a time
 *   limit, or is unstable otherwise
 */
export function compareRuns(plain: readonly Run[], transformed: readonly Run[], again: readonly RunOfBoth[] = []): Comparison {
  const tests = [...new Set([...plain, ...transformed].flatMap((run) => [...run.outcomes.keys()]))];
  const unstable: Unstable[] = [];
  const differ: Difference[] = [];
  for (const test of tests) {
    const repeated = again.map((run) => endsOf([run.transformed], test));
    const [before, after] = [[...endsOf(plain, test), ...again.flatMap((run) => endsOf([run.plain], test))], [...endsOf(transformed, test), ...repeated.flat()]];
    const expected = before[0]?.outcome ?? "missing";
    const other = after.find(({ outcome }) => outcome !== expected);
    const passesAgain = other !== undefined && repeated.length > 0 && repeated.flat().every(({ outcome }) => outcome === expected);
    if (passesAgain || before.some(({ outcome }) => outcome !== expected)) {
      unstable.push({ test, plain: before.map(({ outcome }) => outcome), transformed: after.map(({ outcome }) => outcome) });
    } else if (other !== undefined) differ.push({ test, plain: expected, transformed: other.outcome, error: other.error ?? before[0]?.error });
  }
  return { total: tests.length, equal: tests.length - differ.length - unstable.length, differ, unstable };
}

function endsOf(runs: readonly Run[], test: string): readonly TestOutcome[] {
  return runs.map((run) => run.outcomes.get(test) ?? { outcome: "missing", error: undefined });
}
