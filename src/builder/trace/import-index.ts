/** Who imports what, over one world, through re-exports. Looks only at modules that name, directly or not, the one that is asked about. */
import { followImport } from "../world/follow.ts";
import type { World } from "../world/world.ts";
import { namespaceUses, reaches, type NamespaceUses } from "./namespace-uses.ts";
import type { WorldModule } from "../world/module.ts";

export interface ImportUse {
  readonly module: WorldModule;
  readonly local: string;
}

/** Of one module. */
interface Users {
  /** By name of its binding. */
  readonly bindings: ReadonlyMap<string, readonly ImportUse[]>;
  readonly namespaces: readonly ImportUse[];
}

export class ImportIndex {
  readonly #world: World;
  readonly #users = new Map<string, Users>();
  readonly #uses = new Map<string, NamespaceUses>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Imports that stand for a module's own binding, its own module aside. */
  importsOf(key: string, name: string): readonly ImportUse[] {
    return this.#usersOf(key).bindings.get(name) ?? [];
  }

  /** Namespace imports through which a module's own binding is reached, or may be. */
  namespacesWith(key: string, name: string): readonly ImportUse[] {
    return this.#usersOf(key).namespaces.filter(({ module, local }) => {
      const imported = module.outline.imports.find((each) => each.local === local);
      const target = imported && followImport(this.#world, imported.from, imported.imported);
      return target?.kind === "namespace" && reaches(this.#usesOf(module, local, target.key), this.#world, key, name);
    });
  }

  #usesOf(module: WorldModule, local: string, key: string): NamespaceUses {
    const id = `${module.key}#${local}`;
    const known = this.#uses.get(id);
    if (known) return known;
    const uses = namespaceUses(module.analysis, local, key, this.#world);
    this.#uses.set(id, uses);
    return uses;
  }

  #usersOf(key: string): Users {
    const known = this.#users.get(key);
    if (known) return known;
    const bindings = new Map<string, ImportUse[]>();
    const namespaces: ImportUse[] = [];
    for (const module of this.#world.importersThrough([key])) {
      for (const { local, imported, from } of module.outline.imports) {
        const target = followImport(this.#world, from, imported);
        if (target.kind === "namespace") namespaces.push({ module, local });
        if (target.kind !== "binding" || target.key !== key) continue;
        const list = bindings.get(target.name);
        if (list) list.push({ module, local });
        else bindings.set(target.name, [{ module, local }]);
      }
    }
    const users = { bindings, namespaces };
    this.#users.set(key, users);
    return users;
  }
}
