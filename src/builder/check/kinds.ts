/**
 * Functions that change their kind or form. The host's function object keeps its own, so the change is that of a fresh
 * build only if no caller can tell.
 */
import type { Target } from "../../analyze/analysis.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { ownCallOf } from "../../syntax/own-call.ts";
import { placeAt } from "../../syntax/place.ts";
import { isOnlyCalled, usagesOf, type Usage } from "../trace/callers.ts";
import { FORMS, refuseKind } from "../classify/classify-target.ts";
import type { ModuleChange } from "../classify/classify.ts";
import type { ImportIndex } from "../trace/import-index.ts";
import type { LoadedTree } from "../load/load.ts";
import type { TargetOutline } from "../world/outline.ts";

/** A target whose kind or form is another than in the base. */
export interface Flip {
  readonly target: Target;
  readonly before: TargetOutline;
  readonly after: TargetOutline;
}

export function isFlip({ before, after }: Flip): boolean {
  return before.kind !== after.kind || (before.form === "arrow") !== (after.form === "arrow");
}

export function checkKinds(changes: readonly ModuleChange[], tree: LoadedTree, imports: ImportIndex): readonly Diagnostic[] {
  const inPatch = new Set(changes.flatMap(({ module, replaced, added }) => [...replaced, ...added].map((target) => `${module.key}#${target.name}`)));
  return changes.flatMap(({ module, flips }) =>
    flips.flatMap((flip): Diagnostic[] => {
      const { target, before, after } = flip;
      // Who calls a method cannot be told from its name.
      const seen = tree.manifest.entries.includes(module.key) || target.member ? undefined : usagesOf(tree, imports, module.key, target.name);
      // An export that nobody is seen to use is there for somebody: import(`./commands/${name}.js`)
      const usages = seen?.length === 0 && module.after.analysis.exports.some(({ local, specifier }) => local === target.name && specifier === undefined) ? undefined : seen;
      const { file, text } = module.after.analysis.parsed;
      const place = placeAt(file, text, target.fn.start, target.fn.end);
      return [
        ...(kindFits(flip, usages, inPatch) ? [] : [refuseKind(target, before.kind, after.kind, place)]),
        ...(formFits(flip, usages) ? [] : [diagnostic("HF1102", "refusal", { name: target.name, before: FORMS[before.form], after: FORMS[after.form] }, place)]),
      ];
    }),
  );
}

/**
 * A promise where there was a value: every caller is in the patch, and nobody holds the function. A value where there was
 * a promise: every caller awaits it, which makes no difference.
 */
function kindFits({ before, after }: Flip, usages: readonly Usage[] | undefined, inPatch: ReadonlySet<string>): boolean {
  if (before.kind === after.kind) return true;
  if (before.kind === "sync" && after.kind === "async") return usages?.every((usage) => isOnlyCalled(usage) && inPatch.has(`${usage.key}#${usage.user.name}`)) ?? false;
  if (before.kind === "async" && after.kind === "sync") return usages?.every(({ mentions }) => [...mentions].every((each) => each === "awaited call")) ?? false;
  return false;
}

/** Nobody makes objects with it; what its guard does not hand on, the new one does not ask for. */
function formFits({ target, before, after }: Flip, usages: readonly Usage[] | undefined): boolean {
  if ((before.form === "arrow") === (after.form === "arrow")) return true;
  if (usages === undefined || usages.some(({ mentions }) => mentions.has("construction"))) return false;
  return after.form === "arrow" ? !target.moduleThis : !after.forwards.newTarget && !asksForCall(target);
}

/** `this` and `arguments`, which the guard of an arrow function does not hand on. */
function asksForCall({ fn }: Target): boolean {
  const { namesThis, namesArguments } = ownCallOf(fn);
  return namesThis || namesArguments;
}
