/**
 * Load: the manifest of the running build, and the modules of the fixed tree. Files that are as they were when the host
 * was built are not parsed: the manifest has their records.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { ModuleAnalysis } from "../../analyze/analysis.ts";
import type { LiftRules } from "../../analyze/members.ts";
import { readEnvironment } from "../../manifest/environment.ts";
import { readManifest } from "../../manifest/file.ts";
import type { Manifest, ModuleRecord } from "../../manifest/manifest.ts";
import { NAMELESS, splitKey } from "../../manifest/module-key.ts";
import { diagnostic, type Diagnostic, HotfixError } from "../../messages/diagnostic.ts";
import { digest } from "../../syntax/normalise.ts";
import { liftRules } from "../../transform/lifting.ts";
import { isModule, openProject, readSource, type Project, type SourceModule } from "../../transform/project.ts";
import { VERSION } from "../../transform/version.ts";
import { readCallbacks } from "../callbacks.ts";
import { findNewModules } from "./new-modules.ts";
import { importsAny, isShadowed } from "./shadows.ts";

export interface LoadedTree {
  readonly manifest: Manifest;
  readonly project: Project;
  /**
   * The fixed tree's modules by key: those of the base that still exist (a moved one under its old key), and new ones.
   * Reading `analysis` of one that did not change parses it.
   */
  readonly modules: ReadonlyMap<string, SourceModule>;
  /** Keys of the new ones, in the order in which they are evaluated. */
  readonly added: readonly string[];
  /** Key of the callbacks file, which is among the modules. */
  readonly callbacks: string | undefined;
  /** Errors of files that do not parse, and what keeps the callbacks file from being one. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param base the manifest, or the path of its file
 * @param source folder of the host's package in the fixed tree
 * @param callbacks path of the file with the patch's callbacks
 */
export function loadTree(base: string | Manifest, source: string, callbacks?: string): LoadedTree {
  const manifest = typeof base === "string" ? readManifest(base) : base;
  const root = packageRoot(resolve(source), manifest.package);
  const project = openProject("ts-hotfix build", { targets: manifest.environment.targets, init: manifest.environment.init, alias: manifest.environment.aliases }, root);
  project.liftAs(liftedBefore(manifest, project, root));
  const files = findFiles(manifest, root);
  if (files.size === 0 && Object.keys(manifest.modules).length > 0) throw new HotfixError(diagnostic("HF2103", "error", { root }));
  const modules = new Map<string, SourceModule>();
  const diagnostics: Diagnostic[] = [];
  const isUnchanged = unchangedFiles(manifest, root, files);
  for (const [key, file] of files) {
    const record = manifest.modules[key];
    const module = record && isUnchanged(key, file) ? new UnreadModule(project, { key, file, record, content: manifest.contents[key] ?? "" }) : project.module(file);
    if (isModule(module)) modules.set(key, module);
    else diagnostics.push(...module);
  }
  const called = callbacks === undefined ? undefined : readCallbacks(callbacks, manifest, project);
  if (called !== undefined && !isModule(called)) diagnostics.push(...called);
  else if (called !== undefined) modules.set(called.key, called);
  const found = findNewModules(manifest, project, modules);
  return { manifest, project, modules: found.modules, added: found.added, callbacks: called !== undefined && isModule(called) ? called.key : undefined, diagnostics: [...diagnostics, ...found.diagnostics] };
}

/** Functions of what the base has are lifted as they were there; what is new is as its author wrote it. */
function liftedBefore({ environment, modules }: Manifest, project: Project, root: string): (file: string) => LiftRules | undefined {
  const rulesOf = liftRules(environment.lift);
  return (file) => {
    const rules = rulesOf(relative(join(root, environment.coverage.root), file).split(sep).join("/"));
    return rules && { ...rules, roots: new Set(modules[project.keyOf(file)]?.bindings.flatMap(({ names }) => (names.length === 0 ? ["default"] : names))) };
  };
}

/** The base's modules that the fixed tree has. */
function findFiles(manifest: Manifest, root: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const key of Object.keys(manifest.modules)) {
    const { package: name, path } = splitKey(key);
    const file = join(root, manifest.packages[name] ?? ".", path);
    if (existsSync(file)) files.set(key, file);
  }
  return files;
}

/** Tells for which files the manifest's record holds: the text is the same, and so is what its specifiers lead to. */
function unchangedFiles(manifest: Manifest, root: string, files: ReadonlyMap<string, string>): (key: string, file: string) => boolean {
  const { environment } = manifest;
  const { resolution } = readEnvironment(root, Object.values(manifest.packages), environment);
  const comparable = environment.generator === `ts-hotfix ${VERSION}` && resolution.hash === environment.resolution?.hash && !resolution.ambiguous;
  if (!comparable || isShadowed(files, manifest, root)) return () => false;
  const removed = new Set(Object.keys(manifest.modules).filter((key) => !files.has(key)));
  return (key, file) => {
    const record = manifest.modules[key];
    return record !== undefined && !importsAny(record, removed) && digest(readSource(file)) === manifest.contents[key];
  };
}

/** A module as the manifest has it; parsed when somebody asks for its analysis. */
class UnreadModule implements SourceModule {
  readonly file: string;
  readonly key: string;
  readonly content: string;
  readonly record: ModuleRecord;
  readonly #project: Project;

  constructor(project: Project, { file, key, content, record }: Omit<SourceModule, "analysis">) {
    this.#project = project;
    this.file = file;
    this.key = key;
    this.content = content;
    this.record = record;
  }

  get analysis(): ModuleAnalysis {
    const module = this.#project.module(this.file);
    // The text parsed when the host was built.
    if (!isModule(module)) throw new HotfixError(...(module as [Diagnostic]));
    return module.analysis;
  }
}

/** Keys of modules that some module imports dynamically, in the base or in the fixed tree. */
export function dynamicallyImported({ manifest, modules }: LoadedTree): ReadonlySet<string> {
  const records = [...Object.values(manifest.modules), ...[...modules.values()].map((module) => module.record)];
  return new Set(records.flatMap((record) => record.dynamic.flatMap((origin) => ("module" in origin ? [origin.module] : []))));
}

/** The folder, or the nearest above it, that holds the host's package (HF2102 where there is none). A project without a name is where it is said to be. */
export function packageRoot(folder: string, name: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const found = nameOf(at);
    if (found === name) return at;
    if (found !== undefined || dirname(at) === at) break;
  }
  if (name === NAMELESS) return folder;
  throw new HotfixError(diagnostic("HF2102", "error", { folder, name }));
}

function nameOf(folder: string): string | undefined {
  try {
    const content = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown } | null;
    return typeof content?.name === "string" ? content.name : undefined;
  } catch {
    return undefined;
  }
}
