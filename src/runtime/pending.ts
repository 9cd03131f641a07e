/** Modules of the active patch that are loaded after its commit, and what waits for a module to have run. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { EvaluationError, neededModules, severalInstances } from "./brought.ts";
import { commitArrival } from "./commit.ts";
import { instanceMisfits, moduleMisfits } from "./fit.ts";
import { brokenCode, createGraft, showSignatures, type Graft } from "./graft.ts";
import type { Host, Instance } from "./host.ts";
import type { LivePatch } from "./live-patch.ts";

/** Turns of the event loop in which linking is tried again by itself; after that with each operation. */
const MOST_TURNS = 5;

/**
 * Patches an instance that was registered just now, before any of its statements has run. What does not
 * fit is recorded in `failed`; nothing is thrown into the program.
 */
export function graftArrival(host: Host, patch: LivePatch, instance: Instance): readonly Diagnostic[] {
  const compiled = patch.compiled.get(instance.key);
  if (compiled === undefined) return [];
  const diagnostics = tryGraft(host, patch, instance, compiled);
  if (diagnostics.length > 0) patch.failed.set(instance, diagnostics);
  return diagnostics;
}

function tryGraft(host: Host, patch: LivePatch, instance: Instance, { module, factory }: NonNullable<ReturnType<LivePatch["compiled"]["get"]>>): readonly Diagnostic[] {
  try {
    const brought = neededModules(patch.payload.modules, [module]).filter(({ key }) => !isInPlace(host, patch, key));
    const misfits = [...severalInstances(host, module), ...moduleMisfits(host, brought), ...instanceMisfits(host, instance, module, false)];
    if (misfits.length > 0) return misfits;
    const grafts: Graft[] = [];
    for (const each of [...brought, module]) {
      const at = each === module ? instance : host.bring(each.key, each.fingerprint);
      const grafting = createGraft(host, at, each, patch.compiled.get(each.key)?.factory ?? factory, patch.packages);
      if (!grafting.ok) return grafting.diagnostics;
      grafts.push(grafting.graft);
    }
    const own = grafts.pop();
    if (own !== undefined) commitArrival(own, grafts);
    for (const graft of own === undefined ? [] : [...grafts, own]) patch.grafts.set(graft.instance, graft);
    return [];
  } catch (error) {
    if (error instanceof EvaluationError) return [diagnostic("HF3028", "refusal", { module: error.module, detail: error.message })];
    return [brokenCode(module, error)];
  }
}

function isInPlace(host: Host, patch: LivePatch, key: string): boolean {
  const instance = host.brought.get(key);
  return instance !== undefined && patch.grafts.has(instance);
}

/** Links scopes and shows signatures once the host's bindings are initialised. */
export class Settling {
  #waiting = new Set<Graft>();
  #turns = 0;
  #scheduled = false;

  /** Grafts that are in place. Modules among them may not have run yet. */
  add(grafts: Iterable<Graft>): void {
    for (const graft of grafts) this.#waiting.add(graft);
    this.#turns = 0;
  }

  drop(graft: Graft): void {
    this.#waiting.delete(graft);
  }

  /** Forgets what waits: the patch is no longer active. */
  clear(): void {
    this.#waiting.clear();
  }

  /** Settles what can be settled now, and tries the rest again in later turns of the event loop. */
  settle(): void {
    for (const graft of this.#waiting) {
      const linked = graft.scope.link();
      if (showSignatures(graft, () => {}) && linked) this.#waiting.delete(graft);
    }
    if (this.#waiting.size > 0) this.schedule();
  }

  /** Settles in the next turn, when the modules that are being loaded have run. */
  schedule(): void {
    if (this.#scheduled || this.#turns++ >= MOST_TURNS) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.settle();
    }).unref();
  }
}
