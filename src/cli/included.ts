/** `ts-hotfix included FILE [--source FOLDER]` */
import { resolve } from "node:path";
import type { Command } from "commander";
import { findIncluded, type Finding } from "../inspect/included.ts";
import { openTree } from "../inspect/tree.ts";
import { hasLifted } from "../patch/lift-names.ts";
import { readManifest } from "../manifest/file.ts";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import type { Patch } from "../patch/file.ts";
import { shorten } from "./build.ts";
import { jsonOption } from "./host-options.ts";
import { openPatch } from "./patch-file.ts";
import { count } from "./result.ts";
import { concluding, printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";

interface IncludedFlags {
  readonly source: string;
  readonly base?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Example:
  $ ts-hotfix included fix-1.hotfix --source .     # before the next release goes out

The exit code is 0 if the tree contains the fix, 2 if it does not, 1 on an error.`;

export function addIncluded(program: Command, terminal: Terminal): void {
  program
    .command("included")
    .description("Tell whether a source tree, the next release, contains everything that a patch fixes.")
    .argument("<file>", "patch file")
    .option("--source <folder>", "the host's package in that tree", ".")
    .option("--base <file>", "manifest of the build that the patch is for, if that replaces names (`define`)")
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((file: string, { source, base, json }: IncludedFlags) =>
      concluding(terminal, "included", json === true, async () => {
        const patch = await openPatch(file);
        const findings = find(patch, resolve(source), base);
        const refusals = findings.flatMap(refusalOf);
        if (json === true) printJsonResult(terminal, patch, findings, refusals);
        else printForPeople(terminal, file, findings, refusals);
        return (refusals.length === 0 ? 0 : 2) satisfies ExitCode;
      }),
    );
}

function find({ payload }: Patch, source: string, base: string | undefined): readonly Finding[] {
  const tree = openTree(source, payload.package, hasLifted(payload), base === undefined ? undefined : readManifest(base).environment);
  const findings = findIncluded(payload, tree);
  const [first, ...more] = tree.diagnostics;
  if (first !== undefined) throw new HotfixError(first, ...more);
  return findings;
}

function refusalOf({ id, missing, place }: Finding): readonly Diagnostic[] {
  return missing === undefined ? [] : [shorten(diagnostic("HF2210", "refusal", { name: id, detail: missing }, place))];
}

function printJsonResult(terminal: Terminal, { id, signers }: Patch, findings: readonly Finding[], diagnostics: readonly Diagnostic[]): void {
  const included = findings.filter(({ missing }) => missing === undefined).map((each) => each.id);
  const missing = findings.filter((each) => each.missing !== undefined).map((each) => each.id);
  printJson(terminal, "included", { result: { outcome: diagnostics.length === 0 ? "included" : "missing", patch: id, signedBy: signers, included, missing, diagnostics } });
}

function printForPeople(terminal: Terminal, file: string, findings: readonly Finding[], refusals: readonly Diagnostic[]): void {
  printDiagnostics(terminal, refusals);
  const { paint } = terminal;
  if (refusals.length === 0) terminal.print(paint.green(`${file} is included: ${count(findings.length, "part")}, all there.`));
  else terminal.complain(paint.red(`${file} is not included: ${refusals.length} of ${count(findings.length, "part")} not there.`));
}
