/** Imports that change places: what they load is evaluated in another order, which shows where it has effects. */
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import type { ModuleChange } from "../classify/classify.ts";
import type { LoadedTree } from "../load/load.ts";
import type { Revalued } from "../values/revalued.ts";
import { PureLoads } from "./pure-load.ts";
import type { World } from "../world/world.ts";
import type { Outline } from "../world/outline.ts";

/**
 * Only imports that were there already: one that comes in addition finds its module evaluated, and to have it
 * evaluated elsewhere is rarely what is meant.
 */
export function checkLoadOrder(changes: readonly ModuleChange[], tree: LoadedTree, revalued: Revalued): readonly Diagnostic[] {
  const before = tree.base;
  const after = tree.fixed;
  const loads = new PureLoads(tree, revalued);
  const order = (world: World, roots: readonly string[]): string => evaluated(world, roots).filter((key) => !loads.isPure(key)).join();
  return changes.flatMap(({ module, isNew }): Diagnostic[] => {
    if (isNew) return [];
    const [old, now] = [loaded(module.before), loaded(module.after.outline)];
    const kept = old.filter((key) => now.includes(key));
    const still = now.filter((key) => old.includes(key));
    if (kept.every((key, index) => key === still[index])) return [];
    // The same modules followed in the same world: only the order of this module's imports counts.
    if (order(before, kept) === order(before, still) && order(after, kept) === order(after, still)) return [];
    const { parsed, firstStatement } = module.after.analysis;
    return [diagnostic("HF1303", "refusal", {}, placeAt(parsed.file, parsed.text, firstStatement, firstStatement))];
  });
}

/** Those that are loaded for their effects are compared by `classify`. */
function loaded({ loads }: Outline): readonly string[] {
  return [...new Set(loads.flatMap(({ from, bare }) => ("module" in from && !bare ? [from.module] : [])))];
}

/** The modules with effects that loading some evaluates, in order. */
function evaluated(world: World, roots: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const order: string[] = [];
  const follow = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    const outline = world.outline(key);
    for (const { from } of outline?.loads ?? []) if ("module" in from) follow(from.module);
    if (outline !== undefined && outline.order.length > 0) order.push(key);
  };
  roots.forEach(follow);
  return order;
}
