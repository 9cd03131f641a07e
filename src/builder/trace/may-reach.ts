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
}

export class MayReach {
  readonly #names: CallNames;
  readonly #loads: Loads;
  readonly #ways: Ways;
  readonly #things = new Set<Thing>();
  readonly #open: Thing[] = [];
  readonly #units = new Map<WorldModule, Set<CodeUnit>>();
  readonly #users = new Map<WorldModule, ReadonlyMap<string, readonly CodeUnit[]>>();
  readonly #exporters = new Map<string, ReadonlySet<string>>();
  /** What is handed on, where that does not reach a changed function, or not yet. */
  #unreached: Handed[] = [];
  readonly #reached: Handed[] = [];
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
  }

  #followNames(): void {
    for (let thing = this.#open.pop(); thing; thing = this.#open.pop()) {
      const { module } = thing;
      if (!module) continue;
      this.#addRoot(module, rootOf(thing.name));
      this.#addUsers(module, thing.name);
      for (const exporter of this.#exportersOf(module.key)) {
        for (const key of this.#names.world.importersOf(exporter)) {
          const importer = this.#names.world.module(key);
          if (importer) this.#addImporter(importer, exporter, thing);
        }
      }
    }
  }

  /** The class or literal of a function that is a target of its own. No list of uses says that it names itself, as in `static first = Shop.make()`. */
  #addRoot(module: WorldModule, root: string | undefined): void {
    if (root === undefined) return;
    this.#add(this.#names.thing(module.key, root));
    for (const unit of this.#names.unitsOf(module)) if (unit.is === "binding" && namesOf(unit).includes(root)) this.#addUnit(module, unit);
  }

  #addImporter(importer: WorldModule, exporter: string, thing: Thing): void {
    for (const { local, imported, from } of importer.outline.imports) {
      if ("module" in from && from.module === exporter && this.#mayLeadTo(thing, exporter, imported)) this.#addUsers(importer, local);
    }
    for (const unit of this.#loads.usersOf(importer, exporter, thing)) this.#addUnit(importer, unit);
  }

  /** A namespace, or a name that the module does not export as the language has it, may lead to everything. */
  #mayLeadTo(thing: Thing, exporter: string, imported: string): boolean {
    const target = followImport(this.#names.world, { module: exporter }, imported);
    return target.kind !== "binding" || this.#names.thing(target.key, target.name) === thing;
  }

  /** The module, and those that export what it exports. */
  #exportersOf(key: string): ReadonlySet<string> {
    const known = this.#exporters.get(key) ?? this.#names.world.passingOn([key]);
    this.#exporters.set(key, known);
    return known;
  }

  #addUsers(module: WorldModule, name: string): void {
    for (const unit of this.#usersIn(module).get(name) ?? []) this.#addUnit(module, unit);
  }

  #usersIn(module: WorldModule): ReadonlyMap<string, readonly CodeUnit[]> {
    const known = this.#users.get(module);
    if (known) return known;
    const users = new Map<string, CodeUnit[]>();
    for (const unit of this.#names.unitsOf(module)) {
      for (const name of unit.outline.uses) {
        const list = users.get(name);
        if (list) list.push(unit);
        else users.set(name, [unit]);
      }
    }
    this.#users.set(module, users);
    return users;
  }

  #addUnit(module: WorldModule, unit: CodeUnit): void {
    const units = this.#units.get(module) ?? new Set();
    if (units.has(unit)) return;
    this.#units.set(module, units.add(unit));
    for (const name of namesOf(unit)) this.#add(this.#names.thing(module.key, name));
    for (const given of evaluatedBy(unit, this.#names.callsOf(module))) if (given.is === "given") this.#unreached.push({ module, given });
  }

  /** Whether anything new is reached over what is handed on and put into variables. */
  #followHanded(): boolean {
    const [reached, unreached] = [[] as Handed[], [] as Handed[]];
    for (const each of this.#unreached) (this.#isReaching(each) ? reached : unreached).push(each);
    if (reached.length === 0) return false;
    this.#unreached = unreached;
    this.#reached.push(...reached);
    const ways = reached.map(({ module, given }) => this.#ways.of(module, given));
    this.#ways.lead();
    for (const { places } of ways) for (const { thing } of places.values()) this.#add(thing);
    return this.#open.length > 0;
  }

  #isReaching({ module, given }: Handed): boolean {
    const path = pathOf(given.call);
    const meaning = path && this.#names.resolve(module, path);
    return meaning?.is === "own" && meaning.all.some((each) => this.#things.has(each));
  }

  #readStored(): void {
    for (const { module, given } of this.#reached) {
      for (const { thing, method } of this.#ways.of(module, given).places.values()) {
        const list = this.#stored.get(thing);
        if (list) list.push({ module, call: given.call, method });
        else this.#stored.set(thing, [{ module, call: given.call, method }]);
      }
    }
  }
}

function pathOf(call: Call): Path | undefined {
  return "call" in call ? pathOf(call.call) : "path" in call ? call.path : undefined;
}
