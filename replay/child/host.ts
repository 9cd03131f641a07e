/** The sources that a process runs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import { isPlanned, type Project } from "../../src/transform/project.ts";
import type { Tree } from "../stage.ts";
import { openTree, treeFiles } from "../tree.ts";

export class HostSources {
  readonly tree: Tree;
  readonly #sources: ReadonlySet<string>;
  readonly #transformer: { readonly project: Project; readonly inCycles: ReadonlySet<string> } | undefined;

  constructor(tree: Tree, transformed: boolean) {
    this.tree = tree;
    this.#sources = new Set(tree.sources);
    if (!transformed) return;
    const project = openTree(tree);
    this.#transformer = { project, inCycles: project.links.filesInCycles(treeFiles(tree)) };
  }

  /** @param path relative to the package */
  has(path: string): boolean {
    return this.#sources.has(path);
  }

  /** The text that is compiled: transformed or as it is. */
  text(path: string): string {
    const file = join(this.tree.folder, path);
    const text = readFileSync(file, "utf8");
    if (!this.#transformer) return text;
    const { project, inCycles } = this.#transformer;
    const planned = project.plan(file, text, { format: "esm", table: { form: inCycles.has(file) ? "hoisted" : "constant" } });
    if (!isPlanned(planned)) throw new Error(planned.map((each) => `${each.code}: ${each.message}`).join("\n"));
    return applyPlanToText(planned.analysis.parsed.text, planned.plan, file).code;
  }
}
