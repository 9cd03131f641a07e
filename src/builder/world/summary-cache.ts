/** Summaries that were made before. Nothing depends on any being there. */
import { extname } from "node:path";
import type { AnalyzeOptions } from "../../analyze/analyze.ts";
import { digest } from "../../syntax/digest.ts";
import type { ModuleSource } from "./module.ts";
import type { Summary } from "./outline.ts";

export interface SummaryCache {
  /** @param make of a text that is not known with these options */
  of(source: ModuleSource, options: AnalyzeOptions, make: () => Summary): Summary;
}

/** Keeps nothing. */
export const NO_CACHE: SummaryCache = { of: (_source, _options, make) => make() };

/** All that a summary depends on, but for the version of the analysis. */
export function summaryId({ file, content }: Pick<ModuleSource, "file" | "content">, { targets, trusted, lift, sourceType, unguarded }: AnalyzeOptions): string {
  const list = (names: ReadonlySet<string> | undefined): readonly string[] | null => (names === undefined ? null : [...names].toSorted());
  return digest(JSON.stringify([content, extname(file), targets, list(trusted), lift && [lift.classes, lift.objects, list(lift.roots)], sourceType, list(unguarded)]));
}
