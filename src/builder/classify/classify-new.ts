/** Classify a module that the base does not have: all of it is an addition, and is refused where it cannot be one. */
import type { Binding, InitStatement, ModuleAnalysis } from "../../analyze/analysis.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { isAlias } from "../trace/alias.ts";
import { refuseAddition, type ModuleChange } from "./classify.ts";
import { refuseDynamicScope } from "./classify-target.ts";
import type { LoadedTree } from "../load/load.ts";
import { addedNames } from "../code/pattern.ts";
import { refuseForms } from "./refuse-forms.ts";
import { untaggedFunctions } from "./untagged.ts";
import type { Trace } from "../trace/trace.ts";
import { NO_OUTLINE } from "../world/outline.ts";

/** How the statements of a new module are called in a patch: `#1`, `#2` … */
export function statementName(index: number): string {
  return `#${index + 1}`;
}

/** What a name of an addition is called in messages. */
export function shownName(name: string): string {
  return name.startsWith("#") ? `top-level statement ${name.slice(1)}` : name;
}

export function classifyNew(tree: LoadedTree, trace: Trace, key: string): ModuleChange | undefined {
  const after = tree.fixed.modules.get(key);
  if (!after) return undefined;
  const { analysis, outline } = after;
  const { file, text } = analysis.parsed;
  const at = ({ start, end }: { readonly start: number; readonly end: number }): ReturnType<typeof placeAt> => placeAt(file, text, start, end);
  const diagnostics: Diagnostic[] = [];
  if (analysis.parsed.sourceType !== "module" || outline.exports.some(({ exported }) => exported === "=")) {
    diagnostics.push(diagnostic("HF1410", "refusal", { module: key }, at({ start: 0, end: 0 })));
  }
  const untagged = untaggedFunctions(analysis);
  const added = [...analysis.targets, ...untagged.values()].toSorted((a, b) => a.start - b.start);
  const variables = analysis.bindings.filter((binding) => !isAlias(binding, analysis) && !untagged.has(binding.name));
  for (const target of added) diagnostics.push(...refuseDynamicScope(target, at(target.fn)));
  for (const [index, binding] of variables.entries()) {
    const twice = variables.findIndex((each) => addedNames(each).some((name) => addedNames(binding).includes(name))) < index || added.some(({ name }) => addedNames(binding).includes(name));
    const refusals = twice ? [refuse(binding.name, "it is declared more than once", "Declare it once.")] : refuseBinding(binding, analysis);
    diagnostics.push(...[...refusals, ...refuseForms(key, binding)].map((each) => ({ ...each, place: at(binding) })));
  }
  for (const statement of analysis.init) diagnostics.push(...[...refuseStatement(statement), ...refuseForms(key, statement)].map((each) => ({ ...each, place: at(statement) })));
  return {
    module: { key, fingerprint: after.fingerprint, before: NO_OUTLINE, after, turned: trace.of(key) },
    replaced: [], flips: [], added, variables: hoisted(variables), copies: [], statements: analysis.init,
    loads: [], isNew: true, live: [], diagnostics, about: new Map(),
  };
}

/** Functions that are no targets (tagged `@nohotfix`) are there before anything runs. */
function hoisted(variables: readonly Binding[]): readonly Binding[] {
  const isFunctionBinding = ({ kind }: Binding): boolean => kind === "function";
  return [...variables.filter(isFunctionBinding), ...variables.filter((each) => !isFunctionBinding(each))];
}

function refuseBinding(binding: Binding, analysis: ModuleAnalysis): readonly Diagnostic[] {
  const exported = analysis.exports.find((each) => each.exported === "default" && each.local === binding.name && each.specifier === undefined);
  // export default count; … count++: who imports it has the value of the time.
  if (exported && binding.assigned && analysis.bindings.some((each) => isAlias(each, analysis))) {
    return [refuse(binding.name, "its value is exported as default and it is assigned later", "Export the variable by its name.")];
  }
  // The value of `export default …` has no name of its own.
  return refuseAddition(binding.names.length === 0 ? { ...binding, names: ["default"] } : binding) ?? [];
}

function refuseStatement({ vars }: InitStatement): readonly Diagnostic[] {
  return vars.flatMap(({ names }) => names).map((name) => refuse(name, "a `var` inside a statement", "Declare it with `let` in front of the statement."));
}

function refuse(name: string, detail: string, advice: string): Diagnostic {
  return diagnostic("HF1204", "refusal", { name, detail, advice });
}
