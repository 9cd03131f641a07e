/** `ts-hotfix status --to SOCKET` */
import type { Command } from "commander";
import type { Status } from "../runtime/status.ts";
import { printable } from "../messages/printable.ts";
import { askEach, type Asked } from "../processes/ask-each.ts";
import { columns } from "./columns.ts";
import { jsonOption, socketsOf, timeoutOption, toOption, type HostOptions } from "./host-options.ts";
import { signedBy } from "./patch-file.ts";
import { count, printLive, shortState } from "./result.ts";
import { concluding, printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";

const HISTORY_SHOWN = 5;

export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command("status")
    .description("Tell which patch is active in running processes, and what it stands on.")
    .addOption(toOption())
    .addOption(timeoutOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  $ ts-hotfix status --to run/app.sock")
    .action((options: HostOptions) =>
      concluding(terminal, "status", options.json === true, async () => {
        const { sockets, single } = socketsOf(options);
        const asked = await askEach(sockets, options.timeout, (client) => client.status());
        if (single === undefined) return printStates(terminal, asked, options.json === true);
        const [only] = asked;
        if (only === undefined || only.error !== undefined) throw only?.error ?? new Error("no answer");
        if (options.json === true) printJson(terminal, "status", { socket: single, status: only.answer });
        else printStatus(terminal, only.answer);
        return 0;
      }),
    );
}

/** A line for each process. */
function printStates(terminal: Terminal, asked: readonly Asked<Status>[], json: boolean): ExitCode {
  const code = asked.every(({ error, isDeserted }) => error === undefined || isDeserted) && asked.some(({ error }) => error === undefined) ? 0 : 1;
  if (json) {
    printJson(terminal, "status", { results: asked.map(({ socket, answer, error }) => (error === undefined ? { socket, pid: answer.pid, status: answer } : { socket, diagnostics: error.diagnostics })) });
    return code;
  }
  const [heading = "", ...lines] = columns([["socket", "pid", "state", "sequence", "since", "threads", "pending"], ...asked.map(stateRow)]);
  terminal.print(terminal.paint.dim(heading));
  for (const line of lines) terminal.print(line);
  for (const { error, isDeserted } of asked) if (error !== undefined && !isDeserted) printDiagnostics(terminal, error.diagnostics);
  const states = new Set(asked.flatMap(({ answer }) => answer?.state ?? []));
  if (states.size > 1) terminal.complain(terminal.paint.yellow(`The processes are in ${states.size} different states.`));
  return code;
}

function stateRow({ socket, answer, isDeserted }: Asked<Status>): string[] {
  if (answer === undefined) return [socket, "", isDeserted ? "nobody there" : "no answer", "", "", "", ""];
  const { pid, state, sequence, since, threads, pending, busy } = answer;
  return [socket, String(pid), `${shortState(state)}${busy ? " (busy)" : ""}`, String(sequence ?? ""), since, String(threads.length + 1), String(pending.length)];
}

function printStatus(terminal: Terminal, status: Status): void {
  const { paint } = terminal;
  const sequence = status.sequence === undefined ? "" : `, sequence ${status.sequence}`;
  const signers = status.signedBy === undefined ? "" : `, ${signedBy(status.signedBy)}`;
  terminal.print(`${paint.bold(printable(shortState(status.state)))}${printable(`${sequence}, since ${status.since}${signers}`)}`);
  terminal.print(printable(`process ${status.pid}, Node.js ${status.node}, ${count(status.modules.length - status.pending.length, "module")} loaded`));
  terminal.print(printable(takers(status.trustedKeys)));
  if (status.state !== "base") terminal.print(printable(`rollback previous leads to ${shortState(status.previous)}`));
  if (status.busy) terminal.print(paint.yellow("an operation is under way"));
  for (const { thread, name, isInStep } of status.threads) if (!isInStep) terminal.print(paint.yellow(printable(`worker thread ${thread}${name === "" ? "" : ` (${name})`} is not in this state`)));
  for (const { patched } of status.modules) for (const id of patched) terminal.print(printable(`  patched  ${id}`));
  for (const { key, patched, unpatched } of status.modules) if (patched.length > 0 && unpatched !== null) terminal.print(paint.dim(printable(`  ${key}: ${count(unpatched, "other function")} as built`)));
  for (const caveat of status.caveats) terminal.print(paint.dim(printable(caveat)));
  printLive(terminal, status.live);
  for (const key of status.pending) terminal.print(paint.yellow(printable(`  pending  ${key}`)));
  for (const { key, failed } of status.modules) {
    if (failed === undefined) continue;
    terminal.print(paint.red(printable(`  not patched  ${key}`)));
    printDiagnostics(terminal, failed);
  }
  for (const entry of status.history.slice(-HISTORY_SHOWN)) {
    const codes = entry.codes.length === 0 ? "" : ` (${entry.codes.join(", ")})`;
    terminal.print(paint.dim(printable(`  ${entry.at}  ${entry.operation} ${shortState(entry.patch)}: ${entry.outcome}${codes}`)));
  }
}

function takers(keys: Status["trustedKeys"]): string {
  if (keys === null) return "takes patches from everybody";
  return keys.length === 0 ? "takes no patches: its trusted keys cannot be used (HF3101)" : `takes patches ${signedBy(keys).replaceAll(" and ", " or ")}`;
}
