/** Everything that can be done before the commit. Touches no slot and reads no binding of the host. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import type { PatchCallbacks, PatchModule, PatchPayload } from "../patch/payload.ts";
import { atOnce, type Steps } from "../patch/steps.ts";
import { inTurns } from "./breath.ts";
import { neededModules } from "./brought.ts";
import type { LiveCallbacks } from "./callbacks.ts";
import { compileModule } from "./compile.ts";
import { reach } from "./fault.ts";
import { instanceMisfits, misfits } from "./fit.ts";
import { brokenCode, createGraft, type Graft } from "./graft.ts";
import { unregistered, type Host, type Instance } from "./host.ts";
import type { CompiledModule, LivePatch } from "./live-patch.ts";
import { ImportedPackages, nearestLocation, needsPackages } from "./packages.ts";

export type Preparation =
  | { readonly ok: true; readonly live: LivePatch }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** One pass. It is void if the host's version is another at its end than at its beginning. */
export async function preparePatch(host: Host, id: string, payload: PatchPayload): Promise<Preparation> {
  const { version } = host;
  const packages = new ImportedPackages();
  reach("prepare:fit");
  const diagnostics = misfits(host, payload);
  if (diagnostics.length > 0) return { ok: false, diagnostics };

  reach("prepare:import");
  const unavailable = await importPackages(host, payload, packages);
  if (unavailable.length > 0 || host.version !== version) return { ok: false, diagnostics: unavailable };

  const steps = prepareCode(host, id, payload, packages);
  // the commit is a piece of work of its own
  return await inTurns(steps);
}

/** The same at once, before any module of the program is there. @param locations see `packageLocations` */
export function preparePatchNow(host: Host, id: string, payload: PatchPayload, locations: Readonly<Record<string, string>>): Preparation {
  const packages = new ImportedPackages();
  const unavailable = payload.modules.flatMap((module) => packages.require(module, locations[module.key] ?? nearestLocation(host, module.key)));
  // after that: packages may be made of modules that register themselves
  const diagnostics = [...misfits(host, payload), ...unavailable];
  return diagnostics.length > 0 ? { ok: false, diagnostics } : atOnce(prepareCode(host, id, payload, packages));
}

async function importPackages(host: Host, payload: PatchPayload, packages: ImportedPackages): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  for (const module of [...payload.modules, ...(payload.callbacks === null ? [] : [payload.callbacks.module])]) {
    if (!needsPackages(module)) continue;
    const instances: readonly (Instance | undefined)[] = host.instancesOf(module.key);
    const locations = new Set((instances.length > 0 ? instances : [undefined]).map((instance) => nearestLocation(host, module.key, instance)));
    for (const location of locations) diagnostics.push(...(await packages.load(module, location)));
  }
  return diagnostics;
}

/** In small steps: the program may run between them. */
function* prepareCode(host: Host, id: string, payload: PatchPayload, packages: ImportedPackages): Steps<Preparation> {
  const diagnostics: Diagnostic[] = [];
  const compiled = new Map<string, CompiledModule>();
  const grafts = new Map<Instance, Graft>();
  const needed = new Set(neededModules(payload.modules, payload.modules.filter(({ key, origin }) => origin === "host" && host.instancesOf(key).length > 0)));
  for (const module of payload.modules) {
    const result = compile(id, module);
    if ("code" in result) {
      diagnostics.push(result);
      continue;
    }
    compiled.set(module.key, result);
    yield;
    for (const instance of instancesFor(host, module, needed)) {
      reach("prepare:graft");
      const grafting = createGraft(host, instance, module, result.factory, packages);
      if (grafting.ok) grafts.set(instance, grafting.graft);
      else diagnostics.push(...grafting.diagnostics);
      yield;
    }
  }
  const callbacks = payload.callbacks === null ? undefined : prepareCallbacks(host, id, payload.callbacks, packages);
  if (callbacks !== undefined && !callbacks.ok) diagnostics.push(...callbacks.diagnostics);
  if (diagnostics.length > 0 || callbacks?.ok === false) return { ok: false, diagnostics };
  return { ok: true, live: { id, payload, packages, compiled, grafts, callbacks: callbacks?.live, failed: new Map<Instance, readonly Diagnostic[]>() } };
}

type Callbacks = { readonly ok: true; readonly live: LiveCallbacks } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

function prepareCallbacks(host: Host, id: string, { names, oncePerProcess, module }: PatchCallbacks, packages: ImportedPackages): Callbacks {
  const instance = unregistered(module.key, module.fingerprint);
  const diagnostics = instanceMisfits(host, instance, module, true);
  const keys = new Set(module.bindings.imports.flatMap(({ from }) => (from.kind === "host" ? [from.key] : from.kind === "hostNamespace" ? Object.values(from.exports).map(({ key }) => key) : [])));
  for (const key of keys) {
    const count = host.instancesOf(key).length;
    if (count > 1) diagnostics.push(diagnostic("HF3024", "refusal", { module: key, count }));
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const result = compile(id, module);
  if ("code" in result) return { ok: false, diagnostics: [result] };
  const grafting = createGraft(host, instance, module, result.factory, packages);
  return grafting.ok ? { ok: true, live: { names, oncePerProcess, graft: grafting.graft } } : grafting;
}

function instancesFor(host: Host, module: PatchModule, needed: ReadonlySet<PatchModule>): readonly Instance[] {
  if (module.origin === "host") return host.instancesOf(module.key);
  return needed.has(module) ? [host.bring(module.key, module.fingerprint)] : [];
}

function compile(id: string, module: PatchModule): CompiledModule | Diagnostic {
  reach("prepare:compile");
  try {
    return { module, factory: compileModule(id, module) };
  } catch (error) {
    return brokenCode(module, error);
  }
}
