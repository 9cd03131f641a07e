/** Files or whole folders through the text back end: all are planned before the first is written. */
import { readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { globSync } from "tinyglobby";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { MODULE_RUNTIME } from "../plan/make-plan.ts";
import { readTsconfig } from "../resolve/tsconfig.ts";
import { applyPlanToText } from "../rewrite/text.ts";
import { languageOf } from "../syntax/parse.ts";
import { formatOf } from "./file-format.ts";
import { PackageTypes } from "./package-type.ts";
import { isModule, isPlanned, type Project, type SourceModule } from "./project.ts";
import { strippedName, stripTypes } from "./strip.ts";

export interface TreeOptions {
  /** Files and folders, as given; relative to the working directory. */
  readonly paths: readonly string[];
  /** Undefined: in place. */
  readonly outDir: string | undefined;
  readonly strip: boolean;
  readonly sourceMap: "file" | "inline" | "none";
  /** Whether `import.meta` may be added where it parses. Default true. */
  readonly importMeta?: boolean;
}

/** One file as it will be written. */
export interface Output {
  readonly source: string;
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface TransformedTree {
  readonly outputs: readonly Output[];
  /** The sources that are transformed, absolute and sorted. */
  readonly files: readonly string[];
  readonly modules: readonly SourceModule[];
  readonly notices: readonly Diagnostic[];
}

export type Progress = (done: number, total: number, file: string) => void;

/** Plans and rewrites; writes nothing. The errors of all files where there are any. */
export function transformTree(project: Project, options: TreeOptions, progress: Progress = () => {}): TransformedTree | readonly Diagnostic[] {
  const found = findFiles(options);
  const files = found.filter(({ file }) => project.covers(file)).map(({ file }) => file).toSorted();
  const cyclic = project.links.filesInCycles(found.filter(({ file }) => languageOf(file) !== undefined).map(({ file }) => file));
  const types = new PackageTypes();
  const legacyDecorators = readTsconfig(project.root)?.config.compilerOptions?.experimentalDecorators === true;
  const transformed = new Set(files);
  const errors: Diagnostic[] = [];
  const notices: Diagnostic[] = [];
  const outputs: Output[] = [];
  for (const [done, { file, path }] of found.entries()) {
    progress(done, found.length, file);
    if (!transformed.has(file)) {
      if (options.outDir !== undefined) outputs.push({ source: file, path, content: readFileSync(file) });
      continue;
    }
    const made = transformFile(project, file, path, options, { types, inCycle: cyclic.has(file), legacyDecorators });
    if ("errors" in made) errors.push(...made.errors);
    else {
      outputs.push(...made.outputs);
      notices.push(...made.notices);
    }
  }
  const taken = new Set<string>();
  const twice = outputs.find(({ path }) => taken.size === taken.add(path).size);
  if (twice) throw new HotfixError(diagnostic("HF0007", "error", { file: twice.path, detail: "two files would be written there" }));
  return errors.length > 0 ? errors : { outputs, files, modules: project.modules(files), notices };
}

interface Surroundings {
  readonly types: PackageTypes;
  readonly inCycle: boolean;
  readonly legacyDecorators: boolean;
}

type Made = { readonly errors: readonly Diagnostic[] } | { readonly outputs: readonly Output[]; readonly notices: readonly Diagnostic[] };

function transformFile(project: Project, file: string, path: string, options: TreeOptions, surroundings: Surroundings): Made {
  const { types, inCycle } = surroundings;
  const text = readFileSync(file, "utf8");
  const module = project.module(file);
  if (!isModule(module)) return { errors: module };
  const { analysis } = module;
  if (isTransformed(analysis.parsed.text)) return { errors: [diagnostic("HF0015", "error", { file })] };
  const stripped = options.strip && analysis.parsed.language.typed;
  const format = formatOf(analysis, types, stripped);
  const table = { form: format.format === "esm" && inCycle ? "hoisted" : "constant" } as const;
  const planned = project.plan(file, text, { ...format, table, importMeta: format.importMeta && options.importMeta !== false, typed: !stripped });
  if (!isPlanned(planned)) return { errors: planned };
  const output = stripped ? strippedName(path) : path;
  const rewritten = applyPlanToText(analysis.parsed.text, planned.plan, relative(join(output, ".."), file).split(sep).join("/"));
  const final = stripped ? stripTypes(file, rewritten, surroundings.legacyDecorators) : rewritten;
  if ("severity" in final) return { errors: [final] };
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  return { outputs: withMap(file, output, `${mark}${final.code}`, final.map, options.sourceMap), notices: planned.plan.diagnostics.filter(({ severity }) => severity !== "error") };
}

/** What plans call "has been transformed already", told here: a second manifest would be one of the emitted code. */
function isTransformed(text: string): boolean {
  return new RegExp(`(import \\{ register as \\S+ \\} from |\\()${JSON.stringify(MODULE_RUNTIME)}(;|\\)\\.register\\()`).test(text);
}

// … --> … //# sourceMappingURL=shop.ts.map
function withMap(source: string, path: string, code: string, map: object, where: TreeOptions["sourceMap"]): readonly Output[] {
  if (where === "none") return [{ source, path, content: code }];
  const json = JSON.stringify({ ...map, file: path.slice(path.lastIndexOf(sep) + 1) });
  const line = code.endsWith("\n") ? "" : "\n";
  if (where === "inline") return [{ source, path, content: `${code}${line}//# sourceMappingURL=data:application/json;charset=utf-8;base64,${Buffer.from(json).toString("base64")}\n` }];
  const name = encodeURI(`${path.slice(path.lastIndexOf(sep) + 1)}.map`);
  return [{ source, path, content: `${code}${line}//# sourceMappingURL=${name}\n` }, { source, path: `${path}.map`, content: json }];
}

interface Found {
  readonly file: string;
  readonly path: string;
}

/** A folder's files keep their places below it; a file goes where the working directory has it. */
function findFiles({ paths, outDir }: TreeOptions): readonly Found[] {
  const found = new Map<string, Found>();
  for (const given of paths) {
    const from = resolve(given);
    const isFolder = statOf(given).isDirectory();
    const base = isFolder ? from : process.cwd();
    for (const file of isFolder ? filesBelow(from, outDir) : [from]) {
      const within = relative(base, file);
      const place = within.startsWith("..") ? file.slice(file.lastIndexOf(sep) + 1) : within;
      found.set(file, { file, path: outDir === undefined ? file : join(resolve(outDir), place) });
    }
  }
  return [...found.values()].toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

function filesBelow(folder: string, outDir: string | undefined): readonly string[] {
  const files = globSync("**/*", { cwd: folder, absolute: true, dot: true, ignore: ["**/node_modules/**", "**/.git/**"], followSymbolicLinks: false, expandDirectories: false }).map((file) => resolve(file));
  const out = outDir === undefined ? undefined : resolve(outDir) + sep;
  return files.filter((file) => out === undefined || !file.startsWith(out) || folder + sep === out);
}

function statOf(path: string): { isDirectory(): boolean } {
  try {
    return statSync(path);
  } catch {
    throw new HotfixError(diagnostic("HF0006", "error", { detail: `there is no file or folder \`${path}\`` }));
  }
}
