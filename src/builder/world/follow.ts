/** Names across modules: what an import leads to, in the running build and in the fixed tree. */
import { isBuiltin } from "node:module";
import type { ImportOrigin, Outline } from "./outline.ts";
import type { World } from "./world.ts";

/** Where an exported name stands. */
export type ExportTarget =
  | { readonly kind: "binding"; readonly key: string; readonly name: string }
  | { readonly kind: "namespace"; readonly key: string }
  | { readonly kind: "package"; readonly specifier: string; readonly imported: string }
  | { readonly kind: "missing" };

/** Follows an import through re-exports. */
export function followImport(world: World, from: ImportOrigin, imported: string, seen: ReadonlySet<string> = new Set()): ExportTarget {
  if ("specifier" in from) return { kind: "package", specifier: from.specifier, imported };
  if (imported === "*") return { kind: "namespace", key: from.module };
  const id = `${from.module}\0${imported}`;
  const outline = world.outline(from.module);
  if (!outline || seen.has(id)) return { kind: "missing" };
  const visited = new Set([...seen, id]);
  const own = outline.exports.find((each) => each.exported === imported);
  if (own) {
    // The value of an expression has no name but `default`, like an anonymous function.
    if (own.from === null) return { kind: "binding", key: from.module, name: isSnapshot(outline, own) ? "default" : (own.local ?? "default") };
    return followImport(world, own.from, own.local ?? "default", visited);
  }
  if (imported === "default") return { kind: "missing" };
  const found = new Map<string, ExportTarget>();
  for (const star of outline.exports) {
    if (star.exported !== "*" || star.from === null || "specifier" in star.from) continue;
    const target = followImport(world, star.from, imported, visited);
    if (target.kind !== "missing") found.set(identityOf(target), target);
  }
  // A name that two `export *` bring from different places is exported by neither.
  const [target, ...others] = found.values();
  return target === undefined || others.length > 0 ? { kind: "missing" } : target;
}

/** `export default count` of a variable that is assigned exports the value of that moment, `export { count as default }` the variable. */
function isSnapshot({ bindings }: Outline, { exported, local }: Outline["exports"][number]): boolean {
  const isValue = exported === "default" && bindings.some(({ names, kind }) => kind === "const" && names.length === 0);
  return isValue && bindings.some(({ names, assigned }) => assigned && local !== null && names.includes(local));
}

/** Every exported name of a module and where it stands, `export *` included; sorted by name. */
export function exportMap(world: World, key: string): ReadonlyMap<string, ExportTarget> {
  return new Map([...exportedNames(world, key)].toSorted().map((name) => [name, followImport(world, { module: key }, name)]));
}

/** Every binding that a module's namespace leads to, also through namespaces that it exports. */
export function bindingsThrough(world: World, key: string, seen: Set<string> = new Set()): readonly Extract<ExportTarget, { kind: "binding" }>[] {
  if (seen.has(key)) return [];
  seen.add(key);
  return [...exportMap(world, key).values()].flatMap((target) => (target.kind === "binding" ? [target] : target.kind === "namespace" ? bindingsThrough(world, target.key, seen) : []));
}

function exportedNames(world: World, key: string, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const names = new Set<string>();
  if (seen.has(key)) return names;
  for (const each of world.outline(key)?.exports ?? []) {
    if (each.exported !== "*") names.add(each.exported);
    else if (each.from !== null && "module" in each.from) {
      for (const name of exportedNames(world, each.from.module, new Set([...seen, key]))) if (name !== "default") names.add(name);
    }
  }
  return names;
}

/** A name for a target, equal for equal ones. */
export function identityOf(target: ExportTarget): string {
  const same = target.kind === "package" ? { ...target, specifier: withoutPrefix(target.specifier) } : target;
  return JSON.stringify(same, ["kind", "key", "name", "specifier", "imported"]);
}

/** `node:fs` --> `fs`, which is the same module, if there is one of that name without the prefix. */
export function withoutPrefix(specifier: string): string {
  const bare = specifier.replace(/^node:/, "");
  return isBuiltin(bare) ? bare : specifier;
}

/** What the running host has under a name of a module. */
export type HostBinding = "fixed" | "live" | "const enum" | "absent";

/**
 * `fixed`: never assigned once it is initialised. `live`: may change, also every binding imported from a package
 * (only the package knows).
 */
export function hostBinding(base: World, key: string, name: string): HostBinding {
  const found = natureOf(base, key, name);
  return (found === "fixed" || found === "live") && base.module(key)?.offers(name) === false ? "absent" : found;
}

function natureOf(base: World, key: string, name: string): HostBinding {
  const outline = base.outline(key);
  if (!outline) return "absent";
  if (outline.targets.some((target) => target.name === name)) return "fixed";
  const binding = outline.bindings.find((each) => each.names.includes(name));
  if (binding) {
    if (binding.kind === "const enum") return "const enum";
    return binding.kind === "let" || binding.kind === "var" || (binding.assigned && binding.kind !== "const") ? "live" : "fixed";
  }
  const imported = outline.imports.find((each) => each.local === name);
  if (!imported) return outline.statementVars.includes(name) ? "live" : "absent";
  const origin = followImport(base, imported.from, imported.imported);
  if (origin.kind === "namespace") return "fixed";
  if (origin.kind === "package") return origin.imported === "*" ? "fixed" : "live";
  if (origin.kind === "missing" || origin.key === key) return "live";
  const there = natureOf(base, origin.key, origin.name);
  return there === "absent" ? "live" : there;
}
