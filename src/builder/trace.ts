/**
 * Trace: which names mean something else in the fixed tree, though the code that uses them may be the same: an import
 * that leads elsewhere (through however many re-exports), a constant with another value.
 */
import type { ImportRecord, ModuleRecord } from "../manifest/manifest.ts";
import type { LoadedTree } from "./load.ts";
import { NO_RECORD } from "./new-modules.ts";
import { Revalued, type NewValue } from "./revalued.ts";
import { exportMap, followImport, identityOf, type World } from "./world.ts";

/** The names of one module that mean something else. */
export interface Turned {
  /** Imports that lead elsewhere, and names that were imports and are not, or the other way round. */
  readonly rebound: ReadonlySet<string>;
  /** Names, own or imported, of constants with another value. */
  readonly revalued: ReadonlyMap<string, NewValue>;
  /** Namespace imports of modules that have other exports than before. */
  readonly reshaped: ReadonlySet<string>;
}

export interface Trace {
  of(key: string): Turned;
  /** Whether an export of a module, however it is exported, stands for something else or has another value. */
  hasChangedNamespace(key: string): boolean;
  readonly revalued: Revalued;
}

export function trace(tree: LoadedTree): Trace {
  const before: World = (key) => tree.manifest.modules[key];
  const after: World = (key) => tree.modules.get(key)?.record;
  const revalued = new Revalued(tree);
  const worlds: Worlds = { before, after, revalued };
  const turned = new Map<string, Turned>();
  for (const [key, module] of tree.modules) {
    const old = before(key) ?? NO_RECORD;
    turned.set(key, compare(old, module.record, key, worlds));
  }
  const nothing: Turned = { rebound: new Set(), revalued: new Map(), reshaped: new Set() };
  const hasChangedNamespace = (key: string): boolean => {
    const namespace = { local: "", imported: "*", from: { module: key } };
    return compareNamespace(namespace, namespace, worlds) === "other";
  };
  return { hasChangedNamespace, of: (key) => turned.get(key) ?? nothing, revalued };
}

interface Worlds {
  readonly before: World;
  readonly after: World;
  readonly revalued: Revalued;
}

function compare(old: ModuleRecord, record: ModuleRecord, key: string, worlds: Worlds): Turned {
  const { before, after } = worlds;
  const rebound = new Set<string>();
  const reshaped = new Set<string>();
  const revalued = new Map<string, NewValue>();
  const oldImports = new Map(old.imports.map((each) => [each.local, each]));
  for (const each of record.imports) {
    const target = followImport(after, each.from, each.imported);
    const known = oldImports.get(each.local);
    if (known === undefined) {
      if (hasOwn(old, each.local)) rebound.add(each.local);
    } else if (identityOf(followImport(before, known.from, known.imported)) !== identityOf(target)) rebound.add(each.local);
    if (target.kind === "namespace") {
      const change = compareNamespace(each, known, worlds);
      if (change === "other" && known !== undefined) rebound.add(each.local);
      if (change !== "same") reshaped.add(each.local);
    }
    const value = target.kind === "binding" ? worlds.revalued.of(target.key, target.name) : undefined;
    if (value) revalued.set(each.local, value);
  }
  if (record !== old) for (const name of namesThatCameOrWent(old, record)) rebound.add(name);
  const own = [...record.targets.map((each) => each.name), ...record.bindings.flatMap((each) => each.names)];
  for (const name of own) {
    if (oldImports.has(name)) rebound.add(name);
    const value = worlds.revalued.of(key, name);
    if (value) revalued.set(name, value);
  }
  return { rebound, revalued, reshaped };
}

/** Names that code which is the same as before uses as the module's own, where they were globals, or the other way round. */
function namesThatCameOrWent(old: ModuleRecord, record: ModuleRecord): ReadonlySet<string> {
  const names = new Set<string>();
  const compareUses = (before: readonly string[] | undefined, now: readonly string[]): void => {
    if (before === undefined || before.join() === now.join()) return;
    for (const name of [...before, ...now]) if (before.includes(name) !== now.includes(name)) names.add(name);
  };
  for (const target of record.targets) compareUses(old.targets.find((each) => each.name === target.name && each.hash === target.hash)?.uses, target.uses);
  for (const binding of record.bindings) compareUses(old.bindings.find((each) => each.names.join() === binding.names.join() && each.hash === binding.hash)?.uses, binding.uses);
  for (const statement of record.init) compareUses(old.init.find((each) => each.hash === statement.hash)?.uses, statement.uses);
  return names;
}

/** `more`: it has all that it had, and new exports. `other`: something it had means something else. */
function compareNamespace(now: ImportRecord, known: ImportRecord | undefined, { before, after, revalued }: Worlds): "same" | "more" | "other" {
  if (!("module" in now.from)) return "same";
  const entries = exportMap(after, now.from.module);
  const old = known && "module" in known.from ? exportMap(before, known.from.module) : new Map<string, never>();
  for (const [name, target] of old) {
    const present = entries.get(name);
    if (!present || identityOf(present) !== identityOf(target)) return "other";
    if (present.kind === "binding" && revalued.of(present.key, present.name)) return "other";
  }
  return entries.size > old.size ? "more" : "same";
}

function hasOwn(record: ModuleRecord, name: string): boolean {
  return record.targets.some((each) => each.name === name) || record.bindings.some((each) => each.names.includes(name));
}
