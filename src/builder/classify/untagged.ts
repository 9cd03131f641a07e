/** New functions of a project whose targets are tagged: what a patch adds needs no tag, the patch itself brings its guard. */
import { analyzeText, isAnalysis } from "../../analyze/analyze.ts";
import type { ModuleAnalysis, Target } from "../../analyze/analysis.ts";

/** The functions that are no targets for want of a tag, as they are with one. */
export function untaggedFunctions({ parsed, nonTargets }: ModuleAnalysis): ReadonlyMap<string, Target> {
  const names = new Set(nonTargets.filter(({ reason }) => reason === "untagged").map(({ name }) => name));
  if (names.size === 0) return new Map();
  const all = analyzeText(parsed.file, parsed.text);
  return new Map(isAnalysis(all) ? all.targets.filter(({ name }) => names.has(name)).map((target) => [target.name, target]) : []);
}
