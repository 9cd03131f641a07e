/** Conclusions that were drawn before, by the text and the options they were drawn from. Nothing depends on any being there. */
import { extname } from "node:path";
import type { AnalyzeOptions } from "../../analyze/analyze.ts";
import { digest } from "../../syntax/digest.ts";

/** What is kept of a module: its summary, or what its code calls. */
export type Conclusion = "summary" | "calls";

export interface AnalysisCache {
  /**
   * @param id of the text with its options, by {@link analysisId}
   * @param make draws the conclusion; it must be JSON
   */
  of<T>(conclusion: Conclusion, id: () => string, make: () => T): T;
}

/** Keeps nothing. */
export const NO_CACHE: AnalysisCache = { of: (_conclusion, _id, make) => make() };

/** All that a conclusion depends on, but for the version of the analysis. */
export function analysisId(file: string, content: string, { targets, trusted, lift, sourceType, unguarded }: AnalyzeOptions): string {
  const list = (names: ReadonlySet<string> | undefined): readonly string[] | null => (names === undefined ? null : [...names].toSorted());
  return digest(JSON.stringify([content, extname(file), targets, list(trusted), lift && [lift.classes, lift.objects, list(lift.roots)], sourceType, list(unguarded)]));
}
