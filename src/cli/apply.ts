/** `ts-hotfix apply FILE --to SOCKET` */
import type { Command } from "commander";
import { clientOf, jsonOption, toOption, type HostOptions } from "./host-options.ts";
import { readPatchBytes } from "./patch-file.ts";
import { printResult } from "./result.ts";
import { concluding, type Terminal } from "./terminal.ts";

export function addApply(program: Command, terminal: Terminal): void {
  program
    .command("apply")
    .description("Put a patch in place in a running process, wholly or not at all.")
    .argument("<file>", "patch file, made by `ts-hotfix build`")
    .addOption(toOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  $ ts-hotfix apply fix-1.hotfix --to run/app.sock")
    .action((file: string, options: HostOptions) =>
      concluding(terminal, "apply", options.json === true, async () => {
        const { socket, client } = clientOf(options);
        const result = await client.apply(await readPatchBytes(file));
        return printResult(terminal, result, socket, options.json === true);
      }),
    );
}
