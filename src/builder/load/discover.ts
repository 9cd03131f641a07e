/**
 * New modules: files of the fixed tree that the base does not have and that its modules load. A file that a removed
 * one has become (moved, renamed) is no new module: it goes on under the old key, with the state that the host has.
 */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Manifest } from "../../manifest/manifest.ts";
import { splitKey } from "../../manifest/module-key.ts";
import type { Diagnostic } from "../../messages/diagnostic.ts";
import { fileOfKey } from "../world/base-world.ts";
import { isErrors, type FixedTree } from "../world/fixed-tree.ts";
import type { Summary } from "../world/outline.ts";
import type { World } from "../world/world.ts";
import type { WorldModule } from "../world/module.ts";

export interface Discovered {
  /** The fixed tree: modules of the base by their old keys, and the new ones. */
  readonly modules: ReadonlyMap<string, WorldModule>;
  /** Keys of the new ones, in the order in which they are evaluated. */
  readonly added: readonly string[];
  /** Errors of new files that do not parse. */
  readonly diagnostics: readonly Diagnostic[];
}

/** @param known modules of the base that the tree has where it had them */
export function discoverModules(manifest: Manifest, tree: FixedTree, base: World, known: ReadonlyMap<string, WorldModule>): Discovered {
  const { found, data, diagnostics } = discover(manifest, tree, base, known);
  const moved = matchMoved(base, known, found);
  if (found.size > 0 || data.size > 0) tree.rename(new Map([...data, ...moved]));
  const modules = new Map(known);
  for (const [key, module] of found) {
    const old = moved.get(key);
    const placed = old === undefined ? module : tree.readMoved(old, module.file);
    if (!isErrors(placed)) modules.set(old ?? key, placed);
  }
  const added = [...found.keys()].filter((key) => !moved.has(key));
  return { modules, added: inOrder(modules, new Set(added)), diagnostics };
}

interface Discovery {
  readonly found: ReadonlyMap<string, WorldModule>;
  /** `importer file\0specifier` → key of the JSON file it names. */
  readonly data: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Only what changed can load what the base does not have. */
function discover(manifest: Manifest, tree: FixedTree, base: World, known: ReadonlyMap<string, WorldModule>): Discovery {
  const found = new Map<string, WorldModule>();
  const data = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const isKnown = (key: string): boolean => known.has(key) || found.has(key) || base.has(key) || key in manifest.outside;
  const open = [...known.values()].filter((module) => base.module(module.key) !== module);
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    for (const { from: specifier } of module.summary.loads) {
      const from = module.originOf(specifier);
      if ("module" in from && isKnown(from.module)) continue;
      const file = "module" in from ? existing(fileOfKey(manifest, tree.root, from.module)) : jsonFile(module.file, specifier);
      if (file === undefined) continue;
      const key = tree.project.keyOf(file);
      if ("specifier" in from && !(key in manifest.outside)) data.set(`${module.file}\0${specifier}`, key);
      // A file that the transformer was told to leave alone may well be in the running build.
      if (isKnown(key) || ("module" in from && !tree.project.coveredBy(manifest.environment.coverage, file))) continue;
      const read = "module" in from ? tree.read(key, file) : tree.readJson(key, file);
      if (!isErrors(read)) {
        found.set(key, read);
        open.push(read);
      } else if (diagnostics.every((each) => each.place?.file !== file)) diagnostics.push(...read);
    }
  }
  return { found, data, diagnostics };
}

function existing(file: string): string | undefined {
  return existsSync(file) ? file : undefined;
}

function jsonFile(importer: string, specifier: string): string | undefined {
  return /^\.\.?\/.*\.json$/.test(specifier) ? existing(resolve(dirname(importer), specifier)) : undefined;
}

/** New key → key of the module of the base that the file was. Right or wrong, every difference is classified. */
function matchMoved(base: World, known: ReadonlyMap<string, WorldModule>, found: ReadonlyMap<string, WorldModule>): ReadonlyMap<string, string> {
  if (found.size === 0) return new Map();
  const removed = [...base.modules.values()].filter(({ key }) => !known.has(key));
  const pairs = removed.flatMap((before) => [...found].flatMap(([key, module]) => {
    const likeness = isMovable(before, module) ? likenessOf(before.summary, module.summary) : 0;
    return likeness < 0.5 ? [] : [{ old: before.key, key, likeness }];
  }));
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
function isMovable(before: WorldModule, after: WorldModule): boolean {
  const asks = after.analysis.scopes.unresolved.some(({ identifier: { name } }) => name === "__dirname" || name === "__filename" || name === "require");
  return !before.summary.importMeta && !after.summary.importMeta && !asks && splitKey(after.key).package === splitKey(before.key).package;
}

/** The share of the declarations of both that are the same in both, from 0 to 1. */
function likenessOf(before: Summary, after: Summary): number {
  const parts = ({ targets, bindings, init }: Summary): readonly string[] => [
    ...targets.map(({ name, hash }) => `${name} ${hash}`),
    ...bindings.map(({ names, hash }) => `${names.join()} ${hash}`),
    ...init.map(({ hash }) => hash),
  ];
  const [old, now] = [parts(before), new Set(parts(after))];
  const most = Math.max(old.length, now.size);
  return most === 0 ? 0 : old.filter((each) => now.has(each)).length / most;
}

/** Imports first, as modules are evaluated. */
function inOrder(modules: ReadonlyMap<string, WorldModule>, added: ReadonlySet<string>): readonly string[] {
  if (added.size === 0) return [];
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const { from } of modules.get(key)?.outline.loads ?? []) if ("module" in from && added.has(from.module)) visit(from.module);
    if (added.has(key)) order.push(key);
  };
  for (const key of [...modules.keys()].filter((each) => !added.has(each)).toSorted()) visit(key);
  return order;
}
