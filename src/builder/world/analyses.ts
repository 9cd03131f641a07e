/** The analyses of a build's modules: conclusions come from the cache where it has them; of trees, which are large, few are kept. */
import type { ModuleAnalysis } from "../../analyze/analysis.ts";
import type { Diagnostic } from "../../messages/diagnostic.ts";
import { NO_CACHE, type AnalysisCache, type Conclusion } from "./analysis-cache.ts";

/** A module's analysis, or the errors of a text that does not parse. */
export type Analyzed = ModuleAnalysis | readonly Diagnostic[];

/** Trees that are kept: of one module after the other, more is asked than one thing. */
const MOST_TREES = 2;

export class Analyses {
  readonly #cache: AnalysisCache;
  readonly #latest = new Map<object, Analyzed>();

  constructor(cache: AnalysisCache = NO_CACHE) {
    this.#cache = cache;
  }

  /** See {@link AnalysisCache.of}. */
  conclusion<T>(conclusion: Conclusion, id: () => string, make: () => T): T {
    return this.#cache.of(conclusion, id, make);
  }

  analyzed(owner: object, make: () => Analyzed): Analyzed {
    const analyzed = this.#latest.get(owner) ?? make();
    this.#latest.delete(owner);
    this.#latest.set(owner, analyzed);
    const [oldest] = this.#latest.keys();
    if (this.#latest.size > MOST_TREES && oldest) this.#latest.delete(oldest);
    return analyzed;
  }

  forget(owner: object): void {
    this.#latest.delete(owner);
  }
}
