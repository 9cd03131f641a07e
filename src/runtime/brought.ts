/**
 * Modules that a patch brings. Each is evaluated once per thread, when the first host module that needs it is patched:
 * at commit, or when that module is registered. Until then it waits.
 */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import type { PatchModule } from "../patch/payload.ts";
import type { Host } from "./host.ts";

/** The error of a new module's own code, with the module's key. */
export class EvaluationError extends Error {
  readonly module: string;

  constructor(module: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.module = module;
  }
}

/** The new modules that the modules need, all that those need included; in the order in which they are evaluated. */
export function neededModules(all: Iterable<PatchModule>, by: readonly PatchModule[]): readonly PatchModule[] {
  const brought = new Map([...all].filter(({ origin }) => origin === "new").map((module) => [module.key, module]));
  const needed = new Set<string>();
  const follow = ({ loads }: PatchModule): void => {
    for (const key of loads) {
      const module = brought.get(key);
      if (module === undefined || needed.has(key)) continue;
      needed.add(key);
      follow(module);
    }
  };
  by.forEach(follow);
  return [...brought.values()].filter(({ key }) => needed.has(key));
}

/** What keeps a new module from this thread, beside what keeps any module from its instance. */
export function broughtMisfits(host: Host, module: PatchModule): readonly Diagnostic[] {
  const [registered] = host.instancesOf(module.key);
  if (registered !== undefined) return [diagnostic("HF2004", "refusal", { module: module.key, host: registered.fingerprint, patch: module.fingerprint })];
  return module.loads
    .filter((key) => host.instancesOf(key).length === 0 && !host.brought.has(key))
    .map((other) => diagnostic("HF2011", "refusal", { module: module.key, other }));
}

/** One new module cannot belong to two evaluations of a host module, each with state of its own. */
export function severalInstances(host: Host, module: PatchModule): readonly Diagnostic[] {
  const count = host.instancesOf(module.key).length;
  return count > 1 && module.loads.length > 0 ? [diagnostic("HF3029", "refusal", { module: module.key, count })] : [];
}
