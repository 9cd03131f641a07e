/** The pieces of a module's code, as its outline and its calls have them. */
import type { BindingCalls, ModuleCalls } from "../../analyze/calls.ts";
import type { Call } from "../../analyze/calls/call.ts";
import type { BindingOutline, InitOutline, Outline, TargetOutline } from "../world/outline.ts";

/** A function, declaration or statement; `index`: its place in the lists of the outline and of the calls. */
export type CodeUnit =
  | { readonly is: "target"; readonly index: number; readonly outline: TargetOutline }
  | { readonly is: "binding"; readonly index: number; readonly outline: BindingOutline }
  | { readonly is: "init"; readonly index: number; readonly outline: InitOutline };

export function unitsOf({ targets, bindings, init }: Outline): readonly CodeUnit[] {
  return [
    ...targets.map((outline, index) => ({ is: "target", index, outline }) as const),
    ...bindings.map((outline, index) => ({ is: "binding", index, outline }) as const),
    ...init.map((outline, index) => ({ is: "init", index, outline }) as const),
  ];
}

/** The names that others have for it. */
export function namesOf(unit: CodeUnit): readonly string[] {
  switch (unit.is) {
    case "target":
      return [unit.outline.name];
    case "binding":
      return bindingNames(unit.outline);
    case "init":
      return [];
  }
}

export function bindingNames({ names }: BindingOutline): readonly string[] {
  return names.length > 0 ? names : ["default"];
}

/** What it calls when it is evaluated, or called. */
export function evaluatedBy({ is, index }: Pick<CodeUnit, "is" | "index">, { targets, bindings, init }: ModuleCalls): readonly Call[] {
  switch (is) {
    case "target":
      return targets[index] ?? [];
    case "binding":
      return bindings[index]?.evaluated ?? [];
    case "init":
      return init[index] ?? [];
  }
}

/** What it calls at any time. */
export function allCallsOf(unit: CodeUnit, calls: ModuleCalls): readonly Call[] {
  const of: BindingCalls | undefined = unit.is === "binding" ? calls.bindings[unit.index] : undefined;
  return of ? [...of.evaluated, ...of.instance, ...of.construction, ...of.implicit] : evaluatedBy(unit, calls);
}
