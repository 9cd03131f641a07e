/** A tree as the transformer sees it. */
import { join } from "node:path";
import { openProject, type Project } from "../src/transform/project.ts";
import type { Tree } from "./stage.ts";

/** Covers exactly the tree's sources. */
export function openTree(tree: Tree): Project {
  return openProject("replay", { include: tree.sources.map(escapeGlob) }, tree.folder);
}

export function treeFiles(tree: Tree): readonly string[] {
  return tree.sources.map((file) => join(tree.folder, file));
}

function escapeGlob(path: string): string {
  return path.replaceAll(/[$()*+?[\\\]^{|}!]/g, "\\$&");
}
