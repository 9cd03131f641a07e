/** What operations end with. Plain JSON data, the same in the program, on the socket and in `--json`. */
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { PatchLive } from "../patch/payload.ts";
import type { Operation, StateName } from "./state.ts";

/** Times in milliseconds. */
export interface Cost {
  /** Asynchronous part: reading, checking, importing, compiling. The program runs on meanwhile. */
  readonly prepareMs: number;
  /** Synchronous part, during which the main thread does nothing else. */
  readonly commitMs: number;
  /** The longest that a worker thread stood still, from its arrival at the barrier until it went on; 0 without workers. */
  readonly heldMs: number;
  /** Size of the patch file. */
  readonly bytes: number;
}

/** What a worker thread says of an operation. */
export interface ThreadReport {
  /** `threadId` */
  readonly thread: number;
  /** As given to `new Worker()`; empty if it has none, or if its Node does not tell. */
  readonly name: string;
  /** `"behind"`: it goes to the new state by itself as soon as it can. */
  readonly outcome: "done" | "behind";
  readonly functions: readonly string[];
  readonly pending: readonly string[];
  readonly notices: readonly Diagnostic[];
  /** Milliseconds that it stood still at the barrier, its own commit included. */
  readonly heldMs: number;
}

export interface OperationReport {
  readonly operation: Operation;
  /** The state that was asked for: the id of a patch or `"base"`; null if it could not be read. */
  readonly patch: StateName | null;
  /** The state before the operation. */
  readonly from: StateName;
  /** Fingerprints of the keys that signed the patch; none of an unsigned one, of the base, or of what could not be read. */
  readonly signedBy: readonly string[];
  /** Ids of the functions that stand in place of the host's now; of the refused or failed patch: none. */
  readonly functions: readonly string[];
  /** Keys of the modules that are patched when they are loaded. */
  readonly pending: readonly string[];
  /** Old code that goes on beside it, as the builder of the patch accepted. */
  readonly live: readonly PatchLive[];
  readonly cost: Cost;
  /** The worker threads that took part. Their functions, and what is pending there, are theirs; the lists above are of the main thread. */
  readonly threads: readonly ThreadReport[];
  readonly notices: readonly Diagnostic[];
  /** Why it was refused or failed; empty otherwise. */
  readonly diagnostics: readonly Diagnostic[];
  /** When it is undone unless it is confirmed, ISO 8601. */
  readonly confirmUntil?: string;
  /** What happened, a line per step, each with the milliseconds since the start. */
  readonly log: readonly string[];
}

/** An error as data. */
export interface ErrorReport {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

type Ending<Done extends string> =
  /** The state asked for is in place. */
  | { readonly outcome: Done }
  /** It was in place already; nothing was done. */
  | { readonly outcome: "unchanged" }
  /** An expected "no"; nothing was changed. */
  | { readonly outcome: "refused" }
  /** Something threw; what had been done was undone. */
  | { readonly outcome: "failed"; readonly error: ErrorReport };

export type ApplyResult = OperationReport & { readonly operation: "apply" } & Ending<"applied">;
export type RollbackResult = OperationReport & { readonly operation: "rollback" } & Ending<"rolled-back">;
export type OperationResult = ApplyResult | RollbackResult;
export type Outcome = OperationResult["outcome"];

/** What is said of a confirmation. */
export interface ConfirmResult {
  readonly operation: "confirm";
  /** `"refused"`: nothing waits for one (HF3070). */
  readonly outcome: "confirmed" | "refused";
  /** The state that stays. */
  readonly patch: StateName;
  readonly notices: readonly Diagnostic[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What the first of two phases ends with. */
export type PrepareResult = OperationReport & { readonly operation: Operation } & (Exclude<Ending<"prepared">, { readonly outcome: "prepared" }> | { readonly outcome: "prepared"; readonly ticket: string });

export interface HistoryEntry {
  /** ISO 8601. */
  readonly at: string;
  /** `"boot"`: what a state directory had for the start of the process. */
  readonly operation: Operation | "boot" | "confirm";
  /** `"set-aside"`: not put in place, at this start and all later ones. */
  readonly outcome: Outcome | "confirmed" | "set-aside";
  readonly patch: StateName | null;
  readonly from: StateName;
  /** Who asked, as told to `apply` or `rollback`. */
  readonly by?: string;
  /** Fingerprints of the keys that signed the patch. */
  readonly signedBy?: readonly string[];
  /** Codes of the diagnostics. */
  readonly codes: readonly string[];
  /** Why it was undone or set aside. */
  readonly reason?: string;
}

export function errorReport(error: unknown): ErrorReport {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const { name, message, stack } = error;
  return stack === undefined ? { name, message } : { name, message, stack };
}
