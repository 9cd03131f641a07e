/** What is found out once per program: whether it can be transformed at all, its files, its cycles, its manifest. */
import { dirname, join, resolve } from "node:path";
import type ts from "typescript";
import { MANIFEST_FILE, type Answer } from "../src/manifest/manifest.ts";
import { diagnostic, HotfixError, type Diagnostic } from "../src/messages/diagnostic.ts";
import { isModule, openProject, type EmitOptions, type Project } from "../src/transform/project.ts";
import { describeCoverage } from "../src/transform/summary.ts";
import { report, reportLine, type TransformerExtras } from "./report.ts";

const TOOL = "ts-hotfix/transformer";

/** Keys of a plugin entry that are ts-patch's own. */
const OF_TS_PATCH: ReadonlySet<string> = new Set(["transform", "import", "type", "name", "after", "afterDeclarations", "transformProgram", "tsConfig", "resolvePathAliases"]);

export interface Session {
  readonly project: Project;
  covers(sourceFile: ts.SourceFile): boolean;
  /** Undefined, and said, where the module format is not supported. */
  emitOptions(sourceFile: ts.SourceFile): EmitOptions | undefined;
  /** Called for every emitted file; the manifest is written with the first. */
  begin(): void;
}

/** Undefined where the program cannot be transformed; the reasons have been reported. */
export function openSession(program: ts.Program, config: Readonly<Record<string, unknown>>, extras: TransformerExtras): Session | undefined {
  const options = program.getCompilerOptions();
  const problem = checkCompiler(options, extras);
  if (problem) {
    report(problem, program, extras);
    return undefined;
  }
  const root = typeof options.configFilePath === "string" ? dirname(options.configFilePath) : program.getCurrentDirectory();
  const own = Object.fromEntries(Object.entries(config).filter(([key]) => !OF_TS_PATCH.has(key)));
  try {
    return new ProgramSession(program, openProject(TOOL, own, root), join(options.outDir ?? root, MANIFEST_FILE), extras);
  } catch (error) {
    if (!(error instanceof HotfixError)) throw error;
    for (const each of error.diagnostics) report(each, program, extras);
    return undefined;
  }
}

function checkCompiler(options: ts.CompilerOptions, { ts }: TransformerExtras): Diagnostic | undefined {
  const version: string = ts.versionMajorMinor;
  if (version !== "5.9" && !version.startsWith("6.")) return diagnostic("HF0022", "error", { version: ts.version });
  const { target } = options;
  return target !== undefined && target < ts.ScriptTarget.ES2017 ? diagnostic("HF0020", "error", { target: ts.ScriptTarget[target] }) : undefined;
}

class ProgramSession implements Session {
  readonly project: Project;
  readonly #program: ts.Program;
  readonly #extras: TransformerExtras;
  readonly #manifest: string;
  /** Those that are transformed. */
  readonly #files: readonly string[];
  /** All of the program's own: a cycle may lead through a file that is left alone. */
  readonly #sources: readonly string[];
  #cyclic: ReadonlySet<string> | undefined;
  #resolved: ts.ModuleResolutionCache | undefined;
  #coveredFiles: ReadonlySet<string> | undefined;
  #begun = false;
  readonly #refusedFormats = new Set<string>();

  constructor(program: ts.Program, project: Project, manifest: string, extras: TransformerExtras) {
    this.project = project;
    this.#manifest = project.options.manifest ?? manifest;
    this.#program = program;
    this.#extras = extras;
    this.#files = program.getSourceFiles().filter((file) => this.covers(file)).map((file) => file.fileName);
    this.#sources = program.getSourceFiles().filter((file) => this.#isOwn(file)).map((file) => file.fileName);
  }

  covers(sourceFile: ts.SourceFile): boolean {
    return this.#isOwn(sourceFile) && this.project.covers(sourceFile.fileName);
  }

  #isOwn(sourceFile: ts.SourceFile): boolean {
    const { fileName, isDeclarationFile } = sourceFile;
    return !isDeclarationFile && !this.#program.isSourceFileFromExternalLibrary(sourceFile) && this.#extras.ts.sys.fileExists(fileName);
  }

  emitOptions(sourceFile: ts.SourceFile): EmitOptions | undefined {
    const format = this.#formatOf(sourceFile);
    if (format === undefined) return undefined;
    return { format, table: { form: format === "esm" && this.#inCycle(sourceFile) ? "hoisted" : "constant" } };
  }

  #formatOf(sourceFile: ts.SourceFile): "esm" | "cjs" | undefined {
    const { ModuleKind } = this.#extras.ts;
    const kind = emittedModuleKind(this.#program, sourceFile);
    switch (kind) {
      case ModuleKind.CommonJS:
        return "cjs";
      case ModuleKind.None:
      case ModuleKind.AMD:
      case ModuleKind.UMD:
      case ModuleKind.System: {
        const format = ModuleKind[kind];
        if (!this.#refusedFormats.has(format)) report(diagnostic("HF0021", "error", { format }), this.#program, this.#extras);
        this.#refusedFormats.add(format);
        return undefined;
      }
      default:
        return this.#staysCommonJs(sourceFile) ? "cjs" : "esm";
    }
  }

  #formatOfFile(file: string): "esm" | "cjs" {
    const sourceFile = this.#program.getSourceFile(file);
    return (sourceFile && this.#formatOf(sourceFile)) ?? "esm";
  }

  /** Where TypeScript found a specifier; a declaration file stands for the package or the JavaScript beside it, which we look for ourselves. */
  #answerOf(file: string, specifier: string): Answer | undefined {
    const { ts } = this.#extras;
    const sourceFile = this.#program.getSourceFile(file);
    const mode = sourceFile?.impliedNodeFormat;
    const found = ts.resolveModuleName(specifier, file, this.#program.getCompilerOptions(), ts.sys, this.#resolutions(), undefined, mode).resolvedModule;
    if (found === undefined || found.isExternalLibraryImport === true || /\.d\.[cm]?ts$/.test(found.resolvedFileName)) return undefined;
    const path = resolve(found.resolvedFileName);
    const key = this.project.keyOf(path);
    return this.#covered().has(path) ? { is: "module", key } : { is: "file", key };
  }

  #resolutions(): ts.ModuleResolutionCache {
    this.#resolved ??= this.#extras.ts.createModuleResolutionCache(this.#program.getCurrentDirectory(), (name) => name, this.#program.getCompilerOptions());
    return this.#resolved;
  }

  #covered(): ReadonlySet<string> {
    this.#coveredFiles ??= new Set(this.#files.map((file) => resolve(file)));
    return this.#coveredFiles;
  }

  /** A file without module syntax is emitted as it is, whatever `module` says, and may have been written for CommonJS. */
  #staysCommonJs(sourceFile: ts.SourceFile): boolean {
    if (this.#extras.ts.isExternalModule(sourceFile)) return false;
    const module = this.project.module(sourceFile.fileName);
    return isModule(module) && module.analysis.parsed.sourceType === "commonjs";
  }

  #inCycle(sourceFile: ts.SourceFile): boolean {
    this.#cyclic ??= this.project.links.filesInCycles(this.#sources, this.#program.getCompilerOptions().verbatimModuleSyntax === true);
    return this.#cyclic.has(resolve(sourceFile.fileName));
  }

  /** TypeScript 6 writes "use strict" into every script unless told not to, TypeScript 5 where it is told to. */
  #isAlwaysStrict(): boolean {
    const { alwaysStrict, strict } = this.#program.getCompilerOptions();
    return alwaysStrict ?? (this.#extras.ts.versionMajorMinor.startsWith("6.") || strict === true);
  }

  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.project.writeManifest(this.#manifest, this.#files, {
      alwaysStrict: this.#isAlwaysStrict(),
      emittedAs: ({ file }) => ({ format: this.#formatOfFile(file) }),
      answerOf: (file, specifier) => this.#answerOf(file, specifier),
      resolution: { by: "tsc", conditions: this.#program.getCompilerOptions().customConditions ?? [] },
    });
    reportLine(describeCoverage(this.project.modules(this.#files)), this.#program, this.#extras);
  }
}

function emittedModuleKind(program: ts.Program, sourceFile: ts.SourceFile): ts.ModuleKind {
  // Not part of the published types; there since TypeScript 5.6.
  const { getEmitModuleFormatOfFile } = program as ts.Program & { readonly getEmitModuleFormatOfFile: (file: ts.SourceFile) => ts.ModuleKind };
  return getEmitModuleFormatOfFile(sourceFile);
}
