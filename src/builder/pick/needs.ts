/**
 * What a picked part of the changes needs of the rest, so that it means what the fixed source says: what it names, and,
 * where a value or the kind of a function changes for all at once, everything else that relies on it.
 */
import type { ModuleChange } from "../classify/classify.ts";
import { INIT, type NameGraph, type NamedUnit } from "./name-graph.ts";
import type { Trace } from "../trace/trace.ts";

/** Why something goes in that was not picked: it is named by another, or it relies on what changes for all. */
export interface Reason {
  readonly by: NamedUnit;
  readonly because: "named" | "reads" | "calls";
}

export interface NeedsContext {
  readonly changes: readonly ModuleChange[];
  readonly trace: Trace;
  /** The running build. Code that is left out goes on as that. */
  readonly before: NameGraph;
  readonly after: NameGraph;
}

export class Needs {
  /** Ids of all that is needed, changed or not; undefined as the reason of what was picked. */
  readonly reasons: Map<string, Reason | undefined> = new Map();
  /** Modules of which a part goes in, or whose top-level statements matter. */
  readonly touched: Set<string> = new Set();
  readonly #context: NeedsContext;
  readonly #byKey: ReadonlyMap<string, ModuleChange>;
  /** Functions that go in; what they name is needed. */
  readonly #going = new Set<string>();
  readonly #additions = new Set<string>();
  readonly #flips = new Set<string>();

  constructor(context: NeedsContext) {
    this.#context = context;
    this.#byKey = new Map(context.changes.map((change) => [change.module.key, change]));
    for (const { module: { key }, replaced, added, variables, flips } of context.changes) {
      for (const { name } of [...replaced, ...added, ...variables]) this.#going.add(idOf({ key, name }));
      for (const { name } of [...added, ...variables]) this.#additions.add(idOf({ key, name }));
      for (const { target } of flips) this.#flips.add(idOf({ key, name: target.name }));
    }
  }

  /** Of a module picked as a whole, everything: what cannot be patched in it, too. */
  needModule(key: string): void {
    if (this.#byKey.get(key)?.isNew === true) this.#needNew(key);
    else this.#needAll(key);
  }

  #needAll(key: string): void {
    this.#touch(key);
    for (const unit of [...this.#context.before.unitsIn(key), ...this.#context.after.unitsIn(key)]) this.need(unit, undefined, true);
  }

  need(unit: NamedUnit, reason?: Reason, ownModule = false): void {
    const id = idOf(unit);
    if (unit.name === INIT && !ownModule) this.#touch(unit.key);
    if (this.reasons.has(id)) return;
    this.reasons.set(id, reason);
    const { trace, before, after } = this.#context;
    if (this.#byKey.get(unit.key)?.isNew === true) this.#needNew(unit.key);
    const value = trace.revalued.of(unit.key, unit.name);
    const isGoing = this.#going.has(id);
    if (isGoing || value?.kind === "copy") this.#touch(unit.key);
    if (isGoing || value !== undefined || this.#isNewStatement(unit)) {
      for (const named of after.namedBy(unit)) this.need(named, { by: unit, because: "named" });
      // A namespace that has new exports is made anew, with all of them.
      for (const each of after.reachedBy(unit)) if (this.#additions.has(idOf(each))) this.need(each, { by: unit, because: "named" });
    }
    for (const gone of this.#movedHere(unit)) this.need(gone, { by: unit, because: "reads" });
    // Old code that reads the value, or calls the function as it was, must not go on beside the new.
    const because = value === undefined ? "calls" : "reads";
    const isGone = before.has(unit) && !after.has(unit);
    if (value === undefined && !this.#flips.has(id) && !isGone) return;
    for (const user of [...before.namersOf(unit), ...after.namersOf(unit)]) this.need(user, { by: unit, because });
  }

  /** A new module is evaluated as a whole, with all that it loads. */
  #needNew(key: string): void {
    if (this.touched.has(key)) return;
    this.#needAll(key);
    for (const { from } of this.#byKey.get(key)?.module.after.outline.loads ?? []) if ("module" in from && this.#byKey.get(from.module)?.isNew === true) this.#needNew(from.module);
  }

  /** Variables of that name that other modules had: code that is left out would go on with the old one. */
  #movedHere(unit: NamedUnit): readonly NamedUnit[] {
    const { before, after } = this.#context;
    const isVariable = this.#byKey.get(unit.key)?.variables.some(({ name }) => name === unit.name) === true && unit.name !== "default";
    if (!isVariable) return [];
    return before.modules().map((key) => ({ key, name: unit.name })).filter((each) => before.has(each) && !after.has(each));
  }

  #isNewStatement({ key, name }: NamedUnit): boolean {
    return name === INIT && this.#byKey.get(key)?.isNew === true;
  }

  #touch(key: string): void {
    if (this.touched.has(key)) return;
    this.touched.add(key);
    const change = this.#byKey.get(key);
    if (change === undefined || change.isNew) return;
    for (const { bare, from } of change.module.after.outline.loads) if (bare && "module" in from && change.loads.includes(from.module)) this.#needNew(from.module);
  }
}

export function idOf({ key, name }: NamedUnit): string {
  return `${key}#${name}`;
}
