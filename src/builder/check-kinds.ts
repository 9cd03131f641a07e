/**
 * A function that becomes async hands a promise to whoever calls it. That is as in a fresh build only if every caller
 * is in the patch and nobody holds the function as a value, where callers cannot be known.
 */
import type { Diagnostic } from "../messages/diagnostic.ts";
import { placeAt } from "../syntax/place.ts";
import { usagesOf } from "./callers.ts";
import { refuseKind } from "./classify-target.ts";
import type { ModuleChange } from "./classify.ts";
import type { ImportIndex } from "./import-index.ts";
import type { LoadedTree } from "./load.ts";

export function checkKinds(changes: readonly ModuleChange[], tree: LoadedTree, imports: ImportIndex): readonly Diagnostic[] {
  const inPatch = new Set(changes.flatMap(({ module, replaced, added }) => [...replaced, ...added].map((target) => `${module.key}#${target.name}`)));
  return changes.flatMap(({ module, becomeAsync }) =>
    becomeAsync.flatMap((target): Diagnostic[] => {
      const usages = usagesOf(tree, imports, module.key, target.name);
      if (usages?.every(({ key, user, calls }) => calls && inPatch.has(`${key}#${user.name}`))) return [];
      const { file, text } = module.after.analysis.parsed;
      return [refuseKind(target, "sync", "async", placeAt(file, text, target.fn.start, target.fn.end))];
    }),
  );
}
