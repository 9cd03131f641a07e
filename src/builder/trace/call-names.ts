/** What the names in recorded calls stand for, over the whole tree. */
import type { BindingRecord, ImportOrigin, ModuleRecord, TargetRecord } from "../../manifest/manifest.ts";
import type { SourceModule } from "../../transform/project.ts";
import type { LoadedTree } from "../load/load.ts";
import { bindingsThrough, followImport, type ExportTarget } from "./world.ts";

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
  readonly targets: Map<string, TargetRecord>;
  readonly bindings: Map<string, BindingRecord>;
}

export class CallNames {
  readonly #tree: LoadedTree;
  readonly #known = new Map<string, Meaning>();
  readonly #declarations = new Map<string, Declared>();

  constructor(tree: LoadedTree) {
    this.#tree = tree;
  }

  get modules(): Iterable<SourceModule> {
    return this.#tree.modules.values();
  }

  moduleOf(key: string): SourceModule | undefined {
    return this.#tree.modules.get(key);
  }

  targetOf({ key, name }: Named): TargetRecord | undefined {
    return this.#declared(key)?.targets.get(name);
  }

  /** The declaration of a variable or class; what an expression exported by default gives has no name. */
  bindingOf({ key, name }: Named): BindingRecord | undefined {
    return this.#declared(key)?.bindings.get(name);
  }

  #declared(key: string): Declared | undefined {
    const known = this.#declarations.get(key);
    if (known) return known;
    const record = this.moduleOf(key)?.record;
    if (record === undefined) return undefined;
    const declared: Declared = { targets: new Map(), bindings: new Map() };
    // The first of a name counts.
    for (const each of record.targets.toReversed()) declared.targets.set(each.name, each);
    for (const each of record.bindings.toReversed()) for (const name of each.names.length > 0 ? each.names : ["default"]) declared.bindings.set(name, each);
    this.#declarations.set(key, declared);
    return declared;
  }

  resolve(module: SourceModule, path: string): Meaning {
    const id = `${module.key} ${path}`;
    const known = this.#known.get(id);
    if (known) return known;
    const meaning = this.#follow(module, path.split("."));
    this.#known.set(id, meaning);
    return meaning;
  }

  #follow({ key, record }: SourceModule, [local = "", ...rest]: readonly string[]): Meaning {
    const member = rest.at(-1) ?? local;
    if (local.startsWith("#") || local.startsWith("?")) return { is: "unknown", member };
    if (local.startsWith("@")) {
      const from = record.dynamic[Number(local.slice(1))];
      return from === undefined ? { is: "unknown", member } : this.#memberOf(from, rest);
    }
    const imported = record.imports.find((each) => each.local === local);
    if (imported === undefined) return { is: "own", all: [{ key, name: local }], rest };
    return this.#meaningOf(followImport(this.#world, imported.from, imported.imported), imported.from, imported.imported, rest);
  }

  readonly #world = (key: string): ModuleRecord | undefined => this.moduleOf(key)?.record;

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
        const record = "module" in from ? this.#world(from.module) : undefined;
        if (record === undefined || !("module" in from)) return { is: "unknown", member: rest.at(-1) ?? imported };
        const names = [...record.targets.map(({ name }) => name), ...record.bindings.flatMap((each) => each.names)];
        const same = [imported, rest[0]].find((each) => each !== undefined && names.includes(each));
        return { is: "own", all: (same === undefined ? names : [same]).map((name) => ({ key: from.module, name })), rest: [] };
      }
    }
  }
}
