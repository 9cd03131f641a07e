/** What a linter marks in one file: the analysis of the build, told while the code is written. */
import { resolve } from "node:path";
import type { ModuleAnalysis, NonTarget, NonTargetReason, Range } from "../analyze/analysis.ts";
import { analyzeText, isAnalysis } from "../analyze/analyze.ts";
import { measure } from "../audit/measure.ts";
import { refuseNonTarget } from "../builder/classify/frozen.ts";
import { Packages, splitKey } from "../manifest/module-key.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { languageOf } from "../syntax/parse.ts";
import { placeAt } from "../syntax/place.ts";
import { liftRules, liftSettings } from "../transform/lifting.ts";
import { PackageTypes } from "../transform/package-type.ts";
import { isThin, isThinStatement } from "./thin.ts";

export interface LintOptions {
  /** As the build's option: methods and functions in object literals can be patched too. Default `false`. */
  readonly lift?: boolean | { readonly classes?: boolean; readonly objects?: boolean };
  /** As the build's option. Default `all`. */
  readonly targets?: "all" | "tagged";
}

export interface Problems {
  /** Functions with logic that no patch could change (HF10xx, HF112x), and `@hotfix` tags that cannot be kept (HF0010). */
  readonly patchable: readonly Diagnostic[];
  /** Closures that live on and loops that never end (HF111x). */
  readonly liveCode: readonly Diagnostic[];
  /** Top-level statements with logic (HF1301). */
  readonly init: readonly Diagnostic[];
}

const NONE: Problems = { patchable: [], liveCode: [], init: [] };

/** Left out on purpose, or told with the function around it. */
const UNTOLD: ReadonlySet<NonTargetReason> = new Set(["nested function", "tagged @nohotfix", "untagged"]);
/** Told however little they do: the remedy is to declare them otherwise. */
const MISDECLARED: ReadonlySet<NonTargetReason> = new Set(["reassignable binding", "reassigned function", "parameters cannot be forwarded", "function in a block"]);

const types = new PackageTypes();

/** Nothing for a file of another language, or one that does not parse: the linter's own parser tells that. */
export function findProblems(file: string, text: string, { lift, targets = "all" }: LintOptions = {}): Problems {
  if (languageOf(file) === undefined) return NONE;
  const path = resolve(file);
  const analysis = analyzeText(path, text, { targets, lift: liftRules(liftSettings(lift))(path), sourceType: /\.jsx?$/.test(path) ? types.of(path) : "module" });
  if (!isAnalysis(analysis)) return NONE;
  const key = new Packages(process.cwd()).keyOf(path);
  return {
    patchable: [...analysis.diagnostics, ...withLogic(analysis).map((each) => refuseNonTarget(each, analysis))],
    liveCode: measure(analysis, key, splitKey(key).package).live,
    init: analysis.init.filter(({ node, staysBecause }) => staysBecause !== "export" && !isThinStatement(node)).map(({ start, end }) => diagnostic("HF1301", "refusal", {}, placeAt(path, text, start, end))),
  };
}

/** The outermost of them; what stands in a target is patched with it. */
function withLogic(analysis: ModuleAnalysis): readonly NonTarget[] {
  const known = namesOf(analysis);
  const told = analysis.nonTargets.filter((each) => {
    if (UNTOLD.has(each.reason) || analysis.targets.some(({ fn }) => within(each, fn))) return false;
    return MISDECLARED.has(each.reason) || !isThin(each.node, (name) => known.has(name));
  });
  return told.filter((each) => !told.some((other) => other !== each && within(each, other)));
}

function namesOf({ targets, imports }: ModuleAnalysis): ReadonlySet<string> {
  return new Set([...targets.flatMap(({ binding }) => binding ?? []), ...imports.map(({ local }) => local)]);
}

function within(inner: Range, outer: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
