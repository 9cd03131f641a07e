/** Verify: a patch that would not compile, or lacks what it promises, is our bug and must not leave the builder. */
import vm from "node:vm";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { PatchFactory, PatchPayload } from "../patch/payload.ts";

/** @throws HotfixError HF9001 */
export function verify(payload: PatchPayload): void {
  for (const module of [...payload.modules, ...(payload.callbacks === null ? [] : [payload.callbacks.module])]) {
    try {
      const factory = new vm.Script(module.code, { filename: module.file }).runInThisContext() as PatchFactory;
      // A scope that fails on any use: making the functions must not read the host.
      const scope = new Proxy({}, { get: (_, name) => fail(module.key, `reads ${String(name)} before it is called`) });
      const product = factory({}, scope);
      for (const each of module.functions) if (typeof product.functions[each.slot] !== "function") fail(module.key, `lacks ${each.name}`);
      for (const each of module.variables) if (typeof product.variables[each.name] !== "function") fail(module.key, `lacks ${each.name}`);
    } catch (error) {
      if (error instanceof HotfixError) throw error;
      fail(module.key, (error as Error).message);
    }
  }
}

function fail(key: string, detail: string): never {
  throw new HotfixError(diagnostic("HF9001", "error", { detail: `the patch code of ${key} ${detail}` }));
}
