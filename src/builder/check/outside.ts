/** What no patch reaches: namespaces held by dynamic imports, and files of the project that are not transformed. */
import { existsSync, readFileSync } from "node:fs";
import { fileOfKey } from "../world/base-world.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { digest } from "../../syntax/digest.ts";
import { placeAt } from "../../syntax/place.ts";
import type { LoadedTree } from "../load/load.ts";
import type { Picked } from "../pick/picked.ts";
import type { Trace } from "../trace/trace.ts";
import { dynamicUses } from "../trace/dynamic-uses.ts";
import { bindingsThrough, exportMap, type ExportTarget } from "../world/follow.ts";
import type { World } from "../world/world.ts";

/** Whoever imports a module dynamically holds its exports as they were. */
export function checkDynamic(tree: LoadedTree, trace: Trace, { concerns }: Pick<Picked, "concerns">): readonly Diagnostic[] {
  return [...tree.fixed.dynamicallyImported.union(tree.base.dynamicallyImported)].flatMap((key): Diagnostic[] => {
    const module = tree.fixed.modules.get(key);
    if (!module || !trace.exportsOther(key) || !(trace.hasChangedNamespace(key) || isAskedForMore(key, tree)) || !concerns(key)) return [];
    const { analysis } = module;
    const place = placeAt(analysis.parsed.file, analysis.parsed.text, analysis.firstStatement, analysis.firstStatement);
    return [diagnostic("HF1501", "refusal", { module: key }, place)];
  });
}

/**
 * The host's namespace never gets a new export: `const shop = await import("./shop.js")` … `shop.sell()` finds none, and
 * who lists its keys sees those of the base.
 */
function isAskedForMore(key: string, { base, fixed }: LoadedTree): boolean {
  const gained = gainedNames(key, base, fixed);
  if (gained.size === 0) return false;
  return [...fixed.modules.values()].some((module) => {
    if (!module.names.dynamic.includes(key)) return false;
    const names = dynamicUses(module.analysis, (specifier) => {
      const origin = module.originOf(specifier);
      return "module" in origin && origin.module === key;
    });
    return names === undefined || [...names].some((name) => gained.has(name));
  });
}

/** New exports, and namespaces that have such. */
function gainedNames(key: string, before: World, after: World, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  if (seen.has(key)) return new Set();
  const old = exportMap(before, key);
  const inside = (target: ExportTarget): boolean => target.kind === "namespace" && gainedNames(target.key, before, after, new Set([...seen, key])).size > 0;
  return new Set([...exportMap(after, key)].flatMap(([name, target]) => (!old.has(name) || inside(target) ? [name] : [])));
}

/** Code outside of the build that reads a constant has the old value. */
export function checkEntries(tree: LoadedTree, { revalued }: Trace, { concerns }: Pick<Picked, "concerns">): readonly Diagnostic[] {
  if (revalued.all().length === 0) return [];
  return tree.manifest.entries.flatMap((entry) =>
    bindingsThrough(tree.fixed, entry).flatMap((target): Diagnostic[] => {
      const module = revalued.of(target.key, target.name) && concerns(target.key, target.name) ? tree.fixed.modules.get(target.key) : undefined;
      const binding = module?.analysis.bindings.find((each) => each.name === target.name);
      if (!module || !binding) return [];
      return [diagnostic("HF1207", "refusal", { name: binding.name, entry }, placeAt(module.file, module.analysis.parsed.text, binding.start, binding.end))];
    }),
  );
}

/** Files that transformed modules import and that are not transformed themselves (excluded, JSON). */
export function checkOutside({ manifest, project }: LoadedTree, { concerns }: Pick<Picked, "concerns">): readonly Diagnostic[] {
  return Object.entries(manifest.outside).flatMap(([key, { content }]): Diagnostic[] => {
    if (!concerns(key)) return [];
    const file = fileOfKey(manifest, project.root, key);
    const same = existsSync(file) && digest(readFileSync(file, "utf8")) === content;
    return same ? [] : [diagnostic("HF1503", "refusal", { module: key }, placeAt(file, "", 0, 0))];
  });
}
