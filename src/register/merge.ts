/** Puts what a thread has loaded into the manifest. Loaded when there is something new. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readManifest, writeManifest } from "../manifest/file.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { splitKey } from "../manifest/module-key.ts";
import { digest } from "../syntax/normalise.ts";
import { openProject, type BuiltModule, type Project } from "../transform/project.ts";
import type { Erasure, LoadedModule } from "./manifest-keeper.ts";
import { contentOf, textOf } from "./modules.ts";
import type { RegisterSettings } from "./settings.ts";
import { contentHash, readStamp, type Stamp } from "./stamp.ts";

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
  const kept = known.length > 0 && before !== undefined ? Object.entries(before.outside).filter(([key]) => isThere(key, before, project)) : [];
  const notLoaded = unseen(project, loaded, erasure === "node");
  const manifest = project.assemble([...known, ...own], new Map([...kept, ...outside, ...notLoaded.map((file) => [project.keyOf(file), digest(contentOf(file) ?? "")] as const)].filter(([key]) => !keys.has(key))), { alwaysStrict: false, ...(erasure === "node" ? { erasure } : {}) });
  writeManifest(settings.manifest, manifest);
  if (stamp === undefined) return;
  try {
    mkdirSync(dirname(stamp), { recursive: true });
    const files = new Set([...notLoaded, ...loaded.flatMap(({ entry }) => Object.values(entry.outside))]);
    const stamped = (readStamp(stamp)?.files ?? []).filter(([file]) => !files.has(file));
    writeFileSync(stamp, JSON.stringify({ circumstances, files: [...stamped, ...[...files].map((file) => [file, contentHash(file)] as const)] } satisfies Stamp));
  } catch {
    // next time it is made again
  }
};

/**
 * Files of the program that have not come to us: what is loaded later, what ran before us (another `--import`), what
 * compilers that are loaded as hooks read themselves when CommonJS requires it. Changing them is not lost on the builder,
 * which would take them for new modules, or for none.
 */
function unseen(project: Project, loaded: readonly LoadedModule[], isVerbatim: boolean): readonly string[] {
  const seen = new Set(loaded.map(({ file }) => file));
  const found = new Set(loaded.flatMap(({ entry }) => [...(isVerbatim ? entry.imports : []), ...entry.later]).filter((file) => !seen.has(file)));
  if (!isVerbatim) for (const { file } of loaded) for (const each of project.links.namedBy(file, false)) if (!seen.has(each)) found.add(each);
  // grows while it is read
  for (const file of found) for (const each of project.links.namedBy(file, isVerbatim)) if (!seen.has(each)) found.add(each);
  return [...found].filter((file) => contentOf(file) !== null);
}

/** A file that is gone was another version's. */
function isThere(key: string, { packages }: Manifest, project: Project): boolean {
  const { package: name, path } = splitKey(key);
  const home = project.packageOf(join(project.root, "package.json"));
  return existsSync(join(home.root, packages[name] ?? ".", path));
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
