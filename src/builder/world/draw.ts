/** Draws all conclusions about one module, in any thread. */
import { Analyses } from "./analyses.ts";
import type { AnalysisCache, Conclusion } from "./analysis-cache.ts";
import { WorldModule, type ModuleMaterial } from "./module.ts";

/** A conclusion as it is kept. */
export type Drawn = readonly [conclusion: Conclusion, id: string, text: string];

/** The conclusions about a module, or why there are none. */
export type DrawnModule = { readonly key: string; readonly drawn: readonly Drawn[] } | { readonly key: string; readonly detail: string };

export function drawAll(material: ModuleMaterial): DrawnModule {
  const drawn: Drawn[] = [];
  const recording: AnalysisCache = {
    of(conclusion, id, make) {
      const made = make();
      drawn.push([conclusion, id(), JSON.stringify(made)]);
      return made;
    },
  };
  const { key, text } = material;
  try {
    askAll(new WorldModule({ ...material, text: () => text }, new Analyses(recording), (specifier) => ({ specifier })));
    return { key, drawn };
  } catch (error) {
    return { key, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Asks a module for everything that is kept of it. */
export function askAll(module: WorldModule): void {
  void module.summary;
  void module.calls;
}
