/** `ts-hotfix sign FILE --key KEY`: for those who sign elsewhere than where patches are built. */
import type { Command } from "commander";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { decodePatch, signPatch } from "../patch/file.ts";
import { jsonOption } from "./host-options.ts";
import { passphraseOption, readSigningKeys, signingKeyOption, type SigningFlags } from "./key-files.ts";
import { readPatchBytes, signedBy } from "./patch-file.ts";
import { concluding, printDiagnostics, printJson, type Terminal } from "./terminal.ts";
import { writeOutput } from "./write-output.ts";

interface SignFlags extends SigningFlags {
  readonly out?: string;
  readonly json?: boolean;
}

export function addSign(program: Command, terminal: Terminal): void {
  program
    .command("sign")
    .description("Add a signature to a patch that is built already. Its id stays the same.")
    .argument("<file>", "patch file, made by `ts-hotfix build`")
    .addOption(signingKeyOption())
    .addOption(passphraseOption())
    .option("--out <file>", "where to write (default: in place)")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  $ ts-hotfix sign fix-1.hotfix --key keys/release.key.pem")
    .action((file: string, flags: SignFlags) =>
      concluding(terminal, "sign", flags.json === true, async () => {
        const { keys, notices } = readSigningKeys(flags);
        if (keys.length === 0) throw new HotfixError(diagnostic("HF2208", "error", { half: "private", use: "sign with", variable: "TS_HOTFIX_KEY" }));
        const after = signPatch(await readPatchBytes(file), keys);
        const signed = decodePatch(after);
        if (!signed.ok) throw new HotfixError(...signed.diagnostics);
        const { id, signers, bytes } = signed.patch;
        const out = flags.out ?? file;
        writeOutput(out, after);
        if (flags.json === true) {
          printJson(terminal, "sign", { result: { patch: id, signedBy: signers, bytes, file: out, notices } });
        } else {
          printDiagnostics(terminal, notices);
          terminal.print(terminal.paint.green(`Wrote ${out}: patch ${id.slice(0, 12)}, ${signedBy(signers)}.`));
        }
        return 0;
      }),
    );
}
