/** `ts-hotfix status --to SOCKET` */
import type { Command } from "commander";
import type { Status } from "../runtime/status.ts";
import { clientOf, jsonOption, toOption, type HostOptions } from "./host-options.ts";
import { signedBy } from "./patch-file.ts";
import { count, printLive, shortState } from "./result.ts";
import { concluding, printDiagnostics, printJson, type Terminal } from "./terminal.ts";

const HISTORY_SHOWN = 5;

export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command("status")
    .description("Tell which patch is active in a running process, and what it stands on.")
    .addOption(toOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  $ ts-hotfix status --to run/app.sock")
    .action((options: HostOptions) =>
      concluding(terminal, "status", options.json === true, async () => {
        const { socket, client } = clientOf(options);
        const status = await client.status();
        if (options.json === true) printJson(terminal, "status", { socket, status });
        else printStatus(terminal, status);
        return 0;
      }),
    );
}

function printStatus(terminal: Terminal, status: Status): void {
  const { paint } = terminal;
  const sequence = status.sequence === undefined ? "" : `, sequence ${status.sequence}`;
  const signers = status.signedBy === undefined ? "" : `, ${signedBy(status.signedBy)}`;
  terminal.print(`${paint.bold(shortState(status.state))}${sequence}, since ${status.since}${signers}`);
  terminal.print(`process ${status.pid}, Node.js ${status.node}, ${count(status.modules.length - status.pending.length, "module")} loaded`);
  terminal.print(takers(status.trustedKeys));
  if (status.state !== "base") terminal.print(`rollback previous leads to ${shortState(status.previous)}`);
  if (status.busy) terminal.print(paint.yellow("an operation is under way"));
  for (const { patched } of status.modules) for (const id of patched) terminal.print(`  patched  ${id}`);
  printLive(terminal, status.live);
  for (const key of status.pending) terminal.print(paint.yellow(`  pending  ${key}`));
  for (const { key, failed } of status.modules) {
    if (failed === undefined) continue;
    terminal.print(paint.red(`  not patched  ${key}`));
    printDiagnostics(terminal, failed);
  }
  for (const entry of status.history.slice(-HISTORY_SHOWN)) {
    const codes = entry.codes.length === 0 ? "" : ` (${entry.codes.join(", ")})`;
    terminal.print(paint.dim(`  ${entry.at}  ${entry.operation} ${shortState(entry.patch)}: ${entry.outcome}${codes}`));
  }
}

function takers(keys: Status["trustedKeys"]): string {
  if (keys === null) return "takes patches from everybody";
  return keys.length === 0 ? "takes no patches: its trusted keys cannot be used (HF3101)" : `takes patches ${signedBy(keys).replaceAll(" and ", " or ")}`;
}
