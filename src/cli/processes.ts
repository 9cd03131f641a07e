/** Shows what processes that were led through one operation together came to. */
import { renderDiagnostic } from "../messages/render.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import { printable } from "../messages/printable.ts";
import { counts, isFine, type Answers, type ProcessAnswer, type ProcessOutcome, type Together } from "../processes/answer.ts";
import type { OperationResult } from "../runtime/result.ts";
import type { Operation } from "../runtime/state.ts";
import { columns } from "./columns.ts";
import { printResult, shortState, functionsOf } from "./result.ts";
import { printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";

const EXIT_CODE: Readonly<Record<Together, ExitCode>> = { done: 0, ready: 0, partly: 1, refused: 2, unchanged: 3 };

/** For the eye. */
const OUTCOMES: Readonly<Record<ProcessOutcome, string>> = {
  applied: "applied", "rolled-back": "rolled back", unchanged: "unchanged", refused: "refused", failed: "failed", ready: "ready", "given-up": "given up",
  "not-asked": "not asked", unreachable: "no answer", deserted: "nobody there", same: "same process", ended: "ended", unknown: "unknown",
};

/** One process, named by its socket: as if there were no others. */
export function printSingle(terminal: Terminal, operation: Operation, { socket, outcome, result, diagnostics }: ProcessAnswer, json: boolean): ExitCode {
  if (isOperationResult(result) && diagnostics.length === 0) return printResult(terminal, result, socket, json);
  // its answer was lost, and it was asked what it has done
  const isDone = outcome === "applied" || outcome === "rolled-back";
  const isReady = outcome === "ready";
  if (json) printJson(terminal, operation, isReady || isDone ? { socket, result: { ...result, outcome } } : { socket, outcome, diagnostics });
  else if (isReady) {
    printDiagnostics(terminal, result?.notices ?? []);
    terminal.print(terminal.paint.green(printable(`Ready: ${socket} would go from ${shortState(result?.from ?? null)} to ${shortState(result?.patch ?? null)}. Nothing was changed.`)));
  } else if (isDone) {
    printDiagnostics(terminal, [...(result?.notices ?? []), ...diagnostics]);
    terminal.print(terminal.paint.green(printable(`${operation === "apply" ? "Applied" : "Back at"} ${shortState(result?.patch ?? null)} at ${socket}. Its answer was lost; it says so when asked again.`)));
  } else printDiagnostics(terminal, diagnostics);
  return isReady || isDone ? 0 : outcome === "given-up" || outcome === "not-asked" || outcome === "refused" && diagnostics[0]?.severity === "refusal" ? 2 : 1;
}

/** Prints a table of who said what, and returns the exit code that goes with it. */
export function printAnswers(terminal: Terminal, operation: Operation, { outcome, answers }: Answers, json: boolean): ExitCode {
  // with nobody there at all, nobody has refused
  const code = answers.some(counts) ? EXIT_CODE[outcome] : 1;
  if (json) {
    printJson(terminal, operation, { outcome, results: answers.map(({ diagnostics, ...answer }) => (diagnostics.length === 0 ? answer : { ...answer, diagnostics })) });
    return code;
  }
  const { paint } = terminal;
  const [heading = "", ...lines] = columns([["socket", "pid", "from → to", "outcome", "functions", "threads", "pause"], ...answers.map(row)]);
  terminal.print(paint.dim(heading));
  for (const [index, line] of lines.entries()) terminal.print(colourOf(answers[index], terminal)(line));
  printTogether(terminal, answers);
  const text = printable(summary(operation, outcome, answers));
  if (code === 0 || code === 3) terminal.print(code === 0 ? paint.green(text) : text);
  else terminal.complain(paint.red(text));
  return code;
}

function row({ socket, pid, outcome, result }: ProcessAnswer): string[] {
  const isDone = outcome === "applied" || outcome === "rolled-back";
  const way = result === undefined ? "" : `${shortState(result.from)} → ${shortState(result.patch)}`;
  const inPlace = isDone && result !== undefined ? [String(functionsOf(result).length), String(result.threads.length + 1), `${Math.max(result.cost.commitMs, result.cost.heldMs)} ms`] : ["", "", ""];
  return [socket, pid === undefined ? "" : String(pid), way, OUTCOMES[outcome], ...inPlace];
}

function colourOf(answer: ProcessAnswer | undefined, { paint }: Terminal): (text: string) => string {
  if (answer === undefined || !counts(answer) || answer.outcome === "not-asked") return paint.dim;
  if (answer.outcome === "given-up") return paint.yellow;
  return isFine(answer) ? (text) => text : paint.red;
}

/** What several processes say alike is printed once, with the sockets below it. */
function printTogether({ paint, complain }: Terminal, answers: readonly ProcessAnswer[]): void {
  const said = new Map<string, string[]>();
  const add = (diagnostic: Diagnostic, socket: string): void => {
    const text = renderDiagnostic(diagnostic, { paint });
    said.set(text, [...(said.get(text) ?? []), socket]);
  };
  for (const { socket, result, diagnostics } of answers) for (const each of [...(result?.notices ?? []), ...(result?.diagnostics ?? []), ...diagnostics]) add(each, socket);
  for (const [text, sockets] of said) complain(`${text}\n  ${paint.dim(printable(`at ${[...new Set(sockets)].join(", ")}`))}`);
}

function summary(operation: Operation, outcome: Together, answers: readonly ProcessAnswer[]): string {
  const counted = answers.filter(counts);
  const state = shortState(answers.find(({ result }) => result?.patch != null)?.result?.patch ?? null);
  const behind = counted.filter((answer) => !isFine(answer)).map(({ socket }) => socket);
  const all = counted.length === 1 ? "1 process" : `${counted.length} processes`;
  switch (outcome) {
    case "done":
      return `${operation === "apply" ? "Applied" : "Back at"} ${state}: ${all}.`;
    case "ready":
      return `Ready for ${state}: ${all}. Nothing was changed.`;
    case "unchanged":
      return `Nothing changed: ${all} at ${state} already.`;
    case "refused":
      return "Nothing was changed in any process.";
    case "partly":
      return `Not all are at ${state}: ${behind.join(", ")}. Run it again when they are ready; the others stay as they are.`;
  }
}

function isOperationResult(result: ProcessAnswer["result"]): result is OperationResult {
  return result !== undefined && result.outcome !== "prepared";
}
