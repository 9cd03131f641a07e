/**
 * The runtime interface of a program that can be patched.
 *
 * @example
 * import { listen, status } from "ts-hotfix";
 * await listen("run/app.sock"); // ts-hotfix apply fix-1.hotfix --to run/app.sock
 *
 * @packageDocumentation
 */
import "../node/require-node.ts";
import type { ControlSocket, ListenOptions } from "../control/server.ts";
import type { ApplyOptions, ConfirmOptions, RollbackOptions } from "./options.ts";
import type { ApplyResult, ConfirmResult, RollbackResult } from "./result.ts";
import type { PatchSource } from "./source.ts";
import type { Status } from "./status.ts";
import { threadRuntime } from "./thread.ts";
import { checkRuntimeOptions, readTrustedKeys, unusable, type RuntimeOptions } from "./trust.ts";

export type { ControlSocket, ListenOptions } from "../control/server.ts";
export type { Code } from "../messages/catalogue.ts";
export type { Diagnostic, Place, Severity } from "../messages/diagnostic.ts";
export type { PatchPayload } from "../patch/payload.ts";
export type { ApplyOptions, ConfirmOptions, RollbackOptions } from "./options.ts";
export type { ApplyResult, ConfirmResult, Cost, ErrorReport, HistoryEntry, OperationReport, OperationResult, Outcome, RollbackResult, ThreadReport } from "./result.ts";
export type { PatchSource } from "./source.ts";
export type { Operation, StateName } from "./state.ts";
export type { ModuleStatus, Status, ThreadStatus } from "./status.ts";
export type { Events } from "./telling.ts";
export type { RuntimeOptions, TrustedKey } from "./trust.ts";
export { HotfixError } from "../messages/diagnostic.ts";

/**
 * Says whose patches this thread takes, and where the process keeps them for its next start. With trusted keys, a patch that none of them signed is refused, whatever
 * way it comes (HF2202 unsigned, HF2203 signed by others); a rollback to an earlier patch too. The keys of a later
 * call take the place of those of an earlier one, and of the variable `TS_HOTFIX_TRUSTED_KEYS`.
 *
 * @throws HotfixError HF3002 for an unknown option or an empty list, HF2204 for a key that cannot be used; from then
 * on every patch is refused (HF3101) until a later call succeeds; HF3071 if the state is kept in another directory
 *
 * @example
 * configure({ trustedKeys: ["keys/release.pub.pem", "keys/next-release.pub.pem"] });
 */
export function configure(options: RuntimeOptions): void {
  const runtime = threadRuntime();
  try {
    checkRuntimeOptions(options);
    if (options.trustedKeys !== undefined) runtime.trust({ kind: "signers", fingerprints: readTrustedKeys(options.trustedKeys) });
  } catch (error) {
    runtime.trust(unusable(error, "configure()"));
    throw error;
  }
  // after the keys: what is kept there is held against them
  if (options.stateDir !== undefined) runtime.keepIn(options.stateDir);
}

/**
 * Puts a patch in place, wholly or not at all. It replaces the active patch in one step; functions that
 * only the older patch changed return to the base.
 *
 * Refusals and failures are results, not exceptions: see `outcome` and `diagnostics` (HF2xxx: the patch does
 * not fit; HF3001: another operation is under way; HF3003: the active patch is newer; HF3004: failed and undone).
 *
 * @param source a path, a `file:` URL, the bytes of a patch file, or a payload
 * @throws HotfixError HF3002 if `source` is none of these
 *
 * @example
 * const result = await apply("fix-1.hotfix");
 * if (result.outcome === "refused") console.error(result.diagnostics);
 */
export async function apply(source: PatchSource, options?: ApplyOptions): Promise<ApplyResult> {
  return await threadRuntime().apply(source, options);
}

/**
 * Goes back to the program as built, to the state before the active patch, or to a patch at hand.
 * At the base already, the outcome is `"unchanged"`. HF3005 refuses a patch that is not at hand.
 *
 * @throws HotfixError HF3002 if `to` is no string
 *
 * @example
 * await rollback();
 * await rollback({ to: "previous" });
 */
export async function rollback(options?: RollbackOptions): Promise<RollbackResult> {
  return await threadRuntime().rollback(options);
}

/**
 * Lets the present state stay, where it was to be undone by itself (`confirmWithin`). HF3070 refuses where nothing
 * waits for that, perhaps because the time is over: see `status().trial`.
 *
 * @example
 * await apply("fix-1.hotfix", { confirmWithin: 60_000 });
 * if (await looksGood()) await confirm();
 */
export async function confirm(options?: ConfirmOptions): Promise<ConfirmResult> {
  return await threadRuntime().confirm(options);
}

/** What is active, what each module runs, what is pending, and the last 100 operations. Plain JSON data. */
export function status(): Status {
  return threadRuntime().status();
}

/**
 * With `init: "explicit"`: runs the init entries of all loaded modules in the order of evaluation, each
 * awaited before the next. A second call runs nothing and returns the same promise. Modules loaded after
 * it has ended run their init statements in place.
 *
 * @throws HotfixError HF3009 naming the module whose entry threw; the error is its `cause`
 */
export async function runInit(): Promise<void> {
  await threadRuntime().runInit();
}

/**
 * Opens the control socket that `ts-hotfix apply --to` talks to: a Unix domain socket of mode 0600, on
 * Windows a named pipe. It never keeps the process alive. With `TS_HOTFIX_SOCKET` set it opens by itself.
 *
 * @throws HotfixError HF3010 if another process listens there, HF3011 if it cannot be opened
 */
export async function listen(path: string, options?: ListenOptions): Promise<ControlSocket> {
  return await threadRuntime().listen(path, options);
}
