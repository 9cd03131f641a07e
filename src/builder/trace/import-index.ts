/** Who imports what, over the whole fixed tree, through re-exports. */
import type { SourceModule } from "../../transform/project.ts";
import { namespaceUses, reaches, type NamespaceUses } from "./namespace-uses.ts";
import { followImport, type World } from "./world.ts";

export interface ImportUse {
  readonly module: SourceModule;
  readonly local: string;
}

export class ImportIndex {
  readonly #world: World;
  readonly #modules: ReadonlyMap<string, SourceModule>;
  #bindings: Map<string, ImportUse[]> | undefined;
  readonly #namespaces: ImportUse[] = [];
  readonly #uses = new Map<string, NamespaceUses>();

  constructor(modules: ReadonlyMap<string, SourceModule>) {
    this.#modules = modules;
    this.#world = (key) => modules.get(key)?.record;
  }

  /** Imports that stand for a module's own binding, its own module aside. */
  importsOf(key: string, name: string): readonly ImportUse[] {
    return this.#index().get(`${key}#${name}`) ?? [];
  }

  /** Namespace imports through which a module's own binding is reached, or may be. */
  namespacesWith(key: string, name: string): readonly ImportUse[] {
    this.#index();
    return this.#namespaces.filter(({ module, local }) => {
      const imported = module.record.imports.find((each) => each.local === local);
      const target = imported && followImport(this.#world, imported.from, imported.imported);
      return target?.kind === "namespace" && reaches(this.#usesOf(module, local, target.key), this.#world, key, name);
    });
  }

  #usesOf(module: SourceModule, local: string, key: string): NamespaceUses {
    const id = `${module.key}#${local}`;
    const known = this.#uses.get(id);
    if (known) return known;
    const uses = namespaceUses(module.analysis, local, key, this.#world);
    this.#uses.set(id, uses);
    return uses;
  }

  #index(): ReadonlyMap<string, readonly ImportUse[]> {
    if (this.#bindings) return this.#bindings;
    const found = new Map<string, ImportUse[]>();
    for (const module of this.#modules.values()) {
      for (const { local, imported, from } of module.record.imports) {
        const target = followImport(this.#world, from, imported);
        if (target.kind === "namespace") this.#namespaces.push({ module, local });
        if (target.kind !== "binding") continue;
        const id = `${target.key}#${target.name}`;
        const list = found.get(id);
        if (list) list.push({ module, local });
        else found.set(id, [{ module, local }]);
      }
    }
    this.#bindings = found;
    return found;
  }
}
