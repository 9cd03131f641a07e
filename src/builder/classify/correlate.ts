/** Correlate: which module of the fixed tree belongs to which record of the base. */
import type { ModuleRecord } from "../../manifest/manifest.ts";
import type { SourceModule } from "../../transform/project.ts";
import type { LoadedTree } from "../load/load.ts";
import type { Trace, Turned } from "../trace/trace.ts";

/** A module that both have and whose meaning differs, be it by what its imports lead to. */
export interface ChangedModule {
  readonly key: string;
  readonly before: ModuleRecord;
  readonly after: SourceModule;
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
  for (const [key, before] of Object.entries(tree.manifest.modules)) {
    const after = tree.modules.get(key);
    const turned = trace.of(key);
    if (!after) removed.push(key);
    else if (after.record.fingerprint !== before.fingerprint || turned.rebound.size + turned.revalued.size > 0) changed.push({ key, before, after, turned });
  }
  return { changed: changed.toSorted((a, b) => (a.key < b.key ? -1 : 1)), removed };
}
