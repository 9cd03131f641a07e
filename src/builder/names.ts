/** Names across modules: what an import leads to in the fixed tree, and what the running host has. */
import type { ImportOrigin, Manifest, ModuleRecord } from "../manifest/manifest.ts";
import type { LoadedTree } from "./load.ts";

/** Where an exported name stands. */
export type ExportTarget =
  | { readonly kind: "binding"; readonly key: string; readonly name: string }
  | { readonly kind: "namespace"; readonly key: string }
  | { readonly kind: "package"; readonly specifier: string; readonly imported: string }
  | { readonly kind: "missing" };

/** Follows an import through re-exports, as the fixed tree has them. */
export function followImport(tree: LoadedTree, from: ImportOrigin, imported: string, seen: ReadonlySet<string> = new Set()): ExportTarget {
  if ("specifier" in from) return { kind: "package", specifier: from.specifier, imported };
  if (imported === "*") return { kind: "namespace", key: from.module };
  const id = `${from.module}\0${imported}`;
  const record = recordOf(tree, from.module);
  if (!record || seen.has(id)) return { kind: "missing" };
  const visited = new Set([...seen, id]);
  const own = record.exports.find((each) => each.exported === imported);
  if (own) {
    if (own.from === null) return own.local === null ? { kind: "missing" } : { kind: "binding", key: from.module, name: own.local };
    return followImport(tree, own.from, own.local ?? "default", visited);
  }
  if (imported === "default") return { kind: "missing" };
  for (const star of record.exports) {
    if (star.exported !== "*" || star.from === null) continue;
    const found = followImport(tree, star.from, imported, visited);
    if (found.kind !== "missing") return found;
  }
  return { kind: "missing" };
}

/** Every exported name of a module, `export *` included. */
export function exportedNames(tree: LoadedTree, key: string, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const names = new Set<string>();
  if (seen.has(key)) return names;
  for (const each of recordOf(tree, key)?.exports ?? []) {
    if (each.exported !== "*") names.add(each.exported);
    else if (each.from !== null && "module" in each.from) {
      for (const name of exportedNames(tree, each.from.module, new Set([...seen, key]))) if (name !== "default") names.add(name);
    }
  }
  return names;
}

function recordOf(tree: LoadedTree, key: string): ModuleRecord | undefined {
  return tree.modules.get(key)?.record ?? tree.manifest.modules[key];
}

/** What the running host has under a name of a module. */
export type HostBinding = "fixed" | "live" | "const enum" | "absent";

/**
 * `fixed`: never assigned once it is initialised. `live`: may change, also every binding imported from a package
 * (only the package knows).
 */
export function hostBinding(manifest: Manifest, key: string, name: string, tree: LoadedTree): HostBinding {
  const record = manifest.modules[key];
  if (!record) return "absent";
  if (record.targets.some((target) => target.name === name)) return "fixed";
  const binding = record.bindings.find((each) => each.names.includes(name));
  if (binding) {
    if (binding.kind === "const enum") return "const enum";
    return binding.kind === "let" || binding.kind === "var" || (binding.assigned && binding.kind !== "const") ? "live" : "fixed";
  }
  const imported = record.imports.find((each) => each.local === name);
  if (!imported) return record.statementVars.includes(name) ? "live" : "absent";
  const origin = followImport(tree, imported.from, imported.imported);
  if (origin.kind === "namespace") return "fixed";
  if (origin.kind === "package") return origin.imported === "*" ? "fixed" : "live";
  if (origin.kind === "missing" || origin.key === key) return "live";
  const there = hostBinding(manifest, origin.key, origin.name, tree);
  return there === "absent" ? "live" : there;
}
