/** Packages that a patch brings into a host module, resolved from where that module is. */
// As a namespace: an older Node has no registerHooks, and would fail to link before it could say what it lacks.
import * as nodeModule from "node:module";
import { pathToFileURL } from "node:url";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import type { PatchModule } from "../patch/payload.ts";
import { locationOf, packageOf, type Host, type Instance } from "./host.ts";

export type Namespace = Readonly<Record<string, unknown>>;

const SCHEME = "ts-hotfix-resolve:";

/** Resolves as an `import` in the module at `location` would, with its conditions and loader hooks. */
export function resolveFrom(location: string, specifier: string): string {
  if (nodeModule.isBuiltin(specifier)) return specifier;
  const parentURL = /^[a-z][a-z0-9+.-]+:/i.test(location) ? location : pathToFileURL(location).href;
  // `import.meta.resolve` takes no parent: a hook of this moment gives it one
  if (typeof import.meta.resolve !== "function") return pathToFileURL(nodeModule.createRequire(parentURL).resolve(specifier)).href;
  const hook = nodeModule.registerHooks({
    resolve: (asked, context, next) => (asked === SCHEME ? next(specifier, { ...context, parentURL }) : next(asked, context)),
  });
  try {
    return import.meta.resolve(SCHEME);
  } finally {
    hook.deregister();
  }
}

/** What stands for `import()` in patch code of the module at `location`. */
export function dynamicImportFrom(location: string): (specifier: string, options?: ImportCallOptions) => Promise<unknown> {
  return async (specifier, options) => (await import(resolveFrom(location, String(specifier)), options)) as unknown;
}

/** The location of an instance; of a module that is not loaded yet, that of its nearest relative. */
export function nearestLocation(host: Host, key: string, instance?: Instance): string {
  const own = instance === undefined ? undefined : locationOf(instance);
  if (own !== undefined) return own;
  for (const [other, instances] of host.modules) {
    const relative = packageOf(other) === packageOf(key) ? instances[0] : undefined;
    const location = relative === undefined ? undefined : locationOf(relative);
    if (location !== undefined) return location;
  }
  return pathToFileURL(`${process.cwd()}/`).href;
}

/** Namespaces imported for one patch, by the location that asked and the specifier. */
export class ImportedPackages {
  readonly #namespaces = new Map<string, Namespace>();

  /** Imports what the module's code needs from packages; tells what cannot be had. */
  async load(module: PatchModule, location: string): Promise<Diagnostic[]> {
    const problems: Diagnostic[] = [];
    for (const { from } of module.bindings.imports) {
      if (from.kind !== "package") continue;
      const { specifier, imported } = from;
      try {
        const namespace = (await import(resolveFrom(location, specifier))) as Namespace;
        this.#namespaces.set(`${location}\n${specifier}`, namespace);
        this.#namespaces.set(specifier, namespace);
        if (imported !== "*" && !(imported in namespace)) {
          problems.push(diagnostic("HF2008", "refusal", { module: module.key, specifier, name: imported }));
        }
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        problems.push(diagnostic("HF2007", "refusal", { module: module.key, specifier, detail }));
      }
    }
    return problems;
  }

  namespaceOf(location: string, specifier: string): Namespace {
    const namespace = this.#namespaces.get(`${location}\n${specifier}`) ?? this.#namespaces.get(specifier);
    if (namespace === undefined) throw new ReferenceError(`package ${specifier} was not imported`);
    return namespace;
  }
}
