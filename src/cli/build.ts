/** `ts-hotfix build --base MANIFEST --out FILE` */
import { relative } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { buildPatch, type BuildResult } from "../builder/build.ts";
import { warmForBuild } from "../builder/world/warm-for-build.ts";
import { pickerOf } from "../builder/pick/pick.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import { signPatch } from "../patch/file.ts";
import { jsonOption } from "./host-options.ts";
import { count, printLive } from "./result.ts";
import { passphraseOption, readSigningKeys, signingKeyOption, type SigningFlags, type SigningKeys } from "./key-files.ts";
import { signedBy } from "./patch-file.ts";
import { nextSequence, recordSequence, withSequence } from "./sequence.ts";
import { concluding, printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";
import { writeOutput } from "./write-output.ts";

interface BuildFlags extends BuildInput {
  readonly out: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** What a patch is made of. */
export interface BuildInput extends SigningFlags {
  readonly base: string;
  readonly source?: string;
  readonly sequence?: number;
  readonly global: readonly string[];
  readonly pick: readonly string[];
  readonly acceptLive?: true | readonly string[];
  readonly strictLive?: boolean;
  readonly acceptLockfile?: boolean;
  readonly acceptComputed?: true | readonly string[];
  readonly callbacks?: string;
  readonly cache?: string | false;
}

export function addBuild(program: Command, terminal: Terminal): void {
  program
    .command("build")
    .description("Build a patch from a fixed source tree, or say what cannot be patched and why.")
    .option("--base <manifest>", "manifest of the running build", "dist/hotfix.manifest.json")
    .option("--out <file>", "patch file to write", "fix.hotfix")
    .option("--source <folder>", "the host's package in the fixed tree (default: the working directory)")
    .addOption(new Option("--sequence <number>", "orders the patches of one base; a host refuses older ones than its active patch (default: one more than the last)").argParser(wholeNumber))
    .addOption(new Option("--global <name>", "a global the host has beside those of Node.js; repeatable").argParser(append).default([], "none"))
    .addOption(new Option("--pick <pattern>", "take only these changes, and what they need: a function (src/shop.ts#award) or a glob of modules; repeatable").argParser(append).default([], "all"))
    .option("--accept-live [id...]", "build although old code of these functions goes on (closures, loops); without an id, of all")
    .option("--accept-computed [id...]", "build although these variables keep what changed functions computed for them at start; without an id, all")
    .option("--accept-lockfile", "build although the fixed tree has another lock file than the host was built with")
    .option("--strict-live", "refuse also where it cannot be told whether old code goes on")
    .option("--callbacks <file>", "a file that exports prePatch, postPatch, preUnpatch, postUnpatch or healthy")
    .option("--cache <folder>", "keep what is concluded about modules here, for the next build (default: TS_HOTFIX_CACHE, or node_modules/.cache/ts-hotfix)")
    .option("--no-cache", "conclude everything anew, keep nothing")
    .addOption(signingKeyOption())
    .addOption(passphraseOption())
    .option("--dry-run", "build, but write nothing")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  $ ts-hotfix build --base dist/hotfix.manifest.json --out fix-1.hotfix --key keys/release.key.pem")
    .action((flags: BuildFlags) =>
      concluding(terminal, "build", flags.json === true, async () => {
        // before the number of the patch is recorded: a key that cannot be used must not use one up
        const signing = readSigningKeys(flags);
        await warmForBuild(flags);
        const result = build(flags, signing);
        if (result.outcome === "built" && flags.dryRun !== true) {
          recordSequence(flags.base, result.payload);
          writeOutput(flags.out, result.bytes);
        }
        const signers = signing.keys.map(({ fingerprint }) => fingerprint).toSorted();
        return flags.json === true ? printJsonResult(terminal, result, flags, signers) : printForPeople(terminal, result, flags, signers);
      }),
    );
}

function build(flags: BuildFlags, { keys, notices }: SigningKeys): BuildResult {
  const { base, sequence } = flags;
  const result = buildFrom(flags);
  if (result.outcome !== "built") return result;
  const numbered = withSequence(result, sequence ?? nextSequence(base, result.payload));
  return { ...numbered, bytes: signPatch(numbered.bytes, keys), notices: [...numbered.notices, ...notices] };
}

/** Neither numbered nor signed. */
export function buildFrom({ base, global, pick, source, acceptLive, strictLive, acceptLockfile, acceptComputed, callbacks, cache }: Omit<BuildInput, "key">): BuildResult {
  const accepted = {
    ...(pick.length === 0 ? {} : { pick: pickerOf(pick) }),
    ...(acceptLive === undefined ? {} : { acceptLive }),
    ...(strictLive === undefined ? {} : { strictLive }),
    ...(acceptLockfile === undefined ? {} : { acceptLockfile }),
    ...(acceptComputed === undefined ? {} : { acceptComputed }),
    ...(callbacks === undefined ? {} : { callbacks }),
  };
  const places = { ...(source === undefined ? {} : { source }), ...(cache === undefined ? {} : { cache }) };
  return buildPatch({ base, globals: global, ...accepted, ...places });
}

const EXIT_CODES: Readonly<Record<BuildResult["outcome"], ExitCode>> = { built: 0, failed: 1, refused: 2, unchanged: 3 };

function printJsonResult(terminal: Terminal, result: BuildResult, flags: BuildFlags, signers: readonly string[]): ExitCode {
  const written = result.outcome === "built" && flags.dryRun !== true ? { file: flags.out } : {};
  if (result.outcome === "built") {
    const { outcome, patch, payload, bytes, replaced, added, constants, live, notices } = result;
    const { sequence, bases } = payload;
    const callbacks = payload.callbacks?.names ?? [];
    printJson(terminal, "build", { result: { outcome, patch, sequence, bases, bytes: bytes.length, signedBy: signers, replaced, added, constants, callbacks, live, notices: notices.map(shorten), ...written } });
  } else printJson(terminal, "build", { result });
  return EXIT_CODES[result.outcome];
}

function printForPeople(terminal: Terminal, result: BuildResult, flags: BuildFlags, signers: readonly string[]): ExitCode {
  const { paint } = terminal;
  switch (result.outcome) {
    case "unchanged":
      terminal.print("Nothing to patch: the tree means the same as the base build.");
      break;
    case "failed":
      printDiagnostics(terminal, result.errors.map(shorten));
      terminal.complain(paint.red(`${count(result.errors.length, "error")}; no patch was written.`));
      break;
    case "refused":
      printDiagnostics(terminal, [...result.notices, ...result.refusals].map(shorten));
      terminal.complain(paint.red(`${count(result.refusals.length, "change")} cannot be patched; no patch was written.`));
      break;
    case "built": {
      printDiagnostics(terminal, result.notices.map(shorten));
      const verb = flags.dryRun === true ? "Would write" : "Wrote";
      terminal.print(paint.green(`${verb} ${flags.out}: patch ${result.patch.slice(0, 12)}, ${result.bytes.length} bytes, ${signedBy(signers)}.`));
      if (signers.length === 0) terminal.print(paint.dim("  Hosts with trusted keys refuse it until it is signed (--key)."));
      for (const id of result.replaced) terminal.print(`  ${id}`);
      for (const id of result.added) terminal.print(`  ${id} (new)`);
      for (const id of result.constants) terminal.print(`  ${id} (new value)`);
      printLive(terminal, result.live);
      for (const name of result.payload.callbacks?.names ?? []) terminal.print(`  ${name} (callback)`);
    }
  }
  return EXIT_CODES[result.outcome];
}

/** Paths as the user would type them. */
export function shorten(each: Diagnostic): Diagnostic {
  if (!each.place) return each;
  const file = relative(process.cwd(), each.place.file);
  return { ...each, place: { ...each.place, file: file.startsWith("..") ? each.place.file : file } };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}

function append(name: string, before: readonly string[]): readonly string[] {
  return [...before, name];
}
