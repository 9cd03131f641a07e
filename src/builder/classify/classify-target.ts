/** What of a changed target the host's guard cannot carry over. */
import type { FunctionKind, ModuleAnalysis, Target } from "../../analyze/analysis.ts";
import type { ParameterFact } from "../../manifest/manifest.ts";
import { PackageTypes } from "../../transform/package-type.ts";
import { formatOf } from "../../transform/file-format.ts";
import { diagnostic, type Diagnostic, type Place } from "../../messages/diagnostic.ts";
import { walk } from "../../syntax/walk.ts";
import type { TargetOutline } from "../world/outline.ts";

const KINDS: Readonly<Record<FunctionKind, string>> = {
  sync: "a plain function",
  async: "an async function",
  generator: "a generator",
  asyncGenerator: "an async generator",
};

export const FORMS = { declaration: "a function declaration", expression: "a function expression", arrow: "an arrow function", method: "a method" } as const;

export function refuseKind({ name }: Target, before: FunctionKind, after: FunctionKind, place: Place): Diagnostic {
  return diagnostic("HF1101", "refusal", { name, before: KINDS[before], after: KINDS[after] }, place);
}

export function refuseTarget(target: Target, before: TargetOutline, after: TargetOutline, place: Place): readonly Diagnostic[] {
  const { name } = target;
  const refusals: Diagnostic[] = [...refuseParameters(target, before, after, place)];
  // The host's list runs first; or, in a generator that had none to run, the new one only at the first `next()`.
  const early = before.parameters.handling === "keep" && !(before.parameters.inert && after.parameters.inert);
  const late = (after.kind === "generator" || after.kind === "asyncGenerator") && !after.parameters.inert;
  if (early || late) {
    refusals.push(diagnostic("HF1104", "refusal", { name }, place));
  }
  if (after.forwards.newTarget && !before.forwards.newTarget) refusals.push(diagnostic("HF1105", "refusal", { name }, place));
  return [...refusals, ...refuseDynamicScope(target, place)];
}

/** Parameters that the host's guard does not hand on. */
export function refuseParameters({ name }: Target, before: TargetOutline, after: TargetOutline, place: Place): readonly Diagnostic[] {
  const fits = before.forwards.arguments !== "declared" || forwardable(before.parameters, after.parameters);
  return fits ? [] : [diagnostic("HF1103", "refusal", { name, count: before.parameters.count }, place)];
}

export function refuseDynamicScope(target: Target, place: Place): readonly Diagnostic[] {
  const { name } = target;
  if (target.directEval) return [diagnostic("HF1106", "refusal", { name, what: "a direct `eval`" }, place)];
  if (target.withStatement) return [diagnostic("HF1106", "refusal", { name, what: "`with`" }, place)];
  const what = unknownForm(target);
  return what === undefined ? [] : [diagnostic("HF1106", "refusal", { name, what }, place)];
}

/**
 * In a patch, `arguments.callee` is the patch's function: who compares it, or takes a listener off by it, finds another.
 * The phases of `import()` are the module's own: what stands for it in a patch has none.
 */
function unknownForm({ fn, forwards }: Target): string | undefined {
  let found: string | undefined;
  walk(fn, {
    enter(node) {
      if (node.type === "ImportExpression" && node.phase != null) found = `\`import.${node.phase}()\``;
      if (forwards.sloppyThis && ((node.type === "Identifier" && node.name === "callee") || (node.type === "Literal" && node.value === "callee"))) found = "`arguments.callee`";
      return found === undefined;
    },
  });
  return found;
}

/** A sloppy guard hands on the global object where a strict function would find `this` undefined. */
export function refuseStrictThis({ name }: Target, before: TargetOutline, after: TargetOutline, place: Place): readonly Diagnostic[] {
  if (before.forwards.sloppyThis !== true || after.forwards.sloppyThis === true || after.form === "arrow") return [];
  return [diagnostic("HF1102", "refusal", { name, before: "sloppy code", after: "strict code" }, place)];
}

/** `const c = 1; function f() { c = 2; }` throws. Sloppy patch code, which reaches `c` as a property, would go on. */
function refuseConstantWrites(target: Target, analysis: ModuleAnalysis, place: Place): readonly Diagnostic[] {
  if (analysis.strict) return [];
  const constants = analysis.scopes.module.variables.filter(({ defs }) => defs.some((each) => each.type === "Variable" && each.parent?.kind !== "let" && each.parent?.kind !== "var"));
  const written = constants.filter(({ references }) => references.some((each) => each.isWrite() && each.init !== true && target.fn.start <= each.identifier.range[0] && each.identifier.range[0] < target.fn.end));
  return written.map(({ name }) => diagnostic("HF1106", "refusal", { name: target.name, what: `an assignment to the constant \`${name}\`` }, place));
}

/**
 * What patch code has not as the module has it. The `this` of a CommonJS module is its `exports`, also where a compiler makes
 * CommonJS of `import` and `export`; in ES modules it is undefined in both.
 */
export function refuseModuleForms(target: Target, analysis: ModuleAnalysis, place: Place): readonly Diagnostic[] {
  const constants = refuseConstantWrites(target, analysis, place);
  if (!target.moduleThis || formatOf(analysis, new PackageTypes(), false).importMeta) return constants;
  return [...constants, diagnostic("HF1106", "refusal", { name: target.name, what: "the module's `this`" }, place)];
}

/**
 * Whether a list of parameters gets all it asks for from a guard that hands on `before.count` arguments (missing ones
 * as undefined) and, with a rest parameter, those behind.
 */
function forwardable(before: ParameterFact, after: ParameterFact): boolean {
  if (after.rest) return before.rest && after.count >= before.count;
  return before.rest || after.count <= before.count;
}
