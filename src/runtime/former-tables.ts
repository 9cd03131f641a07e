/**
 * Tables of patches that were replaced. Calls that still run in their code, and functions they added that
 * are still referenced, must reach the newest functions: so these tables get slots too.
 * Tables of one likeness share what they look in, so that a commit costs the same however many are not collected yet.
 * Nothing here holds a table: when nothing runs or holds a replaced patch's code any more, it is garbage.
 */
import type { PatchFunction } from "../patch/payload.ts";
import { hostFunction, type Graft } from "./graft.ts";
import { scopeOf, type Instance } from "./host.ts";
import { standingSlots, standOn, type Slots } from "./patch-table.ts";
import type { PatchTable } from "./registration.ts";
import { reach } from "./fault.ts";
import type { Undo } from "./safe-point.ts";

/** What tables of one likeness look in: patches of the same functions of one instance. It has the newest ones as its prototype. */
interface Relay {
  readonly object: object;
  readonly instance: Instance;
  readonly functions: readonly PatchFunction[];
}

export class FormerTables {
  /** By instance, then by likeness. Only the tables hold a relay. */
  readonly #relays = new Map<Instance, Map<string, WeakRef<Relay>>>();
  /** Keeps a relay as long as a table of its. */
  readonly #relayOf = new WeakMap<PatchTable, Relay>();

  add({ table, instance, module }: Graft, undo: Undo): void {
    const likeness = likenessOf(module.functions);
    const alike = this.#relays.get(instance) ?? new Map<string, WeakRef<Relay>>();
    this.#relays.set(instance, alike);
    const relay = alike.get(likeness)?.deref() ?? { object: {}, instance, functions: module.functions };
    alike.set(likeness, new WeakRef(relay));
    this.#relayOf.set(table, relay);
    undo(() => standOn(table, {}));
    reach("commit:former");
    standOn(table, relay.object);
  }

  /** Points every former table at what is the newest now: `next`, or else the host's own functions. */
  redirect(next: ReadonlyMap<Instance, Graft>, undo: Undo): void {
    for (const [instance, alike] of this.#relays) {
      for (const [likeness, reference] of alike) {
        const relay = reference.deref();
        if (relay === undefined) {
          alike.delete(likeness);
          continue;
        }
        const before = Object.getPrototypeOf(relay.object) as object;
        undo(() => standOn(relay.object, before));
        reach("commit:former");
        standOn(relay.object, standingSlots(newestOf(relay, next.get(instance))));
      }
      if (alike.size === 0) this.#relays.delete(instance);
    }
  }
}

function likenessOf(functions: readonly PatchFunction[]): string {
  return functions.map(({ slot, origin, hash }) => (origin === "added" ? `${slot} ${hash}` : slot)).join("\n");
}

function newestOf({ instance, functions }: Relay, next: Graft | undefined): Slots {
  const slots = new Map<string, Function>();
  const successors = new Map(next?.module.functions.map((each) => [each.slot, each]));
  for (const former of functions) {
    const successor = successors.get(former.slot);
    // an addition that is still the same goes on with its own code
    if (former.origin === "added" && (successor === undefined || successor.hash === former.hash)) continue;
    const newest = successor === undefined ? ownFunction(instance, former) : next?.functions[former.slot];
    if (newest !== undefined) slots.set(former.slot, newest);
  }
  return slots;
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
