/** The sources that a process runs, and what they export. */
import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { exportMap } from "../../src/builder/world.ts";
import { splitKey } from "../../src/manifest/module-key.ts";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import { isModule, isPlanned, type Project } from "../../src/transform/project.ts";
import type { Tree } from "../stage.ts";
import { openTree, treeFiles } from "../tree.ts";

export class HostSources {
  readonly tree: Tree;
  readonly #transformed: boolean;
  readonly #project: Project;
  readonly #sources: ReadonlySet<string>;
  readonly #inCycles: ReadonlySet<string>;

  constructor(tree: Tree, transformed: boolean) {
    this.tree = tree;
    this.#transformed = transformed;
    this.#sources = new Set(tree.sources);
    this.#project = openTree(tree);
    this.#inCycles = transformed ? this.#project.filesInCycles(treeFiles(tree)) : new Set();
  }

  /** @param file relative to the package */
  has(file: string): boolean {
    return this.#sources.has(file);
  }

  /** Path relative to the package, of a file below the tree. */
  pathOf(file: string): string {
    return relative(this.tree.folder, file).split(sep).join("/");
  }

  /** The text that is compiled: transformed or as it is. */
  text(path: string): string {
    const file = join(this.tree.folder, path);
    const text = readFileSync(file, "utf8");
    if (!this.#transformed) return text;
    const planned = this.#project.plan(file, text, { format: "esm", table: { form: this.#inCycles.has(file) ? "hoisted" : "constant" } });
    if (!isPlanned(planned)) throw new Error(planned.map((each) => `${each.code}: ${each.message}`).join("\n"));
    return applyPlanToText(planned.analysis.parsed.text, planned.plan, file).code;
  }

  /**
   * Namespaces among the named exports of a source that lack what the same module exports in `later`: their names and what
   * they lack.
   */
  lackingNamespaces(path: string, names: readonly string[], later: HostSources): ReadonlyMap<string, readonly string[]> {
    const exported = this.#exports(path);
    return new Map(names.flatMap((name): [string, readonly string[]][] => {
      const target = exported?.get(name);
      if (target?.kind !== "namespace") return [];
      const { path: inner } = splitKey(target.key);
      const own = this.#exports(inner);
      const lacks = [...(later.#exports(inner)?.keys() ?? [])].filter((each) => own?.has(each) === false);
      return lacks.length > 0 ? [[name, lacks]] : [];
    }));
  }

  #exports(path: string): ReturnType<typeof exportMap> | undefined {
    if (!this.has(path)) return undefined;
    const module = this.#project.module(join(this.tree.folder, path));
    return isModule(module) ? exportMap((key) => this.#record(key), module.key) : undefined;
  }

  /** The names among those that a source does not export; none where a package's names are passed on. */
  missing(path: string, names: readonly string[]): readonly string[] {
    const file = join(this.tree.folder, path);
    const module = this.#project.module(file);
    if (!isModule(module)) return [];
    if (module.record.exports.some((each) => each.exported === "*" && each.from !== null && "specifier" in each.from)) return [];
    const exported = exportMap((key) => this.#record(key), module.key);
    return names.filter((name) => !exported.has(name));
  }

  #record(key: string): Parameters<typeof exportMap>[0] extends (key: string) => infer R ? R : never {
    const { path } = splitKey(key);
    if (!this.#sources.has(path)) return undefined;
    const module = this.#project.module(join(this.tree.folder, path));
    return isModule(module) ? module.record : undefined;
  }
}
