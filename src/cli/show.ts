/** `ts-hotfix show FILE [--base-source FOLDER]` */
import { resolve } from "node:path";
import type { Command } from "commander";
import { changesOf, type Change } from "../inspect/changes.ts";
import { openTree } from "../inspect/tree.ts";
import { hasLifted } from "../patch/lift-names.ts";
import { displayKey, displayTarget } from "../manifest/module-key.ts";
import { HotfixError } from "../messages/diagnostic.ts";
import { printable } from "../messages/printable.ts";
import type { Patch } from "../patch/file.ts";
import type { PatchImport, PatchImportSource, PatchPayload } from "../patch/payload.ts";
import { jsonOption } from "./host-options.ts";
import { openPatch, signedBy } from "./patch-file.ts";
import { concluding, printJson, type Terminal } from "./terminal.ts";

interface ShowFlags {
  readonly baseSource?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ts-hotfix show fix-1.hotfix                            # what it carries, and all of its code
  $ ts-hotfix show fix-1.hotfix --base-source ../release   # as a diff of functions

The signatures are sound if anything is shown; whether to trust them, \`ts-hotfix verify\` tells.`;

export function addShow(program: Command, terminal: Terminal): void {
  program
    .command("show")
    .description("Tell what a patch changes, who signed it, and which build it is for.")
    .argument("<file>", "patch file")
    .option("--base-source <folder>", "source tree of the running build: show what changes, not what there is")
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((file: string, { baseSource, json }: ShowFlags) =>
      concluding(terminal, "show", json === true, async () => {
        const patch = await openPatch(file);
        const changes = findChanges(patch.payload, baseSource);
        if (json === true) printJson(terminal, "show", { result: describe(patch, changes) });
        else printForPeople(terminal, file, patch, changes);
        return 0;
      }),
    );
}

function findChanges(payload: PatchPayload, folder: string | undefined): readonly Change[] {
  const base = folder === undefined ? undefined : openTree(resolve(folder), payload.package, hasLifted(payload));
  const changes = changesOf(payload, base);
  const [first, ...more] = base?.diagnostics ?? [];
  if (first !== undefined) throw new HotfixError(first, ...more);
  return changes;
}

function describe({ id, payload, signers, bytes }: Patch, changes: readonly Change[]): object {
  const { sequence, package: home, bases, modules } = payload;
  return {
    patch: id, sequence, package: home, bases, bytes, signedBy: signers, callbacks: payload.callbacks?.names ?? [], changes,
    imports: modules.flatMap(({ key, bindings }) => bindings.imports.map(({ local, from }) => ({ module: key, local, from }))),
    modules: modules.map(({ key, fingerprint, code }) => ({ key, fingerprint, bytes: Buffer.byteLength(code) })),
  };
}

const WORDS: Readonly<Record<Change["kind"], string>> = { replaced: "replaces", added: "adds", variable: "adds the variable", constant: "brings the value of", code: "runs besides" };

function printForPeople(terminal: Terminal, file: string, { id, payload, signers, bytes }: Patch, changes: readonly Change[]): void {
  const { paint } = terminal;
  const { sequence, package: home, bases, callbacks } = payload;
  const modules = [...payload.modules, ...(callbacks === null ? [] : [callbacks.module])];
  terminal.print(paint.bold(`${printable(file)}: patch ${id}`));
  terminal.print(`sequence ${sequence}, ${bytes} bytes, ${signedBy(signers)}`);
  terminal.print(`for \`${printable(home)}\`, build ${bases.map(({ build }) => printable(build)).join(", ")}`);
  for (const { key, bindings } of modules) {
    for (const each of bindings.imports) terminal.print(`${printable(displayKey(key, home))} imports ${printable(each.local)} ${originOf(each, home)}`);
  }
  if (callbacks !== null) terminal.print(`calls ${callbacks.names.map(printable).join(", ")} of ${printable(displayKey(callbacks.module.key, home))}`);
  for (const { kind, id: name, code, diff } of changes) {
    terminal.print("");
    const loud = kind === "code" ? paint.red : paint.cyan;
    terminal.print(loud(`${WORDS[kind]} ${printable(name)}`) + (diff === "" ? paint.dim(" (its own text is the same; names in it stand for something else)") : ""));
    if (diff === undefined) terminal.print(printable(code));
    else if (diff !== "") terminal.print(printable(diff.trimEnd()).split("\n").map((line) => colourLine(line, terminal)).join("\n"));
  }
}

function originOf({ from }: PatchImport, home: string): string {
  const describeSource: { readonly [K in PatchImportSource["kind"]]: (source: Extract<PatchImportSource, { kind: K }>) => string } = {
    package: ({ specifier, imported }) => `from "${printable(specifier)}" (${printable(imported)})`,
    host: ({ key, name }) => `from ${printable(displayTarget(key, name, home))}`,
    added: ({ key, name }) => `from ${printable(displayTarget(key, name, home))} (new)`,
    hostNamespace: ({ exports }) => `with ${Object.keys(exports).length} exports`,
  };
  return describeSource[from.kind](from as never);
}

function colourLine(line: string, { paint }: Terminal): string {
  if (line.startsWith("+++") || line.startsWith("---")) return paint.bold(line);
  if (line.startsWith("@@")) return paint.dim(line);
  return line.startsWith("+") ? paint.green(line) : line.startsWith("-") ? paint.red(line) : line;
}
