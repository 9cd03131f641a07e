/** A tree as the transformer sees it. */
import { join } from "node:path";
import { openProject, type Project } from "../src/transform/project.ts";
import type { Tree } from "./stage.ts";

/**
 * Covers exactly the tree's sources.
 *
 * @param later files that are not there yet and will be sources
 */
export function openTree(tree: Tree, later: readonly string[] = []): Project {
  return openProject("replay", { include: [...new Set([...tree.sources, ...later])].map(escapeGlob), lift: tree.lift }, tree.folder);
}

export function treeFiles(tree: Tree): readonly string[] {
  return tree.sources.map((file) => join(tree.folder, file));
}

function escapeGlob(path: string): string {
  return path.replaceAll(/[$()*+?[\\\]^{|}!]/g, "\\$&");
}
