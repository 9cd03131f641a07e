/** What emitted modules import: `ts-hotfix/module`. Loads nothing but what registering takes. */
import type { ModuleHandle, PatchTable, ScopeAccessor } from "./registration.ts";
import { threadRuntime } from "./thread.ts";

export type { InitSegment, ModuleHandle, PatchTable, Register, ScopeAccessor } from "./registration.ts";

/** Called by emitted code as a module's first statement; not meant for people. */
export function register(key: string, fingerprint: string, table: PatchTable, scope: ScopeAccessor, targets?: number): ModuleHandle {
  return threadRuntime().register(key, fingerprint, table, scope, targets);
}
