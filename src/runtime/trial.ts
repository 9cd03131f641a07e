/** Confirm or undo: a state that goes again by itself, unless somebody says in time that it shall stay. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { askHealth } from "./callbacks.ts";
import type { OperationResult } from "./result.ts";
import { BASE, type KeptPatch, type StateMachine } from "./state.ts";

/** How often the author's `healthy` is asked, in milliseconds. */
const HEALTH_EVERY = 1000;
/** How long it may take, in milliseconds. */
export const HEALTH_LIMIT = 5000;
/** Pause before an undoing that was refused is tried again, in milliseconds; longer each time. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
/** After that many refusals, no thread waits for another. */
const TOGETHER = 3;
/** The state before cannot be put back: its signers are not trusted any more. */
const DISTRUST: ReadonlySet<string> = new Set(["HF2202", "HF2203", "HF3101"]);

/** Puts back what was there before, as an operation. */
export type PutBack = (to: KeptPatch | undefined, why: Diagnostic, threads: "together" | "eventually") => Promise<OperationResult>;

interface Open {
  /** Undefined: the base. */
  back: KeptPatch | undefined;
  readonly within: number;
  isUndoing: boolean;
  readonly timers: Set<NodeJS.Timeout>;
}

export class Trial {
  readonly #machine: StateMachine;
  readonly #putBack: PutBack;
  #open: Open | undefined;

  constructor(machine: StateMachine, putBack: PutBack) {
    this.#machine = machine;
    this.#putBack = putBack;
  }

  /** Whether the present state may still be confirmed. */
  get isOpen(): boolean {
    return this.#open !== undefined && !this.#open.isUndoing;
  }

  /**
   * The present state is on trial from now on. What came before it and was on trial itself is no state to go back to.
   *
   * @param before the state before it
   */
  begin(before: KeptPatch | undefined, within: number, healthLimit: number = HEALTH_LIMIT): string {
    const open: Open = { back: this.#open === undefined ? before : this.#open.back, within, isUndoing: false, timers: new Set() };
    this.end();
    this.#open = open;
    const until = new Date(Date.now() + within).toISOString();
    this.#machine.trial = { until, back: open.back?.id ?? BASE };
    this.#after(open, within, () => this.#undo(open, diagnostic("HF3068", "notice", { within })));
    void this.#watch(open, healthLimit);
    return until;
  }

  /** What is there stays, or something else has come. */
  end(): void {
    this.#open?.timers.forEach((timer) => clearTimeout(timer));
    this.#open = undefined;
    this.#machine.trial = undefined;
  }

  async #watch(open: Open, limit: number): Promise<void> {
    const { resting } = this.#machine;
    const callbacks = resting.phase === "committed" ? resting.live.callbacks : undefined;
    if (callbacks?.names.includes("healthy") !== true) return;
    const detail = await askHealth(callbacks, limit);
    if (this.#open !== open || open.isUndoing) return;
    if (detail === undefined) this.#after(open, HEALTH_EVERY, () => this.#watch(open, limit));
    else await this.#undo(open, diagnostic("HF3069", "notice", { detail }));
  }

  async #undo(open: Open, why: Diagnostic, attempt = 0): Promise<void> {
    if (this.#open !== open || (open.isUndoing && attempt === 0)) return;
    open.isUndoing = true;
    if (attempt === 0) process.emitWarning(why.message, { type: "HotfixWarning", code: why.code });
    const { outcome, diagnostics } = await this.#putBack(open.back, why, attempt < TOGETHER ? "together" : "eventually");
    if (this.#open !== open) return;
    if (outcome === "unchanged") return this.end();
    const isDistrusted = diagnostics.some(({ code }) => DISTRUST.has(code));
    if (isDistrusted && open.back !== undefined) {
      open.back = undefined;
      return await this.#undo(open, why, attempt + 1);
    }
    this.#after(open, Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt), () => this.#undo(open, why, attempt + 1));
  }

  /** Keeps no process alive. */
  #after(open: Open, delay: number, step: () => Promise<void>): void {
    const timer = setTimeout(() => {
      open.timers.delete(timer);
      void step();
    }, delay).unref();
    open.timers.add(timer);
  }
}
