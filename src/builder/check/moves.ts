/**
 * What has gone from its module: what it did when it was evaluated stays done, its state stays where it is, and
 * references to its functions stay references to those.
 */
import type { BindingKind } from "../../analyze/analysis.ts";
import { diagnostic, type Diagnostic, type Place } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { isOnlyCalled, usagesOf } from "../trace/callers.ts";
import type { ModuleChange } from "../classify/classify.ts";
import { isUnseen } from "../values/copies.ts";
import type { ImportIndex } from "../trace/import-index.ts";
import type { LoadedTree } from "../load/load.ts";
import { addedNames } from "../code/pattern.ts";
import type { Picked } from "../pick/picked.ts";
import { followImport, withoutPrefix } from "../world/follow.ts";
import type { Revalued } from "../values/revalued.ts";
import type { Outline } from "../world/outline.ts";

export function checkMoves(changes: readonly ModuleChange[], tree: LoadedTree, revalued: Revalued, { concerns }: Pick<Picked, "concerns">): readonly Diagnostic[] {
  const { imports } = revalued;
  const gone = goneNames(tree);
  return [...checkRemoved(tree, concerns), ...changes.flatMap((change) => [...checkFunctions(change, gone, { tree, imports }), ...checkState(change, gone, revalued), ...checkOutward(change, gone, tree)])];
}

/** Names of functions and of bindings that modules of the base declare and the fixed tree's do not, and where they were. */
interface Gone {
  readonly functions: ReadonlyMap<string, string>;
  readonly bindings: ReadonlyMap<string, { readonly key: string; readonly kind: BindingKind }>;
}

function goneNames(tree: LoadedTree): Gone {
  const functions = new Map<string, string>();
  const bindings = new Map<string, { readonly key: string; readonly kind: BindingKind }>();
  for (const [key, old] of tree.base.modules) {
    const after = tree.fixed.module(key);
    if (after === old) continue;
    const left = new Set(after === undefined ? [] : declaredNames(after.outline));
    for (const { name } of old.outline.targets) if (!left.has(name)) functions.set(name, key);
    for (const { names, kind } of old.outline.bindings) {
      // The members of an enum are numbers and strings: a second one is as good as the first.
      if (kind !== "enum" && kind !== "const enum") for (const name of names) if (!left.has(name)) bindings.set(name, { key, kind });
    }
  }
  return { functions, bindings };
}

function declaredNames({ targets, bindings }: Outline): readonly string[] {
  return [...targets.map(({ name }) => name), ...bindings.flatMap(({ names }) => names)];
}

/** A function that moved is another function object: fine for calls, not for whoever compares or keeps it. */
function checkFunctions({ module, added }: ModuleChange, { functions }: Gone, { tree, imports }: { readonly tree: LoadedTree; readonly imports: ImportIndex }): readonly Diagnostic[] {
  return added.flatMap((target): Diagnostic[] => {
    const from = functions.get(target.name);
    if (from === undefined || from === module.key || target.name === "default") return [];
    const usages = usagesOf(tree, imports, module.key, target.name);
    if (usages?.every(isOnlyCalled)) return [];
    return [diagnostic("HF1413", "refusal", { name: target.name, module: from }, placeOf(module.after.analysis.parsed, target))];
  });
}

/** A variable or class that moved would start afresh beside the one that the program has. */
function checkState({ module, variables }: ModuleChange, { bindings }: Gone, revalued: Revalued): readonly Diagnostic[] {
  return variables.flatMap((binding) =>
    addedNames(binding).flatMap((name): Diagnostic[] => {
      const from = bindings.get(name);
      if (from === undefined || from.key === module.key || from.kind !== binding.kind || isUnseen(module.after, binding, revalued)) return [];
      return [diagnostic("HF1414", "refusal", { name, module: from.key, to: module.key }, placeOf(module.after.analysis.parsed, binding))];
    }),
  );
}

/** A class that a package has now: objects that exist already are of the other one, and so is what modules that have not changed use. */
function checkOutward({ module, isNew }: ModuleChange, { bindings }: Gone, { base }: LoadedTree): readonly Diagnostic[] {
  if (isNew) return [];
  const { before, after } = module;
  return after.outline.imports.flatMap(({ local, from }): Diagnostic[] => {
    const old = "specifier" in from ? before.imports.find((each) => each.local === local) : undefined;
    const target = old && followImport(base, old.from, old.imported);
    if (!("specifier" in from) || target?.kind !== "binding") return [];
    const gone = bindings.get(target.name);
    if (gone?.key !== target.key || gone.kind !== "class") return [];
    const { analysis } = after;
    const at = analysis.imports.find((each) => each.local === local) ?? { start: 0, end: 0 };
    return [diagnostic("HF1414", "refusal", { name: target.name, module: target.key, to: withoutPrefix(from.specifier) }, placeOf(analysis.parsed, at))];
  });
}

function placeOf({ file, text }: { readonly file: string; readonly text: string }, { start, end }: { readonly start: number; readonly end: number }): Place {
  return placeAt(file, text, start, end);
}

/** Modules that the running program has evaluated, with effects, and the fixed one has not. */
function checkRemoved(tree: LoadedTree, concerns: Picked["concerns"]): readonly Diagnostic[] {
  const gone = [...tree.base.modules.values()].filter(({ key }) => !tree.fixed.has(key) && concerns(key));
  const removed = gone.filter(({ summary }) => summary.order.length > 0).map(({ key }) => key);
  if (removed.length === 0) return [];
  const loaded = loadedByRest(tree);
  return removed.filter((key) => loaded.has(key)).map((key) => {
    return diagnostic("HF1415", "refusal", { module: key }, placeAt(tree.base.module(key)?.file ?? key, "", 0, 0));
  });
}

/** What the modules that are still there loaded in the base, directly or not. Nobody loads the tests of a tree. */
function loadedByRest({ base, fixed }: LoadedTree): ReadonlySet<string> {
  const loaded = new Set<string>();
  const follow = (key: string): void => {
    const { linked = [], dynamic = [] } = base.module(key)?.names ?? {};
    for (const named of [...linked, ...dynamic]) {
      if (loaded.has(named)) continue;
      loaded.add(named);
      follow(named);
    }
  };
  for (const key of base.modules.keys()) if (fixed.has(key)) follow(key);
  return loaded;
}
