/** What TypeScript has to know of other modules, where it checks what was emitted. */
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import type { PlanOptions } from "../plan/make-plan.ts";
import { declaredNevers } from "../plan/never-ends.ts";
import type { Links } from "./links.ts";
import type { SourceModule } from "./project.ts";

/** Re-exports are followed as far as a program reasonably nests them. */
const DEPTH = 20;

export function importedTypes(module: SourceModule, links: Links): Pick<PlanOptions, "unnamable" | "nevers"> {
  return {
    unnamable: importsOf(module, links, ({ bindings }, name) => bindings.some(({ kind, names }) => kind === "const enum" && names.includes(name))),
    nevers: importsOf(module, links, ({ parsed }, name) => declaredNevers(parsed.program).includes(name)),
  };
}

/** The imports that lead to something of this kind. */
function importsOf({ file, analysis }: SourceModule, links: Links, isOne: (analysis: ModuleAnalysis, name: string) => boolean): ReadonlySet<string> {
  const leads = (importer: string, specifier: string, name: string, depth: number): boolean => {
    const module = depth > DEPTH ? undefined : links.moduleAt(importer, specifier);
    return module?.analysis.exports.some(({ exported, local, specifier: from }) => {
      if (exported !== name && exported !== "*") return false;
      if (from !== undefined) return leads(module.file, from, exported === "*" ? name : (local ?? ""), depth + 1);
      return isOne(module.analysis, local ?? "");
    }) ?? false;
  };
  return new Set(analysis.imports.filter(({ specifier, imported }) => leads(file, specifier, imported, 0)).map(({ local }) => local));
}
