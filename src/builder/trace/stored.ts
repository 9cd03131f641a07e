/** What code puts into variables of the tree, beside their initialisers: `handlers.push(award)`. */
import { parseCall, type Call } from "../../analyze/calls/call.ts";
import type { SourceModule } from "../../transform/project.ts";
import type { CallNames, Named } from "./call-names.ts";

export interface Stored {
  readonly module: SourceModule;
  readonly call: Call;
  /** What put it there: `push`, `=`. */
  readonly method: string;
}

type Given = Extract<Call, { is: "given" }>;

/** By `key#name` of the variable. */
export function readStored(names: CallNames): ReadonlyMap<string, readonly Stored[]> {
  const found = new Map<string, Stored[]>();
  for (const module of names.modules) {
    for (const { calls } of [...module.record.bindings, ...module.record.init, ...module.record.targets]) {
      for (const text of calls) {
        if (!text.startsWith("given ")) continue;
        const call = parseCall(text);
        if (call.is !== "given") continue;
        for (const { key, name, method } of placesOf(names, module, call, new Set())) {
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

/** Where what is given ends up, through functions that pass it on. */
function placesOf(names: CallNames, module: SourceModule, { to, at }: Given, seen: ReadonlySet<string>): readonly (Named & { readonly method: string })[] {
  const meaning = names.resolve(module, to);
  if (meaning.is !== "own") return [];
  return meaning.all.flatMap((each) => {
    const id = `${each.key}#${each.name} ${at}`;
    const target = names.targetOf(each);
    const owner = names.moduleOf(each.key);
    if (target === undefined) return meaning.rest.length > 0 && names.bindingOf(each) ? [{ ...each, method: meaning.rest.at(-1) ?? "" }] : [];
    if (owner === undefined || seen.has(id)) return [];
    return target.calls.flatMap((text) => {
      const call = parseCall(text);
      if (call.is !== "given" || call.call.is !== "call" || !isParameter(call.call.name, at)) return [];
      return placesOf(names, owner, call, new Set([...seen, id]));
    });
  });
}

/** `#1`, `#0+` */
export function isParameter(name: string, at: number): boolean {
  const index = name.startsWith("#") ? Number.parseInt(name.slice(1), 10) : -1;
  return index === at || (index >= 0 && name.endsWith("+") && index <= at);
}
