/** Files that came and that the resolver finds before one that the base has. */
import { readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Manifest } from "../../manifest/manifest.ts";
import { EXTENSIONS } from "../../resolve/resolver.ts";
import { languageOf } from "../../syntax/parse.ts";
import { fileOfKey } from "./base-world.ts";

/** Whether some file that the base does not know stands where the resolver looks before it finds one that the base has. */
export function isShadowed(files: ReadonlyMap<string, string>, manifest: Manifest, root: string): boolean {
  const outside = Object.keys(manifest.outside).map((key) => fileOfKey(manifest, root, key));
  const known = new Set([...files.values(), ...outside]);
  const ranks = new Map<string, number>();
  for (const file of known) ranks.set(stemOf(file), Math.max(ranks.get(stemOf(file)) ?? 0, rankOf(file)));
  const folders = new Set([...known].flatMap((file) => [dirname(file), dirname(dirname(file))]));
  for (const folder of folders) {
    if (relative(root, folder).split(sep).includes("node_modules")) continue;
    for (const entry of entriesOf(folder)) {
      const file = join(folder, entry);
      if (languageOf(file) !== undefined && !known.has(file) && rankOf(file) < (ranks.get(stemOf(file)) ?? -1)) return true;
    }
  }
  return false;
}

/** `src/a.ts` and `src/a/index.ts` --> `src/a` */
function stemOf(file: string): string {
  return withoutExtension(file).replace(/[\\/]index$/, "");
}

/** The lower, the earlier the resolver looks: extensions in their order, then the folder's index. */
function rankOf(file: string): number {
  const index = /[\\/]index$/.test(withoutExtension(file)) ? EXTENSIONS.length : 0;
  return index + EXTENSIONS.findIndex((extension) => file.endsWith(extension));
}

function withoutExtension(file: string): string {
  return file.replace(/\.[^.\\/]+$/, "");
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
