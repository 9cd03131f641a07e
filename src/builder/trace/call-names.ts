/** What the names in recorded calls stand for, over the whole tree. */
import type { World } from "../world/world.ts";
import type { LoadedTree } from "../load/load.ts";
import { bindingsThrough, followImport, type ExportTarget } from "../world/follow.ts";
import type { WorldModule } from "../world/module.ts";
import type { BindingOutline, ImportOrigin, TargetOutline } from "../world/outline.ts";

export interface Named {
  readonly key: string;
  readonly name: string;
}

export type Meaning =
  /** Functions, variables or classes of the tree; `rest` is what is taken out of them. */
  | { readonly is: "own"; readonly all: readonly Named[]; readonly rest: readonly string[] }
  | { readonly is: "package"; readonly specifier: string; readonly member: string }
  | { readonly is: "unknown"; readonly member: string };

/** By name. */
interface Declared {
  readonly targets: Map<string, TargetOutline>;
  readonly bindings: Map<string, BindingOutline>;
}

export class CallNames {
  readonly #tree: LoadedTree;
  readonly #world: World;
  readonly #known = new Map<string, Meaning>();
  readonly #declarations = new Map<string, Declared>();

  constructor(tree: LoadedTree) {
    this.#tree = tree;
    this.#world = tree.fixed;
  }

  get modules(): Iterable<WorldModule> {
    return this.#tree.fixed.modules.values();
  }

  moduleOf(key: string): WorldModule | undefined {
    return this.#tree.fixed.modules.get(key);
  }

  targetOf({ key, name }: Named): TargetOutline | undefined {
    return this.#declared(key)?.targets.get(name);
  }

  /** The declaration of a variable or class; what an expression exported by default gives has no name. */
  bindingOf({ key, name }: Named): BindingOutline | undefined {
    return this.#declared(key)?.bindings.get(name);
  }

  #declared(key: string): Declared | undefined {
    const known = this.#declarations.get(key);
    if (known) return known;
    const outline = this.moduleOf(key)?.outline;
    if (outline === undefined) return undefined;
    const declared: Declared = { targets: new Map(), bindings: new Map() };
    // The first of a name counts.
    for (const each of outline.targets.toReversed()) declared.targets.set(each.name, each);
    for (const each of outline.bindings.toReversed()) for (const name of each.names.length > 0 ? each.names : ["default"]) declared.bindings.set(name, each);
    this.#declarations.set(key, declared);
    return declared;
  }

  resolve(module: WorldModule, path: string): Meaning {
    const id = `${module.key} ${path}`;
    const known = this.#known.get(id);
    if (known) return known;
    const meaning = this.#follow(module, path.split("."));
    this.#known.set(id, meaning);
    return meaning;
  }

  #follow({ key, outline }: WorldModule, [local = "", ...rest]: readonly string[]): Meaning {
    const member = rest.at(-1) ?? local;
    if (local.startsWith("#") || local.startsWith("?")) return { is: "unknown", member };
    if (local.startsWith("@")) {
      const from = outline.dynamic[Number(local.slice(1))];
      return from === undefined ? { is: "unknown", member } : this.#memberOf(from, rest);
    }
    const imported = outline.imports.find((each) => each.local === local);
    if (imported === undefined) return { is: "own", all: [{ key, name: local }], rest };
    return this.#meaningOf(followImport(this.#world, imported.from, imported.imported), imported.from, imported.imported, rest);
  }

  #memberOf(from: ImportOrigin, [member, ...rest]: readonly string[]): Meaning {
    if ("specifier" in from) return { is: "package", specifier: from.specifier, member: rest.at(-1) ?? member ?? "*" };
    if (member === undefined || member === "*") return { is: "own", all: bindingsThrough(this.#world, from.module), rest: [] };
    return this.#meaningOf(followImport(this.#world, from, member), from, member, rest);
  }

  #meaningOf(target: ExportTarget, from: ImportOrigin, imported: string, rest: readonly string[]): Meaning {
    switch (target.kind) {
      case "binding":
        return { is: "own", all: [target], rest };
      case "namespace":
        return this.#memberOf({ module: target.key }, rest);
      case "package":
        return { is: "package", specifier: target.specifier, member: rest.at(-1) ?? target.imported };
      case "missing": {
        // module.exports = { award }
        const outline = "module" in from ? this.#world.outline(from.module) : undefined;
        if (outline === undefined || !("module" in from)) return { is: "unknown", member: rest.at(-1) ?? imported };
        const names = [...outline.targets.map(({ name }) => name), ...outline.bindings.flatMap((each) => each.names)];
        const same = [imported, rest[0]].find((each) => each !== undefined && names.includes(each));
        return { is: "own", all: (same === undefined ? names : [same]).map((name) => ({ key: from.module, name })), rest: [] };
      }
    }
  }
}
