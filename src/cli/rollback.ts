/** `ts-hotfix rollback [STATE] --to SOCKET` */
import type { Command } from "commander";
import { carryOut } from "./carry-out.ts";
import { barrierOption, byOption, jsonOption, threadsOption, timeoutOption, toOption, type OperationOptions } from "./host-options.ts";
import { concluding, type Terminal } from "./terminal.ts";

const EXAMPLES = `
Examples:
  $ ts-hotfix rollback --to run/app.sock              # to the program as it was built
  $ ts-hotfix rollback previous --to run/app.sock     # to what the active patch replaced
  $ ts-hotfix rollback 3f2a90c1 --to run/app.sock     # to a patch at hand (see status)
  $ ts-hotfix rollback --to 'run/*.sock'              # all of them, or none

Going back to the base may reopen the hole that an earlier patch had closed.`;

export function addRollback(program: Command, terminal: Terminal): void {
  program
    .command("rollback")
    .description("Go back to an earlier state of running processes.")
    .argument("[state]", "`base`, `previous`, or the id of a patch at hand, eight digits or more", "base")
    .addOption(toOption())
    .addOption(threadsOption())
    .addOption(barrierOption())
    .addOption(timeoutOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((state: string, options: OperationOptions) =>
      concluding(terminal, "rollback", options.json === true, async () => await carryOut(terminal, { operation: "rollback", asks: { to: state } }, options)),
    );
}
