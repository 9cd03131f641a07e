/** Packages that a patch brings into a host module, resolved from where that module is. */
// As a namespace: an older Node has no registerHooks, and would fail to link before it could say what it lacks.
import * as nodeModule from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { types } from "node:util";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import type { PatchModule, PatchPayload } from "../patch/payload.ts";
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
  const foretold = Object.hasOwn(host.foretold, key) ? host.foretold[key] : undefined;
  if (foretold !== undefined) return foretold;
  for (const [other, instances] of host.modules) {
    const relative = packageOf(other) === packageOf(key) ? instances[0] : undefined;
    const location = relative === undefined ? undefined : locationOf(relative);
    if (location !== undefined) return location;
  }
  return pathToFileURL(`${process.cwd()}/`).href;
}

export function needsPackages({ bindings }: PatchModule): boolean {
  return bindings.imports.some(({ from }) => from.kind === "package");
}

/** Where the modules that import packages are loaded from, by key; for threads that have not loaded them yet. */
export function packageLocations(host: Host, payload: PatchPayload): Readonly<Record<string, string>> {
  return Object.fromEntries(payload.modules.filter(needsPackages).map(({ key }) => [key, nearestLocation(host, key, host.instancesOf(key)[0])]));
}

/** Namespaces imported for one patch, by the location that asked and the specifier. */
export class ImportedPackages {
  readonly #namespaces = new Map<string, Namespace>();

  /** Imports what the module's code needs from packages; tells what cannot be had. */
  async load(module: PatchModule, location: string): Promise<Diagnostic[]> {
    const problems: Diagnostic[] = [];
    for (const wanted of wantedOf(module)) {
      try {
        problems.push(...this.#add(wanted, location, (await import(resolveFrom(location, wanted.specifier))) as Namespace));
      } catch (error) {
        problems.push(unavailable(wanted, error));
      }
    }
    return problems;
  }

  /** The same at once. A package with top-level `await` cannot be had so. */
  require(module: PatchModule, location: string): Diagnostic[] {
    return wantedOf(module).flatMap((wanted) => {
      try {
        return this.#add(wanted, location, requireNamespace(resolveFrom(location, wanted.specifier)));
      } catch (error) {
        return [unavailable(wanted, error)];
      }
    });
  }

  #add({ module, specifier, imported }: Wanted, location: string, namespace: Namespace): Diagnostic[] {
    this.#namespaces.set(`${location}\n${specifier}`, namespace);
    this.#namespaces.set(specifier, namespace);
    return imported === "*" || imported in namespace ? [] : [diagnostic("HF2008", "refusal", { module, specifier, name: imported })];
  }

  namespaceOf(location: string, specifier: string): Namespace {
    const namespace = this.#namespaces.get(`${location}\n${specifier}`) ?? this.#namespaces.get(specifier);
    if (namespace === undefined) throw new ReferenceError(`package ${specifier} was not imported`);
    return namespace;
  }
}

interface Wanted {
  readonly module: string;
  readonly specifier: string;
  readonly imported: string;
}

function wantedOf({ key, bindings }: PatchModule): readonly Wanted[] {
  return bindings.imports.flatMap(({ from }) => (from.kind === "package" ? [{ module: key, specifier: from.specifier, imported: from.imported }] : []));
}

function unavailable({ module, specifier }: Wanted, error: unknown): Diagnostic {
  return diagnostic("HF2007", "refusal", { module, specifier, detail: error instanceof Error ? error.message : String(error) });
}

/** What `import()` of the URL would give, for what can be loaded at once. */
function requireNamespace(url: string): Namespace {
  const path = url.startsWith("file:") ? fileURLToPath(url) : url;
  const loaded: unknown = nodeModule.createRequire(import.meta.url)(path);
  if (types.isModuleNamespaceObject(loaded)) return loaded as Namespace;
  const members = typeof loaded === "object" || typeof loaded === "function" ? (loaded as Namespace | null) : null;
  return Object.freeze({ ...members, default: loaded });
}
