/**
 * The scope object `$s` of patch code: an empty object; on its prototype a layer with what the patch
 * imports and adds; on the layer's prototype the host scope with the module's own bindings.
 *
 * Linking replaces the layer by one in which every binding that cannot change any more is a constant,
 * which V8 folds. A binding is linked only once it is initialised: until then it is reached through its
 * getter, so that the temporal dead zone is exactly the module's own.
 */
import type { PatchBindings, PatchImportSource, PatchModule } from "../patch/payload.ts";
import { scopeOf, type Host, type Instance } from "./host.ts";
import { constantAddition, readAddition, writeAddition } from "./overlay.ts";
import { privateBinding } from "./private-view.ts";

/** Name of the function that stands for `import()` in patch code. */
export const DYNAMIC_IMPORT = "import()";

/** What a scope needs to know beyond its module. */
export interface ScopeSurroundings {
  readonly host: Host;
  /** Namespace of a package that was imported while the patch was prepared. */
  readonly namespaceOf: (specifier: string) => Readonly<Record<string, unknown>>;
  /** True if the package's exports cannot change after its evaluation. */
  readonly isSettled: (specifier: string) => boolean;
  readonly dynamicImport: (specifier: string, options?: ImportCallOptions) => Promise<unknown>;
}

interface Binding {
  readonly name: string;
  /** Absent: the host scope has the accessor. */
  readonly accessor?: { readonly get: () => unknown; readonly set?: (value: unknown) => void };
  /** The value once it can be a constant; undefined or a throw means "not yet". Absent: never. */
  readonly constant?: () => unknown;
}

export class PatchScope {
  readonly object: object = new (class $S {})();
  readonly #instance: Instance;
  readonly #bindings: readonly Binding[];
  readonly #constants = new Map<string, unknown>();

  constructor(instance: Instance, module: PatchModule, surroundings: ScopeSurroundings) {
    this.#instance = instance;
    this.#bindings = [
      ...ownBindings(instance, module.bindings, surroundings),
      ...(module.bindings.privates ?? []).map((name) => privateBinding(instance, name)),
      ...module.bindings.imports.map(({ local, from }) => ({ name: local, ...importBinding(instance, from, surroundings) })),
      ...[...module.functions.filter((each) => each.origin === "added"), ...module.variables].map(({ name }) => additionBinding(instance, name)),
    ];
    this.#putLayer();
  }

  /** Makes constants of what is initialised by now. True when nothing is left to link. */
  link(): boolean {
    let waiting = 0;
    const found = this.#constants.size;
    for (const { name, constant } of this.#bindings) {
      if (constant === undefined || this.#constants.has(name)) continue;
      const value = attempt(constant);
      if (value === undefined) waiting++;
      else this.#constants.set(name, value);
    }
    if (this.#constants.size > found) this.#putLayer();
    return waiting === 0;
  }

  #putLayer(): void {
    const layer = Object.create(scopeOf(this.#instance)) as object;
    for (const { name, accessor } of this.#bindings) {
      if (this.#constants.has(name)) Object.defineProperty(layer, name, { value: this.#constants.get(name) });
      else if (accessor !== undefined) Object.defineProperty(layer, name, accessor);
    }
    Object.setPrototypeOf(this.object, layer);
  }
}

function ownBindings(instance: Instance, { fixed }: PatchBindings, surroundings: ScopeSurroundings): Binding[] {
  const host = scopeOf(instance);
  return fixed.map((name) => {
    if (name !== DYNAMIC_IMPORT || name in host) return { name, constant: () => host[name] };
    const { dynamicImport } = surroundings;
    return { name, accessor: { get: () => dynamicImport }, constant: () => dynamicImport };
  });
}

function additionBinding(instance: Instance, name: string): Binding {
  return {
    name,
    accessor: { get: () => readAddition(instance, name), set: (value) => writeAddition(instance, name, value) },
    constant: () => constantAddition(instance, name),
  };
}

function importBinding(instance: Instance, from: PatchImportSource, surroundings: ScopeSurroundings): Omit<Binding, "name"> {
  const { host, namespaceOf, isSettled } = surroundings;
  switch (from.kind) {
    case "host": {
      const get = (): unknown => scopeOf(loaded(host, instance, from.key))[from.name];
      return from.fixed ? { accessor: { get }, constant: get } : { accessor: { get } };
    }
    case "hostNamespace": {
      let namespace: object | undefined;
      const get = (): object => (namespace ??= hostNamespace(host, instance, from.exports));
      return { accessor: { get }, constant: get };
    }
    case "added": {
      const { key, name } = from;
      return {
        accessor: { get: () => readAddition(loaded(host, instance, key), name) },
        constant: () => constantAddition(loaded(host, instance, key), name),
      };
    }
    case "package": {
      const namespace = namespaceOf(from.specifier);
      if (from.imported === "*") return { accessor: { get: () => namespace }, constant: () => namespace };
      const get = (): unknown => namespace[from.imported];
      return isSettled(from.specifier) ? { accessor: { get }, constant: get } : { accessor: { get } };
    }
  }
}

/** Looks like the namespace object that `import * as` gives: sealed, live, without prototype. */
function hostNamespace(host: Host, instance: Instance, exports: Extract<PatchImportSource, { kind: "hostNamespace" }>["exports"]): object {
  const namespace = Object.create(null) as object;
  for (const [exported, { key, name, added }] of Object.entries(exports).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    Object.defineProperty(namespace, exported, { enumerable: true, get: () => (added ? readAddition(loaded(host, instance, key), name) : scopeOf(loaded(host, instance, key))[name]) });
  }
  Object.defineProperty(namespace, Symbol.toStringTag, { value: "Module" });
  return Object.preventExtensions(namespace);
}

function loaded(host: Host, peer: Instance, key: string): Instance {
  const partner = host.partnerOf(peer, key);
  if (partner === undefined) throw new ReferenceError(`module ${key} is not loaded in this thread`);
  return partner;
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined; // in its temporal dead zone
  }
}
