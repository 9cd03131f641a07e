/** Options of the operations, and what keeps a slip in them from passing unnoticed. */
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { StateName } from "./state.ts";

export interface ApplyOptions {
  /** Who asks; goes into the history. */
  readonly by?: string;
  /** How long a callback of the patch's author may take before the commit, in milliseconds. Default 10,000. */
  readonly callbackLimit?: number;
  /**
   * `"together"` (the default): all threads of the process stop for a moment and swap as one. `"eventually"`: no thread
   * waits for another; each swaps at its own safe point, the main thread first.
   */
  readonly threads?: "together" | "eventually";
  /** How long the other threads may take to prepare and to come to their safe point, in milliseconds. Default 2,000. Nobody is held meanwhile. */
  readonly barrierTimeout?: number;
  /** The state before comes back by itself after that many milliseconds, unless `confirm()` is called. Default: what is done stays. */
  readonly confirmWithin?: number;
}

export interface ConfirmOptions {
  /** Who asks; goes into the history. */
  readonly by?: string;
}

export interface RollbackOptions extends ApplyOptions {
  /**
   * Where to: the program as built (`"base"`, the default), the state that the active patch replaced
   * (`"previous"`), or a patch that is at hand, by its id or the first eight digits or more of it.
   */
  readonly to?: StateName;
}

export interface PrepareOptions extends ApplyOptions {
  /** How long what is prepared waits for its commit, in milliseconds, at most 600,000: nothing else can be done meanwhile. Default 30,000. */
  readonly holdFor?: number;
}

export const BARRIER_TIMEOUT = 2000;

/** What is prepared keeps everything else waiting, also where the one who asked is gone. */
export const LONGEST_HOLD = 600_000;

type Check = readonly [expected: string, fits: (value: unknown) => boolean];

const DURATION: Check = ["milliseconds, a number above 0", (value) => typeof value === "number" && value > 0 && value <= 0x7f_ff_ff_ff];

const CHECKS: Readonly<Record<string, Check>> = {
  by: ["a string", (value) => typeof value === "string"],
  to: ["base, previous or a patch id", (value) => typeof value === "string"],
  threads: ["together or eventually", (value) => value === "together" || value === "eventually"],
  callbackLimit: DURATION,
  barrierTimeout: DURATION,
  holdFor: ["milliseconds, a number above 0 and up to 600,000", (value) => typeof value === "number" && value > 0 && value <= LONGEST_HOLD],
  confirmWithin: DURATION,
};

/** Throws HF3002 for a value of the wrong type. */
export function checkOptions(call: string, options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const [expected, fits] = CHECKS[name] ?? [];
    if (value === undefined || expected === undefined || fits?.(value) === true) continue;
    throw new HotfixError(diagnostic("HF3002", "error", { call: `${call.slice(0, -1)}{ ${name} })`, expected, found: typeof value === "string" ? `"${value.slice(0, 40)}"` : typeof value }));
  }
}
