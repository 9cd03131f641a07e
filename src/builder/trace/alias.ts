/** `export default name`: the export is the binding itself, and the statement declares nothing. */
import type { Binding, ModuleAnalysis } from "../../analyze/analysis.ts";
import type { Outline } from "../world/outline.ts";

export function isAlias({ names, kind }: Binding, { exports }: ModuleAnalysis): boolean {
  return kind === "const" && names.length === 0 && exports.some((each) => each.exported === "default" && each.local !== undefined);
}

/**
 * Whether a default export that is new, or names another binding than before, concerns only those that import it:
 * `trace` finds them. A name that can be assigned is exported with the value it has at that point: that is state.
 */
export function isFixedAlias(binding: Binding, analysis: ModuleAnalysis, before: Outline): boolean {
  if (!isAlias(binding, analysis)) return false;
  const old = before.exports.find((each) => each.exported === "default");
  if (old !== undefined && (old.from !== null || !isFixed(old.local, before))) return false;
  const now = analysis.exports.find((each) => each.exported === "default");
  return now?.specifier === undefined && isFixed(now?.local, analysis);
}

interface Declarations {
  readonly targets: readonly { readonly name: string }[];
  readonly bindings: readonly Pick<Binding, "names" | "kind" | "assigned">[];
}

function isFixed(name: string | undefined | null, { targets, bindings }: Declarations): boolean {
  if (name === undefined || name === null) return false;
  if (targets.some((each) => each.name === name)) return true;
  return bindings.some(({ names, kind, assigned }) => names.includes(name) && !assigned && (kind === "const" || kind === "class" || kind === "enum"));
}
