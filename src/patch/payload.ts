/**
 * The content of a patch file: what the builder writes and the runtime reads.
 * Everything in it is data except `code`, which is compiled in the host.
 */

/** Version of the payload's layout. A host refuses every other (HF2003). */
export const PAYLOAD_SCHEMA = 1;

/** Media type of the payload inside its DSSE envelope. */
export const PAYLOAD_TYPE = "application/vnd.ts-hotfix.patch+json";

export interface PatchPayload {
  readonly schema: typeof PAYLOAD_SCHEMA;
  /** Grows with every patch of one base build; orders patches in time. */
  readonly sequence: number;
  /** Name of the package the base build was made of. Ids of its own modules are shown without it. */
  readonly package: string;
  /** Builds this patch fits, each by the build id of its manifest. */
  readonly bases: readonly PatchBase[];
  /** Old code that goes on after the patch, which its builder accepted. */
  readonly live: readonly PatchLive[];
  /**
   * New modules first, in the order in which they are evaluated; then those of the host, sorted by key. A module
   * that the patch brings nothing for does not occur.
   */
  readonly modules: readonly PatchModule[];
  /** What the patch's author wants done before and after; null: nothing. */
  readonly callbacks: PatchCallbacks | null;
}

export type CallbackName = "prePatch" | "postPatch" | "preUnpatch" | "postUnpatch" | "healthy";

/** The file of callbacks. It is evaluated afresh whenever the patch is applied, before `prePatch` is asked. */
export interface PatchCallbacks {
  /** Which of them the file exports. */
  readonly names: readonly CallbackName[];
  /** They run on the main thread only. */
  readonly oncePerProcess: boolean;
  /** The file, as a new module. */
  readonly module: PatchModule;
}

export interface PatchBase {
  readonly build: string;
}

export interface PatchLive {
  /** Id of the function whose calls made the old code, or are running it: `src/shop.ts#onConnect`. */
  readonly target: string;
  /** Where its successor stands in the fixed source, from 1. */
  readonly line: number;
  /** Completes "… goes on with the old code: ". */
  readonly reason: string;
}

/** What a patch does to one module of the host, or a module that it brings. */
export interface PatchModule {
  /** Module key: package name, ":", path from the package root (`webapp:src/shop.ts`). */
  readonly key: string;
  /** `new`: the host lacks it; it has additions only and is evaluated at commit, once per thread. */
  readonly origin: "host" | "new";
  /** Fingerprint the host's module must have been registered with; of a new module, its own. */
  readonly fingerprint: string;
  /**
   * Of a new module: keys of all project modules that must have been evaluated before it, in order. Of a host
   * module: keys of the new modules it needs.
   */
  readonly loads: readonly string[];
  readonly functions: readonly PatchFunction[];
  readonly variables: readonly PatchVariable[];
  readonly bindings: PatchBindings;
  /** Name shown in stack traces, `src/shop.ts`; the host puts `hotfix:<patch>/` before it. */
  readonly file: string;
  /**
   * A script whose value is a {@link PatchFactory}. It reads no binding of the host while it is
   * compiled or run; only the functions it makes do, when they are called.
   */
  readonly code: string;
  /** Source map (version 3, JSON text) from `code` to the fixed source. */
  readonly map: string;
}

export interface PatchFunction {
  /** Name of the target in its module; `default` for an anonymous default export. */
  readonly name: string;
  /** Key of the target's slot in the patch table. */
  readonly slot: string;
  /** `replaced`: the host has it. `added`: the patch brings it, it lives in the overlay. */
  readonly origin: "replaced" | "added";
  /** Hash of the function's meaning; equal hashes of additions mean the overlay's entry is used. */
  readonly hash: string;
  /**
   * What the function has before its body runs, and calls of it see: kind, parameters, defaults. An
   * addition keeps the function object, and with it the guard, of the patch that brought it first, so
   * its shape cannot change until the host restarts (HF2006).
   */
  readonly shape: string;
}

/** A variable, class or enum the patch adds to the module, or a statement of a new module. Lives in the overlay. */
export interface PatchVariable {
  /** `#1`, `#2` … of statements; `default` of what `export default` evaluates. */
  readonly name: string;
  /** False for `const`, classes and enums: assignments throw as they would in the module. */
  readonly mutable: boolean;
  /**
   * The patch's own copy of a constant of the host that has another value. Nobody can tell one such object from another:
   * a patch with another hash brings another.
   */
  readonly copy: boolean;
  readonly hash: string;
}

/** What the patch code reaches through its scope object, by name. No name occurs twice. */
export interface PatchBindings {
  /** The host module's own bindings that never change once initialised. Read once, then constants. */
  readonly fixed: readonly string[];
  /** The host module's own bindings that may change. Read and written in the host, always. */
  readonly live: readonly string[];
  /** Classes of the host module whose private names the code uses, through `$s["Purse.#"]`; absent where there are none. */
  readonly privates?: readonly string[];
  /** Bindings the patch imports and the host module does not. */
  readonly imports: readonly PatchImport[];
}

export interface PatchImport {
  /** Name in the patch code. */
  readonly local: string;
  readonly from: PatchImportSource;
}

export type PatchImportSource =
  /** A binding of another host module, by its name there. */
  | { readonly kind: "host"; readonly key: string; readonly name: string; readonly fixed: boolean }
  /** All exports of another host module: exported name → where the binding stands, in the host or among the additions. */
  | { readonly kind: "hostNamespace"; readonly exports: Readonly<Record<string, NamespaceEntry>> }
  /** An addition of this patch to another module. */
  | { readonly kind: "added"; readonly key: string; readonly name: string }
  /** A package, resolved from where the host module is. `imported` is `*` for the namespace. */
  | { readonly kind: "package"; readonly specifier: string; readonly imported: string };

export interface NamespaceEntry {
  readonly key: string;
  readonly name: string;
  /** An addition of this patch. */
  readonly added: boolean;
}

/**
 * Value of {@link PatchModule.code}.
 *
 * @param $t the patch's own table for this module: slots of newer patches stand on its prototype
 * @param $s the scope object: every host binding, import and addition the code names
 */
export type PatchFactory = ($t: object, $s: object) => PatchProduct;

export interface PatchProduct {
  /** Slot → function, for every {@link PatchModule.functions}. */
  readonly functions: Readonly<Record<string, Function>>;
  /** Name → initialiser, for every {@link PatchModule.variables}. */
  readonly variables: Readonly<Record<string, () => unknown>>;
}
