/**
 * The state machine of a thread: base -> preparing -> prepared -> committing -> committed(patch) -> preparing -> … and
 * nothing else. An operation that comes to nothing leads back to where it began.
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
  /** The bytes of the patch file, as other threads and the state directory get them. */
  readonly file: Uint8Array;
  /** Fingerprints of the keys that signed it. */
  readonly signers: readonly string[];
  /** The state this patch replaced when it was applied. */
  readonly before: StateName;
}

export type Resting =
  | { readonly phase: "base"; readonly since: string }
  | { readonly phase: "committed"; readonly since: string; readonly kept: KeptPatch; readonly live: LivePatch };

export type Operation = "apply" | "rollback";

/** What an operation passes through. Until `settle`, calls run in the state it began `from`. */
export type Stage = "preparing" | "prepared" | "committing";

export type State = Resting | { readonly phase: Stage; readonly operation: Operation; readonly from: Resting };

const NEXT: Readonly<Record<Stage, readonly Stage[]>> = {
  preparing: ["prepared"],
  // modules came since: what was prepared is not complete any more
  prepared: ["preparing", "committing"],
  // swapped back
  committing: ["preparing"],
};

const HISTORY_LIMIT = 100;

export class StateMachine {
  #state: State = { phase: "base", since: new Date().toISOString() };
  #operation: Operation | undefined;
  /** The patch that was active before the present state, if it is not the present one. */
  #other: KeptPatch | undefined;
  readonly #history: HistoryEntry[] = [];
  /** The present state is to be confirmed. */
  trial: { readonly until: string; readonly back: StateName } | undefined;

  get state(): State {
    return this.#state;
  }

  /** The state as it is for calls. */
  get resting(): Resting {
    return "from" in this.#state ? this.#state.from : this.#state;
  }

  get name(): StateName {
    return nameOf(this.resting);
  }

  /** What is under way, until its `abort`: after its step, other threads may still be on their way. */
  get operation(): Operation | undefined {
    return this.#operation;
  }

  get history(): readonly HistoryEntry[] {
    return this.#history;
  }

  /** Patches that can be put back without their file. */
  get atHand(): readonly KeptPatch[] {
    const active = this.resting;
    return [...(active.phase === "committed" ? [active.kept] : []), ...(this.#other === undefined ? [] : [this.#other])];
  }

  /** What an earlier process had at hand. */
  keep(other: KeptPatch): void {
    this.#other ??= other;
  }

  /** Resting -> preparing. One operation at a time: the caller looks at `operation` first. */
  begin(operation: Operation): void {
    if (this.#operation !== undefined || "from" in this.#state) throw new Error(`begin while ${this.#state.phase} (${this.#operation})`);
    this.#operation = operation;
    this.#state = { phase: "preparing", operation, from: this.#state };
  }

  /** From one stage of an operation to the next. */
  enter(stage: Stage): void {
    if (!("from" in this.#state) || !NEXT[this.#state.phase].includes(stage)) throw new Error(`${stage} after ${this.#state.phase}`);
    this.#state = { ...this.#state, phase: stage };
  }

  /** Committing -> the new resting state. */
  settle(to: Resting): void {
    if (this.#state.phase !== "committing") throw new Error(`settle while ${this.#state.phase}`);
    const { from } = this.#state;
    if (from.phase === "committed" && (to.phase === "base" || to.kept.id !== from.kept.id)) this.#other = from.kept;
    else if (to.phase === "committed" && this.#other?.id === to.kept.id) this.#other = undefined;
    this.#state = to;
  }

  /** The operation is over. Any stage -> what was before; what is settled stays. */
  abort(): void {
    this.#operation = undefined;
    if ("from" in this.#state) this.#state = this.#state.from;
  }

  remember(entry: HistoryEntry): void {
    this.#history.push(entry);
    if (this.#history.length > HISTORY_LIMIT) this.#history.shift();
  }
}

export function nameOf(state: Resting): StateName {
  return state.phase === "base" ? BASE : state.kept.id;
}
