/** How a worker thread's program asks the process for an operation: the main thread carries it out for all. */
import { fileURLToPath } from "node:url";
import { HotfixError } from "../../messages/diagnostic.ts";
import { checkOptions, type ApplyOptions, type ConfirmOptions, type RollbackOptions } from "../options.ts";
import type { ApplyResult, ConfirmResult, OperationResult, RollbackResult } from "../result.ts";
import { checkSource, type PatchSource } from "../source.ts";
import type { Message } from "./channel.ts";
import type { WorkerSeat } from "./seat.ts";

export async function askForApply(seat: WorkerSeat, source: PatchSource, options: ApplyOptions = {}): Promise<ApplyResult> {
  checkSource(source);
  checkOptions("apply()", options);
  const request = { operation: "apply", source: source instanceof URL ? fileURLToPath(source) : source, options: { ...options } } as const;
  return resultOf(await seat.ask(request)) as ApplyResult;
}

export async function askForRollback(seat: WorkerSeat, options: RollbackOptions = {}): Promise<RollbackResult> {
  checkOptions("rollback()", options);
  return resultOf(await seat.ask({ operation: "rollback", options: { ...options } })) as RollbackResult;
}

export async function askForConfirmation(seat: WorkerSeat, options: ConfirmOptions = {}): Promise<ConfirmResult> {
  checkOptions("confirm()", options);
  return resultOf(await seat.ask({ operation: "confirm", options: { ...options } })) as ConfirmResult;
}

/** What was answered. Throws what the asked thread threw. */
function resultOf(answer: Message): OperationResult | ConfirmResult {
  if (answer.kind === "answers" || answer.kind === "confirms") return answer.result;
  const [first, ...more] = answer.kind === "rejects" ? answer.diagnostics : [];
  throw first === undefined ? new Error(`unexpected answer: ${answer.kind}`) : new HotfixError(first, ...more);
}
