/** What the adapters share: which files are covered, their analyses, the plan of each, the manifest of all. */
import { readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import { analyzeText, isAnalysis, type AnalyzeOptions } from "../analyze/analyze.ts";
import type { LiftRules } from "../analyze/members.ts";
import { writeManifest } from "../manifest/file.ts";
import { fingerprintOf } from "../manifest/fingerprint.ts";
import type { Answer, Coverage, LiftSettings, Manifest } from "../manifest/manifest.ts";
import { Packages, type Package } from "../manifest/module-key.ts";
import { diagnostic, type Diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { checkExplicitInit } from "../plan/init-entry.ts";
import { makePlan, type TableForm } from "../plan/make-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { Resolver, type ResolverSettings } from "../resolve/resolver.ts";
import { digest } from "../syntax/digest.ts";
import { languageOf } from "../syntax/parse.ts";
import { manifestOf, type BuildFacts } from "./build-facts.ts";
import { importedTypes } from "./imported-types.ts";
import { Links } from "./links.ts";
import { liftRules, liftSettings } from "./lifting.ts";
import { PackageTypes } from "./package-type.ts";
import { checkOptions, type TransformOptions } from "./options.ts";

/** A module as its file on disk holds it. */
export interface SourceModule {
  readonly file: string;
  readonly key: string;
  /** Hash of the file's text. */
  readonly content: string;
  /** What the host's module and a patch must agree on. */
  readonly fingerprint: string;
  readonly analysis: ModuleAnalysis;
}

export interface EmitOptions {
  readonly format: "esm" | "cjs";
  readonly table: TableForm;
  /** See PlanOptions. */
  readonly typed?: boolean;
  readonly opaque?: boolean;
  readonly importMeta?: boolean | "url";
}

export interface PlannedModule {
  readonly module: SourceModule;
  /** Of the text to rewrite, which an earlier tool may have changed. */
  readonly analysis: ModuleAnalysis;
  readonly plan: Plan;
}

/** Opens a project. Throws a HotfixError with every wrong option (HF0001, HF0003). */
export function openProject(tool: string, options: Readonly<Record<string, unknown>>, root: string, resolution?: ResolverSettings): Project {
  const [first, ...more] = checkOptions(tool, options);
  if (first) throw new HotfixError(first, ...more);
  const checked = options as TransformOptions;
  return new Project(checked, resolve(root, checked.root ?? "."), resolution);
}

export class Project {
  readonly options: TransformOptions;
  /** Absolute; globs and the manifest's path are relative to it. */
  readonly root: string;
  readonly links: Links;
  readonly #packages: Packages;
  readonly #resolver: Resolver;
  readonly #types = new PackageTypes();
  readonly #modules = new Map<string, { readonly text: string; readonly module: SourceModule | readonly Diagnostic[] }>();
  readonly #included: (path: string) => boolean;
  /** What the option `lift` says, with its defaults. */
  readonly lift: LiftSettings | undefined;
  readonly #liftRules: (file: string) => LiftRules | undefined;

  constructor(options: TransformOptions, root: string, resolution?: ResolverSettings) {
    this.options = options;
    this.root = root;
    this.#packages = new Packages(root);
    this.#resolver = new Resolver(this.#packages, options.alias ?? {}, root, resolution);
    this.links = new Links((file) => this.module(file), this.#resolver);
    this.#included = matcher(options);
    this.lift = liftSettings(options.lift);
    const rules = liftRules(this.lift);
    this.#liftRules = (file) => rules(relative(this.root, file).split(sep).join("/"));
  }

  /** Whether the project transforms a file: source of a known language, included, not in `node_modules`. */
  covers(file: string): boolean {
    const path = resolve(file);
    if (!languageOf(path) || /[\\/]node_modules[\\/]/.test(path)) return false;
    return this.#included(relative(this.root, path).split(sep).join("/"));
  }

  /** Whether a build with this coverage, of the package that the root is here, would transform a file. */
  coveredBy({ root, include, exclude }: Coverage, file: string): boolean {
    const included = matcher({ ...(include === null ? {} : { include }), ...(exclude === null ? {} : { exclude }) });
    return !/[\\/]node_modules[\\/]/.test(file) && included(relative(join(this.root, root), file).split(sep).join("/"));
  }

  /** The module a file on disk holds; errors where it does not parse. Read again when its text changed. */
  module(file: string): SourceModule | readonly Diagnostic[] {
    const path = resolve(file);
    const text = readSource(path);
    const known = this.#modules.get(path);
    if (known?.text === text) return known.module;
    const module = this.#read(path, text);
    this.#modules.set(path, { text, module });
    return module;
  }

  #read(path: string, text: string): SourceModule | readonly Diagnostic[] {
    const analysis = analyzeText(path, text, this.analyzeOptions(path));
    if (!isAnalysis(analysis)) return analysis;
    const { targets = "all", init = "auto" } = this.options;
    return { file: path, key: this.#packages.keyOf(path), content: digest(text), fingerprint: fingerprintOf(text, { targets, init, lift: this.#liftRules(path) }), analysis };
  }

  /**
   * The plan for a text. The module's key and fingerprint are those of the file on disk; the plan is made for
   * `text`, which may be what an earlier tool made of it. A target that got lost on the way is an error (HF0013).
   */
  plan(file: string, text: string, emit: EmitOptions): PlannedModule | readonly Diagnostic[] {
    const module = this.module(file);
    if (!isModule(module)) return module;
    const source = stripBom(text);
    const analysis = source === module.analysis.parsed.text ? module.analysis : analyzeText(file, source, this.analyzeOptions(file));
    if (!isAnalysis(analysis)) return analysis;
    const lost = analysis === module.analysis ? [] : lostTargets(module.analysis, analysis);
    const plan = makePlan(analysis, {
      key: module.key,
      fingerprint: module.fingerprint,
      init: this.options.init ?? "auto",
      ...(emit.typed === true ? importedTypes(module, this.links) : {}),
      ...emit,
    });
    const errors = [...module.analysis.diagnostics, ...lost, ...plan.diagnostics].filter((each) => each.severity === "error");
    return errors.length > 0 ? errors : { module, analysis, plan };
  }

  /** How a file is analyzed. */
  analyzeOptions(file: string): AnalyzeOptions {
    return { targets: this.options.targets ?? "all", lift: this.#liftRules(resolve(file)), sourceType: this.sourceTypeOf(file) };
  }

  /** What a text is taken for that does not tell: JavaScript, as Node.js takes it. */
  sourceTypeOf(file: string): "module" | "commonjs" {
    return /\.jsx?$/.test(file) ? this.#types.of(file) : "module";
  }

  /** How a module would be emitted for patch code of a file: see `importedTypes`. */
  unnamableIn(module: SourceModule): ReadonlySet<string> | undefined {
    return importedTypes(module, this.links).unnamable;
  }

  /** Those that it names and that are not transformed, by their keys. */
  outsideOf(file: string): Readonly<Record<string, string>> {
    const module = this.module(file);
    if (!isModule(module)) return {};
    const specifiers = [...module.analysis.sources.map(({ specifier }) => specifier), ...module.analysis.dynamicImports];
    const paths = specifiers.flatMap((specifier) => this.#resolver.pathOf(module.file, specifier) ?? []).filter((path) => !this.covers(path));
    return Object.fromEntries(paths.map((path) => [this.#packages.keyOf(path), path]));
  }

  packageOf(file: string): Package {
    return this.#packages.of(file);
  }

  keyOf(file: string): string {
    return this.#packages.keyOf(file);
  }

  /** Where a specifier in a file leads, by our own resolver. */
  answerOf(file: string, specifier: string): Answer {
    return this.#resolver.answerOf(file, specifier, (path) => this.covers(path));
  }

  /** The file of the project, source or not (JSON), that a specifier leads to. */
  pathOf(file: string, specifier: string): string | undefined {
    return this.#resolver.pathOf(file, specifier);
  }

  /** The covered files' modules, without those that do not parse. */
  modules(files: readonly string[]): readonly SourceModule[] {
    return files.flatMap((file) => {
      const module = this.covers(file) ? this.module(file) : undefined;
      return module !== undefined && isModule(module) ? [module] : [];
    });
  }

  /** The manifest of a build that consists of these files. Those that do not parse are left out. */
  manifest(files: readonly string[], build: BuildFacts = {}): Manifest {
    return manifestOf(this, this.modules(files), build);
  }

  /** Errors that keep files of a build from being transformed; a build that has any gets no manifest. */
  errors(files: readonly string[]): readonly Diagnostic[] {
    return files.flatMap((file): readonly Diagnostic[] => {
      const module = this.covers(file) ? this.module(file) : undefined;
      if (module === undefined) return [];
      if (!isModule(module)) return module;
      const init = this.options.init === "explicit" ? checkExplicitInit(module.analysis) : [];
      return [...module.analysis.diagnostics, ...init].filter((each) => each.severity === "error");
    });
  }

  /** Writes the manifest of these files. */
  writeManifest(path: string, files: readonly string[], build: BuildFacts = {}): Manifest {
    const manifest = this.manifest(files, build);
    writeManifest(resolve(this.root, path), manifest);
    return manifest;
  }
}

export function isModule(result: SourceModule | readonly Diagnostic[]): result is SourceModule {
  return "analysis" in result;
}

export function isPlanned(result: PlannedModule | readonly Diagnostic[]): result is PlannedModule {
  return "plan" in result;
}

function lostTargets(onDisk: ModuleAnalysis, given: ModuleAnalysis): readonly Diagnostic[] {
  const found = new Map(given.targets.map((target) => [target.name, target]));
  return onDisk.targets.flatMap((target): Diagnostic[] => {
    const other = found.get(target.name);
    const same = other && other.forwards.arguments === target.forwards.arguments && other.parameters.handling === target.parameters.handling;
    return same ? [] : [diagnostic("HF0013", "error", { name: target.name, file: onDisk.parsed.file })];
  });
}

/** The text of a source file, without a byte order mark. */
export function readSource(file: string): string {
  return stripBom(readFileSync(file, "utf8"));
}

function stripBom(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function matcher({ include, exclude }: Pick<TransformOptions, "include" | "exclude">): (path: string) => boolean {
  const match = include === undefined ? () => true : picomatch(globs(include));
  const ignore = exclude === undefined ? () => false : picomatch(globs(exclude));
  return (path) => match(path) && !ignore(path);
}

export function globs(value: string | readonly string[]): string[] {
  return typeof value === "string" ? [value] : [...value];
}
