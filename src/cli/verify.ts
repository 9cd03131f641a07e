/** `ts-hotfix verify FILE --key PUBLIC [--base MANIFEST]` */
import type { Command } from "commander";
import { readManifest } from "../manifest/file.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { decodePatch, type Patch } from "../patch/file.ts";
import type { PatchPayload } from "../patch/payload.ts";
import { distrust } from "../patch/trust.ts";
import { jsonOption } from "./host-options.ts";
import { readVerifyingKeys, trustedKeyOption } from "./key-files.ts";
import { readPatchBytes, signedBy } from "./patch-file.ts";
import { concluding, printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";

interface VerifyFlags {
  readonly key: readonly string[];
  readonly base?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ts-hotfix verify fix-1.hotfix --key keys/release.pub.pem
  $ ts-hotfix verify fix-1.hotfix --key keys/release.pub.pem --base dist/hotfix.manifest.json

The exit code is 0 if all is well, else 1.`;

export function addVerify(program: Command, terminal: Terminal): void {
  program
    .command("verify")
    .description("Check that a patch is whole, signed by somebody trusted and, with --base, that it fits a build.")
    .argument("<file>", "patch file")
    .addOption(trustedKeyOption())
    .option("--base <manifest>", "manifest of the build that the patch must fit")
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((file: string, flags: VerifyFlags) =>
      concluding(terminal, "verify", flags.json === true, async () => {
        const keys = readVerifyingKeys(flags.key);
        const manifest = flags.base === undefined ? undefined : { file: flags.base, content: readManifest(flags.base) };
        const reading = decodePatch(await readPatchBytes(file));
        const patch = reading.ok ? reading.patch : undefined;
        const diagnostics = reading.ok ? [...list(distrust(reading.patch.signers, keys)), ...(manifest ? misfits(reading.patch.payload, manifest) : [])] : reading.diagnostics;
        return flags.json === true ? printJsonResult(terminal, patch, diagnostics) : printForPeople(terminal, file, patch, diagnostics);
      }),
    );
}

function list(diagnosed: Diagnostic | undefined): readonly Diagnostic[] {
  return diagnosed === undefined ? [] : [diagnosed];
}

/** What a host of this build would refuse: another build (HF2207), or modules that are not the build's (HF2004). */
function misfits(payload: PatchPayload, { file, content }: { readonly file: string; readonly content: Manifest }): readonly Diagnostic[] {
  if (payload.package !== content.package || payload.bases.every(({ build }) => build !== content.build)) {
    const bases = `${payload.bases.map(({ build }) => build).join(", ")} of \`${payload.package}\``;
    return [diagnostic("HF2207", "refusal", { bases, manifest: file, build: content.build, package: content.package })];
  }
  return payload.modules.flatMap(({ key, fingerprint }) => {
    const host = content.modules.get(key)?.fingerprint ?? "missing";
    return host === fingerprint ? [] : [diagnostic("HF2004", "refusal", { module: key, host, patch: fingerprint })];
  });
}

function printJsonResult(terminal: Terminal, patch: Patch | undefined, diagnostics: readonly Diagnostic[]): ExitCode {
  const outcome = diagnostics.length === 0 ? "verified" : "refused";
  const about = patch === undefined ? {} : { patch: patch.id, sequence: patch.payload.sequence, bases: patch.payload.bases, signedBy: patch.signers };
  printJson(terminal, "verify", { result: { outcome, ...about, diagnostics } });
  return diagnostics.length === 0 ? 0 : 1;
}

function printForPeople(terminal: Terminal, file: string, patch: Patch | undefined, diagnostics: readonly Diagnostic[]): ExitCode {
  printDiagnostics(terminal, diagnostics);
  if (diagnostics.length > 0 || patch === undefined) {
    terminal.complain(terminal.paint.red(`${file} is not to be applied.`));
    return 1;
  }
  terminal.print(terminal.paint.green(`${file}: patch ${patch.id.slice(0, 12)}, sequence ${patch.payload.sequence}, ${signedBy(patch.signers)}.`));
  return 0;
}
