/** Analysis → numbers: how much of a module a patch reaches. */
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import { readLiveCode } from "../analyze/live/live-code.ts";
import { verdictOf } from "../analyze/live/rules.ts";
import { tellLive } from "../builder/classify/judge-live.ts";
import { displayTarget } from "../manifest/module-key.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import { lineStarts, placeAt, positionAt } from "../syntax/place.ts";
import { spotsOf } from "./spot.ts";
import { statementsOf } from "./statement.ts";

/** Statements no patch reaches, of one cause. */
export interface FixedSpot {
  readonly statements: number;
  /** The refusal that a change would get: what, where, why, and the remedy. */
  readonly refusal: Diagnostic;
}

/** What a line's statements are; undefined where none stands. */
export type LineState = "patchable" | "fixed" | undefined;

export interface FileMeasure {
  readonly statements: number;
  /** How many of them a patch can change. */
  readonly patchable: number;
  readonly targets: number;
  /** The largest first. */
  readonly spots: readonly FixedSpot[];
  /** Closures that live on and loops that never end: each a refusal, should its code change. */
  readonly live: readonly Diagnostic[];
  /** By line, from the first. */
  readonly lines: readonly LineState[];
}

/**
 * @param key of the module
 * @param home name of the package whose ids are shown without it
 */
export function measure(analysis: ModuleAnalysis, key: string, home: string): FileMeasure {
  const { text } = analysis.parsed;
  const starts = lineStarts(text);
  const findSpot = spotsOf(analysis);
  const statements = statementsOf(analysis);
  const lines: LineState[] = starts.map(() => undefined);
  const counts = new Map<Diagnostic, number>();
  let patchable = 0;
  for (const statement of statements) {
    const refusal = findSpot(statement);
    if (refusal === undefined) patchable++;
    else counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
    const last = positionAt(starts, statement.end).line;
    for (let line = positionAt(starts, statement.start).line; line <= last; line++) lines[line - 1] = refusal ? "fixed" : "patchable";
  }
  return {
    statements: statements.length,
    patchable,
    targets: analysis.targets.length,
    spots: [...counts].map(([refusal, count]) => ({ statements: count, refusal })).toSorted((a, b) => b.statements - a.statements),
    live: livePlaces(analysis, key, home),
    lines,
  };
}

function livePlaces(analysis: ModuleAnalysis, key: string, home: string): readonly Diagnostic[] {
  const { file, text } = analysis.parsed;
  return analysis.targets.flatMap((target) => {
    const { own, nested } = readLiveCode(target, analysis);
    const found = [
      ...(own ? [{ what: "call" as const, rule: own.rule, at: own.at }] : []),
      ...nested.map((unit) => ({ what: unit.node.type.startsWith("Class") ? ("class" as const) : ("function" as const), rule: unit.rule, at: unit })),
    ];
    return found
      .filter(({ rule }) => verdictOf(rule) === "on")
      .map(({ what, rule, at }) => tellLive({ target: target.name, what, rule, place: placeAt(file, text, at.start, at.end) }, "refusal", displayTarget(key, target.name, home)));
  });
}
