/** `ts-hotfix transform PATH… --out-dir DIR | --in-place` */
import { join, relative } from "node:path";
import { Option, type Command } from "commander";
import { MANIFEST_FILE } from "../manifest/manifest.ts";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { openProject } from "../transform/project.ts";
import { describeCoverage } from "../transform/summary.ts";
import { transformTree, type Progress, type TransformedTree, type TreeOptions } from "../transform/tree.ts";
import { writeTree } from "../transform/write-tree.ts";
import { shorten } from "./build.ts";
import { jsonOption } from "./host-options.ts";
import { count } from "./result.ts";
import { concluding, printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";

interface TransformFlags {
  readonly outDir?: string;
  readonly inPlace?: boolean;
  readonly root: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly entries?: readonly string[];
  readonly define?: readonly string[];
  readonly alias?: readonly string[];
  readonly targets: "all" | "tagged";
  readonly init: "auto" | "explicit";
  /** True with `--lift` alone. */
  readonly lift?: boolean | readonly string[];
  readonly manifest?: string;
  readonly sourceMap?: TreeOptions["sourceMap"];
  readonly strip?: boolean;
  /** False with `--no-import-meta`. */
  readonly importMeta: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ts-hotfix transform src --out-dir build/src         # then compile build/src as you would src
  $ ts-hotfix transform src --out-dir dist --strip      # TypeScript to JavaScript at once
  $ ts-hotfix transform lib --in-place --manifest run/hotfix.manifest.json`;

export function addTransform(program: Command, terminal: Terminal): void {
  program
    .command("transform")
    .description("Make the top-level functions of files or folders patchable, and write the manifest.")
    .argument("<path...>", "files, or folders with all that is in them")
    .option("--out-dir <folder>", "write there; what is not transformed is copied")
    .option("--in-place", "overwrite the files: for copies of a tree, in a build")
    .option("--root <folder>", "folder that globs and the manifest's path are relative to", ".")
    .addOption(repeatable("--include <glob>", "transform these files only"))
    .addOption(repeatable("--exclude <glob>", "leave these files alone, such as tests"))
    .addOption(repeatable("--entries <glob>", "modules whose exports are read by code outside of the build"))
    .addOption(repeatable("--define <name=expression>", "a name that a later tool replaces, as for its own `define`"))
    .addOption(repeatable("--alias <name=path>", "what a specifier stands for, where no tsconfig says so"))
    .addOption(new Option("--targets <which>", "all functions, or those tagged `@hotfix`").choices(["all", "tagged"]).default("all"))
    .addOption(new Option("--init <mode>", "when top-level statements run: where they stand, or by `runInit()`").choices(["auto", "explicit"]).default("auto"))
    .addOption(liftOption())
    .option("--manifest <file>", "manifest to write (default: hotfix.manifest.json in the output folder, in place in the root)")
    .addOption(new Option("--source-map <where>", "beside each file, in it, or not at all (default: file; in place none, lines stay the same)").choices(["file", "inline", "none"]))
    .option("--strip", "write JavaScript: types go, JSX stays")
    .option("--no-import-meta", "never add `import.meta`: a later tool makes CommonJS of ES modules, as Jest does")
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((paths: readonly string[], flags: TransformFlags) =>
      concluding(terminal, "transform", flags.json === true, async () => {
        const { outDir } = placesOf(flags);
        const project = openProject("ts-hotfix transform", projectOptions(flags), process.cwd());
        const tree = transformTree(project, { paths, outDir, strip: flags.strip === true, importMeta: flags.importMeta, sourceMap: flags.sourceMap ?? (outDir === undefined ? "none" : "file") }, flags.json === true ? undefined : showProgress());
        if (!("outputs" in tree)) throw new HotfixError(tree[0] ?? diagnostic("HF0006", "error", { detail: "nothing to transform" }), ...tree.slice(1));
        if (tree.files.length === 0) throw new HotfixError(diagnostic("HF0016", "error", { paths: paths.join(", ") }));
        const manifest = flags.manifest ?? (outDir === undefined ? MANIFEST_FILE : relative(project.root, join(outDir, MANIFEST_FILE)));
        // before the sources change: it describes them as they were
        const { build } = project.writeManifest(manifest, tree.files);
        writeTree(tree.outputs);
        return printTree(terminal, tree, { json: flags.json === true, manifest, build });
      }),
    );
}

function placesOf({ outDir, inPlace, strip }: TransformFlags): { readonly outDir: string | undefined } {
  const detail = (outDir === undefined) === (inPlace !== true) ? "give --out-dir or --in-place" : inPlace === true && strip === true ? "--strip changes the names of files; give --out-dir" : undefined;
  if (detail !== undefined) throw new HotfixError(diagnostic("HF0006", "error", { detail }));
  return { outDir };
}

function projectOptions({ root, include, exclude, entries, targets, init, lift, define, alias }: TransformFlags): Readonly<Record<string, unknown>> {
  return { root, include, exclude, entries, targets, init, lift: Array.isArray(lift) ? { include: lift } : lift, define: define && pairs("--define", define), alias: alias && pairs("--alias", alias) };
}

function pairs(option: string, texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw new HotfixError(diagnostic("HF0006", "error", { detail: `${option} needs \`name=value\`, found \`${text}\`` }));
    return [text.slice(0, at), text.slice(at + 1)];
  }));
}

function printTree(terminal: Terminal, { outputs, files, modules, notices }: TransformedTree, { json, manifest, build }: { readonly json: boolean; readonly manifest: string; readonly build: string }): ExitCode {
  if (json) {
    const targets = modules.reduce((sum, { analysis }) => sum + analysis.targets.length, 0);
    printJson(terminal, "transform", { result: { files: files.length, targets, written: outputs.length, manifest, build, notices: notices.map(shorten) } });
    return 0;
  }
  printDiagnostics(terminal, notices.map(shorten));
  terminal.print(terminal.paint.green(`Transformed ${count(files.length, "file")}; manifest ${manifest}.`));
  terminal.print(describeCoverage(modules));
  return 0;
}

/** One line that is overwritten, on a terminal only. */
function showProgress(): Progress | undefined {
  if (process.stderr.isTTY !== true) return undefined;
  let last = 0;
  return (done, total) => {
    const now = Date.now();
    if (done + 1 < total && now - last < 100) return;
    last = now;
    process.stderr.write(done + 1 < total ? `\r${done + 1} of ${total} files` : "\r\u001B[K");
  };
}

/** `--lift`: in all files. `--lift 'src/rooms/**'`: in those. */
export function liftOption(): Option {
  return new Option("--lift [glob]", "make methods of top-level classes and functions in top-level object literals patchable too; with a glob, in these files only; repeatable").argParser((value: string, before?: unknown): readonly string[] => [...(Array.isArray(before) ? (before as readonly string[]) : []), value]);
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable`).argParser((value: string, before: readonly string[] = []): readonly string[] => [...before, value]);
}
