/** `ts-hotfix apply FILE --to SOCKET` */
import { Option, type Command } from "commander";
import { carryOut } from "./carry-out.ts";
import { parseDuration } from "./duration.ts";
import { barrierOption, byOption, jsonOption, socketsOf, threadsOption, timeoutOption, toOption, type OperationOptions } from "./host-options.ts";
import { readPatchBytes } from "./patch-file.ts";
import { concluding, type Terminal } from "./terminal.ts";

interface ApplyCommandOptions extends OperationOptions {
  readonly check?: boolean;
  readonly confirmWithin?: number;
}

const EXAMPLES = `
Examples:
  $ ts-hotfix apply fix-1.hotfix --to run/app.sock
  $ ts-hotfix apply fix-1.hotfix --to 'run/*.sock' --check    # would all take it?
  $ ts-hotfix apply fix-1.hotfix --to 'run/*.sock'            # all of them, or none`;

export function addApply(program: Command, terminal: Terminal): void {
  program
    .command("apply")
    .description("Put a patch in place in running processes, wholly or not at all.")
    .argument("<file>", "patch file, made by `ts-hotfix build`")
    .addOption(toOption())
    .option("--check", "prepare the patch in the processes, and change nothing")
    .addOption(new Option("--confirm-within <duration>", "go back unless `ts-hotfix confirm` comes in time").argParser(parseDuration))
    .addOption(threadsOption())
    .addOption(barrierOption())
    .addOption(timeoutOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((file: string, options: ApplyCommandOptions) =>
      concluding(terminal, "apply", options.json === true, async () => {
        socketsOf(options);
        const asked = { operation: "apply", asks: { file: await readPatchBytes(file) }, isCheck: options.check === true, confirmWithin: options.confirmWithin } as const;
        return await carryOut(terminal, asked, options);
      }),
    );
}
