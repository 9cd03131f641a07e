/** Puts what a thread has loaded into the manifest. Loaded when there is something new. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readManifest, writeManifest } from "../manifest/file.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { splitKey } from "../manifest/module-key.ts";
import { digest } from "../syntax/normalise.ts";
import { openProject, type BuiltModule, type Project } from "../transform/project.ts";
import type { Erasure, LoadedModule } from "./manifest-keeper.ts";
import { contentOf, textOf } from "./modules.ts";
import type { RegisterSettings } from "./settings.ts";

interface MergeOptions {
  readonly erasure: Erasure;
  /** This thread has not written yet: what contradicts it is another version's. */
  readonly isFirst: boolean;
  readonly circumstances: string;
  /** Where they are kept. */
  readonly stamp: string | undefined;
}

export type MergedManifest = (settings: RegisterSettings, loaded: readonly LoadedModule[], options: MergeOptions) => void;

export const mergeManifest: MergedManifest = (settings, loaded, { erasure, isFirst, circumstances, stamp }) => {
  const project = openProject("ts-hotfix/register", { ...settings.options }, settings.root);
  const own: readonly BuiltModule[] = loaded.map(({ file, entry: { key, content, record, package: of } }) => ({ file, key, content, record, package: of }));
  const outside = new Map(loaded.flatMap(({ entry }) => Object.entries(entry.outside)).flatMap(([key, path]) => {
    const text = contentOf(path);
    return text === null ? [] : [[key, digest(text)] as const];
  }));
  const before = present(settings.manifest);
  const known = before === undefined ? [] : others(before, own, project, isFirst);
  const keys = new Set([...known, ...own].map(({ key }) => key));
  const kept = known.length > 0 && before !== undefined ? Object.entries(before.outside) : [];
  const manifest = project.assemble([...known, ...own], new Map([...kept, ...outside, ...(erasure === "other" ? unseen(project, loaded) : [])].filter(([key]) => !keys.has(key))), { alwaysStrict: false, ...(erasure === "node" ? { erasure } : {}) });
  writeManifest(settings.manifest, manifest);
  if (stamp === undefined) return;
  try {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, circumstances);
  } catch {
    // next time it is made again
  }
};

/**
 * Compilers that are loaded as hooks read what CommonJS requires themselves: such files never come to us, although they are
 * in the program.
 */
function unseen(project: Project, loaded: readonly LoadedModule[]): readonly (readonly [string, string])[] {
  const open = loaded.filter(({ entry }) => entry.format === "cjs").map(({ file }) => file);
  const seen = new Set(open);
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const each of project.namedBy(file)) {
      if (seen.has(each)) continue;
      seen.add(each);
      open.push(each);
    }
  }
  return [...seen].flatMap((file) => {
    const text = contentOf(file);
    return text === null ? [] : [[project.keyOf(file), digest(text)] as const];
  });
}

function present(file: string): Manifest | undefined {
  try {
    return readManifest(file);
  } catch {
    return undefined;
  }
}

/** What other threads and processes have loaded. Of another version, what has not changed since. */
function others(before: Manifest, own: readonly BuiltModule[], project: Project, isFirst: boolean): readonly BuiltModule[] {
  const here = new Map(own.map(({ key, record }) => [key, record.fingerprint]));
  const isOther = isFirst && own.some(({ key, record }) => before.modules[key] !== undefined && before.modules[key].fingerprint !== record.fingerprint);
  return Object.entries(before.modules).flatMap(([key, record]): BuiltModule[] => {
    const { package: name, path } = splitKey(key);
    const folder = before.packages[name];
    const content = before.contents[key];
    if (here.has(key) || folder === undefined || content === undefined) return [];
    const home = project.packageOf(join(project.root, "package.json"));
    const root = join(home.root, folder);
    const file = join(root, path);
    const text = isOther ? contentOf(file) : null;
    if (isOther && (text === null || (digest(text) !== content && digest(textOf(text)) !== content))) return [];
    return [{ file, key, content, record, package: { name, root } }];
  });
}
