/**
 * Patch tables, and the one place that changes slots.
 *
 * V8 folds a constant table, its map and the constant fields of its prototype into optimised code. That
 * holds as long as every change brings a prototype that was never there before: an old one put back makes
 * calls 2–19 times slower for good (design.md, section 5). So slots always stand on a fresh object.
 */
import type { PatchTable } from "./registration.ts";

/** Slot -> what stands in it. A slot that is absent means "run your own code". */
export type Slots = ReadonlyMap<string, Function>;

const NONE: Slots = new Map<string, Function>();
const inPlace = new WeakMap<PatchTable, Slots>();

/** A table for the code of a patch. Each has a class of its own, as in emitted modules. */
export function createTable(): PatchTable {
  return new (class $T {})();
}

export function slotsOf(table: PatchTable): Slots {
  return inPlace.get(table) ?? NONE;
}

/** Lets a table look in an object. It may be one that others look in, too, where speed does not matter. */
export function standOn(table: object, standing: object): void {
  Object.setPrototypeOf(table, standing);
}

/** A fresh object on which slots stand. */
export function standingSlots(slots: Slots): object {
  const fresh: Record<string, Function> = {};
  for (const [slot, replacement] of slots) fresh[slot] = replacement;
  return fresh;
}

/**
 * Swaps all slots of a table in one assignment. Tables without slots before and after are left alone.
 */
export function setSlots(table: PatchTable, slots: Slots): void {
  if (slots.size === 0 && slotsOf(table).size === 0) return;
  standOn(table, standingSlots(slots));
  if (slots.size === 0) inPlace.delete(table);
  else inPlace.set(table, slots);
}
