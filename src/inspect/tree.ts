/** A source tree that a patch is held against; its modules are read when they are asked for. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { worldModule } from "../builder/world/source-module.ts";
import { World } from "../builder/world/world.ts";
import type { LoadedTree } from "../builder/load/load.ts";
import type { BuildEnvironment } from "../manifest/manifest.ts";
import { Packages, splitKey } from "../manifest/module-key.ts";
import { diagnostic, type Diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { isModule, openProject, type Project } from "../transform/project.ts";
import type { WorldModule } from "../builder/world/module.ts";

/**
 * @param folder of the host's package, or a folder in it
 * @param home name of that package
 * @param lift whether the patch has functions of classes and object literals
 * @param environment of the build that the patch is for, where the tree does not tell it (`define`)
 * @throws HotfixError HF2102 if the folder is another package's
 */
export function openTree(folder: string, home: string, lift: boolean, environment?: BuildEnvironment): LoadedTree {
  const owner = new Packages(folder).of(join(folder, "package.json"));
  if (owner.name !== home) throw new HotfixError(diagnostic("HF2102", "error", { folder, name: home }));
  const project = openProject("ts-hotfix", { lift }, owner.root);
  const diagnostics: Diagnostic[] = [];
  const manifest = project.manifest([]);
  return { manifest: environment ? { ...manifest, environment } : manifest, project, base: new World(new Map()), fixed: new World(new ModulesOnDemand(project, owner.root, home, diagnostics)), added: [], callbacks: undefined, diagnostics, notices: () => [] };
}

/** Looks like the map of all modules; holds those that were asked for. */
class ModulesOnDemand extends Map<string, WorldModule> {
  readonly #project: Project;
  readonly #root: string;
  readonly #home: string;
  readonly #diagnostics: Diagnostic[];
  readonly #missing = new Set<string>();

  constructor(project: Project, root: string, home: string, diagnostics: Diagnostic[]) {
    super();
    this.#project = project;
    this.#root = root;
    this.#home = home;
    this.#diagnostics = diagnostics;
  }

  override get(key: string): WorldModule | undefined {
    const known = super.get(key);
    if (known !== undefined || this.#missing.has(key)) return known;
    const file = this.#fileOf(key);
    const module = file !== undefined && existsSync(file) ? this.#project.module(file) : [];
    if (isModule(module)) {
      const read = worldModule(this.#project, module);
      this.set(key, read);
      return read;
    }
    this.#missing.add(key);
    this.#diagnostics.push(...module);
    return undefined;
  }

  /** Modules of other packages are looked for where Node would find the package. A path does not lead out of its package. */
  #fileOf(key: string): string | undefined {
    const { package: name, path } = splitKey(key);
    if (path.split("/").includes("..")) return undefined;
    if (name === this.#home) return join(this.#root, path);
    for (let at = this.#root; ; at = dirname(at)) {
      const installed = join(at, "node_modules", name);
      if (existsSync(installed)) return join(realpathSync(installed), path);
      if (dirname(at) === at) return undefined;
    }
  }
}
