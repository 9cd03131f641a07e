/** Where statements stand that no patch reaches, and why. */
import type { Binding, ModuleAnalysis, NonTarget, Range, Target } from "../analyze/analysis.ts";
import { constantValue, type ConstantValue } from "../builder/values/constant-value.ts";
import { refuseDynamicScope } from "../builder/classify/classify-target.ts";
import { refuseNonTarget } from "../builder/classify/frozen.ts";
import { diagnostic, type Diagnostic, type Place } from "../messages/diagnostic.ts";
import { placeAt } from "../syntax/place.ts";

/** Answers for one statement after the other: undefined where a patch reaches it. */
export type FindSpot = (statement: Range) => Diagnostic | undefined;

export function spotsOf(analysis: ModuleAnalysis): FindSpot {
  const { file, text } = analysis.parsed;
  const at = (range: Range): Place => placeAt(file, text, range.start, range.end);
  const targets = analysis.targets.map((target) => [target, refuseDynamicScope(target, at(target.fn))[0]] as const);
  const fixed = analysis.nonTargets.filter((each) => each.reason !== "nested function" && !analysis.targets.some(({ fn }) => within(each, fn)));
  const constants = constantNames(analysis);
  const known = new Map<NonTarget | Binding | "init", Diagnostic>();
  const once = (key: NonTarget | Binding | "init", make: () => Diagnostic): Diagnostic => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  return (statement) => {
    const target = targets.find(([{ fn }]) => within(statement, fn));
    if (target) return target[1];
    const nonTarget = smallest(fixed.filter((each) => within(statement, each)));
    if (nonTarget) return once(nonTarget, () => refuseNonTarget(nonTarget, analysis));
    const binding = smallest(analysis.bindings.filter((each) => within(statement, each)));
    if (binding === undefined) return once("init", () => diagnostic("HF1301", "refusal", {}, at(statement)));
    if (constants.has(binding)) return undefined;
    return once(binding, () => refuseBinding(binding, at(binding)));
  };
}

function refuseBinding(binding: Binding, place: Place): Diagnostic {
  const { name, kind } = binding;
  if (kind === "class") return diagnostic("HF1202", "refusal", { name, detail: "its fields are part of it" }, place);
  return diagnostic("HF1201", "refusal", { name }, place);
}

/** Constants: a patch that changes one brings every function that reads it. */
function constantNames({ bindings }: ModuleAnalysis): ReadonlySet<Binding> {
  const values = new Map<string, ConstantValue>();
  const found = new Set<Binding>();
  for (const binding of bindings) {
    if (binding.kind !== "const" || binding.node.type !== "VariableDeclarator" || binding.node.id.type !== "Identifier" || binding.node.init === null) continue;
    const value = constantValue(binding.node.init, (name) => values.get(name));
    if (value === undefined) continue;
    values.set(binding.name, value);
    found.add(binding);
  }
  return found;
}

function within(inner: Range, outer: Range | Target["fn"]): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function smallest<R extends Range>(ranges: readonly R[]): R | undefined {
  return ranges.toSorted((a, b) => a.end - a.start - (b.end - b.start))[0];
}
