/** The modules of the program as this thread has evaluated them. */
import type { Addition } from "./overlay.ts";
import type { ModuleHandle, PatchTable, PrivateAccessors, ScopeAccessor } from "./registration.ts";
import type { InitEntries } from "./init.ts";

/** One evaluation of a module. Lives as long as the thread. */
export interface Instance {
  readonly key: string;
  readonly fingerprint: string;
  readonly table: PatchTable;
  readonly accessor: ScopeAccessor;
  /** How many functions of it can be patched; undefined if it does not say. */
  readonly targets: number | undefined;
  /** Which evaluation of its key this is, from 0. Instances of one ordinal belong together. */
  readonly ordinal: number;
  /** Init segments that have been run. */
  segmentsRun: number;
  /** The host scope; made at first need, then kept: the accessor is called at most once. */
  scope: Readonly<Record<string, unknown>> | undefined;
  /** What patches have added to the module, by name. Never shrinks, except by an undone commit. */
  overlay: Map<string, Addition> | undefined;
  /** Of its classes, by name; see `private-view.ts`. */
  privates: Map<string, PrivateAccessors> | undefined;
}

export class Host {
  readonly modules: Map<string, Instance[]> = new Map<string, Instance[]>();
  /** Grows with every registration: what was prepared for an older version is not complete. */
  version = 0;
  /** Told of every instance before `register` returns. Must not throw into the program. */
  arrived: ((instance: Instance) => void) | undefined;
  /** Told when a class or literal with lifted functions has been evaluated. Must not throw into the program. */
  made: ((instance: Instance, name: string) => void) | undefined;
  /** Modules that patches brought, by key. One each: they are evaluated once per thread. Never shrinks. */
  readonly brought: Map<string, Instance> = new Map<string, Instance>();
  /** Where modules that are not loaded yet were in an earlier process, by key. */
  foretold: Readonly<Record<string, string>> = {};
  readonly #init: InitEntries;

  constructor(init: InitEntries) {
    this.#init = init;
  }

  register(key: string, fingerprint: string, table: PatchTable, accessor: ScopeAccessor, targets?: number): ModuleHandle {
    let siblings = this.modules.get(key);
    if (siblings === undefined) this.modules.set(key, (siblings = []));
    const instance: Instance = {
      key, fingerprint, table, accessor, targets, ordinal: siblings.length, segmentsRun: 0, scope: undefined, overlay: undefined, privates: undefined,
    };
    siblings.push(instance);
    this.version++;
    this.arrived?.(instance);
    return this.#init.handleOf(instance, (name) => this.made?.(instance, name));
  }

  instancesOf(key: string): readonly Instance[] {
    return this.modules.get(key) ?? [];
  }

  /** The instance of `key` that belongs to `peer`: evaluated equally often, or else the first; a patch's own module last. */
  partnerOf(peer: Instance, key: string): Instance | undefined {
    const candidates = this.instancesOf(key);
    return candidates[peer.ordinal] ?? candidates[0] ?? this.brought.get(key);
  }

  /** What stands for a module that a patch brings. */
  bring(key: string, fingerprint: string): Instance {
    let instance = this.brought.get(key);
    if (instance === undefined) {
      instance = unregistered(key, fingerprint);
      this.brought.set(key, instance);
    }
    return instance;
  }
}

/** An instance that no emitted code has registered: it has no bindings but those of its overlay. */
export function unregistered(key: string, fingerprint: string): Instance {
  const scope = Object.freeze(Object.create(null) as Record<string, unknown>);
  return { key, fingerprint, table: {}, accessor: () => scope, targets: undefined, ordinal: 0, segmentsRun: 0, scope, overlay: undefined, privates: undefined };
}

/** The host scope of an instance: getters and setters for its top-level bindings. */
export function scopeOf(instance: Instance): Readonly<Record<string, unknown>> {
  return (instance.scope ??= instance.accessor());
}

/** Where the instance was loaded from; what it imports is resolved from here. */
export function locationOf(instance: Instance): string | undefined {
  const scope = scopeOf(instance);
  for (const name of ["import.meta.url", "__filename"]) {
    const location = name in scope ? scope[name] : undefined;
    if (typeof location === "string") return location;
  }
  return undefined;
}

/** The package part of a module key, `webapp` of `webapp:src/shop.ts`. */
export function packageOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(":")));
}

/** How a function is shown: `src/shop.ts#award`, with the package in front if it is not `home`. */
export function functionId(key: string, name: string, home: string): string {
  return `${packageOf(key) === home ? key.slice(home.length + 1) : key}#${name}`;
}
