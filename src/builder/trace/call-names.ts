/** What the names in calls stand for, over the whole tree. */
import type { BindingCalls, ModuleCalls } from "../../analyze/calls.ts";
import { COMPUTED, type Call, type Path } from "../../analyze/calls/call.ts";
import { bindingNames, unitsOf, type CodeUnit } from "./units.ts";
import { bindingsThrough, followImport, type ExportTarget } from "../world/follow.ts";
import type { World } from "../world/world.ts";
import type { WorldModule } from "../world/module.ts";
import type { BindingOutline, ImportOrigin, TargetOutline } from "../world/outline.ts";

/** What the code of a module calls; the answer for a module is always the same object. */
export type CallsOf = (module: WorldModule) => ModuleCalls;

/** A function, variable or class of the tree; there is one object for each. */
export interface Thing {
  /** `key#name` */
  readonly id: string;
  readonly name: string;
  readonly module: WorldModule | undefined;
  readonly target: TargetOutline | undefined;
  /** The declaration of a variable or class; what an expression exported by default gives has no name. */
  readonly binding: BindingOutline | undefined;
}

export type Meaning =
  /** Things of the tree; `rest` is what is taken out of them. */
  | { readonly is: "own"; readonly all: readonly Thing[]; readonly rest: readonly string[] }
  | { readonly is: "package"; readonly specifier: string; readonly member: string }
  | { readonly is: "unknown"; readonly member: string | undefined };

/** Where things are declared: places in the lists of the outline, which are those of the calls. */
interface Declared {
  readonly targets: ReadonlyMap<string, number>;
  readonly bindings: ReadonlyMap<string, number>;
}

const NO_CALLS: readonly Call[] = [];
const NO_BINDING: BindingCalls = { evaluated: NO_CALLS, instance: NO_CALLS, construction: NO_CALLS, implicit: NO_CALLS };

export class CallNames {
  readonly world: World;
  readonly #callsOf: CallsOf;
  readonly #things = new Map<string, Map<string, Thing>>();
  readonly #units = new Map<WorldModule, readonly CodeUnit[]>();
  readonly #declarations = new Map<string, Declared>();
  /** A path belongs to one module. */
  readonly #meanings = new Map<Path, Meaning>();
  readonly #locals = new Map<string, Map<string, Meaning>>();

  constructor(world: World, callsOf: CallsOf = (module) => module.calls) {
    this.world = world;
    this.#callsOf = callsOf;
  }

  callsOf(module: WorldModule): ModuleCalls {
    return this.#callsOf(module);
  }

  unitsOf(module: WorldModule): readonly CodeUnit[] {
    const units = this.#units.get(module) ?? unitsOf(module.outline);
    this.#units.set(module, units);
    return units;
  }

  thing(key: string, name: string): Thing {
    const named = this.#things.get(key) ?? new Map<string, Thing>();
    this.#things.set(key, named);
    const known = named.get(name);
    if (known) return known;
    const module = this.world.module(key);
    const { targets, bindings } = this.#declared(key);
    const thing: Thing = { id: `${key}#${name}`, name, module, target: module?.outline.targets[targets.get(name) ?? -1], binding: module?.outline.bindings[bindings.get(name) ?? -1] };
    named.set(name, thing);
    return thing;
  }

  /** What a call of a function calls. */
  targetCalls({ module, name, target }: Thing): readonly Call[] {
    return module && target ? (this.callsOf(module).targets[this.#declared(module.key).targets.get(name) ?? -1] ?? NO_CALLS) : NO_CALLS;
  }

  bindingCalls({ module, name, binding }: Thing): BindingCalls {
    return module && binding ? (this.callsOf(module).bindings[this.#declared(module.key).bindings.get(name) ?? -1] ?? NO_BINDING) : NO_BINDING;
  }

  #declared(key: string): Declared {
    const known = this.#declarations.get(key);
    if (known) return known;
    const declared = { targets: new Map<string, number>(), bindings: new Map<string, number>() };
    const outline = this.world.module(key)?.outline;
    // The first of a name counts.
    outline?.targets.forEach(({ name }, index) => declared.targets.has(name) || declared.targets.set(name, index));
    outline?.bindings.forEach((binding, index) => {
      for (const name of bindingNames(binding)) if (!declared.bindings.has(name)) declared.bindings.set(name, index);
    });
    this.#declarations.set(key, declared);
    return declared;
  }

  resolve(module: WorldModule, path: Path): Meaning {
    const known = this.#meanings.get(path);
    if (known) return known;
    const meaning = this.#follow(module, path);
    this.#meanings.set(path, meaning);
    return meaning;
  }

  /** What a name of the module's top level stands for. */
  local(module: WorldModule, name: string): Meaning {
    const known = this.#locals.get(module.key) ?? new Map<string, Meaning>();
    this.#locals.set(module.key, known);
    const meaning = known.get(name) ?? this.#followLocal(module, name, []);
    known.set(name, meaning);
    return meaning;
  }

  /** What a module that this one loads dynamically gives under a name. */
  loaded({ outline }: WorldModule, index: number, members: readonly string[]): Meaning {
    const from = outline.dynamic[index];
    return from === undefined ? { is: "unknown", member: members.at(-1) } : this.#memberOf(from, members);
  }

  #follow(module: WorldModule, { root, members }: Path): Meaning {
    switch (root.is) {
      case "name":
        return members.length === 0 ? this.local(module, root.name) : this.#followLocal(module, root.name, members);
      case "load":
        return this.loaded(module, root.index, members);
      default:
        return { is: "unknown", member: members.at(-1) };
    }
  }

  #followLocal({ key, outline }: WorldModule, local: string, rest: readonly string[]): Meaning {
    const imported = outline.imports.find((each) => each.local === local);
    if (imported === undefined) return { is: "own", all: [this.thing(key, local)], rest };
    return this.#meaningOf(followImport(this.world, imported.from, imported.imported), imported.from, imported.imported, rest);
  }

  #memberOf(from: ImportOrigin, [member, ...rest]: readonly string[]): Meaning {
    if ("specifier" in from) return { is: "package", specifier: from.specifier, member: rest.at(-1) ?? member ?? COMPUTED };
    if (member === undefined || member === COMPUTED) return { is: "own", all: bindingsThrough(this.world, from.module).map(({ key, name }) => this.thing(key, name)), rest: [] };
    return this.#meaningOf(followImport(this.world, from, member), from, member, rest);
  }

  #meaningOf(target: ExportTarget, from: ImportOrigin, imported: string, rest: readonly string[]): Meaning {
    switch (target.kind) {
      case "binding":
        return { is: "own", all: [this.thing(target.key, target.name)], rest };
      case "namespace":
        return this.#memberOf({ module: target.key }, rest);
      case "package":
        return { is: "package", specifier: target.specifier, member: rest.at(-1) ?? target.imported };
      case "missing": {
        // module.exports = { award }
        const outline = "module" in from ? this.world.outline(from.module) : undefined;
        if (outline === undefined || !("module" in from)) return { is: "unknown", member: rest.at(-1) ?? imported };
        const { targets, bindings } = this.#declared(from.module);
        const same = [imported, rest[0]].find((each) => each !== undefined && (targets.has(each) || (bindings.has(each) && outline.bindings.some(({ names }) => names.includes(each)))));
        const names = same === undefined ? [...targets.keys(), ...outline.bindings.flatMap((each) => each.names)] : [same];
        return { is: "own", all: [...new Set(names.map((name) => this.thing(from.module, name)))], rest: [] };
      }
    }
  }
}
