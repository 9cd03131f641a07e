/** `ts-hotfix confirm --to SOCKET` */
import type { Command } from "commander";
import type { ConfirmAnswer } from "../control/client.ts";
import { printable } from "../messages/printable.ts";
import { askEach, type Asked } from "../processes/ask-each.ts";
import { columns } from "./columns.ts";
import { byOption, jsonOption, self, socketsOf, timeoutOption, toOption, type HostOptions } from "./host-options.ts";
import { shortState } from "./result.ts";
import { concluding, printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";

const EXAMPLES = `
Examples:
  $ ts-hotfix apply fix-1.hotfix --to run/app.sock --confirm-within 60s
  $ ts-hotfix confirm --to run/app.sock                                    # within those 60 seconds`;

export function addConfirm(program: Command, terminal: Terminal): void {
  program
    .command("confirm")
    .description("Let a patch stay that was applied with --confirm-within.")
    .addOption(toOption())
    .addOption(timeoutOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((options: HostOptions & { readonly by?: string }) =>
      concluding(terminal, "confirm", options.json === true, async () => {
        const { sockets, single } = socketsOf(options);
        const asked = await askEach(sockets, options.timeout, (client) => client.confirm({ by: options.by ?? self() }));
        const code = exitCodeOf(asked);
        const [only] = asked;
        if (single !== undefined && only?.error !== undefined) throw only.error;
        if (options.json === true) {
          printJson(terminal, "confirm", single === undefined ? { results: asked.map(plain) } : { socket: single, result: only?.answer });
          return code;
        }
        for (const { answer, error, isDeserted } of asked) if (!isDeserted) printDiagnostics(terminal, error?.diagnostics ?? [...(answer?.notices ?? []), ...(answer?.diagnostics ?? [])]);
        if (single === undefined) for (const line of columns([["socket", "pid", "state", "outcome"], ...asked.map(row)])) terminal.print(line);
        else if (only?.answer?.outcome === "confirmed") terminal.print(terminal.paint.green(printable(`Confirmed ${shortState(only.answer.patch)} at ${single}.`)));
        return code;
      }),
    );
}

/** 0 all confirmed, 1 somebody is missing, 2 there was nothing to confirm somewhere. */
function exitCodeOf(asked: readonly Asked<ConfirmAnswer>[]): ExitCode {
  const outcomes = asked.filter(({ isDeserted }) => !isDeserted).map(({ answer }) => answer?.outcome);
  if (outcomes.length === 0 || outcomes.includes(undefined)) return 1;
  return outcomes.includes("refused") ? 2 : 0;
}

function plain({ socket, pid, answer, error }: Asked<ConfirmAnswer>): object {
  return error === undefined ? { socket, pid, result: answer } : { socket, pid, diagnostics: error.diagnostics };
}

function row({ socket, pid, answer, error, isDeserted }: Asked<ConfirmAnswer>): string[] {
  return [socket, String(pid ?? ""), answer === undefined ? "" : shortState(answer.patch), answer?.outcome ?? (isDeserted ? "nobody there" : error?.code === "HF3012" ? "no answer" : "refused")];
}
