/**
 * Trace: which names mean something else in the fixed tree, though the code that uses them may be the same: an import
 * that leads elsewhere (through however many re-exports), a constant with another value.
 */
import type { LoadedTree } from "../load/load.ts";
import { namespaceUses } from "./namespace-uses.ts";
import { Revalued, type NewValue } from "../values/revalued.ts";
import { exportMap, followImport, identityOf } from "../world/follow.ts";
import type { World } from "../world/world.ts";
import type { WorldModule } from "../world/module.ts";
import { NO_OUTLINE, type Outline } from "../world/outline.ts";

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
  /** Whether a module, or one that it exports something of, is not as in the base. */
  exportsOther(key: string): boolean;
  /** Whether an export of a module, however it is exported, stands for something else or has another value. */
  hasChangedNamespace(key: string): boolean;
  readonly revalued: Revalued;
}

export function trace(tree: LoadedTree): Trace {
  const { base: before, fixed: after } = tree;
  const revalued = new Revalued(tree);
  const worlds: Worlds = { before, after, revalued };
  const different = [...new Set([...differentModules(tree), ...revalued.all().map(({ module }) => module.key)])];
  const turned = new Map<string, Turned>();
  for (const module of new Set([...different.flatMap((key) => after.module(key) ?? []), ...after.importersThrough(different)])) {
    turned.set(module.key, compare(before.outline(module.key) ?? NO_OUTLINE, module, module.key, worlds));
  }
  const nothing: Turned = { rebound: new Set(), revalued: new Map(), reshaped: new Set() };
  const passed = after.passingOn(different);
  const hasChangedNamespace = (key: string): boolean => passed.has(key) && compareNamespaces(key, key, worlds) === "other";
  return { exportsOther: (key) => passed.has(key), hasChangedNamespace, of: (key) => turned.get(key) ?? nothing, revalued };
}

/** Keys of modules that are not the same in both worlds. One that imports a module that is gone is not the same either. */
function differentModules({ base, fixed }: LoadedTree): readonly string[] {
  return [...fixed.modules.values()].filter((module) => base.module(module.key) !== module).map(({ key }) => key);
}

interface Worlds {
  readonly before: World;
  readonly after: World;
  readonly revalued: Revalued;
}

function compare(old: Outline, module: WorldModule, key: string, worlds: Worlds): Turned {
  const { before, after } = worlds;
  const { outline } = module;
  const rebound = new Set<string>();
  const reshaped = new Set<string>();
  const revalued = new Map<string, NewValue>();
  const oldImports = new Map(old.imports.map((each) => [each.local, each]));
  for (const each of outline.imports) {
    const target = followImport(after, each.from, each.imported);
    const known = oldImports.get(each.local);
    if (known === undefined) {
      if (hasOwn(old, each.local)) rebound.add(each.local);
    } else if (identityOf(followImport(before, known.from, known.imported)) !== identityOf(target)) rebound.add(each.local);
    if (target.kind === "namespace") {
      const there = known && followImport(before, known.from, known.imported);
      const isKnown = there?.kind === "namespace" && there.key === target.key;
      const shape = compareNamespaces(target.key, isKnown ? target.key : undefined, worlds);
      const change = isKnown && shape !== "same" ? compareNamed(old, module, each.local, target.key, worlds) : shape;
      if (change === "other" && known !== undefined) rebound.add(each.local);
      if (change !== "same") reshaped.add(each.local);
    }
    const value = target.kind === "binding" ? worlds.revalued.of(target.key, target.name) : undefined;
    if (value) revalued.set(each.local, value);
  }
  if (outline !== old) for (const name of namesThatCameOrWent(old, outline)) rebound.add(name);
  const own = [...outline.targets.map((each) => each.name), ...outline.bindings.flatMap((each) => each.names)];
  for (const name of own) {
    if (oldImports.has(name)) rebound.add(name);
    const value = worlds.revalued.of(key, name);
    if (value) revalued.set(name, value);
  }
  return { rebound, revalued, reshaped };
}

/** Names that code which is the same as before uses as the module's own, where they were globals, or the other way round. */
function namesThatCameOrWent(old: Outline, outline: Outline): ReadonlySet<string> {
  const names = new Set<string>();
  const compareUses = (before: readonly string[] | undefined, now: readonly string[]): void => {
    if (before === undefined || before.join() === now.join()) return;
    for (const name of [...before, ...now]) if (before.includes(name) !== now.includes(name)) names.add(name);
  };
  const units = ({ targets, bindings, init }: Outline): readonly (readonly [string, readonly string[]])[] => [
    ...targets.map(({ name, hash, uses }) => [`function ${name} ${hash}`, uses] as const),
    ...bindings.map((each) => [`${each.names.join()} ${each.hash}`, each.uses] as const),
    ...init.map(({ hash, uses }) => [hash, uses] as const),
  ];
  // of equal ones the first counts
  const known = new Map(units(old).toReversed());
  for (const [unit, uses] of units(outline)) compareUses(known.get(unit), uses);
  return names;
}

/** What has changed of what a module names of a namespace. `more`: changed code names new exports, and nothing else has. */
function compareNamed(old: Outline, { analysis, outline }: WorldModule, local: string, key: string, worlds: Worlds): "same" | "more" | "other" {
  const { before, after, revalued } = worlds;
  const { members, whole } = namespaceUses(analysis, local, key, after);
  if ([...whole].some((space) => compareNamespaces(space, space, worlds) !== "same")) return "other";
  const known = new Set([...old.targets, ...old.bindings, ...old.init].map(({ hash }) => hash));
  const isChanged = (at: number): boolean => {
    const found = [analysis.targets, analysis.bindings, analysis.init].flatMap((units, kind) =>
      units.flatMap((unit, index) => (unit.start <= at && at < unit.end && !("lifted" in unit && unit.lifted.some((each) => each.start <= at && at < each.end)) ? [[outline.targets, outline.bindings, outline.init][kind]?.[index]?.hash] : [])),
    );
    return found.length > 0 && found.every((hash) => hash !== undefined && !known.has(hash));
  };
  let more = false;
  for (const { key: space, name, at } of members) {
    const [was, is] = [followImport(before, { module: space }, name), followImport(after, { module: space }, name)];
    if (identityOf(was) !== identityOf(is)) {
      if (was.kind !== "missing" || !isChanged(at)) return "other";
      more = true;
    } else if (is.kind === "binding" && revalued.of(is.key, is.name)) return "other";
  }
  return more ? "more" : "same";
}

/** `more`: it has all that it had, and new exports. `other`: something it had means something else. */
function compareNamespaces(now: string, known: string | undefined, worlds: Worlds, seen: ReadonlySet<string> = new Set()): "same" | "more" | "other" {
  const { before, after, revalued } = worlds;
  if (seen.has(now)) return "same";
  const entries = exportMap(after, now);
  const old = known === undefined ? new Map<string, never>() : exportMap(before, known);
  let more = entries.size > old.size;
  for (const [name, target] of old) {
    const present = entries.get(name);
    if (!present || identityOf(present) !== identityOf(target)) return "other";
    if (present.kind === "binding" && revalued.of(present.key, present.name)) return "other";
    // export * as inner from "./inner.js"
    if (present.kind !== "namespace") continue;
    const inner = compareNamespaces(present.key, present.key, worlds, new Set([...seen, now]));
    if (inner === "other") return "other";
    if (inner === "more") more = true;
  }
  return more ? "more" : "same";
}

function hasOwn(outline: Outline, name: string): boolean {
  return outline.targets.some((each) => each.name === name) || outline.bindings.some((each) => each.names.includes(name));
}
