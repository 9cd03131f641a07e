/**
 * Trace: which names mean something else in the fixed tree, though the code that uses them may be the same: an import
 * that leads elsewhere (through however many re-exports), a constant with another value.
 */
import type { Node } from "oxc-parser";
import type { Binding } from "../analyze/analysis.ts";
import type { BindingRecord, ImportRecord, ModuleRecord } from "../manifest/manifest.ts";
import type { SourceModule } from "../transform/project.ts";
import { constantValue, printConstant, type ConstantValue } from "./constant-value.ts";
import type { LoadedTree } from "./load.ts";
import { exportMap, followImport, identityOf, type World } from "./world.ts";

/** The names of one module that mean something else. */
export interface Turned {
  /** Imports that lead elsewhere, and names that were imports and are not, or the other way round. */
  readonly rebound: ReadonlySet<string>;
  /** Names, own or imported, of constants with another value, and the value as an expression. */
  readonly revalued: ReadonlyMap<string, string>;
  /** Namespace imports of modules that have other exports than before. */
  readonly reshaped: ReadonlySet<string>;
}

export interface Trace {
  of(key: string): Turned;
  /** Modules with an export, however it is exported, that stands for something else or has another value. */
  readonly changedNamespaces: ReadonlySet<string>;
  /** Own bindings of a module that are constants with another value. */
  isRevalued(key: string, name: string): boolean;
}

export function trace(tree: LoadedTree): Trace {
  const before: World = (key) => tree.manifest.modules[key];
  const after: World = (key) => tree.modules.get(key)?.record;
  const constants = findRevalued(tree, after);
  const turned = new Map<string, Turned>();
  for (const [key, module] of tree.modules) {
    const old = before(key);
    if (old) turned.set(key, compare(old, module.record, key, { before, after, constants }));
  }
  const nothing: Turned = { rebound: new Set(), revalued: new Map(), reshaped: new Set() };
  const changedNamespaces = new Set(
    [...tree.modules.keys()].filter((key) => compareNamespace({ local: "", imported: "*", from: { module: key } }, { local: "", imported: "*", from: { module: key } }, { before, after, constants }) === "other"),
  );
  return { changedNamespaces, of: (key) => turned.get(key) ?? nothing, isRevalued: (key, name) => constants.has(`${key}#${name}`) };
}

interface Worlds {
  readonly before: World;
  readonly after: World;
  /** `key#name` → the new value. */
  readonly constants: ReadonlyMap<string, ConstantValue>;
}

function compare(old: ModuleRecord, record: ModuleRecord, key: string, { before, after, constants }: Worlds): Turned {
  const rebound = new Set<string>();
  const reshaped = new Set<string>();
  const revalued = new Map<string, string>();
  const oldImports = new Map(old.imports.map((each) => [each.local, each]));
  for (const each of record.imports) {
    const target = followImport(after, each.from, each.imported);
    const known = oldImports.get(each.local);
    if (known === undefined) {
      if (hasOwn(old, each.local)) rebound.add(each.local);
    } else if (identityOf(followImport(before, known.from, known.imported)) !== identityOf(target)) rebound.add(each.local);
    if (target.kind === "namespace") {
      const change = compareNamespace(each, known, { before, after, constants });
      if (change === "other" && known !== undefined) rebound.add(each.local);
      if (change !== "same") reshaped.add(each.local);
    }
    const constant = target.kind === "binding" ? constants.get(`${target.key}#${target.name}`) : undefined;
    if (constant) revalued.set(each.local, printConstant(constant));
  }
  for (const name of namesThatCameOrWent(old, record)) rebound.add(name);
  const own = [...record.targets.map((each) => each.name), ...record.bindings.flatMap((each) => each.names)];
  for (const name of own) {
    if (oldImports.has(name)) rebound.add(name);
    const constant = constants.get(`${key}#${name}`);
    if (constant) revalued.set(name, printConstant(constant));
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
function compareNamespace(now: ImportRecord, known: ImportRecord | undefined, { before, after, constants }: Worlds): "same" | "more" | "other" {
  if (!("module" in now.from)) return "same";
  const entries = exportMap(after, now.from.module);
  const old = known && "module" in known.from ? exportMap(before, known.from.module) : new Map<string, never>();
  for (const [name, target] of old) {
    const present = entries.get(name);
    if (!present || identityOf(present) !== identityOf(target)) return "other";
    if (present.kind === "binding" && constants.has(`${present.key}#${present.name}`)) return "other";
  }
  return entries.size > old.size ? "more" : "same";
}

function hasOwn(record: ModuleRecord, name: string): boolean {
  return record.targets.some((each) => each.name === name) || record.bindings.some((each) => each.names.includes(name));
}

/** The base's declaration of the same names; of several (`var x` twice, an enum in parts) the one at the same place among them. */
export function matchBinding(before: ModuleRecord, after: ModuleRecord, binding: BindingRecord): BindingRecord | undefined {
  const id = (each: BindingRecord): string => `${each.names.join()} ${siblings(after, binding) > 1 ? each.kind : ""}`;
  const occurrence = after.bindings.filter((each) => id(each) === id(binding)).indexOf(binding);
  return before.bindings.filter((each) => id(each) === id(binding))[occurrence];
}

function siblings(record: ModuleRecord, binding: BindingRecord): number {
  return record.bindings.filter((each) => each.names.join() === binding.names.join()).length;
}

/** Changed `const`s whose new initialiser is a constant expression, and those that are computed from them. */
function findRevalued(tree: LoadedTree, after: World): ReadonlyMap<string, ConstantValue> {
  const revalued = new Map<string, ConstantValue>();
  for (let found = true; found; ) {
    found = false;
    for (const [key, module] of tree.modules) {
      const record = tree.manifest.modules[key];
      for (const [index, binding] of module.analysis.bindings.entries()) {
        const id = `${key}#${binding.name}`;
        const now = module.record.bindings[index];
        const old = record && now && matchBinding(record, module.record, now);
        if (revalued.has(id) || !old || !now || old.kind !== "const" || binding.kind !== "const") continue;
        const dependsOnRevalued = now.uses.some((name) => revalued.has(idOf(after, module, key, name)));
        if (old.hash === now.hash && !dependsOnRevalued) continue;
        const value = valueOf(tree, after, key, binding);
        if (value === undefined) continue;
        revalued.set(id, value);
        found = true;
      }
    }
  }
  return revalued;
}

function valueOf(tree: LoadedTree, after: World, key: string, binding: Binding, seen: ReadonlySet<string> = new Set()): ConstantValue | undefined {
  const module = tree.modules.get(key);
  const initialiser = plainInitialiser(binding);
  if (!module || !initialiser || seen.has(`${key}#${binding.name}`)) return undefined;
  return constantValue(initialiser, (name) => {
    const [otherKey = "", otherName = ""] = idOf(after, module, key, name).split("#");
    const other = tree.modules.get(otherKey)?.analysis.bindings.find((each) => each.name === otherName && each.kind === "const");
    return other && valueOf(tree, after, otherKey, other, new Set([...seen, `${key}#${binding.name}`]));
  });
}

function plainInitialiser({ node, kind }: Binding): Node | undefined {
  return kind === "const" && node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.init ? node.init : undefined;
}

/** `key#name` of the binding that a name of the module stands for. */
function idOf(after: World, module: SourceModule, key: string, name: string): string {
  const imported = module.record.imports.find((each) => each.local === name);
  const target = imported && followImport(after, imported.from, imported.imported);
  return target ? (target.kind === "binding" ? `${target.key}#${target.name}` : "") : `${key}#${name}`;
}
