/** A program as the builder sees it. There are two: the base, as the manifest has it, and the fixed tree. */
import type { WorldModule } from "./module.ts";
import type { Outline } from "./outline.ts";

export class World {
  /** By key. */
  readonly modules: ReadonlyMap<string, WorldModule>;
  #importers: ReadonlyMap<string, readonly string[]> | undefined;
  #dynamic: ReadonlySet<string> | undefined;

  constructor(modules: ReadonlyMap<string, WorldModule>) {
    this.modules = modules;
  }

  module(key: string): WorldModule | undefined {
    return this.modules.get(key);
  }

  outline(key: string): Outline | undefined {
    return this.modules.get(key)?.outline;
  }

  has(key: string): boolean {
    return this.modules.has(key);
  }

  /** Keys of the modules that name this one in any import, dynamic ones too. */
  importersOf(key: string): readonly string[] {
    this.#importers ??= this.#index();
    return this.#importers.get(key) ?? [];
  }

  /** Keys of the modules that some module imports dynamically, by a literal name. */
  get dynamicallyImported(): ReadonlySet<string> {
    this.#dynamic ??= new Set([...this.modules.values()].flatMap(({ names }) => names.dynamic));
    return this.#dynamic;
  }

  /** The modules from which one of these can be reached over imports of any kind, these included. */
  reaching(keys: Iterable<string>): ReadonlySet<string> {
    const found = new Set(keys);
    // grows while it is read
    for (const key of found) for (const importer of this.importersOf(key)) found.add(importer);
    return found;
  }

  /** These modules, and those that export something of theirs, directly or through others. */
  passingOn(keys: Iterable<string>): ReadonlySet<string> {
    const found = new Set(keys);
    // grows while it is read
    for (const key of found) {
      for (const importer of this.importersOf(key)) {
        if (this.module(importer)?.names.exported.includes(key) === true) found.add(importer);
      }
    }
    return found;
  }

  /** The modules that import something of these, be it through others that export it too. In the order of the world. */
  importersThrough(keys: Iterable<string>): readonly WorldModule[] {
    const importers = new Set([...this.passingOn(keys)].flatMap((key) => this.importersOf(key)));
    return importers.size === 0 ? [] : [...this.modules.values()].filter(({ key }) => importers.has(key));
  }

  #index(): ReadonlyMap<string, readonly string[]> {
    const importers = new Map<string, string[]>();
    for (const module of this.modules.values()) {
      const { linked, dynamic } = module.names;
      for (const named of new Set([...linked, ...dynamic])) {
        const known = importers.get(named);
        if (known) known.push(module.key);
        else importers.set(named, [module.key]);
      }
    }
    return importers;
  }
}
