/** Whether specifiers of files that did not change may lead elsewhere: a file came that takes precedence, or one went. */
import { readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Manifest, ModuleRecord } from "../../manifest/manifest.ts";
import { splitKey } from "../../manifest/module-key.ts";
import { EXTENSIONS } from "../../resolve/resolver.ts";
import { languageOf } from "../../syntax/parse.ts";

/** Whether some file that the base does not know stands where the resolver looks before it finds one that the base has. */
export function isShadowed(files: ReadonlyMap<string, string>, manifest: Manifest, root: string): boolean {
  const outside = Object.keys(manifest.outside).map((key) => {
    const { package: name, path } = splitKey(key);
    return join(root, manifest.packages[name] ?? ".", path);
  });
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

/** Whether a module names one of these modules in any import. */
export function importsAny(record: ModuleRecord, keys: ReadonlySet<string>): boolean {
  if (keys.size === 0) return false;
  const origins = [...record.imports, ...record.loads, ...record.exports].map((each) => each.from);
  return [...origins, ...record.dynamic].some((origin) => origin !== null && "module" in origin && keys.has(origin.module));
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
