/**
 * Tables of patches that were replaced. Calls that still run in their code, and functions they added that
 * are still referenced, must reach the newest functions: so these tables get slots too.
 * Held weakly: when nothing runs or holds a replaced patch's code any more, its table is garbage and
 * is forgotten at the next commit.
 */
import type { PatchFunction } from "../patch/payload.ts";
import { hostFunction, type Graft } from "./graft.ts";
import { scopeOf, type Instance } from "./host.ts";
import { setSlots, slotsOf, standingSlots, type Slots } from "./patch-table.ts";
import type { PatchTable } from "./registration.ts";
import { reach } from "./fault.ts";
import type { Undo } from "./safe-point.ts";

interface Origin {
  readonly instance: Instance;
  readonly functions: readonly PatchFunction[];
  /** The same for patches of the same functions: what is the newest for one is so for the other. */
  readonly likeness: string;
}

/** The newest functions for tables of one likeness. */
interface Newest {
  readonly slots: Slots;
  readonly standing: object;
}

export class FormerTables {
  readonly #tables = new Set<WeakRef<PatchTable>>();
  readonly #origins = new WeakMap<PatchTable, Origin>();

  /** Tables that are still referenced by somebody, as far as known. */
  get size(): number {
    return this.#tables.size;
  }

  add({ table, instance, module }: Graft, undo: Undo): void {
    const reference = new WeakRef(table);
    this.#tables.add(reference);
    this.#origins.set(table, { instance, functions: module.functions, likeness: likenessOf(module.functions) });
    undo(() => this.#tables.delete(reference));
  }

  /** Points every former table at what is the newest now: `next`, or else the host's own functions. */
  redirect(next: ReadonlyMap<Instance, Graft>, undo: Undo): void {
    // there may be many, until they are collected; most are alike
    const newest = new Map<Instance, Map<string, Newest>>();
    for (const reference of this.#tables) {
      const table = reference.deref();
      const origin = table === undefined ? undefined : this.#origins.get(table);
      if (table === undefined || origin === undefined) {
        this.#tables.delete(reference);
        continue;
      }
      const before = slotsOf(table);
      undo(() => setSlots(table, before));
      reach("commit:former");
      const alike = newest.get(origin.instance) ?? new Map<string, Newest>();
      newest.set(origin.instance, alike);
      const found = alike.get(origin.likeness) ?? newestOf(origin, next.get(origin.instance));
      alike.set(origin.likeness, found);
      setSlots(table, found.slots, found.standing);
    }
  }
}

function likenessOf(functions: readonly PatchFunction[]): string {
  return functions.map(({ slot, origin, hash }) => (origin === "added" ? `${slot} ${hash}` : slot)).join("\n");
}

function newestOf({ instance, functions }: Origin, next: Graft | undefined): Newest {
  const slots = new Map<string, Function>();
  const successors = new Map(next?.module.functions.map((each) => [each.slot, each]));
  for (const former of functions) {
    const successor = successors.get(former.slot);
    // an addition that is still the same goes on with its own code
    if (former.origin === "added" && (successor === undefined || successor.hash === former.hash)) continue;
    const newest = successor === undefined ? ownFunction(instance, former) : next?.functions[former.slot];
    if (newest !== undefined) slots.set(former.slot, newest);
  }
  return { slots, standing: standingSlots(slots) };
}

function ownFunction(instance: Instance, former: PatchFunction): Function | undefined {
  if (!(former.name in scopeOf(instance))) return undefined; // an anonymous default export: no code can name it
  return hostFunction(instance, former) ?? forwardLater(instance, former);
}

/** Stands for a `const` of the host that is not initialised yet: throws as the host's own code would. */
function forwardLater(instance: Instance, former: PatchFunction): Function {
  return function later(this: unknown, ...values: unknown[]): unknown {
    const own = scopeOf(instance)[former.name] as Function;
    return new.target === undefined ? (Reflect.apply(own, this, values) as unknown) : (Reflect.construct(own, values, new.target) as unknown);
  };
}
