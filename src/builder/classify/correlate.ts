/** Correlate: which module of the fixed tree belongs to which outline of the base. */
import type { LoadedTree } from "../load/load.ts";
import type { Trace, Turned } from "../trace/trace.ts";
import type { WorldModule } from "../world/module.ts";
import type { Outline } from "../world/outline.ts";

/** A module that both have and whose meaning differs, be it by what its imports lead to. */
export interface ChangedModule {
  readonly key: string;
  /** That the host has registered the module with; of a new module, its own. */
  readonly fingerprint: string;
  readonly before: Outline;
  readonly after: WorldModule;
  readonly turned: Turned;
}

export interface Correlation {
  /** Sorted by key. */
  readonly changed: readonly ChangedModule[];
  /** Keys that the fixed tree does not have any more. */
  readonly removed: readonly string[];
}

export function correlate(tree: LoadedTree, trace: Trace): Correlation {
  const changed: ChangedModule[] = [];
  const removed: string[] = [];
  for (const [key, old] of tree.base.modules) {
    const after = tree.fixed.modules.get(key);
    const turned = trace.of(key);
    if (!after) removed.push(key);
    else if (after !== old || turned.rebound.size + turned.revalued.size > 0) changed.push({ key, fingerprint: old.fingerprint, before: old.outline, after, turned });
  }
  return { changed: changed.toSorted((a, b) => (a.key < b.key ? -1 : 1)), removed };
}
