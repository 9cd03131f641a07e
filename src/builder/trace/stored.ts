/** What code puts into variables of the tree, beside their initialisers: `handlers.push(award)`. */
import { parseCall, type Call } from "../../analyze/calls/call.ts";
import type { TargetRecord } from "../../manifest/manifest.ts";
import type { SourceModule } from "../../transform/project.ts";
import type { CallNames, Named } from "./call-names.ts";

export interface Stored {
  readonly module: SourceModule;
  readonly call: Call;
  /** What put it there: `push`, `=`. */
  readonly method: string;
}

type Given = Extract<Call, { is: "given" }>;
type Place = Named & { readonly method: string };

/** By `key#name` of the variable. */
export function readStored(names: CallNames): ReadonlyMap<string, readonly Stored[]> {
  const found = new Map<string, Stored[]>();
  const known = new Map<string, readonly Place[]>();
  const handing = new Handing();
  for (const module of names.modules) {
    for (const { calls } of [...module.record.bindings, ...module.record.init, ...module.record.targets]) {
      for (const text of calls) {
        if (!text.startsWith("given ")) continue;
        const call = parseCall(text);
        if (call.is !== "given") continue;
        const from = `${module.key} ${call.to} ${call.at}`;
        const places = known.get(from) ?? [...placesOf(names, module, call, handing, new Set())];
        known.set(from, places);
        for (const { key, name, method } of places) {
          const id = `${key}#${name}`;
          const list = found.get(id);
          if (list) list.push({ module, call: call.call, method });
          else found.set(id, [{ module, call: call.call, method }]);
        }
      }
    }
  }
  return found;
}

/** Where what is given ends up, through functions that pass it on. @param seen what was come to: each is followed once, by whatever way */
function* placesOf(names: CallNames, module: SourceModule, { to, at }: Given, handing: Handing, seen: Set<string>): Generator<Place> {
  const meaning = names.resolve(module, to);
  if (meaning.is !== "own") return;
  for (const each of meaning.all) {
    const id = `${each.key}#${each.name} ${at} ${meaning.rest.join(".")}`;
    if (seen.has(id)) continue;
    seen.add(id);
    const target = names.targetOf(each);
    const owner = names.moduleOf(each.key);
    if (target === undefined && meaning.rest.length > 0 && names.bindingOf(each)) yield { ...each, method: meaning.rest.at(-1) ?? "" };
    if (target === undefined || owner === undefined) continue;
    for (const { parameter, given } of handing.of(target)) if (isParameter(parameter, at)) yield* placesOf(names, owner, given, handing, seen);
  }
}

/** What functions hand on of their parameters, read once. */
class Handing {
  readonly #known = new WeakMap<TargetRecord, readonly { readonly parameter: string; readonly given: Given }[]>();

  of(target: TargetRecord): readonly { readonly parameter: string; readonly given: Given }[] {
    const known = this.#known.get(target);
    if (known) return known;
    const found = target.calls.flatMap((text) => {
      const given = text.startsWith("given ") ? parseCall(text) : undefined;
      return given?.is === "given" && given.call.is === "call" && given.call.name.startsWith("#") ? [{ parameter: given.call.name, given }] : [];
    });
    this.#known.set(target, found);
    return found;
  }
}

/** `#1`, `#0+` */
export function isParameter(name: string, at: number): boolean {
  const index = name.startsWith("#") ? Number.parseInt(name.slice(1), 10) : -1;
  return index === at || (index >= 0 && name.endsWith("+") && index <= at);
}
