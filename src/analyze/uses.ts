/** Which top-level names each part of the module names as values. */
import { valueReferences, type Scopes } from "../syntax/scopes.ts";
import type { Range } from "./analysis.ts";
import type { Structure } from "./top-level.ts";

export interface Uses {
  /** Names used in a range, sorted; not those in `without`. */
  within(range: Range, without?: readonly Range[]): readonly string[];
  /** Offset of one use of a name outside export lists; undefined where there is none. */
  of(name: string): number | undefined;
  /** Names that occur in export lists (`export { name }`). */
  readonly exported: ReadonlySet<string>;
}

export function readUses(scopes: Scopes, structure: Structure): Uses {
  const found: { readonly at: number; readonly name: string }[] = [];
  const first = new Map<string, number>();
  const exported = new Set(structure.exports.flatMap((each) => (each.specifier === undefined && each.local !== undefined ? [each.local] : [])));
  for (const variable of scopes.module.variables) {
    for (const reference of valueReferences(variable, scopes)) {
      if (reference.init === true) continue;
      const at = reference.identifier.range[0];
      const parent = (reference.identifier as { parent?: { type?: string } }).parent;
      if (parent?.type === "ExportSpecifier" || isInExportList(at, structure)) continue;
      found.push({ at, name: variable.name });
      if (!first.has(variable.name)) first.set(variable.name, at);
    }
  }
  found.sort((a, b) => a.at - b.at);
  return {
    within(range, without = []) {
      const names = new Set<string>();
      for (let index = lowerBound(found, range.start); index < found.length; index++) {
        const use = found[index];
        if (!use || use.at >= range.end) break;
        if (!without.some(({ start, end }) => start <= use.at && use.at < end)) names.add(use.name);
      }
      return [...names].toSorted();
    },
    of: (name) => first.get(name),
    exported,
  };
}

/** No item covers an export list. */
function isInExportList(at: number, structure: Structure): boolean {
  return !structure.items.some((item) => item.range.start <= at && at < item.range.end);
}

function lowerBound(found: readonly { readonly at: number }[], start: number): number {
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle]?.at ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
