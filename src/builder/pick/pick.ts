/** Pickers: which of the changed functions go into a patch. */

/** What to take of the changes of a tree. Made by {@link functions}, {@link modules}, {@link any} and {@link pickerOf}. */
export type Picker =
  | { readonly pick: "functions"; readonly ids: readonly string[] }
  | { readonly pick: "modules"; readonly globs: readonly string[] }
  | { readonly pick: "any"; readonly of: readonly Picker[] };

/**
 * Picks functions by id.
 *
 * @param ids module and name: `src/shop.ts#award`
 * @example
 * buildPatch({ base: "dist/hotfix.manifest.json", pick: functions("src/shop.ts#award") });
 */
export function functions(...ids: readonly string[]): Picker {
  return { pick: "functions", ids };
}

/**
 * Picks everything that changed in modules.
 *
 * @param globs over the paths of modules, from their package's root: `src/shop/**`; of other packages than the host's `name:src/**`
 */
export function modules(...globs: readonly string[]): Picker {
  return { pick: "modules", globs };
}

/** Picks what one of several picks. */
export function any(...of: readonly Picker[]): Picker {
  return { pick: "any", of };
}

/** As on the command line: what has a `#` is the id of a function, all else a glob of modules. */
export function pickerOf(patterns: readonly string[]): Picker {
  return any(...patterns.map((pattern) => (pattern.includes("#") ? functions(pattern) : modules(pattern))));
}

/** A picker's patterns, each for itself, as they were written. */
export function patternsOf(picker: Picker): readonly { readonly pattern: string; readonly of: "functions" | "modules" }[] {
  if (picker.pick === "any") return picker.of.flatMap(patternsOf);
  return (picker.pick === "functions" ? picker.ids : picker.globs).map((pattern) => ({ pattern, of: picker.pick }));
}
