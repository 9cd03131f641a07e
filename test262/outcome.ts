/** How a run ended. */
import type { FrontMatter } from "./front-matter.ts";

export type Outcome = { readonly ended: "passed" } | Failure;

export interface Failure {
  readonly ended: "failed";
  /** `lost`: the process died. */
  readonly phase: "parse" | "resolution" | "runtime" | "async" | "timeout" | "lost";
  /** Name of the error's constructor. */
  readonly error: string;
  readonly message: string;
}

/** What happened in a run, before it is held against what the test expects. */
export type Event = { readonly is: "completed" } | { readonly is: "threw"; readonly phase: Failure["phase"]; readonly error: string; readonly message: string };

export const COMPLETED: Event = { is: "completed" };

export function threw(phase: Failure["phase"], error: unknown): Event {
  return { is: "threw", phase, error: nameOf(error), message: messageOf(error) };
}

/** A test that expects an error passes by it. */
export function judge(event: Event, { negative }: FrontMatter): Outcome {
  if (event.is === "completed") {
    return negative === undefined ? { ended: "passed" } : { ended: "failed", phase: "runtime", error: "none", message: `expected ${negative.type} (${negative.phase})` };
  }
  const { phase, error, message } = event;
  if (negative !== undefined && negative.phase === phase && negative.type === error) return { ended: "passed" };
  return { ended: "failed", phase, error, message };
}

/** The words of a syntax error are the parser's own; all else must be equal. */
export function isEqual(a: Outcome, b: Outcome): boolean {
  if (a.ended === "passed" || b.ended === "passed") return a.ended === b.ended;
  return a.phase === b.phase && a.error === b.error && (a.phase === "parse" || a.message === b.message);
}

export function describeOutcome(outcome: Outcome): string {
  return outcome.ended === "passed" ? "passed" : `${outcome.phase} ${outcome.error}: ${outcome.message}`;
}

function nameOf(error: unknown): string {
  try {
    const { name } = (error as { readonly constructor: { readonly name: unknown } }).constructor;
    return typeof name === "string" ? name : typeof error;
  } catch {
    return typeof error;
  }
}

function messageOf(error: unknown): string {
  try {
    return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
  } catch {
    return "";
  }
}
