/** Puts what a thread has loaded into the manifest. Loaded when there is something new. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readManifest, writeManifest } from "../manifest/file.ts";
import type { Answer, Manifest, ModuleFacts, OutsideFact } from "../manifest/manifest.ts";
import { splitKey } from "../manifest/module-key.ts";
import { digest } from "../syntax/digest.ts";
import { assemble, outsideFact, type BuiltModule } from "../transform/build-facts.ts";
import { openProject, type Project } from "../transform/project.ts";
import type { Erasure, LoadedModule } from "./manifest-keeper.ts";
import { contentOf, textOf } from "./modules.ts";
import type { RegisterSettings } from "./settings.ts";
import { contentHash, readStamp, type Stamp } from "./stamp.ts";

interface MergeOptions {
  readonly erasure: Erasure;
  /** File → specifier → the URL that Node.js found. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** This thread has not written yet: what contradicts it is another version's. */
  readonly isFirst: boolean;
  readonly circumstances: string;
  /** Where they are kept. */
  readonly stamp: string | undefined;
}

export type MergedManifest = (settings: RegisterSettings, loaded: readonly LoadedModule[], options: MergeOptions) => void;

export const mergeManifest: MergedManifest = (settings, loaded, { erasure, answers, isFirst, circumstances, stamp }) => {
  const project = openProject("ts-hotfix/register", { ...settings.options }, settings.root);
  const own = loaded.map(({ file, text, entry: { key, content, fingerprint, facts, package: of } }): BuiltModule => ({ file, key, content, fingerprint, text, facts: withAnswers(facts, answers.get(file), settings, project), package: of }));
  const outside = new Map(loaded.flatMap(({ entry }) => Object.entries(entry.outside)).flatMap(([key, path]) => (contentOf(path) === null ? [] : [[key, outsideFact(path)] as const])));
  const before = present(settings.manifest);
  const known = before === undefined ? [] : others(before, own, project, isFirst);
  const keys = new Set([...known, ...own].map(({ key }) => key));
  const kept = known.length > 0 && before !== undefined ? Object.entries(before.outside).filter(([key]) => isThere(key, before, project)) : [];
  const notLoaded = unseen(project, loaded, erasure === "node");
  const unloaded = notLoaded.map((file) => [project.keyOf(file), { content: digest(contentOf(file) ?? ""), why: "unloaded" }] as const);
  const beside = new Map<string, OutsideFact>([...kept, ...outside, ...unloaded].filter(([key]) => !keys.has(key)));
  const manifest = assemble(project, [...known, ...own], beside, { ...(erasure === "node" ? { erasure } : {}), resolution: { by: "node", conditions: [] } });
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

/** Where Node.js has found a specifier, that is the answer; one that it was not asked for yet keeps ours. */
function withAnswers(facts: ModuleFacts, answers: ReadonlyMap<string, string> | undefined, settings: RegisterSettings, project: Project): ModuleFacts {
  if (answers === undefined) return facts;
  return { ...facts, specifiers: facts.specifiers.map((each) => ({ ...each, answer: answerOf(answers.get(each.specifier), settings, project) ?? each.answer })) };
}

function answerOf(url: string | undefined, settings: RegisterSettings, project: Project): Answer | undefined {
  if (url === undefined) return undefined;
  if (url.startsWith("node:")) return { is: "builtin" };
  if (!url.startsWith("file:")) return { is: "package" };
  const { search } = new URL(url);
  const path = fileURLToPath(url);
  if (/[\\/]node_modules[\\/]/.test(path)) return { is: "package", file: relative(settings.root, path).replaceAll("\\", "/") };
  const key = project.keyOf(path);
  if (!settings.covers(path)) return { is: "file", key };
  return { is: "module", key, ...(search === "" ? {} : { instance: search.slice(1) }) };
}

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
  const here = new Map(own.map(({ key, fingerprint }) => [key, fingerprint]));
  const isOther = isFirst && own.some(({ key, fingerprint }) => before.modules.has(key) && before.modules.get(key)?.fingerprint !== fingerprint);
  return [...before.modules].flatMap(([key, { content, fingerprint, facts, text: kept, blob }]): BuiltModule[] => {
    const { package: name, path } = splitKey(key);
    const folder = before.packages[name];
    if (here.has(key) || folder === undefined) return [];
    const home = project.packageOf(join(project.root, "package.json"));
    const root = join(home.root, folder);
    const file = join(root, path);
    const text = isOther ? contentOf(file) : null;
    if (isOther && (text === null || (digest(text) !== content && digest(textOf(text)) !== content))) return [];
    return [{ file, key, content, fingerprint, facts, text: kept, blob, package: { name, root } }];
  });
}
