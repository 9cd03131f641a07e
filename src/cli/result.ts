/** Shows what an operation on a host ended with. */
import type { PatchLive } from "../patch/payload.ts";
import { printable } from "../messages/printable.ts";
import type { OperationResult, Outcome } from "../runtime/result.ts";
import { printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";

const EXIT_CODE: Readonly<Record<Outcome, ExitCode>> = { applied: 0, "rolled-back": 0, failed: 1, refused: 2, unchanged: 3 };

const FUNCTIONS_SHOWN = 20;

/** Prints the result and returns the exit code that goes with it. */
export function printResult(terminal: Terminal, result: OperationResult, socket: string, json: boolean): ExitCode {
  const code = EXIT_CODE[result.outcome];
  if (json) {
    printJson(terminal, result.operation, { socket, result });
    return code;
  }
  const { paint } = terminal;
  printDiagnostics(terminal, result.notices);
  printDiagnostics(terminal, result.diagnostics);
  const headline = printable(headlineOf(result, socket));
  if (code === 0 || code === 3) terminal.print(code === 0 ? paint.green(headline) : headline);
  else terminal.complain(paint.red(headline));
  if (code === 0) {
    const functions = functionsOf(result);
    for (const id of functions.slice(0, FUNCTIONS_SHOWN)) terminal.print(printable(`  ${id}`));
    const more = functions.length - FUNCTIONS_SHOWN;
    if (more > 0) terminal.print(`  and ${more} more`);
    printLive(terminal, result.live);
  }
  return code;
}

/** Those that are in place in any thread. */
export function functionsOf({ functions, threads }: Pick<OperationResult, "functions" | "threads">): readonly string[] {
  return [...new Set([...functions, ...threads.flatMap((each) => each.functions)])];
}

/** What goes on with old code. */
export function printLive({ paint, print }: Terminal, live: readonly PatchLive[]): void {
  for (const { target, line, reason } of live) print(paint.yellow(printable(`  old code goes on in ${target} (line ${line}): ${reason}`)));
}

function headlineOf(result: OperationResult, socket: string): string {
  const state = shortState(result.patch);
  const { prepareMs, commitMs, heldMs } = result.cost;
  switch (result.outcome) {
    case "applied":
      return `Applied ${state} at ${socket}: ${count(functionsOf(result).length, "function")}${threadsOf(result)}, prepared in ${prepareMs} ms, in place within ${Math.max(commitMs, heldMs)} ms.`;
    case "rolled-back":
      return `Back at ${state} at ${socket}, from ${shortState(result.from)}.`;
    case "unchanged":
      return `Nothing changed: ${socket} is at ${state} already.`;
    case "refused":
      return `Refused by ${socket}, which stays at ${shortState(result.from)}.`;
    case "failed":
      return `Failed at ${socket}, which stays at ${shortState(result.from)}.`;
  }
}

/** ` in 3 threads`, where there is more than the main thread */
function threadsOf({ threads }: OperationResult): string {
  return threads.length === 0 ? "" : ` in ${count(threads.length + 1, "thread")}`;
}

/** `base`, or `patch` and the first digits of its id. */
export function shortState(state: string | null): string {
  return state === null ? "an unreadable patch" : state === "base" ? "base" : `patch ${state.slice(0, 12)}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
