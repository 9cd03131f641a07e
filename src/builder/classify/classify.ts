/** Classify: what each difference means. Every refusal is collected, none ends the work. */
import type { Binding, InitStatement, ModuleAnalysis, NonTarget, Target } from "../../analyze/analysis.ts";
import { diagnostic, type Diagnostic, type Place } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { isAlias, isFixedAlias } from "../trace/alias.ts";
import { isFlip, type Flip } from "../check/kinds.ts";
import type { ChangedModule } from "./correlate.ts";
import { refuseDynamicScope, refuseModuleForms, refuseStrictThis, refuseTarget } from "./classify-target.ts";
import { addedMembers, refuseInstall, tellOrder } from "./added-members.ts";
import { refuseLifted } from "./classify-lifted.ts";
import { refuseNonTarget } from "./frozen.ts";
import { findLive, type LiveFinding } from "./live.ts";
import { refuseForms } from "./refuse-forms.ts";
import { matchBinding } from "../values/revalued.ts";
import { isPattern, patternFault } from "../code/pattern.ts";
import type { Turned } from "../trace/trace.ts";
import { untaggedFunctions } from "./untagged.ts";
import { withoutPrefix } from "../world/follow.ts";
import { hashNode } from "../world/hashes.ts";
import type { BindingOutline, ImportOrigin, Outline } from "../world/outline.ts";

/** What a patch does to one module. */
export interface ModuleChange {
  readonly module: ChangedModule;
  /** Changed targets, in source order. */
  readonly replaced: readonly Target[];
  /** Among the changed: those of another kind or form. */
  readonly flips: readonly Flip[];
  /** New functions that become targets of the overlay. */
  readonly added: readonly Target[];
  /** New variables, classes and enums, in source order. */
  readonly variables: readonly Binding[];
  /** Constants of the base with another value, which the patch makes for itself; in source order. */
  readonly copies: readonly Binding[];
  /** Old code that goes on after the patch, or may. */
  readonly live: readonly LiveFinding[];
  /** Top-level statements of a new module. */
  readonly statements: readonly InitStatement[];
  /** New modules that must be evaluated for their effects. */
  readonly loads: readonly string[];
  /** The base does not have the module. */
  readonly isNew: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** The name of the declaration that a diagnostic is about; what is not in here is about the module. */
  readonly about: ReadonlyMap<Diagnostic, string>;
}

export interface ClassifyContext {
  /** The compiler of the host made strict code of everything. */
  readonly alwaysStrict: boolean;
  /** Whether the running build has a module. */
  hasModule(key: string): boolean;
  /** Whether evaluating a new module, and what it loads, has effects; undefined for a module that is not new. */
  effectsOf(key: string): boolean | undefined;
}

export function classify(module: ChangedModule, { alwaysStrict, hasModule, effectsOf }: ClassifyContext): ModuleChange {
  const { before, after, turned } = module;
  const { analysis } = after;
  const isTurned = (name: string): boolean => turned.rebound.has(name) || turned.revalued.has(name);
  const diagnostics: Diagnostic[] = [];
  const about = new Map<Diagnostic, string>();
  const tell = ({ name }: { readonly name: string }, ...told: readonly Diagnostic[]): void => {
    diagnostics.push(...told);
    for (const each of told) about.set(each, name);
  };
  const at = (range: { readonly start: number; readonly end: number }): ReturnType<typeof placeAt> =>
    placeAt(analysis.parsed.file, analysis.parsed.text, range.start, range.end);

  if (before.strict !== after.outline.strict && !alwaysStrict) {
    const word = (strict: boolean): string => (strict ? "strict" : "sloppy");
    diagnostics.push(diagnostic("HF1502", "refusal", { module: module.key, before: word(before.strict), after: word(after.outline.strict) }, at({ start: 0, end: 0 })));
  }

  const replaced: Target[] = [];
  const flips: Flip[] = [];
  const added: Target[] = [];
  const live: LiveFinding[] = [];
  for (const [index, target] of analysis.targets.entries()) {
    const outline = after.outline.targets[index];
    const old = before.targets.find((each) => each.name === target.name);
    if (!outline) continue;
    // A new member is judged with its class.
    if (!old && target.member) continue;
    if (!old) {
      const clash = before.bindings.find((each) => each.names.includes(target.name));
      if (clash) tell(target, diagnostic("HF1203", "refusal", { name: target.name, before: clash.kind, after: "function" }, at(target)));
      else added.push(target);
      tell(target, ...refuseDynamicScope(target, at(target.fn)), ...refuseModuleForms(target, analysis, at(target.fn)));
      continue;
    }
    // What was the module's own and is a global now is among the old uses alone.
    if (old.hash === outline.hash && ![...outline.uses, ...old.uses].some(isTurned)) continue;
    tell(target, ...refuseTarget(target, old, outline, at(target.fn)), ...refuseModuleForms(target, analysis, at(target.fn)), ...refuseLifted(target, analysis, before, at(target.fn)));
    if (!alwaysStrict && !after.outline.strict) tell(target, ...refuseStrictThis(target, old, outline, at(target.fn)));
    live.push(...findLive(target, old, analysis, isTurned));
    replaced.push(target);
    const flip: Flip = { target, before: old, after: outline };
    if (isFlip(flip)) flips.push(flip);
  }

  const variables: Binding[] = [];
  const untagged = untaggedFunctions(analysis);
  for (const [index, binding] of analysis.bindings.entries()) {
    const outline = after.outline.bindings[index];
    if (!outline) continue;
    if (turned.revalued.has(binding.name)) continue;
    const known = binding.lifted.length === 0 ? undefined : matchBinding(before, after.outline, outline);
    const members = known && addedMembers(binding, known, before);
    for (const target of members ?? []) {
      added.push(target);
      const place = at(target.fn);
      tell(target, ...refuseInstall(target, binding, before, place), ...tellOrder(target, members ?? [], place));
      tell(target, ...refuseDynamicScope(target, place), ...refuseModuleForms(target, analysis, place), ...refuseLifted(target, analysis, before, place));
    }
    const change = members !== undefined || isFixedAlias(binding, analysis, before) ? undefined : classifyBinding(binding, outline, before, after.outline, analysis);
    const twice = change === "added" && analysis.bindings.some((each) => each !== binding && each.names.some((name) => binding.names.includes(name)));
    if (twice) tell(binding, diagnostic("HF1204", "refusal", { name: binding.name, detail: "it is declared more than once", advice: "Declare it once." }, at(binding)));
    else if (change === "added") {
      const target = untagged.get(binding.name);
      if (target) {
        added.push(target);
        tell(target, ...refuseDynamicScope(target, at(target.fn)), ...refuseModuleForms(target, analysis, at(target.fn)));
      } else {
        variables.push(binding);
        tell(binding, ...refuseForms(module.key, binding).map((each) => ({ ...each, place: at(binding) })));
      }
    } else if (change !== undefined) tell(binding, ...change.map((each) => (each.place ? each : { ...each, place: at(binding) })));
    // export default MAX: who imports it reads the constant.
    const isReader = (name: string): boolean => isTurned(name) && !(turned.revalued.has(name) && !turned.rebound.has(name) && isAlias(binding, analysis));
    const moved = [...outline.uses, ...(matchBinding(before, after.outline, outline)?.uses ?? [])].find(isReader);
    if (change === undefined && moved !== undefined) tell(binding, refuseReader(moved, `\`${binding.name}\``, turned, at(binding)));
  }

  const loads = after.outline.loads.flatMap(({ from }) => ("module" in from && effectsOf(from.module) === true ? [from.module] : []));
  const has = (key: string): boolean => hasModule(key) || effectsOf(key) !== undefined;
  diagnostics.push(...classifyInit(module, isTurned), ...classifyLoads(module, has, effectsOf), ...classifyOrder(module));
  return { module, replaced, flips, added, variables, copies: [], statements: [], loads, isNew: false, live, diagnostics, about };
}

/** Code that is not in the patch and would go on with the old binding or value. */
function refuseReader(name: string, user: string, turned: Turned, place: Place): Diagnostic {
  return turned.revalued.has(name)
    ? diagnostic("HF1205", "refusal", { name, user }, place)
    : diagnostic("HF1401", "refusal", { name, user }, place);
}

function originName(origin: ImportOrigin): string {
  return "module" in origin ? `module ${origin.module}` : withoutPrefix(origin.specifier);
}

/** `added`, refusals, or undefined where nothing changed. */
function classifyBinding(binding: Binding, outline: BindingOutline, before: Outline, after: Outline, analysis: ModuleAnalysis): "added" | readonly Diagnostic[] | undefined {
  const old = matchBinding(before, after, outline);
  if (!old) {
    const clash = before.bindings.find((each) => each.names.some((name) => outline.names.includes(name))) ?? before.targets.find((each) => outline.names.includes(each.name));
    if (clash) return [diagnostic("HF1203", "refusal", { name: binding.name, before: "names" in clash ? kindOf(clash) : "function", after: kindOf(outline) })];
    return refuseAddition(binding) ?? "added";
  }
  if (old.kind !== outline.kind && !(old.hash === outline.hash && keepsBinding(old, outline))) return [diagnostic("HF1203", "refusal", { name: binding.name, before: old.kind, after: outline.kind })];
  if (old.hash === outline.hash) return undefined;
  const inside = changedFunctions(analysis, binding, before).map((each) => refuseNonTarget(each, analysis));
  if (outline.kind === "class" && old.shell !== outline.shell) {
    return [diagnostic("HF1202", "refusal", { name: binding.name, detail: "its heritage, fields, decorators or list of members changed" }), ...inside];
  }
  if (inside.length > 0) return inside;
  return [diagnostic("HF1201", "refusal", { name: binding.name })];
}

/** `const of sword, bow` for a declaration that destructures. */
function kindOf({ kind, names }: BindingOutline): string {
  return names.length > 1 ? `${kind} of ${names.join(", ")}` : kind;
}

/** Between `const`, `let` and `var`: the host's binding can do what the fixed source asks of it. */
function keepsBinding(old: BindingOutline, outline: BindingOutline): boolean {
  const isVariable = ({ kind }: BindingOutline): boolean => kind === "const" || kind === "let" || kind === "var";
  return isVariable(old) && isVariable(outline) && (old.kind !== "const" || !outline.assigned);
}

/** Functions inside a changed declaration that the base does not have in this form. */
export function changedFunctions(analysis: ModuleAnalysis, range: { readonly start: number; readonly end: number }, before: Outline): readonly NonTarget[] {
  const known = new Set(before.frozen.map((each) => `${each.name}\0${each.hash}`));
  return analysis.nonTargets.filter(
    (each) => each.reason !== "nested function" && range.start <= each.start && each.end <= range.end && !known.has(`${each.name}\0${hashNode(each)}`),
  );
}

export function refuseAddition(binding: Binding): readonly Diagnostic[] | undefined {
  const refuse = (detail: string, advice: string): readonly Diagnostic[] => [diagnostic("HF1204", "refusal", { name: binding.name, detail, advice })];
  switch (binding.kind) {
    case "namespace":
      return refuse("a namespace", "Write its functions and constants at the top level of the module.");
    case "import =":
      return refuse("`import =`", "Write it as an `import` statement.");
    case "using":
      return refuse("a resource that is disposed when the module ends", "Declare it with `const` and dispose of it in a function.");
  }
  if (isDecorated(binding.node)) return refuse("a class with decorators", "Apply what the decorators do in a function that gets the class.");
  if (binding.names.length === 0) return refuse("the value of an expression, which has no name", "Give it a name and export that (`const config = …; export default config`).");
  const fault = isPattern(binding) ? patternFault(binding) : undefined;
  return fault === undefined ? undefined : refuse(fault, "Declare each name on its own.");
}

function isDecorated(node: Binding["node"]): boolean {
  return node.type === "ClassDeclaration" && (node.decorators.length > 0 || node.body.body.some((member) => "decorators" in member && (member.decorators?.length ?? 0) > 0));
}

function classifyInit({ before, after, turned }: ChangedModule, isTurned: (name: string) => boolean): readonly Diagnostic[] {
  const { analysis, outline } = after;
  const { file, text } = analysis.parsed;
  const same = before.init.length === outline.init.length && before.init.every((each, index) => each.hash === outline.init[index]?.hash);
  const known = new Set(before.init.map((each) => each.hash));
  const diagnostics = analysis.init.flatMap((statement, index): Diagnostic[] => {
    const own = outline.init[index];
    const moved = own && [...own.uses, ...(before.init.find((each) => each.hash === own.hash)?.uses ?? [])].find(isTurned);
    const place = placeAt(file, text, statement.start, statement.end);
    if (moved !== undefined) return [refuseReader(moved, "a top-level statement", turned, place)];
    if (same || (own && known.has(own.hash))) return [];
    const inside = changedFunctions(analysis, statement, before);
    return inside.length > 0 ? inside.map((each) => refuseNonTarget(each, analysis)) : [diagnostic("HF1301", "refusal", {}, place)];
  });
  if (!same && diagnostics.length === 0) {
    const place = placeAt(file, text, analysis.firstStatement, analysis.firstStatement);
    return [diagnostic(before.init.length > outline.init.length ? "HF1302" : "HF1301", "refusal", {}, place)];
  }
  return diagnostics;
}

/**
 * Modules that the fixed source loads for their effects must be those that the base loads, in that order. Others that
 * it newly loads (through re-exports, or JavaScript's unused imports) must be there already.
 */
function classifyLoads({ before, after }: ChangedModule, hasModule: (key: string) => boolean, effectsOf: ClassifyContext["effectsOf"]): readonly Diagnostic[] {
  const { file, text } = after.analysis.parsed;
  const place = placeAt(file, text, after.analysis.firstStatement, after.analysis.firstStatement);
  const isNew = ({ from }: Outline["loads"][number]): boolean => "module" in from && effectsOf(from.module) !== undefined;
  const bare = (outline: Outline): readonly string[] => outline.loads.filter((each) => each.bare && !isNew(each)).map((each) => originName(each.from));
  const notices = after.outline.loads.filter((each) => each.bare && "module" in each.from && effectsOf(each.from.module) === true).map((each) => diagnostic("HF1411", "notice", { module: originName(each.from).replace(/^module /, "") }, place));
  const [old, now] = [bare(before), bare(after.outline)];
  const different = now.find((specifier, index) => old[index] !== specifier) ?? old[now.length];
  if (different !== undefined) return [...notices, diagnostic("HF1406", "refusal", { specifier: different.replace(/^module /, "") }, place)];
  const known = new Set(before.loads.map((each) => originName(each.from)));
  const refusals = after.outline.loads.flatMap((each): Diagnostic[] => {
    const name = originName(each.from);
    if (known.has(name) || !("module" in each.from) || hasModule(each.from.module) || !each.reexport) return [];
    return [diagnostic("HF1406", "refusal", { specifier: name.replace(/^module /, "") }, place)];
  });
  return [...notices, ...refusals];
}

/** What is evaluated with effects, or depends on them, must be what the base evaluated, in its order. */
function classifyOrder({ before, after }: ChangedModule): readonly Diagnostic[] {
  const { file, text } = after.analysis.parsed;
  const now = new Set(after.outline.order);
  const kept = before.order.filter((each) => now.has(each));
  const old = new Set(before.order);
  const still = after.outline.order.filter((each) => old.has(each));
  const place = placeAt(file, text, after.analysis.firstStatement, after.analysis.firstStatement);
  const declared = new Set([...after.outline.bindings.map((each) => each.names.join()), ...after.outline.targets.map((each) => each.name)]);
  const removed = before.order.find((each) => each.startsWith("binding ") && !declared.has(each.slice("binding ".length)));
  if (removed !== undefined) return [diagnostic("HF1302", "refusal", {}, place)];
  return kept.every((each, index) => each === still[index]) ? [] : [diagnostic("HF1303", "refusal", {}, place)];
}
