/** Load: two worlds, the base from the manifest of the running build, the fixed one from the tree. What did not change is the same in both. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readManifest } from "../../manifest/file.ts";
import type { Manifest } from "../../manifest/manifest.ts";
import { NAMELESS } from "../../manifest/module-key.ts";
import { diagnostic, type Diagnostic, HotfixError } from "../../messages/diagnostic.ts";
import { openProject, type Project } from "../../transform/project.ts";
import { readCallbacks } from "../callbacks.ts";
import { baseWorld, fileOfKey } from "../world/base-world.ts";
import { FixedTree, isErrors } from "../world/fixed-tree.ts";
import { Analyses } from "../world/analyses.ts";
import { World } from "../world/world.ts";
import { discoverModules } from "./discover.ts";
import type { WorldModule } from "../world/module.ts";

export interface LoadedTree {
  readonly manifest: Manifest;
  /** The fixed tree's. */
  readonly project: Project;
  readonly base: World;
  /** Modules of the base that the fixed tree still has (a moved one under its old key), and new ones. One that did not change is the base's own. */
  readonly fixed: World;
  /** Keys of the new ones, in the order in which they are evaluated. */
  readonly added: readonly string[];
  /** Key of the callbacks file, which is among the modules. */
  readonly callbacks: string | undefined;
  /** Errors of files that do not parse, and what keeps the callbacks file from being one. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is told of where specifiers lead; complete when the patch is. */
  readonly notices: () => readonly Diagnostic[];
}

/**
 * @param base the manifest, or the path of its file
 * @param source folder of the host's package in the fixed tree
 * @param callbacks path of the file with the patch's callbacks
 */
export function loadTree(base: string | Manifest, source: string, callbacks?: string, analyses: Analyses = new Analyses()): LoadedTree {
  const manifest = typeof base === "string" ? readManifest(base) : base;
  const root = packageRoot(resolve(source), manifest.package);
  const { targets, init, aliases, resolution } = manifest.environment;
  const project = openProject("ts-hotfix build", { targets, init, alias: aliases }, root, resolution);
  const old = baseWorld(manifest, root, analyses);
  const files = filesOf(manifest, root);
  if (files.size === 0 && manifest.modules.size > 0) throw new HotfixError(diagnostic("HF2103", "error", { root }));
  const tree = new FixedTree(manifest, project, root, old, files, analyses);
  const modules = new Map<string, WorldModule>();
  const diagnostics: Diagnostic[] = [];
  for (const [key, file] of files) {
    const module = tree.read(key, file);
    if (isErrors(module)) diagnostics.push(...module);
    else modules.set(key, module);
  }
  const called = callbacks === undefined ? undefined : readCallbacks(callbacks, manifest, tree);
  if (called !== undefined && isErrors(called)) diagnostics.push(...called);
  else if (called !== undefined) modules.set(called.key, called);
  const found = discoverModules(manifest, tree, old, modules);
  return {
    manifest, project, base: old, fixed: new World(found.modules), added: found.added,
    callbacks: called === undefined || isErrors(called) ? undefined : called.key,
    diagnostics: [...diagnostics, ...found.diagnostics],
    notices: () => tree.notices,
  };
}

/** The base's modules that the fixed tree has. */
function filesOf(manifest: Manifest, root: string): ReadonlyMap<string, string> {
  return new Map([...manifest.modules.keys()].map((key) => [key, fileOfKey(manifest, root, key)] as const).filter(([, file]) => existsSync(file)));
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
