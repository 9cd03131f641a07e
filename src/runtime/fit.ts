/** Whether a patch's module fits an instance of the host's. Asks the host scope for names only, never for values. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import type { PatchModule, PatchPayload } from "../patch/payload.ts";
import { broughtMisfits, neededModules, severalInstances } from "./brought.ts";
import { packageOf, scopeOf, type Host, type Instance } from "./host.ts";
import { changedAdditions } from "./overlay.ts";
import { DYNAMIC_IMPORT } from "./scope.ts";

/** Name of an anonymous default export; no scope has it. */
const ANONYMOUS_DEFAULT = "default";

/** Everything that keeps the patch from this host, over all loaded modules. */
export function misfits(host: Host, payload: PatchPayload): Diagnostic[] {
  const foreign = foreignProgram(host, payload);
  if (foreign !== undefined) return [foreign];
  const present = payload.modules.filter(({ key, origin }) => origin === "host" && host.instancesOf(key).length > 0);
  return [
    ...moduleMisfits(host, neededModules(payload.modules, present)),
    ...present.flatMap((module) => [...severalInstances(host, module), ...host.instancesOf(module.key).flatMap((instance) => instanceMisfits(host, instance, module, true))]),
  ];
}

/** Everything that keeps new modules from this thread. */
export function moduleMisfits(host: Host, modules: readonly PatchModule[]): Diagnostic[] {
  const instances = modules.map((module) => ({ module, instance: host.bring(module.key, module.fingerprint) }));
  return instances.flatMap(({ module, instance }) => {
    const own = broughtMisfits(host, module);
    return own.length > 0 ? own : instanceMisfits(host, instance, module, true);
  });
}

/**
 * Everything that keeps the module from this instance.
 *
 * @param complete whether host modules that the patch imports must be loaded by now
 */
export function instanceMisfits(host: Host, instance: Instance, module: PatchModule, complete: boolean): Diagnostic[] {
  // An overlay outlives the text of a new module that it began with.
  if (module.origin === "host" && instance.fingerprint !== module.fingerprint) {
    return [diagnostic("HF2004", "refusal", { module: module.key, host: instance.fingerprint, patch: module.fingerprint })];
  }
  return [
    ...missingNames(instance, ownNames(module)),
    ...importMisfits(host, instance, module, complete),
    ...changedAdditions(instance, module).map((name) => diagnostic("HF2006", "refusal", { module: module.key, name })),
  ];
}

function ownNames({ bindings, functions }: PatchModule): string[] {
  const targets = functions.filter(({ origin }) => origin === "replaced").map(({ name }) => name.split("/")[0] ?? "").filter((name) => name !== ANONYMOUS_DEFAULT);
  return [...new Set([...bindings.fixed.filter((name) => name !== DYNAMIC_IMPORT), ...bindings.live, ...(bindings.privates ?? []), ...targets])];
}

function missingNames(instance: Instance, names: readonly string[]): Diagnostic[] {
  const scope = scopeOf(instance);
  return names.filter((name) => !(name in scope)).map((name) => diagnostic("HF2005", "refusal", { module: instance.key, name }));
}

function importMisfits(host: Host, instance: Instance, module: PatchModule, complete: boolean): Diagnostic[] {
  const wanted = module.bindings.imports.flatMap(({ from }): readonly { readonly key: string; readonly name: string; readonly added: boolean }[] => {
    if (from.kind === "host" || from.kind === "added") return [{ ...from, added: from.kind === "added" }];
    return from.kind === "hostNamespace" ? Object.values(from.exports) : [];
  });
  return wanted.flatMap(({ key, name, added }) => {
    const partner = host.partnerOf(instance, key);
    if (partner !== undefined) return added ? [] : missingNames(partner, [name]);
    return complete ? [diagnostic("HF2011", "refusal", { module: module.key, other: key })] : [];
  });
}

/** Why the program that runs here is none that the patch is for. */
export function foreignProgram(host: Host, payload: PatchPayload): Diagnostic | undefined {
  if (host.modules.size === 0) return undefined; // at boot nothing is loaded yet
  const packages = new Set([...host.modules.keys()].map(packageOf));
  if (packages.has(payload.package) || payload.modules.some(({ key }) => packages.has(packageOf(key)))) return undefined;
  return diagnostic("HF2012", "refusal", { package: payload.package, host: [...packages].toSorted().join(", ") });
}
