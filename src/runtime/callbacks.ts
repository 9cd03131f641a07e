/**
 * Callbacks of a patch's author, as in kernel live patching. Before the commit they may be asynchronous, and `prePatch`
 * may veto; after it nothing stops, an error is told. A patch that is replaced by another is not asked: only the new
 * one's callbacks run.
 */
import { isMainThread } from "node:worker_threads";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import type { CallbackName } from "../patch/payload.ts";
import { reach } from "./fault.ts";
import type { Graft } from "./graft.ts";
import { declareAdditions, initialiseAdditions, readAddition } from "./overlay.ts";

/** How long a callback may keep an operation waiting, in milliseconds. */
export const CALLBACK_LIMIT = 10_000;

/** The callbacks of one application of a patch: their variables live as long as that. */
export interface LiveCallbacks {
  readonly names: readonly CallbackName[];
  readonly oncePerProcess: boolean;
  readonly graft: Graft;
}

/** Evaluates the callbacks' file and asks `prePatch`. A diagnostic means no. */
export async function askPrePatch(callbacks: LiveCallbacks, limit: number): Promise<Diagnostic | undefined> {
  if (!runsHere(callbacks)) return undefined;
  const { instance, module } = callbacks.graft;
  try {
    declareAdditions(callbacks.graft, () => {});
    initialiseAdditions(instance, module);
  } catch (error) {
    return diagnostic("HF3023", "refusal", { file: module.file, detail: messageOf(error) });
  }
  const called = await callWithin(callbacks, "prePatch", limit);
  if (called === "late") return diagnostic("HF3021", "refusal", { limit });
  if ("error" in called) return diagnostic("HF3020", "refusal", { detail: messageOf(called.error) });
  return called.value === false ? diagnostic("HF3020", "refusal", { detail: "it returned false" }) : undefined;
}

/** Nothing keeps a patch from being rolled back: what goes wrong is told. */
export async function runPreUnpatch(callbacks: LiveCallbacks, limit: number): Promise<Diagnostic | undefined> {
  if (!runsHere(callbacks)) return undefined;
  const called = await callWithin(callbacks, "preUnpatch", limit);
  if (called === "late") return failed("preUnpatch", `it did not end within ${limit} ms`);
  return "error" in called ? failed("preUnpatch", messageOf(called.error)) : undefined;
}

/** After the commit, in the same synchronous step. */
export function runAfter(callbacks: LiveCallbacks, name: "postPatch" | "postUnpatch"): Diagnostic | undefined {
  if (!runsHere(callbacks)) return undefined;
  try {
    const result = call(callbacks, name);
    if (!(result instanceof Promise)) return undefined;
    result.catch(() => {});
    return failed(name, "it returned a promise, which nobody waits for");
  } catch (error) {
    return failed(name, messageOf(error));
  }
}

/** Asked while the patch waits for its confirmation. A detail means no. */
export async function askHealth(callbacks: LiveCallbacks, limit: number): Promise<string | undefined> {
  const called = await callWithin(callbacks, "healthy", limit);
  if (called === "late") return `it did not end within ${limit} ms`;
  if ("error" in called) return messageOf(called.error);
  return called.value === false ? "it returned false" : undefined;
}

function runsHere({ oncePerProcess }: LiveCallbacks): boolean {
  return isMainThread || !oncePerProcess;
}

function call({ names, graft }: LiveCallbacks, name: CallbackName): unknown {
  if (!names.includes(name)) return undefined;
  reach(`callback:${name}`);
  return (readAddition(graft.instance, name) as () => unknown)();
}

async function callWithin(callbacks: LiveCallbacks, name: CallbackName, limit: number): Promise<{ readonly value: unknown } | { readonly error: unknown } | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((done) => (timer = setTimeout(done, limit, "late")));
  try {
    return await Promise.race([Promise.resolve(call(callbacks, name)).then((value) => ({ value })), late]);
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

function failed(callback: CallbackName, detail: string): Diagnostic {
  return diagnostic("HF3022", "notice", { callback, detail });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
