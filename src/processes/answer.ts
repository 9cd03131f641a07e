/** What processes that were led through one operation together came to. Plain JSON data. */
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { OperationResult, Outcome, PrepareResult } from "../runtime/result.ts";

export type ProcessOutcome =
  | Outcome
  /** It would take it: asked with `--check`. */
  | "ready"
  /** It was ready, and was let go because others were not. */
  | "given-up"
  /** It was not asked, because another had refused before. */
  | "not-asked"
  /** It cannot be reached or did not answer in time, before anything was changed. */
  | "unreachable"
  /** A socket that a pattern found, left over from a process that has ended. Left out. */
  | "deserted"
  /** The process has answered through another socket. Left out. */
  | "same"
  /** It was ready and has ended before it told the outcome. */
  | "ended"
  /** It was told to go through with it, and does not say whether it has. */
  | "unknown";

/** A prepared operation without the ticket, which is of no use any more. */
type Preparation = Omit<PrepareResult, "ticket">;

export interface ProcessAnswer {
  readonly socket: string;
  readonly pid?: number;
  readonly outcome: ProcessOutcome;
  /** As the process itself told it. */
  readonly result?: OperationResult | Preparation;
  /** What there is to say beside the result. */
  readonly diagnostics: readonly Diagnostic[];
}

export type Together =
  /** All are in the state that was asked for. */
  | "done"
  /** All were already. */
  | "unchanged"
  /** All would take it. */
  | "ready"
  /** Nothing was changed anywhere. */
  | "refused"
  /** Some are in the new state; of the others the answers tell. */
  | "partly";

export interface Answers {
  readonly outcome: Together;
  readonly answers: readonly ProcessAnswer[];
}

const FINE: ReadonlySet<ProcessOutcome> = new Set(["applied", "rolled-back", "unchanged", "ready", "deserted", "same"]);
const LEFT_OUT: ReadonlySet<ProcessOutcome> = new Set(["deserted", "same"]);

/** Whether nothing keeps the others from going on. */
export function isFine({ outcome }: Pick<ProcessAnswer, "outcome">): boolean {
  return FINE.has(outcome);
}

/** Whether it counts: sockets that lead to no process of their own do not. */
export function counts({ outcome }: Pick<ProcessAnswer, "outcome">): boolean {
  return !LEFT_OUT.has(outcome);
}

export function together(answers: readonly ProcessAnswer[]): Together {
  const counted = answers.filter(counts);
  const has = (...outcomes: ProcessOutcome[]): boolean => counted.some(({ outcome }) => outcomes.includes(outcome));
  const isChanged = has("applied", "rolled-back");
  if (counted.length === 0) return "refused";
  if (!counted.every(isFine)) return isChanged || has("ended", "unknown") ? "partly" : "refused";
  return isChanged ? "done" : has("ready") ? "ready" : "unchanged";
}
