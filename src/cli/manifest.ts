/** `ts-hotfix manifest`: writes the manifest of a program that nothing builds, shows one, or prepares for patches of its build. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { writeCompleteManifest } from "../register/complete.ts";
import { readSettings } from "../register/settings.ts";
import { jsonOption } from "./host-options.ts";
import { printManifest, printModules } from "./manifest-show.ts";
import { manifestValues } from "./manifest-values.ts";
import { warmCache, type WarmFlags } from "./manifest-warm.ts";
import { count } from "./result.ts";
import { concluding, printJson, type ExitCode, type Terminal } from "./terminal.ts";

interface ManifestFlags extends WarmFlags {
  readonly project: string;
  readonly out?: string;
  readonly tsx?: boolean;
  readonly show?: string;
  readonly module?: string;
  readonly text?: boolean;
  readonly warm?: string;
}

const EXAMPLES = `
Examples:
  $ ts-hotfix manifest src/server.ts src/worker.ts                     # write one
  $ ts-hotfix manifest --show dist/hotfix.manifest.json                # show what it holds
  $ ts-hotfix manifest --show dist/hotfix.manifest.json --module 'src/shop.ts' --text
  $ ts-hotfix manifest --warm dist/hotfix.manifest.json                # after a build, so that a patch is built quickly`;

export function addManifest(program: Command, terminal: Terminal): void {
  program
    .command("manifest")
    .description("Write the manifest of a program that runs through `--import ts-hotfix/register`, show a manifest, or prepare for patches of its build.")
    .argument("[entry...]", "what Node.js is started with, and the workers' files; all that these load is found")
    .option("--project <folder>", "folder of the program's package.json, with its options", ".")
    .option("--out <file>", "manifest to write (default: where the program itself writes it)")
    .option("--tsx", "tsx runs the program: types are erased as tsconfig.json says")
    .option("--show <file>", "show what a manifest holds; write nothing")
    .option("--module <glob>", "with --show: show these modules only, and all about them")
    .option("--text", "with --module: show their source text too")
    .option("--warm <file>", "analyse all modules of a manifest's build now, so that the next patch is built quickly")
    .option("--source <folder>", "with --warm: the host's package in the source tree (default: the working directory)")
    .option("--cache <folder>", "with --warm: the cache to fill (default: TS_HOTFIX_CACHE, or node_modules/.cache/ts-hotfix)")
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((entries: readonly string[], flags: ManifestFlags) =>
      concluding(terminal, "manifest", flags.json === true, async () => {
        checkUsage(entries, flags);
        if (flags.show !== undefined) return showManifest(terminal, flags.show, flags);
        return flags.warm === undefined ? writeOne(terminal, entries, flags) : warmCache(terminal, flags.warm, flags);
      }),
    );
}

function checkUsage(entries: readonly string[], { show, warm, module, text, source, cache }: ManifestFlags): void {
  const asked = [entries.length > 0, show !== undefined, warm !== undefined].filter(Boolean).length;
  const wrong = asked === 0 ? "give entries, --show or --warm"
    : asked > 1 ? "give either entries, or --show, or --warm"
    : module !== undefined && show === undefined ? "--module goes with --show"
    : text === true && module === undefined ? "--text goes with --module"
    : (source !== undefined || cache !== undefined) && warm === undefined ? "--source and --cache go with --warm"
    : undefined;
  if (wrong !== undefined) throw new HotfixError(diagnostic("HF0006", "error", { detail: wrong }));
}

function showManifest(terminal: Terminal, file: string, { module, text = false, json }: ManifestFlags): ExitCode {
  const values = manifestValues(file, { module, text });
  if (json === true) printJson(terminal, "manifest", { result: values });
  else if (module === undefined) printManifest(terminal, values);
  else printModules(terminal, values);
  return 0;
}

function writeOne(terminal: Terminal, entries: readonly string[], { project, out, tsx, json }: ManifestFlags): ExitCode {
  const settings = readSettings(resolve(project));
  const files = entries.map((entry) => resolve(entry));
  const missing = files.find((file) => !existsSync(file));
  const shown = missing === undefined ? undefined : relative(process.cwd(), missing);
  if (shown !== undefined) throw new HotfixError(diagnostic("HF0006", "error", { detail: `there is no file \`${shown}\`` }));
  const path = out === undefined ? settings.manifest : resolve(out);
  const manifest = writeCompleteManifest(settings, files, path, tsx === true ? "other" : "node");
  const modules = [...manifest.modules.values()];
  if (modules.length === 0) throw new HotfixError(diagnostic("HF0016", "error", { paths: entries.join(", ") }));
  const targets = modules.reduce((sum, { facts }) => sum + facts.targets.length, 0);
  const told = `${relative(process.cwd(), path)}: ${count(modules.length, "module")}, ${count(targets, "function")} can be patched.`;
  if (json === true) printJson(terminal, "manifest", { result: { manifest: path, build: manifest.build, files: modules.length, targets } });
  else terminal.print(terminal.paint.green(told));
  return 0;
}
