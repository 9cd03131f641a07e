/** What the runtime tells the program through `node:diagnostics_channel`. */
import { channel } from "node:diagnostics_channel";
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { OperationResult } from "./result.ts";
import type { Operation, StateName } from "./state.ts";

/** Payload of each channel. Published synchronously; a subscriber that is slow slows the operation. */
export interface Events {
  /** An operation begins; nothing is changed yet. */
  "ts-hotfix:prepare": { readonly operation: Operation; readonly patch: StateName | null; readonly from: StateName };
  /** A patch is in place. */
  "ts-hotfix:commit": { readonly result: OperationResult };
  /** The thread went back to an earlier state. */
  "ts-hotfix:rollback": { readonly result: OperationResult };
  /** An operation was refused or failed, or a module that was loaded later does not fit the active patch. */
  "ts-hotfix:refuse": { readonly result: OperationResult } | { readonly patch: StateName; readonly module: string; readonly diagnostics: readonly Diagnostic[] };
}

export function tell<N extends keyof Events>(name: N, event: Events[N]): void {
  const told = channel(name);
  if (told.hasSubscribers) told.publish(event);
}
