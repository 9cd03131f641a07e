/** Which of a project's files load which. */
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { Resolver } from "../resolve/resolver.ts";
import { languageOf } from "../syntax/parse.ts";
import { nodesInCycles } from "./graph.ts";
import { isModule, type SourceModule } from "./project.ts";
import type { Loaded } from "./quiet.ts";

export class Links {
  readonly #moduleOf: (file: string) => SourceModule | readonly Diagnostic[];
  readonly #resolver: Resolver;
  readonly #cyclic = new Map<string, boolean>();

  constructor(moduleOf: (file: string) => SourceModule | readonly Diagnostic[], resolver: Resolver) {
    this.#moduleOf = moduleOf;
    this.#resolver = resolver;
  }

  /**
   * The files that stand in an import cycle.
   *
   * @param files all of the program's own sources, those that are not transformed too
   * @param verbatim imports that only types use are loaded too (`verbatimModuleSyntax`)
   */
  filesInCycles(files: readonly string[], verbatim = false): ReadonlySet<string> {
    const edges = new Map<string, readonly string[]>();
    for (const file of files) {
      const path = resolve(file);
      const module = languageOf(path) ? this.#moduleOf(path) : undefined;
      if (module === undefined || !isModule(module)) continue;
      const sources = module.analysis.sources.filter((source) => verbatim || !source.elidable);
      edges.set(path, sources.flatMap((source) => this.#resolver.fileOf(path, source.specifier) ?? []));
    }
    return nodesInCycles(edges);
  }

  /** Whether a file stands in an import cycle, by what it loads at most. */
  isInCycle(file: string): boolean {
    const path = resolve(file);
    const known = this.#cyclic.get(path);
    if (known !== undefined) return known;
    const reached = this.#reachedFrom(path);
    const cyclic = this.filesInCycles(reached, true);
    for (const each of reached) this.#cyclic.set(each, cyclic.has(each));
    return cyclic.has(path);
  }

  #reachedFrom(file: string): readonly string[] {
    const reached = new Set([file]);
    for (const each of reached) for (const next of this.loadedBy(each)) reached.add(next);
    return [...reached];
  }

  /** A module of the project, transformed or not, with what it loads. */
  loaded(file: string): Loaded | undefined {
    const module = languageOf(file) ? this.#moduleOf(file) : undefined;
    return module !== undefined && isModule(module) ? { analysis: module.analysis, sources: module.analysis.sources.map(({ specifier }) => this.#resolver.fileOf(module.file, specifier)) } : undefined;
  }

  /** The project's files that a file loads when it is linked, at most. */
  loadedBy(file: string): readonly string[] {
    const module = this.#moduleOf(file);
    if (!isModule(module)) return [];
    return [...new Set(module.analysis.sources.flatMap(({ specifier }) => this.#resolver.fileOf(module.file, specifier) ?? []))];
  }

  /**
   * The project's files that a file names in some import, be it dynamic.
   *
   * @param verbatim see {@link Links.filesInCycles}
   */
  namedBy(file: string, verbatim = true): readonly string[] {
    const module = this.#moduleOf(file);
    if (!isModule(module)) return [];
    const sources = module.analysis.sources.filter(({ elidable }) => verbatim || !elidable);
    return [...new Set(sources.flatMap(({ specifier }) => this.#resolver.fileOf(module.file, specifier) ?? [])), ...this.importedLater(file)];
  }

  /** Those that it imports dynamically. */
  importedLater(file: string): readonly string[] {
    const module = this.#moduleOf(file);
    return isModule(module) ? module.analysis.dynamicImports.flatMap((specifier) => this.#resolver.fileOf(module.file, specifier) ?? []) : [];
  }

  /** Whether a specifier leads to a file, by whatever path. */
  leadsTo(importer: string, specifier: string, file: string): boolean {
    const found = this.#resolver.fileOf(resolve(importer), specifier);
    return found !== undefined && (found === resolve(file) || realpathSync(found) === realpathSync(file));
  }

  /** The module that a specifier leads to. */
  moduleAt(importer: string, specifier: string): SourceModule | undefined {
    const file = this.#resolver.fileOf(importer, specifier);
    const module = file === undefined ? undefined : this.#moduleOf(file);
    return module !== undefined && isModule(module) ? module : undefined;
  }
}
