/**
 * New modules: files of the fixed tree that the base does not have and that its modules load. A file that a removed
 * one has become (moved, renamed) is no new module: it goes on under the old key, with the state that the host has.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { analyzeText, isAnalysis } from "../../analyze/analyze.ts";
import { fingerprintOf } from "../../manifest/fingerprint.ts";
import type { ImportOrigin, Manifest, ModuleRecord } from "../../manifest/manifest.ts";
import { splitKey } from "../../manifest/module-key.ts";
import { makeRecord } from "../../manifest/record.ts";
import type { Diagnostic } from "../../messages/diagnostic.ts";
import { digest } from "../../syntax/normalise.ts";
import { isModule, type Project, type SourceModule } from "../../transform/project.ts";

export interface NewModules {
  /** The fixed tree: modules of the base by their old keys, and the new ones. */
  readonly modules: ReadonlyMap<string, SourceModule>;
  /** Keys of the new ones, in the order in which they are evaluated. */
  readonly added: readonly string[];
  /** Errors of new files that do not parse. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The record of a module that the base does not have. */
export const NO_RECORD: ModuleRecord = {
  fingerprint: "", strict: true, importMeta: false, targets: [], bindings: [], imports: [], loads: [], order: [], dynamic: [], exports: [], statementVars: [], init: [], frozen: [], held: [],
};

export function findNewModules(manifest: Manifest, project: Project, known: ReadonlyMap<string, SourceModule>): NewModules {
  const { found, data, diagnostics } = discover(manifest, project, known);
  const moved = matchMoved(manifest, known, found);
  const keys = new Map([...data, ...moved]);
  const modules = new Map<string, SourceModule>();
  for (const [key, module] of [...known, ...found]) modules.set(moved.get(key) ?? key, rename(module, moved.get(key) ?? key, keys));
  const added = [...found.keys()].filter((key) => !moved.has(key));
  return { modules, added: inOrder(modules, new Set(added)), diagnostics };
}

interface Discovery {
  readonly found: ReadonlyMap<string, SourceModule>;
  /** `importer file\0specifier` → key of the JSON file it names. */
  readonly data: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

function discover(manifest: Manifest, project: Project, known: ReadonlyMap<string, SourceModule>): Discovery {
  const found = new Map<string, SourceModule>();
  const data = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const isKnown = (key: string): boolean => known.has(key) || found.has(key) || key in manifest.modules || key in manifest.outside;
  const open = [...known.values()];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    for (const { from } of module.record.loads) {
      if ("module" in from && isKnown(from.module)) continue;
      const file = "module" in from ? fileOf(manifest, project, from.module) : jsonFile(module.file, from.specifier);
      if (file === undefined) continue;
      const key = project.keyOf(file);
      if ("specifier" in from && !(key in manifest.outside)) data.set(`${module.file}\0${from.specifier}`, key);
      // A file that the transformer was told to leave alone may well be in the running build.
      if (isKnown(key) || ("module" in from && !project.coveredBy(manifest.environment.coverage, file))) continue;
      const read = "module" in from ? project.module(file) : readJson(file, key);
      if (isModule(read)) {
        found.set(key, read);
        open.push(read);
      } else if (diagnostics.every((each) => each.place?.file !== file)) diagnostics.push(...read);
    }
  }
  return { found, data, diagnostics };
}

function fileOf(manifest: Manifest, project: Project, key: string): string | undefined {
  const { package: name, path } = splitKey(key);
  const folder = manifest.packages[name];
  const file = folder === undefined ? undefined : join(project.root, folder, path);
  return file !== undefined && existsSync(file) ? file : undefined;
}

function jsonFile(importer: string, specifier: string): string | undefined {
  if (!/^\.\.?\/.*\.json$/.test(specifier)) return undefined;
  const file = resolve(dirname(importer), specifier);
  return existsSync(file) ? file : undefined;
}

/** As if it were written in JavaScript. */
function readJson(file: string, key: string): SourceModule | readonly Diagnostic[] {
  const value = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  const analysis = analyzeText(`${file}.mjs`, `export default JSON.parse(${JSON.stringify(value)});\n`);
  return isAnalysis(analysis) ? { file, key, content: digest(value), analysis, record: makeRecord(analysis, (specifier) => ({ specifier })) } : analysis;
}

/** New key → key of the module of the base that the file was. Right or wrong, every difference is classified. */
function matchMoved(manifest: Manifest, known: ReadonlyMap<string, SourceModule>, found: ReadonlyMap<string, SourceModule>): ReadonlyMap<string, string> {
  const removed = Object.keys(manifest.modules).filter((key) => !known.has(key));
  const pairs = removed.flatMap((old) => {
    const before = manifest.modules[old];
    return [...found].flatMap(([key, module]) => {
      const likeness = before === undefined || !isMovable(before, module, old) ? 0 : likenessOf(before, module.record);
      return likeness < 0.5 ? [] : [{ old, key, likeness }];
    });
  });
  const moved = new Map<string, string>();
  const taken = new Set<string>();
  for (const { old, key } of pairs.toSorted((a, b) => b.likeness - a.likeness || (`${a.old}\0${a.key}` < `${b.old}\0${b.key}` ? -1 : 1))) {
    if (moved.has(key) || taken.has(old)) continue;
    moved.set(key, old);
    taken.add(old);
  }
  return moved;
}

/** Code that asks for its own place means something else in another; packages are found from where a package stands. */
function isMovable(before: ModuleRecord, { record, analysis, key }: SourceModule, old: string): boolean {
  const asks = analysis.scopes.unresolved.some(({ identifier: { name } }) => name === "__dirname" || name === "__filename" || name === "require");
  return !before.importMeta && !record.importMeta && !asks && splitKey(key).package === splitKey(old).package;
}

/** The share of the declarations of both that are the same in both, from 0 to 1. */
function likenessOf(before: ModuleRecord, after: ModuleRecord): number {
  const parts = ({ targets, bindings, init }: ModuleRecord): readonly string[] => [
    ...targets.map(({ name, hash }) => `${name} ${hash}`),
    ...bindings.map(({ names, hash }) => `${names.join()} ${hash}`),
    ...init.map(({ hash }) => hash),
  ];
  const [old, now] = [parts(before), new Set(parts(after))];
  const most = Math.max(old.length, now.size);
  return most === 0 ? 0 : old.filter((each) => now.has(each)).length / most;
}

/** The module with the keys that it and its imports have here. */
function rename(module: SourceModule, key: string, keys: ReadonlyMap<string, string>): SourceModule {
  if (keys.size === 0) return module;
  const renamed = <O extends ImportOrigin | null>(from: O): O => {
    const here = from === null ? undefined : keys.get("module" in from ? from.module : `${module.file}\0${from.specifier}`);
    return here === undefined ? from : ({ module: here } as O);
  };
  const { fingerprint: _, ...body } = module.record;
  const origins = [...body.loads.map(({ from }) => from), ...body.dynamic];
  if (key === module.key && origins.every((from) => renamed(from) === from)) return module;
  const record = {
    ...body,
    imports: body.imports.map((each) => ({ ...each, from: renamed(each.from) })),
    loads: body.loads.map((each) => ({ ...each, from: renamed(each.from) })),
    dynamic: body.dynamic.map(renamed),
    exports: body.exports.map((each) => ({ ...each, from: renamed(each.from) })),
  };
  return {
    file: module.file,
    key,
    content: module.content,
    record: { fingerprint: fingerprintOf(record), ...record },
    // Parsed when it is asked for.
    get analysis() {
      return module.analysis;
    },
  };
}

/** Imports first, as modules are evaluated. */
function inOrder(modules: ReadonlyMap<string, SourceModule>, added: ReadonlySet<string>): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const { from } of modules.get(key)?.record.loads ?? []) if ("module" in from && added.has(from.module)) visit(from.module);
    if (added.has(key)) order.push(key);
  };
  for (const key of [...modules.keys()].filter((each) => !added.has(each)).toSorted()) visit(key);
  return order;
}
