/** The one synchronous step in which a thread goes from one state to another. */
import { EvaluationError } from "./brought.ts";
import { reach } from "./fault.ts";
import type { FormerTables } from "./former-tables.ts";
import { hostSlots, restoreSignatures, showSignatures, type Graft } from "./graft.ts";
import type { Instance } from "./host.ts";
import { installMembers, removeMembers } from "./install.ts";
import { declareAdditions, initialiseAdditions } from "./overlay.ts";
import { setSlots, slotsOf, type Slots } from "./patch-table.ts";
import type { PatchModule } from "../patch/payload.ts";
import { atSafePoint, type Undo } from "./safe-point.ts";

export type Grafts = ReadonlyMap<Instance, Graft>;

const NO_SLOTS: Slots = new Map<string, Function>();

/**
 * Replaces the grafts `from` by the grafts `to`, wholly or not at all: functions only in `from` return to
 * the base in the same step. Modules in neither are not touched.
 *
 * @param agree called at its end; a throw in it undoes the step
 * @returns what `from` had added and cannot be taken away, by module
 */
export function commitGrafts(from: Grafts, to: Grafts, formers: FormerTables, agree: () => void): ReadonlyMap<PatchModule, readonly string[]> {
  return atSafePoint((undo) => {
    reach("commit:start");
    for (const graft of to.values()) {
      reach("commit:addition");
      declareAdditions(graft, undo);
    }
    for (const instance of new Set([...from.keys(), ...to.keys()])) swapSlots(instance, to.get(instance), undo);
    for (const graft of from.values()) formers.add(graft, undo);
    formers.redirect(to, undo);
    const stuck = new Map<PatchModule, readonly string[]>();
    for (const graft of from.values()) stuck.set(graft.module, removeMembers(graft, to.get(graft.instance), undo));
    for (const graft of to.values()) {
      reach("commit:member");
      installMembers(graft, undo);
    }
    // after the swap: an initialiser that calls into the host must find the fixed functions there
    for (const { instance, module } of to.values()) {
      reach("commit:variable");
      initialise(instance, module);
    }
    for (const graft of from.values()) restoreSignatures(graft, to.get(graft.instance), undo);
    for (const graft of to.values()) {
      reach("commit:signature");
      showSignatures(graft, undo);
    }
    reach("commit:end");
    agree();
    return stuck;
  });
}

/**
 * The same for one instance that is registered while its patch is active. Evaluates nothing of it, but the new modules
 * that it is the first to need.
 */
export function commitArrival(graft: Graft, brought: readonly Graft[]): void {
  atSafePoint((undo) => {
    for (const each of [...brought, graft]) declareAdditions(each, undo);
    swapSlots(graft.instance, graft, undo);
    for (const { instance, module } of brought) initialise(instance, module);
    showSignatures(graft, undo);
  });
}

/** Takes one instance back to its own code, as if its patch had not fitted when it was registered. Throws nothing. */
export function withdrawArrival(graft: Graft): void {
  const undo: Undo = () => {};
  setSlots(graft.instance.table, NO_SLOTS);
  removeMembers(graft, undefined, undo);
  restoreSignatures(graft, undefined, undo);
}

function initialise(instance: Instance, module: PatchModule): void {
  try {
    initialiseAdditions(instance, module);
  } catch (error) {
    throw module.origin === "new" ? new EvaluationError(module.key, error) : error;
  }
}

function swapSlots({ table }: Instance, graft: Graft | undefined, undo: Undo): void {
  const before = slotsOf(table);
  undo(() => setSlots(table, before));
  reach("commit:slots");
  setSlots(table, graft === undefined ? NO_SLOTS : hostSlots(graft));
}
