/** A patch as this thread holds it: prepared first, in place after its commit. */
import type { PatchFactory, PatchModule, PatchPayload } from "../patch/payload.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { LiveCallbacks } from "./callbacks.ts";
import { functionId, type Host, type Instance } from "./host.ts";
import type { Graft } from "./graft.ts";
import type { ImportedPackages } from "./packages.ts";

export interface CompiledModule {
  readonly module: PatchModule;
  readonly factory: PatchFactory;
}

export interface LivePatch {
  readonly id: string;
  readonly payload: PatchPayload;
  readonly packages: ImportedPackages;
  /** Every module of the patch, loaded or not. */
  readonly compiled: ReadonlyMap<string, CompiledModule>;
  /** What stands on which instance. Grows when a pending module is loaded. */
  readonly grafts: Map<Instance, Graft>;
  readonly callbacks: LiveCallbacks | undefined;
  /** Instances that came after the commit and do not fit: they run their own code. */
  readonly failed: Map<Instance, readonly Diagnostic[]>;
}

/** Keys of the patch's modules that this thread has not loaded. */
export function pendingKeys(host: Host, patch: LivePatch): string[] {
  return [...patch.compiled.values()].filter(({ module }) => module.origin === "host" && host.instancesOf(module.key).length === 0).map(({ module }) => module.key);
}

/** Ids of the patch's functions that stand on loaded modules. */
export function functionIds(patch: LivePatch): string[] {
  const ids = [...patch.grafts.values()].flatMap(({ module }) =>
    module.functions.map(({ name }) => functionId(module.key, name, patch.payload.package)),
  );
  return [...new Set(ids)];
}
