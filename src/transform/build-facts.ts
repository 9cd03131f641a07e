/** What a build writes down: the manifest of its modules, by what its tool knows of them. */
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import picomatch from "picomatch";
import { readEnvironment } from "../manifest/environment.ts";
import { factsOf, namedModules, type EmittedModule } from "../manifest/facts.ts";
import { blobsOf } from "../manifest/git.ts";
import { makeManifest } from "../manifest/make-manifest.ts";
import type { Answer, BuildEnvironment, Manifest, ManifestModule, ModuleFacts, OutsideFact, ResolutionSettings } from "../manifest/manifest.ts";
import type { Package } from "../manifest/module-key.ts";
import { digest } from "../syntax/digest.ts";
import { languageOf } from "../syntax/parse.ts";
import { formatOf } from "./file-format.ts";
import { PackageTypes } from "./package-type.ts";
import { globs, type Project, type SourceModule } from "./project.ts";
import { VERSION } from "./version.ts";

export type EmittedAs = Omit<EmittedModule, "readAs" | "unnamable">;

/** What the tool that builds or loads the host knows. */
export interface BuildFacts {
  /** The compiler makes strict code of scripts. Default false. */
  readonly alwaysStrict?: boolean;
  /** Node.js erases the types itself. Default: a compiler does. */
  readonly erasure?: "node" | undefined;
  /** How a module is emitted. Default: as its text, its name and its tsconfig say. */
  readonly emittedAs?: (module: SourceModule) => EmittedAs;
  /** Where the tool found a specifier of a file; undefined where it has not looked: then our own resolver answers. */
  readonly answerOf?: (file: string, specifier: string) => Answer | undefined;
  /** Who gave the answers, and by which conditions beside Node.js's. Default: our own resolver. */
  readonly resolution?: Pick<ResolutionSettings, "by" | "conditions">;
  /** Files of the build that stay as they are although they are covered: changing them takes a restart. */
  readonly left?: ReadonlyMap<string, OutsideFact["why"]>;
}

/** A module of a build and where it belongs. */
export interface BuiltModule {
  readonly file: string;
  readonly key: string;
  readonly package: Package;
  readonly fingerprint: string;
  readonly content: string;
  readonly facts: ModuleFacts;
  readonly text: string | undefined;
  readonly blob?: string | undefined;
}

export function manifestOf(project: Project, modules: readonly SourceModule[], build: BuildFacts): Manifest {
  const types = new PackageTypes();
  const emittedAs = build.emittedAs ?? (({ analysis }) => formatOf(analysis, types, false));
  const built = modules.map((module): BuiltModule => ({
    ...module,
    package: project.packageOf(module.file),
    facts: moduleFacts(project, module, emittedAs(module), build.answerOf),
    text: module.analysis.parsed.text,
  }));
  return assemble(project, built, outsideFiles(project, modules, build), build);
}

export function moduleFacts(project: Project, module: SourceModule, emitted: EmittedAs, answerOf: BuildFacts["answerOf"]): ModuleFacts {
  const unnamable = emitted.typed === true ? project.unnamableIn(module) : undefined;
  const how = { ...emitted, readAs: project.sourceTypeOf(module.file), ...(unnamable === undefined ? {} : { unnamable }) };
  return factsOf(module.analysis, how, project.options.init ?? "auto", (specifier) => answerOf?.(module.file, specifier) ?? project.answerOf(module.file, specifier));
}

/** The manifest of modules of which no more is known than their facts. */
export function assemble(project: Project, built: readonly BuiltModule[], outside: ReadonlyMap<string, OutsideFact>, build: BuildFacts): Manifest {
  const home = project.packageOf(join(project.root, "package.json"));
  const packages: Record<string, string> = { [home.name]: "." };
  const modules = new Map<string, ManifestModule>();
  const blobs = project.options.sources === "git" ? blobsOf(home.root, built.flatMap(({ file, text }) => (text === undefined ? [] : [file]))) : new Map<string, string>();
  for (const { key, file, package: owner, fingerprint, content, facts, text, blob } of built) {
    packages[owner.name] ??= relative(home.root, owner.root).replaceAll("\\", "/");
    const stored = text === undefined ? blob : blobs.get(file);
    modules.set(key, { fingerprint, content, facts, named: namedModules(facts), text: stored === undefined ? text : undefined, blob: stored });
  }
  const environment = environmentOf(project, home, Object.values(packages), build);
  return makeManifest({ package: home.name, packages, environment, outside, entries: entriesOf(project, built), modules });
}

function environmentOf(project: Project, home: Package, packages: readonly string[], { alwaysStrict = false, erasure, resolution }: BuildFacts): BuildEnvironment {
  const { targets = "all", init = "auto", define = {}, alias = {}, include, exclude } = project.options;
  const within = (path: string): string => relative(home.root, resolve(project.root, path)).replaceAll("\\", "/");
  return readEnvironment(home.root, packages, {
    generator: `ts-hotfix ${VERSION}`,
    targets,
    init,
    ...(project.lift === undefined ? {} : { lift: project.lift }),
    alwaysStrict,
    ...(erasure === undefined ? {} : { erasure }),
    defines: define,
    aliases: Object.fromEntries(Object.entries(alias).map(([name, path]) => [name, path.startsWith(".") ? `./${within(path)}` : path])),
    coverage: { root: within("."), include: include === undefined ? null : globs(include), exclude: exclude === undefined ? null : globs(exclude) },
    resolution: resolution ?? { by: "ts-hotfix", conditions: [] },
  });
}

/** Keys of the modules whose exports are read from outside. */
function entriesOf(project: Project, built: readonly BuiltModule[]): readonly string[] {
  if (project.options.entries === undefined) return [];
  const isEntry = picomatch(globs(project.options.entries));
  return built.filter(({ file }) => isEntry(relative(project.root, file).replaceAll("\\", "/"))).map(({ key }) => key);
}

/** The project's files that modules import and that are not transformed. */
function outsideFiles(project: Project, modules: readonly SourceModule[], { left = new Map() }: BuildFacts): ReadonlyMap<string, OutsideFact> {
  const found = new Map([...left].map(([file, why]) => [project.keyOf(file), { content: contentOf(file), why }]));
  for (const { file } of modules) for (const [key, path] of Object.entries(project.outsideOf(file))) if (!found.has(key)) found.set(key, outsideFact(path));
  return found;
}

/** What is written down of a file that is not transformed. */
export function outsideFact(file: string): OutsideFact {
  return { content: contentOf(file), why: languageOf(file) === undefined ? "data" : "excluded" };
}

function contentOf(file: string): string {
  return digest(readFileSync(file, "utf8"));
}
