/** `ts-hotfix manifest <entry…>`: the manifest of a program that nothing builds. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { writeCompleteManifest } from "../register/complete.ts";
import { readSettings } from "../register/settings.ts";
import { jsonOption } from "./host-options.ts";
import { count } from "./result.ts";
import { concluding, printJson, type ExitCode, type Terminal } from "./terminal.ts";

interface ManifestFlags {
  readonly project: string;
  readonly out?: string;
  readonly tsx?: boolean;
  readonly json?: boolean;
}

export function addManifest(program: Command, terminal: Terminal): void {
  program
    .command("manifest")
    .description("Write the manifest of a program that runs through `--import ts-hotfix/register`, complete and ahead of time.")
    .argument("<entry...>", "what Node.js is started with, and the workers' files; all that these load is found")
    .option("--project <folder>", "folder of the program's package.json, with its options", ".")
    .option("--out <file>", "manifest to write (default: where the program itself writes it)")
    .option("--tsx", "tsx runs the program: types are erased as tsconfig.json says")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  $ ts-hotfix manifest src/server.ts src/worker.ts")
    .action((entries: readonly string[], flags: ManifestFlags) =>
      concluding(terminal, "manifest", flags.json === true, async () => {
        const settings = readSettings(resolve(flags.project));
        const files = entries.map((entry) => resolve(entry));
        const missing = files.find((file) => !existsSync(file));
        if (missing !== undefined) throw new HotfixError(diagnostic("HF0006", "error", { detail: `there is no file \`${relative(process.cwd(), missing)}\`` }));
        const path = flags.out === undefined ? settings.manifest : resolve(flags.out);
        const manifest = writeCompleteManifest(settings, files, path, flags.tsx === true ? "other" : "node");
        const modules = [...manifest.modules.values()];
        if (modules.length === 0) throw new HotfixError(diagnostic("HF0016", "error", { paths: entries.join(", ") }));
        const targets = modules.reduce((sum, { facts }) => sum + facts.targets.length, 0);
        if (flags.json === true) printJson(terminal, "manifest", { result: { manifest: path, build: manifest.build, files: modules.length, targets } });
        else terminal.print(terminal.paint.green(`${relative(process.cwd(), path)}: ${count(modules.length, "module")}, ${count(targets, "function")} can be patched.`));
        return 0 satisfies ExitCode;
      }),
    );
}
