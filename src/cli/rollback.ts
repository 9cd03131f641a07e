/** `ts-hotfix rollback [STATE] --to SOCKET` */
import type { Command } from "commander";
import { clientOf, jsonOption, toOption, type HostOptions } from "./host-options.ts";
import { printResult } from "./result.ts";
import { concluding, type Terminal } from "./terminal.ts";

const EXAMPLES = `
Examples:
  $ ts-hotfix rollback --to run/app.sock              # to the program as it was built
  $ ts-hotfix rollback previous --to run/app.sock     # to what the active patch replaced
  $ ts-hotfix rollback 3f2a90c1 --to run/app.sock     # to a patch at hand (see status)

Going back to the base may reopen the hole that an earlier patch had closed.`;

export function addRollback(program: Command, terminal: Terminal): void {
  program
    .command("rollback")
    .description("Go back to an earlier state of a running process.")
    .argument("[state]", "`base`, `previous`, or the id of a patch at hand, eight digits or more", "base")
    .addOption(toOption())
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((state: string, options: HostOptions) =>
      concluding(terminal, "rollback", options.json === true, async () => {
        const { socket, client } = clientOf(options);
        return printResult(terminal, await client.rollback(state), socket, options.json === true);
      }),
    );
}
