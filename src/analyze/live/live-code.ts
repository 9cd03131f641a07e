/** What of a target's code may go on after the call that runs it, or after a patch that replaces it. */
import type { ModuleAnalysis, Range, Target } from "../analysis.ts";
import { fateOf } from "./fate.ts";
import { Nest, type Unit } from "./nest.ts";
import type { RuleName } from "./rules.ts";

export interface LiveCode {
  /** The rule for the target's own calls; undefined if they end of themselves. */
  readonly own: { readonly rule: RuleName; readonly at: Range } | undefined;
  /** Nested functions and classes, in source order. */
  readonly nested: readonly LiveUnit[];
}

export interface LiveUnit extends Range {
  readonly node: Unit;
  readonly rule: RuleName;
}

const NOTHING: LiveCode = { own: undefined, nested: [] };

const known = new WeakMap<Target, LiveCode>();

/** Types do not count, and nothing outside of the module does. */
export function readLiveCode(target: Target, { scopes, parsed }: Pick<ModuleAnalysis, "scopes" | "parsed">): LiveCode {
  const found = known.get(target);
  if (found) return found;
  // Most functions hold nothing of the kind, and every module of a program is asked.
  if (target.kind !== "generator" && target.kind !== "asyncGenerator" && target.nested.length === 0 && !/\b(?:while|for|class)\b/.test(parsed.text.slice(target.start, target.end))) return NOTHING;
  const nest = new Nest(target, scopes);
  const live: LiveCode = { own: ownRule(target, nest), nested: nest.units.map((node) => ({ node, start: node.start, end: node.end, rule: fateOf(node, nest) })) };
  known.set(target, live);
  return live;
}

function ownRule(target: Target, nest: Nest): LiveCode["own"] {
  const loop = nest.longLoopOf(target.fn);
  const generates = target.kind === "generator" || target.kind === "asyncGenerator";
  if (!generates) return loop && { rule: loop.rule, at: loop.node };
  if (loop?.rule === "endless loop") return { rule: "endless generator", at: loop.node };
  return { rule: "generator", at: target.fn };
}
