/** Load: the manifest of the running build, and the modules of the fixed tree. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readManifest } from "../manifest/file.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { NAMELESS, splitKey } from "../manifest/module-key.ts";
import { diagnostic, type Diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { isModule, openProject, type Project, type SourceModule } from "../transform/project.ts";

export interface LoadedTree {
  readonly manifest: Manifest;
  readonly project: Project;
  /** The fixed tree's modules by key: those of the base that still exist. */
  readonly modules: ReadonlyMap<string, SourceModule>;
  /** Errors of files that do not parse. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param base the manifest, or the path of its file
 * @param source folder of the host's package in the fixed tree
 */
export function loadTree(base: string | Manifest, source: string): LoadedTree {
  const manifest = typeof base === "string" ? readManifest(base) : base;
  const root = packageRoot(resolve(source), manifest.package);
  const project = openProject("ts-hotfix build", { targets: manifest.environment.targets, init: manifest.environment.init }, root);
  const modules = new Map<string, SourceModule>();
  const diagnostics: Diagnostic[] = [];
  for (const key of Object.keys(manifest.modules)) {
    const { package: name, path } = splitKey(key);
    const file = join(root, manifest.packages[name] ?? ".", path);
    if (!existsSync(file)) continue;
    const module = project.module(file);
    if (isModule(module)) modules.set(key, module);
    else diagnostics.push(...module);
  }
  if (modules.size === 0 && diagnostics.length === 0 && Object.keys(manifest.modules).length > 0) {
    throw new HotfixError(diagnostic("HF2103", "error", { root }));
  }
  return { manifest, project, modules, diagnostics };
}

/** Keys of modules that some module imports dynamically, in the base or in the fixed tree. */
export function dynamicallyImported({ manifest, modules }: LoadedTree): ReadonlySet<string> {
  const records = [...Object.values(manifest.modules), ...[...modules.values()].map((module) => module.record)];
  return new Set(records.flatMap((record) => record.dynamic.flatMap((origin) => ("module" in origin ? [origin.module] : []))));
}

/** The folder, or the nearest above it, that holds the host's package (HF2102 where there is none). A project without a name is where it is said to be. */
function packageRoot(folder: string, name: string): string {
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
