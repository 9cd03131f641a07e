/** Transforms the sources of a copy in place, by one of the ways that users have. */
import { join } from "node:path";
import { globSync } from "tinyglobby";
import type { Manifest } from "../src/manifest/manifest.ts";
import { renderDiagnostics } from "../src/messages/render.ts";
import { languageOf } from "../src/syntax/parse.ts";
import { openProject } from "../src/transform/project.ts";
import { transformTree } from "../src/transform/tree.ts";
import { writeTree } from "../src/transform/write-tree.ts";
import type { SuiteOptions } from "./options.ts";
import { compileInPlace } from "./via-compiler.ts";
import { bundleInPlace } from "./via-rollup.ts";

export interface TransformedCopy {
  readonly manifest: Manifest;
  /** Module key → slots. */
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly targets: number;
}

export async function transformCopy(folder: string, options: Pick<SuiteOptions, "src" | "exclude" | "via" | "init" | "lift" | "merged" | "test">): Promise<TransformedCopy> {
  const files = sourcesOf(folder, options);
  if (files.length === 0) throw new Error(`no sources: ${options.src.join(", ")}`);
  const project = openProject("suite", { include: files.map(escapeGlob), init: options.init, lift: options.lift }, folder);
  const paths = files.map((file) => join(folder, file));
  const errors = project.errors(paths);
  if (errors.length > 0) throw new Error(renderDiagnostics(errors));
  const manifest = project.manifest(paths);
  const modules = project.modules(paths);
  const slots = Object.fromEntries(modules.map(({ key, analysis }) => [key, analysis.targets.map(({ slot }) => slot)]));
  if (options.via === "text") {
    // Jest makes CommonJS of ES modules
    const tree = transformTree(project, { paths, outDir: undefined, strip: false, sourceMap: "none", importMeta: !/\bjest\b/.test(options.test) });
    if (!("outputs" in tree)) throw new Error(renderDiagnostics(tree));
    writeTree(tree.outputs);
  } else await (options.via === "tspc" ? compileInPlace : bundleInPlace)(folder, files, options);
  return { manifest, slots, targets: Object.values(slots).flat().length };
}

export function sourcesOf(folder: string, { src, exclude }: Pick<SuiteOptions, "src" | "exclude">): readonly string[] {
  return globSync([...src], { cwd: folder, ignore: ["**/node_modules/**", ...exclude], followSymbolicLinks: false, expandDirectories: false }).filter((file) => languageOf(file) !== undefined).toSorted();
}

function escapeGlob(path: string): string {
  return path.replaceAll(/[$()*+?[\\\]^{|}!]/g, "\\$&");
}
