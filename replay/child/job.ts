/** What the processes of a replay are told, and what they answer. */
import type { TestApi } from "../test-command.ts";
import type { Tree } from "../stage.ts";

export interface Job {
  /**
   * `control`: the commit, untransformed. `base`: the parent, untransformed. `live`: the parent, transformed, patched in
   * the midst of it.
   */
  readonly role: "control" | "base" | "live";
  readonly base: Tree;
  readonly fix: Tree;
  readonly api: TestApi;
  /** Source file that the package's own name stands for. */
  readonly entry: string | undefined;
  /** Path of the patch file; undefined where there is nothing to apply. */
  readonly patch?: string;
}

/** Ends the message of the error of a test that takes a name from a namespace which only the commit exports. */
export const NEW_EXPORT = "is a new export";

export type Outcome = "pass" | "fail" | "skip";

export interface TestResult {
  readonly outcome: Outcome;
  /** First line of the error. */
  readonly error?: string;
  /** The test itself threw it, nothing that it called. */
  readonly ownError?: true;
}

/** Results by test: file, suites and title joined by " > ". */
export type Results = Readonly<Record<string, TestResult>>;

export interface Applied {
  readonly outcome: string;
  readonly codes: readonly string[];
  readonly detail: string;
}

export interface JobResult {
  /** The parent's tests, before the patch. */
  readonly before: Results;
  /** The commit's tests. */
  readonly commit: Results;
  /** The parent's tests once more, after the rollback. */
  readonly after: Results;
  /** Test files that import names from the host which it does not have, and the names. */
  readonly missing: Readonly<Record<string, readonly string[]>>;
  readonly applied?: Applied;
  /** What went wrong with kept references, listeners and the rollback. */
  readonly lost: readonly string[];
  /** What kept iterators gave after the patch, by export. */
  readonly iterators: Readonly<Record<string, string>>;
}
