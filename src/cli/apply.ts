/** `ts-hotfix apply FILE --to SOCKET` */
import type { Command } from "commander";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { FILE_LIMIT } from "../patch/envelope.ts";
import { readPatchFile } from "../runtime/source.ts";
import { clientOf, jsonOption, toOption, type HostOptions } from "./host-options.ts";
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
        const result = await client.apply(await read(file));
        return printResult(terminal, result, socket, options.json === true);
      }),
    );
}

async function read(file: string): Promise<Uint8Array> {
  const bytes = await readPatchFile(file);
  if (bytes === undefined) throw new HotfixError(diagnostic("HF3014", "error", { limit: FILE_LIMIT }));
  return bytes;
}
