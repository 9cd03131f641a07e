/** Turns the code of a patch into its factory. */
import { Script } from "node:vm";
import type { PatchFactory, PatchModule } from "../patch/payload.ts";

/** File name of patch code in stack traces. */
export function codeName(patchId: string, module: PatchModule): string {
  return `hotfix:${patchId.slice(0, 12)}/${module.file}`;
}

/** Compiles and evaluates the script; its factory is not called. Throws what V8 throws. */
export function compileModule(patchId: string, module: PatchModule): PatchFactory {
  const filename = codeName(patchId, module);
  const factory: unknown = new Script(`${module.code}${mapComment(module.map)}`, { filename }).runInThisContext();
  if (typeof factory !== "function") throw new TypeError(`the script's value is no function but ${typeof factory}`);
  if (process.sourceMapsEnabled) announceMap(filename, module.map);
  return factory as PatchFactory;
}

/**
 * The factory for a module that another realm has evaluated: a context of `node:vm`, as test runners make them. Patch code
 * must find that realm's globals, and make its arrays and errors. The own realm's factory for all others.
 */
export function factoryFor(accessor: Function, module: PatchModule, own: PatchFactory): PatchFactory {
  const prototype = Object.getPrototypeOf(accessor) as Function;
  if (prototype === Function.prototype) return own;
  const evaluate = (prototype.constructor as FunctionConstructor)("return eval")() as (code: string) => unknown;
  return evaluate(`${module.code}\n//# sourceURL=hotfix:${module.file}`) as PatchFactory;
}

/** Tells debuggers, also those that come later, where the code comes from. Behind the code's last line. */
function mapComment(map: string): string {
  return map === "" ? "" : `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map, "utf8").toString("base64")}`;
}

/**
 * Node takes no source map from a `vm.Script`, only from modules and from generated functions that name
 * their source. So an empty generated function with the script's name carries the map. Node never forgets
 * such a map; it is given one only when source maps are switched on.
 */
function announceMap(filename: string, map: string): void {
  if (map === "") return;
  try {
    new Function(`${mapComment(map)}\n//# sourceURL=${filename}`);
  } catch {
    // generating code from strings may be forbidden; then stack traces show the patch's own lines
  }
}
