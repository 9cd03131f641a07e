/**
 * From where changed functions may be reached, by what outlines say of names alone: code that names one, or names what names
 * one, over imports of every kind. Code that hands such a thing on leads further: to all that names the variable it ends up in.
 * Calls are asked for only where they can matter: of such code, of modules that load the changed ones dynamically, and of
 * functions that such things are handed to.
 */
import type { Call, Given, Path } from "../../analyze/calls/call.ts";
import { rootOf } from "../../analyze/members.ts";
import type { CallNames, Thing } from "./call-names.ts";
import { Loads } from "./loads.ts";
import { Ways, type Stored } from "./stored.ts";
import { evaluatedBy, namesOf, type CodeUnit } from "./units.ts";
import { followImport } from "../world/follow.ts";
import type { WorldModule } from "../world/module.ts";

/** Something that is handed on, by a piece of code that may reach a changed function. */
interface Handed {
  readonly module: WorldModule;
  readonly given: Given;
  isReached: boolean;
}

/** Who imports something of one module. */
interface Imports {
  readonly byName: Map<string, { readonly importer: WorldModule; readonly local: string }[]>;
  /** What may lead to anything of it. */
  readonly any: { readonly importer: WorldModule; readonly local: string }[];
  /** Those that load it dynamically, and the module that they load. */
  readonly loaders: { readonly importer: WorldModule; readonly exporter: string }[];
}

export class MayReach {
  readonly #names: CallNames;
  readonly #loads: Loads;
  readonly #ways: Ways;
  readonly #things = new Set<Thing>();
  readonly #open: Thing[] = [];
  readonly #units = new Map<WorldModule, Set<CodeUnit>>();
  readonly #users = new Map<WorldModule, ReadonlyMap<string, readonly CodeUnit[]>>();
  readonly #imports = new Map<string, Imports>();
  /** What is handed on, by what it is of, where that does not reach a changed function yet. */
  readonly #waiting = new Map<Thing, Handed[]>();
  /** What is handed on and reaches one; up to `#followed` it has been followed. */
  readonly #reached: Handed[] = [];
  #followed = 0;
  readonly #stored = new Map<Thing, Stored[]>();

  constructor(names: CallNames, goals: Iterable<Thing>) {
    this.#names = names;
    this.#loads = new Loads(names);
    this.#ways = new Ways(names);
    for (const goal of goals) this.#add(goal);
    do this.#followNames(); while (this.#followHanded());
    this.#readStored();
  }

  has(thing: Thing): boolean {
    return this.#things.has(thing);
  }

  /** Modules with such code, and that code. */
  get units(): ReadonlyMap<WorldModule, ReadonlySet<CodeUnit>> {
    return this.#units;
  }

  /** What of all this code puts into a variable. */
  storedIn(thing: Thing): readonly Stored[] {
    return this.#stored.get(thing) ?? [];
  }

  #add(thing: Thing): void {
    if (this.#things.has(thing)) return;
    this.#things.add(thing);
    this.#open.push(thing);
    const waiting = this.#waiting.get(thing);
    if (waiting === undefined) return;
    this.#waiting.delete(thing);
    this.#reached.push(...waiting.filter((each) => !each.isReached));
    for (const each of waiting) each.isReached = true;
  }

  #followNames(): void {
    for (let thing = this.#open.pop(); thing; thing = this.#open.pop()) {
      const { module } = thing;
      if (!module) continue;
      this.#addRoot(module, rootOf(thing.name));
      this.#addUsers(module, thing.name);
      const { byName, any, loaders } = this.#importsOf(module.key);
      for (const { importer, local } of [...(byName.get(thing.name) ?? []), ...any]) this.#addUsers(importer, local);
      for (const { importer, exporter } of loaders) for (const unit of this.#loads.usersOf(importer, exporter, thing)) this.#addUnit(importer, unit);
    }
  }

  /** The class or literal of a function that is a target of its own. No list of uses says that it names itself, as in `static first = Shop.make()`. */
  #addRoot(module: WorldModule, root: string | undefined): void {
    if (root === undefined) return;
    this.#add(this.#names.thing(module.key, root));
    for (const unit of this.#names.unitsOf(module)) if (unit.is === "binding" && namesOf(unit).includes(root)) this.#addUnit(module, unit);
  }

  /** Who imports something of a module, found once for all that it declares. */
  #importsOf(key: string): Imports {
    const known = this.#imports.get(key);
    if (known) return known;
    const { world } = this.#names;
    const found: Imports = { byName: new Map(), any: [], loaders: [] };
    for (const exporter of world.passingOn([key])) {
      for (const importer of world.importersOf(exporter).flatMap((each) => world.module(each) ?? [])) this.#addImports(found, key, exporter, importer);
    }
    this.#imports.set(key, found);
    return found;
  }

  /** A namespace, or a name that the module does not export as the language has it, may lead to everything. */
  #addImports({ byName, any, loaders }: Imports, key: string, exporter: string, importer: WorldModule): void {
    for (const { local, imported, from } of importer.outline.imports) {
      if (!("module" in from) || from.module !== exporter) continue;
      const target = followImport(this.#names.world, { module: exporter }, imported);
      if (target.kind !== "binding") any.push({ importer, local });
      else if (target.key === key) put(byName, target.name, { importer, local });
    }
    if (importer.names.dynamic.includes(exporter)) loaders.push({ importer, exporter });
  }

  #addUsers(module: WorldModule, name: string): void {
    for (const unit of this.#usersIn(module).get(name) ?? []) this.#addUnit(module, unit);
  }

  #usersIn(module: WorldModule): ReadonlyMap<string, readonly CodeUnit[]> {
    const known = this.#users.get(module);
    if (known) return known;
    const users = new Map<string, CodeUnit[]>();
    for (const unit of this.#names.unitsOf(module)) {
      for (const name of unit.outline.uses) put(users, name, unit);
    }
    this.#users.set(module, users);
    return users;
  }

  #addUnit(module: WorldModule, unit: CodeUnit): void {
    const units = this.#units.get(module) ?? new Set();
    if (units.has(unit)) return;
    this.#units.set(module, units.add(unit));
    for (const name of namesOf(unit)) this.#add(this.#names.thing(module.key, name));
    for (const given of evaluatedBy(unit, this.#names.callsOf(module))) if (given.is === "given") this.#hand(module, given);
  }

  #hand(module: WorldModule, given: Given): void {
    const path = pathOf(given.call);
    const meaning = path && this.#names.resolve(module, path);
    if (meaning?.is !== "own") return;
    const handed: Handed = { module, given, isReached: meaning.all.some((each) => this.#things.has(each)) };
    if (handed.isReached) this.#reached.push(handed);
    else for (const each of meaning.all) put(this.#waiting, each, handed);
  }

  /** Whether anything new is reached over what is handed on and put into variables. */
  #followHanded(): boolean {
    if (this.#followed === this.#reached.length) return false;
    const ways = this.#reached.slice(this.#followed).map(({ module, given }) => this.#ways.of(module, given));
    this.#followed = this.#reached.length;
    this.#ways.lead();
    for (const { places } of ways) for (const { thing } of places.values()) this.#add(thing);
    return this.#open.length > 0 || this.#followed < this.#reached.length;
  }

  #readStored(): void {
    for (const { module, given } of this.#reached) {
      for (const { thing, method } of this.#ways.of(module, given).places.values()) {
        put(this.#stored, thing, { module, call: given.call, method });
      }
    }
  }
}

function pathOf(call: Call): Path | undefined {
  return "call" in call ? pathOf(call.call) : "path" in call ? call.path : undefined;
}

function put<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
}
