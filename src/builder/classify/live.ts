/** Live code: what a patch does not reach because it was made, or began, before. The base's outline says how long it lives. */
import type { ModuleAnalysis, Range, Target } from "../../analyze/analysis.ts";
import { readLiveCode, type LiveUnit } from "../../analyze/live/live-code.ts";
import { verdictOf, worst, type RuleName } from "../../analyze/live/rules.ts";
import type { Place } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { hashNode } from "../world/hashes.ts";
import type { NestedOutline, TargetOutline } from "../world/outline.ts";

export interface LiveFinding {
  /** Name of the target. */
  readonly target: string;
  /** `call`: a call of the target itself. */
  readonly what: "function" | "class" | "call";
  readonly rule: RuleName;
  readonly place: Place;
}

type Found = Omit<LiveFinding, "target" | "place"> & { readonly at: Range };

/** Old code of a changed target that goes on, or may. Where all of it ends with its call, nothing. */
export function findLive(target: Target, old: TargetOutline, analysis: ModuleAnalysis, isTurned: (name: string) => boolean): readonly LiveFinding[] {
  const { own, nested } = readLiveCode(target, analysis);
  const found: Found[] = [
    ...(old.live === null ? [] : [{ what: "call" as const, rule: old.live, at: own?.at ?? target.fn }]),
    ...gone(old.nested, nested, target.fn),
    ...nested.filter((unit) => reads(unit, analysis, isTurned)).flatMap((unit) => keptAs(unit, old.nested)),
  ];
  const { file, text } = analysis.parsed;
  return found
    .filter((each) => verdictOf(each.rule) !== "ends")
    .filter((each, index, all) => !all.some((other, before) => other !== each && covers(other, each, before < index)))
    .map(({ what, rule, at }) => ({ target: target.name, what, rule, place: placeAt(file, text, at.start, at.end) }));
}

/** Nested functions that the base has and the fixed source has not; its new ones, in order, tell the place. */
function gone(old: readonly NestedOutline[], now: readonly LiveUnit[], target: Range): readonly Found[] {
  const left = [...old];
  const fresh = now.filter((unit) => !drop(left, (each) => each.hash === hashNode(unit) && each.rule === unit.rule));
  const replaced = fresh.filter((unit) => !drop(left, (each) => each.hash === hashNode(unit)));
  return left.map(({ rule }, index) => {
    const unit = replaced[index] ?? replaced.at(-1);
    return { what: unit && isClass(unit) ? "class" : "function", rule, at: unit ?? target };
  });
}

function drop(list: NestedOutline[], holds: (each: NestedOutline) => boolean): boolean {
  const index = list.findIndex(holds);
  if (index >= 0) list.splice(index, 1);
  return index >= 0;
}

/** What the base says of a nested function that is as it was. */
function keptAs(unit: LiveUnit, old: readonly NestedOutline[]): readonly Found[] {
  const same = old.filter((each) => each.hash === hashNode(unit));
  return same.length === 0 ? [] : [{ what: isClass(unit) ? "class" : "function", rule: worst(same.map((each) => each.rule)), at: unit }];
}

/** It goes on with the old binding or value. */
function reads(unit: Range, analysis: ModuleAnalysis, isTurned: (name: string) => boolean): boolean {
  return analysis.scopes.module.variables.some(
    (variable) => isTurned(variable.name) && variable.references.some(({ identifier }) => unit.start <= identifier.range[0] && identifier.range[0] < unit.end),
  );
}

function isClass(unit: LiveUnit): boolean {
  return unit.node.type === "ClassDeclaration" || unit.node.type === "ClassExpression";
}

/** One is told of, not each of what stands inside it. */
function covers(other: Found, each: Found, isBefore: boolean): boolean {
  if ((other.what === "call") !== (each.what === "call")) return false;
  if (verdictOf(other.rule) !== verdictOf(each.rule) && verdictOf(each.rule) === "on") return false;
  const same = other.at.start === each.at.start && other.at.end === each.at.end;
  return same ? isBefore || verdictOf(other.rule) !== verdictOf(each.rule) : other.at.start <= each.at.start && each.at.end <= other.at.end;
}
