/** Which top-level names each part of the module names as values. */
import { firstFrom, lastUpTo } from "../syntax/ordered.ts";
import { valueReferences, type Scopes } from "../syntax/scopes.ts";
import type { Range } from "./analysis.ts";
import { once } from "./once.ts";
import type { Structure } from "./top-level.ts";

export interface Uses {
  /** Names used in a range, sorted; not those in `without`, which stand in the order of the source. */
  within(range: Range, without?: readonly Range[]): readonly string[];
  /** Offset of one use of a name outside export lists; undefined where there is none. */
  of(name: string): number | undefined;
  /** Names that occur in export lists (`export { name }`). */
  readonly exported: ReadonlySet<string>;
}

export function readUses(scopes: Scopes, structure: Structure): Uses {
  const found: { readonly start: number; readonly name: string }[] = [];
  const first = new Map<string, number>();
  const ranges = structure.items.map(({ range }) => range);
  // no item covers an export list
  const isInExportList = (at: number): boolean => at >= (lastUpTo(ranges, at)?.end ?? 0);
  const exported = new Set(structure.exports.flatMap((each) => (each.specifier === undefined && each.local !== undefined ? [each.local] : [])));
  for (const variable of scopes.module.variables) {
    for (const reference of valueReferences(variable, scopes)) {
      if (reference.init === true) continue;
      const at = reference.identifier.range[0];
      if (isInExportList(at)) continue;
      found.push({ start: at, name: variable.name });
      if (!first.has(variable.name)) first.set(variable.name, at);
    }
  }
  const sorted = once(() => found.toSorted((a, b) => a.start - b.start));
  return {
    within(range, without = []) {
      const names = new Set<string>();
      const uses = sorted();
      for (let index = firstFrom(uses, range.start); index < uses.length; index++) {
        const use = uses[index];
        if (!use || use.start >= range.end) break;
        if (use.start >= (lastUpTo(without, use.start)?.end ?? 0)) names.add(use.name);
      }
      return [...names].toSorted();
    },
    of: (name) => first.get(name),
    exported,
  };
}
