/**
 * The state machine of a thread: base -> preparing -> committed(patch) -> preparing -> … and nothing else.
 * Only `begin`, `settle` and `abort` change it.
 */
import type { PatchPayload } from "../patch/payload.ts";
import type { LivePatch } from "./live-patch.ts";
import type { HistoryEntry } from "./result.ts";

/** `"base"`, or the id of a patch. */
export type StateName = string;

export const BASE = "base";

/** What is kept of a patch to put it back: data only, no code and no tables. */
export interface KeptPatch {
  readonly id: string;
  readonly payload: PatchPayload;
  readonly bytes: number;
  /** Fingerprints of the keys that signed it. */
  readonly signers: readonly string[];
  /** The state this patch replaced when it was applied. */
  readonly before: StateName;
}

export type Resting =
  | { readonly phase: "base"; readonly since: string }
  | { readonly phase: "committed"; readonly since: string; readonly kept: KeptPatch; readonly live: LivePatch };

export type Operation = "apply" | "rollback";

export type State = Resting | { readonly phase: "preparing"; readonly operation: Operation; readonly from: Resting };

const HISTORY_LIMIT = 100;

export class StateMachine {
  #state: State = { phase: "base", since: new Date().toISOString() };
  /** The patch that was active before the present state, if it is not the present one. */
  #other: KeptPatch | undefined;
  readonly #history: HistoryEntry[] = [];

  get state(): State {
    return this.#state;
  }

  /** The state as it is for calls: during prepare still the one before. */
  get resting(): Resting {
    return this.#state.phase === "preparing" ? this.#state.from : this.#state;
  }

  get name(): StateName {
    return nameOf(this.resting);
  }

  get history(): readonly HistoryEntry[] {
    return this.#history;
  }

  /** Patches that can be put back without their file. */
  get atHand(): readonly KeptPatch[] {
    const active = this.resting;
    return [...(active.phase === "committed" ? [active.kept] : []), ...(this.#other === undefined ? [] : [this.#other])];
  }

  /** Resting -> preparing. One operation at a time: the caller looks at `state` first. */
  begin(operation: Operation): void {
    if (this.#state.phase === "preparing") throw new Error(`begin while preparing (${this.#state.operation})`);
    this.#state = { phase: "preparing", operation, from: this.#state };
  }

  /** Preparing -> the new resting state. */
  settle(to: Resting): void {
    const from = this.resting;
    if (from.phase === "committed" && (to.phase === "base" || to.kept.id !== from.kept.id)) this.#other = from.kept;
    else if (to.phase === "committed" && this.#other?.id === to.kept.id) this.#other = undefined;
    this.#state = to;
  }

  /** Preparing -> what was before. Does nothing after `settle`. */
  abort(): void {
    if (this.#state.phase === "preparing") this.#state = this.#state.from;
  }

  remember(entry: HistoryEntry): void {
    this.#history.push(entry);
    if (this.#history.length > HISTORY_LIMIT) this.#history.shift();
  }
}

export function nameOf(state: Resting): StateName {
  return state.phase === "base" ? BASE : state.kept.id;
}
