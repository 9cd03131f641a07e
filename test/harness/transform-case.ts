/**
 * Transform fixtures: `fixtures/transform/<case>/` holds `input.ts` (or another ending) and what else the program
 * consists of, `fixed/` with the changed files, the outputs of both back ends, and `run.json`. See its type.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { rollup, type Plugin } from "rollup";
import ts from "typescript";
import { hotfix } from "../../rollup-plugin/index.ts";
import { buildPatch } from "../../src/builder/build.ts";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import type { TransformOptions } from "../../src/transform/options.ts";
import { isPlanned, openProject } from "../../src/transform/project.ts";
import transformer from "../../transformer/index.ts";
import { makeStage, ROOT, type Stage } from "./stage.ts";

export const FIXTURES: string = join(ROOT, "fixtures", "transform");

/** `run.json` */
export interface Expectation {
  /** What the case is about, in one sentence. */
  readonly about: string;
  /** Module format of the output. Default `esm`. */
  readonly format?: "esm" | "cjs";
  /** Where the case makes no sense in both: TypeScript makes strict code of every CommonJS file. */
  readonly backEnds?: readonly BackEnd[];
  /** Of the tsconfig, beside those of every case. */
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  /** Options of the transformer, the same for both back ends. */
  readonly options?: TransformOptions;
  /** Lines that loading the module and calling its `main()` print: transformed or not. */
  readonly unpatched: readonly string[];
  /** The same without the transformer, where that differs (explicit init). */
  readonly plain?: readonly string[];
  /** Lines of `main()` once the patch built from `fixed/` is in. */
  readonly patched: readonly string[];
  /** Lines of `main()` after the rollback. */
  readonly rolledBack: readonly string[];
}

export type BackEnd = "tsc" | "rollup" | "text";

/** Rollup takes ES modules; CommonJS sources are shown as the text back end alone makes them. */
export function backEndsOf({ entry, expected }: TransformCase): readonly BackEnd[] {
  return expected.backEnds ?? ["tsc", entry.endsWith(".cjs") ? "text" : "rollup"];
}

export interface TransformCase {
  readonly name: string;
  readonly folder: string;
  /** Entry file name, `input.ts`. */
  readonly entry: string;
  readonly files: readonly string[];
  readonly expected: Expectation;
}

export function readCases(): readonly TransformCase[] {
  return readdirSync(FIXTURES).toSorted().map((name) => {
    const folder = join(FIXTURES, name);
    const files = readdirSync(folder).filter((file) => /\.[cm]?[jt]sx?$/.test(file) && !file.startsWith("output.")).toSorted();
    const entry = files.find((file) => file.startsWith("input.")) ?? "input.ts";
    return { name, folder, entry, files, expected: JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as Expectation };
  });
}

/** What a case's tsconfig.json says. */
const COMPILER_OPTIONS = { experimentalDecorators: true, jsx: "react" } as const;

/** The case as a project: `src/` with its files. */
export function stageCase(each: TransformCase): Stage {
  const stage = makeStage(`case-${each.name}`, { name: "fixture", type: each.expected.format === "cjs" ? "commonjs" : "module" });
  mkdirSync(stage.path("src"));
  writeConfig(each, stage);
  for (const file of each.files) cpSync(join(each.folder, file), stage.path("src", file));
  return stage;
}

/** The project's tsconfig, which a case may change for its fix. */
export function writeConfig({ expected }: TransformCase, stage: Stage, changed: Readonly<Record<string, unknown>> = {}): void {
  writeFileSync(stage.path("tsconfig.json"), JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, ...expected.compilerOptions, ...changed } }));
}

/** Builds a staged case into `out/<back end>/`; returns the emitted texts by file name. `plain` leaves the transformer out. */
export async function emitCase(each: TransformCase, stage: Stage, backEnd: BackEnd, plain = false): Promise<ReadonlyMap<string, string>> {
  const folder = stage.path("out", plain ? `${backEnd}-plain` : backEnd);
  const emit = { tsc: emitWithCompiler, rollup: emitWithRollup, text: emitText }[backEnd];
  const outputs = await emit(each, stage, folder, plain);
  for (const [file, text] of outputs) {
    mkdirSync(join(folder, "src"), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return outputs;
}

const libraries = new Map<string, ts.SourceFile | undefined>();

function emitWithCompiler(each: TransformCase, stage: Stage, folder: string, plain: boolean): ReadonlyMap<string, string> {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    rootDir: stage.path("src"),
    outDir: folder,
    allowJs: true,
    experimentalDecorators: true,
    jsx: ts.JsxEmit.React,
    ...ts.convertCompilerOptionsFromJson(each.expected.compilerOptions ?? {}, stage.folder).options,
    // Fixtures are about emitted code; their types are as loose as they need to be short.
    strict: false,
    noCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    if (!/[\\/]lib\.[\w.]+\.d\.ts$/.test(name)) return read(name, ...rest);
    if (!libraries.has(name)) libraries.set(name, read(name, ...rest));
    return libraries.get(name);
  };
  const program = ts.createProgram(each.files.map((file) => stage.path("src", file)), options, host);
  const found: ts.Diagnostic[] = [...program.getSyntacticDiagnostics()];
  const extras = { ts, library: "typescript", addDiagnostic: (diagnostic: ts.Diagnostic) => found.push(diagnostic) };
  const config = { ...each.expected.options, root: stage.folder, manifest: "hotfix.manifest.json" };
  const outputs = new Map<string, string>();
  program.emit(undefined, (file, text) => outputs.set(basename(file), text), undefined, false, plain ? {} : { before: [transformer(program, config, extras).before] });
  const errors = found.filter((diagnostic) => diagnostic.category === ts.DiagnosticCategory.Error);
  if (errors.length > 0) throw new Error(errors.map((error) => ts.flattenDiagnosticMessageText(error.messageText, "\n")).join("\n"));
  return outputs;
}

function emitText(each: TransformCase, stage: Stage, _folder: string, plain: boolean): ReadonlyMap<string, string> {
  const project = openProject("fixtures", { ...each.expected.options }, stage.folder);
  const files = each.files.map((file) => stage.path("src", file));
  project.writeManifest("hotfix.manifest.json", files);
  return new Map(
    files.map((file) => {
      const text = readFileSync(file, "utf8");
      const planned = project.plan(file, text, { format: "cjs", table: { form: "constant" } });
      if (!isPlanned(planned)) throw new Error(JSON.stringify(planned));
      return [basename(file), plain ? text : applyPlanToText(text, planned.plan, file).code];
    }),
  );
}

async function emitWithRollup(each: TransformCase, stage: Stage, folder: string, plain: boolean): Promise<ReadonlyMap<string, string>> {
  const own = hotfix({ ...each.expected.options, root: stage.folder, manifest: "hotfix.manifest.json" });
  const bundle = await rollup({ input: stage.path("src", each.entry), plugins: plain ? [stripTypes()] : [own, stripTypes()], onLog() {} });
  const format = each.expected.format === "cjs" ? "cjs" : "es";
  const { output } = await bundle.write({ dir: folder, format, exports: "named", entryFileNames: format === "cjs" ? "[name].cjs" : "[name].mjs" });
  await bundle.close();
  return new Map(output.flatMap((chunk) => (chunk.type === "chunk" ? [[chunk.fileName, chunk.code]] : [])));
}

/** What `esbuild` or `swc` plugins do behind ours. */
function stripTypes(): Plugin {
  return {
    name: "strip-types",
    resolveId(source, importer) {
      if (importer === undefined || !source.startsWith(".")) return null;
      const file = join(importer, "..", source);
      return existsSync(file) ? file : file.replace(/\.([cm]?)js$/, ".$1ts");
    },
    async transform(code, id) {
      if (!/\.[cm]?tsx?$/.test(id)) return null;
      const tsconfigRaw = { compilerOptions: COMPILER_OPTIONS } as const;
      return await transform(code, { loader: id.endsWith("x") ? "tsx" : "ts", target: "es2022", sourcefile: id, sourcemap: true, tsconfigRaw });
    },
  };
}

/** The patch from the staged case's manifest and the fixture's `fixed/`; undefined where there is none. */
export function buildCasePatch(each: TransformCase, stage: Stage): string | undefined {
  const fixed = join(each.folder, "fixed");
  if (!existsSync(fixed)) return undefined;
  cpSync(fixed, stage.path("src"), { recursive: true });
  // What their declarations computed at start is not what these cases are about.
  const result = buildPatch({ base: stage.path("hotfix.manifest.json"), source: stage.folder, acceptComputed: true });
  for (const file of each.files) cpSync(join(each.folder, file), stage.path("src", file));
  if (result.outcome !== "built") throw new Error(`${each.name}: ${JSON.stringify(result, undefined, 1)}`);
  const file = stage.path("fix.hotfix");
  writeFileSync(file, result.bytes);
  return file;
}

export type Phases = Pick<Expectation, "unpatched" | "patched" | "rolledBack">;

/** Runs emitted code in a process of its own. */
export async function playCase(each: TransformCase, stage: Stage, backEnd: BackEnd, patch: string | undefined, plain = false): Promise<Phases> {
  const folder = stage.path("out", plain ? `${backEnd}-plain` : backEnd);
  const entry = readdirSync(folder).find((file) => file.startsWith("input."));
  const script = join(ROOT, "test", "harness", "play.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [script, join(folder, entry ?? ""), patch ?? ""], { cwd: stage.folder, timeout: 20_000 });
  return JSON.parse(stdout.slice(stdout.lastIndexOf("\n{"))) as Phases;
}
