/** The patch that replaces every function of a run by a recompiled copy, and how it comes upon the modules of a realm. */
import { Script, type Context } from "node:vm";
import { recompileAll, type Recompiled } from "../../suite/recompile.ts";
import { commitArrival } from "../../src/runtime/commit.ts";
import { instanceMisfits } from "../../src/runtime/fit.ts";
import type { Graft } from "../../src/runtime/graft.ts";
import type { Host, Instance } from "../../src/runtime/host.ts";
import { createTable } from "../../src/runtime/patch-table.ts";
import { Settling } from "../../src/runtime/pending.ts";
import { PatchScope } from "../../src/runtime/scope.ts";
import type { PatchFactory, PatchModule } from "../../src/patch/payload.ts";
import { isModule } from "../../src/transform/project.ts";
import type { StagedCase } from "./staged.ts";

/** Throws an Error where the builder refuses the whole. */
export function recompileCase(staged: StagedCase): Recompiled {
  const globals = new Set<string>();
  for (const file of staged.files) {
    const module = staged.project.module(file);
    if (isModule(module)) for (const { identifier } of module.analysis.scopes.unresolved) globals.add(identifier.name as string);
  }
  return recompileAll({ manifest: staged.project.manifest(staged.files), source: staged.root, globals: [...globals] });
}

export type DynamicImport = (key: string, specifier: string, attributes: Readonly<Record<string, string>>) => Promise<unknown>;

/**
 * Makes the patch active in a realm: each module gets its slots when it registers, as in a program whose patch was
 * applied at its start. Only where the code is compiled and how it imports differ from there: in this realm.
 */
export function activate(host: Host, modules: readonly PatchModule[], context: Context, dynamicImport: DynamicImport): void {
  const settling = new Settling();
  const compiled = new Map(modules.map((module) => [module.key, { module, factory: compileIn(context, module) }]));
  host.arrived = (instance) => {
    const found = compiled.get(instance.key);
    if (found === undefined) return;
    const [misfit] = instanceMisfits(host, instance, found.module, false);
    if (misfit !== undefined) throw new Error(`${misfit.code} ${misfit.message}`);
    const graft = createGraft(host, instance, found.module, found.factory, dynamicImport);
    commitArrival(graft, []);
    settling.add([graft]);
    settling.schedule();
  };
}

function compileIn(context: Context, module: PatchModule): PatchFactory {
  return new Script(module.code, { filename: `hotfix:${module.file}` }).runInContext(context) as PatchFactory;
}

function createGraft(host: Host, instance: Instance, module: PatchModule, factory: PatchFactory, dynamicImport: DynamicImport): Graft {
  const table = createTable();
  const scope = new PatchScope(instance, module, {
    host,
    namespaceOf: (specifier) => { throw new Error(`no package ${specifier}`); },
    isSettled: () => false,
    dynamicImport: (specifier, options) => dynamicImport(module.key, specifier, (options?.with ?? {}) as Readonly<Record<string, string>>),
  });
  const { functions, variables } = factory(table, scope.object);
  return { instance, module, table, scope, functions, variables };
}
