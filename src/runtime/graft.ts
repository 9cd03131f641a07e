/** A graft: what a patch puts on one instance of a module. Prepared whole, put in place at commit. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { isLiftedName } from "../patch/lift-names.ts";
import type { PatchFactory, PatchFunction, PatchModule, PatchProduct } from "../patch/payload.ts";
import { scopeOf, type Host, type Instance } from "./host.ts";
import { isInitialised, memberFunction } from "./member.ts";
import { dynamicImportFrom, nearestLocation, type ImportedPackages } from "./packages.ts";
import { factoryFor } from "./compile.ts";
import { createTable, type Slots } from "./patch-table.ts";
import type { PatchTable } from "./registration.ts";
import { PatchScope } from "./scope.ts";
import { followSignature, sharePrototype } from "./signature.ts";
import type { Undo } from "./safe-point.ts";
import { isBuiltin } from "node:module";

export interface Graft {
  readonly instance: Instance;
  readonly module: PatchModule;
  /** The table the patch's own code looks in. */
  readonly table: PatchTable;
  readonly scope: PatchScope;
  readonly functions: PatchProduct["functions"];
  readonly variables: PatchProduct["variables"];
}

export type Grafting = { readonly ok: true; readonly graft: Graft } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Calls the factory for one instance. Reads no binding of the host and touches no slot. */
export function createGraft(host: Host, instance: Instance, module: PatchModule, factory: PatchFactory, packages: ImportedPackages): Grafting {
  const location = nearestLocation(host, module.key, instance);
  const table = createTable();
  const scope = new PatchScope(instance, module, {
    host,
    namespaceOf: (specifier) => packages.namespaceOf(location, specifier),
    isSettled: isBuiltin,
    dynamicImport: dynamicImportFrom(location),
  });
  try {
    const { functions, variables } = factoryFor(instance.accessor, module, factory)(table, scope.object);
    const diagnostics = [
      ...module.functions.filter(({ slot }) => typeof functions[slot] !== "function").map(({ name }) => ["function", name] as const),
      ...module.variables.filter(({ name }) => typeof variables[name] !== "function").map(({ name }) => ["variable", name] as const),
    ].map(([kind, name]) => diagnostic("HF2010", "refusal", { module: module.key, kind, name }));
    return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, graft: { instance, module, table, scope, functions, variables } };
  } catch (error) {
    return { ok: false, diagnostics: [brokenCode(module, error)] };
  }
}

export function brokenCode(module: PatchModule, error: unknown): Diagnostic {
  return diagnostic("HF2009", "refusal", { module: module.key, detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
}

/** What the host's table gets: the functions that stand in place of the host's own. */
export function hostSlots({ module, functions }: Graft): Slots {
  const slots = new Map<string, Function>();
  for (const { origin, slot } of module.functions) {
    const replacement = functions[slot];
    if (origin === "replaced" && replacement !== undefined) slots.set(slot, replacement);
  }
  return slots;
}

/** The host's own function object, if its scope leads to it and it is initialised. */
export function hostFunction(instance: Instance, target: PatchFunction): Function | undefined {
  try {
    const value = isLiftedName(target.name) ? memberFunction(instance, target) : scopeOf(instance)[target.name];
    return typeof value === "function" ? value : undefined;
  } catch {
    return undefined; // in its temporal dead zone
  }
}

/** Lets the host's functions show the length and name of those that stand in their place, and generators share their `prototype`. */
export function showSignatures({ instance, module, functions }: Graft, undo: Undo): boolean {
  let complete = true;
  for (const target of module.functions) {
    if (target.origin !== "replaced" || !(target.name in scopeOf(instance) || isLiftedName(target.name))) continue;
    const own = hostFunction(instance, target);
    if (own === undefined) complete &&= isLiftedName(target.name) && isInitialised(instance, target);
    else {
      followSignature(own, functions[target.slot], undo);
      sharePrototype(own, functions[target.slot]);
    }
  }
  return complete;
}

/** Gives the host's functions their own length and name back, where `next` does not replace them. */
export function restoreSignatures({ instance, module }: Graft, next: Graft | undefined, undo: Undo): void {
  for (const target of module.functions) {
    if (target.origin !== "replaced" || next?.module.functions.some(({ slot }) => slot === target.slot)) continue;
    const own = hostFunction(instance, target);
    if (own !== undefined) followSignature(own, undefined, undo);
  }
}
