/** What a patch has to bring along: new modules, and the packages and modules that those load. */
import type { Binding } from "../analyze/analysis.ts";
import type { PatchImport } from "../patch/payload.ts";
import type { ModuleChange } from "./classify/classify.ts";
import type { ClosedModule } from "./close.ts";
import type { LoadedTree } from "./load/load.ts";

/** Whether an addition can be assigned once it is there. */
export function isMutable({ kind, assigned }: Binding): boolean {
  return kind === "let" || kind === "var" || (kind === "function" && assigned);
}

/** Whether evaluating a new module, and what it loads, can be noticed; undefined for a module that is not new. */
export function effectsOf(tree: LoadedTree, key: string, seen: Set<string> = new Set()): boolean | undefined {
  if (!tree.added.includes(key)) return undefined;
  if (seen.has(key)) return false;
  seen.add(key);
  const outline = tree.fixed.modules.get(key)?.outline;
  if (!outline) return undefined;
  return outline.order.length > 0 || outline.loads.some(({ from }) => ("module" in from ? effectsOf(tree, from.module, seen) === true : true));
}

/** Packages that a new module loads without naming anything of them in its code. */
export function packagesLoaded({ isNew, module }: ModuleChange, imports: ReadonlyMap<string, PatchImport>): readonly PatchImport[] {
  if (!isNew) return [];
  const named = new Set([...imports.values()].flatMap(({ from }) => (from.kind === "package" ? [from.specifier] : [])));
  return module.after.outline.loads.flatMap(({ from }): PatchImport[] => {
    if ("module" in from || named.has(from.specifier)) return [];
    return [{ local: `import ${JSON.stringify(from.specifier)}`, from: { kind: "package", specifier: from.specifier, imported: "*" } }];
  });
}

/** Modules that must have been evaluated before: all that a new module loads; the new ones that a host module needs. */
export function loadsOf({ isNew, module, loads }: ModuleChange, imports: Iterable<PatchImport>, tree: LoadedTree): readonly string[] {
  const added = new Set(tree.added);
  const needed = [...(isNew ? registeredLoads(module.key, tree) : loads)];
  for (const { from } of imports) {
    const keys = from.kind === "added" ? [from.key] : from.kind === "hostNamespace" ? Object.values(from.exports).flatMap((each) => (each.added ? [each.key] : [])) : [];
    needed.push(...keys.filter((key) => added.has(key)));
  }
  return [...new Set(needed)].filter((key) => key !== module.key);
}

/** What a module loads. In place of a host module that only re-exports, which never registers, what that one loads. */
function registeredLoads(key: string, tree: LoadedTree, seen: Set<string> = new Set([key])): readonly string[] {
  return (tree.fixed.modules.get(key)?.outline.loads ?? []).flatMap(({ from }): readonly string[] => {
    if (!("module" in from) || seen.has(from.module)) return [];
    const old = tree.base.outline(from.module);
    if (old === undefined || old.targets.length + old.bindings.length + old.init.length > 0) return [from.module];
    seen.add(from.module);
    return registeredLoads(from.module, tree, seen);
  });
}

/** The modules that go in: those of the host, and the new ones that these need, which come first. */
export function bringNeeded(closed: readonly ClosedModule[], tree: LoadedTree): readonly ClosedModule[] {
  const byKey = new Map(closed.map((each) => [each.change.module.key, each]));
  const needed = new Set<string>();
  const follow = ({ loads }: ClosedModule): void => {
    for (const key of loads) {
      const each = byKey.get(key);
      if (!each?.change.isNew || needed.has(key)) continue;
      needed.add(key);
      follow(each);
    }
  };
  const host = closed.filter(({ change }) => !change.isNew);
  host.forEach(follow);
  return [...tree.added.flatMap((key) => (needed.has(key) ? (byKey.get(key) ?? []) : [])), ...host];
}
