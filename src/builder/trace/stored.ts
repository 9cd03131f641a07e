/** What code puts into variables of the tree, beside their initialisers: `handlers.push(award)`. */
import { parseCall, type Call } from "../../analyze/calls/call.ts";
import type { CallNames } from "./call-names.ts";
import type { WorldModule } from "../world/module.ts";
import type { TargetOutline } from "../world/outline.ts";

export interface Stored {
  readonly module: WorldModule;
  readonly call: Call;
  /** What put it there: `push`, `=`. */
  readonly method: string;
}

type Given = Extract<Call, { is: "given" }>;

/** A variable that is given something, and the method that takes it. */
interface Place {
  readonly id: string;
  readonly method: string;
}

/** By `key#name` of the variable. */
export function readStored(names: CallNames): ReadonlyMap<string, readonly Stored[]> {
  const found = new Map<string, Stored[]>();
  const ways = new Ways(names);
  const given: { readonly module: WorldModule; readonly call: Given; readonly way: Way }[] = [];
  for (const module of names.modules) {
    for (const { calls } of [...module.outline.bindings, ...module.outline.init, ...module.outline.targets]) {
      for (const text of calls) {
        if (!text.startsWith("given ")) continue;
        const call = parseCall(text);
        if (call.is === "given") given.push({ module, call, way: ways.of(module, call) });
      }
    }
  }
  ways.lead();
  for (const { module, call, way } of given) {
    for (const { id, method } of way.places.values()) {
      const list = found.get(id);
      if (list) list.push({ module, call: call.call, method });
      else found.set(id, [{ module, call: call.call, method }]);
    }
  }
  return found;
}

/** To a function or method, as its n-th argument. */
interface Way {
  readonly module: WorldModule;
  readonly given: Given;
  /** Where what goes this way ends up; complete after {@link Ways.lead}. */
  readonly places: Map<string, Place>;
  /** Ways that go on by this one. */
  readonly before: Way[];
}

/** Where what is given ends up, through functions that pass it on: all ways at once, backwards from the variables. */
class Ways {
  readonly #names: CallNames;
  readonly #ways = new Map<string, Way>();
  readonly #handing = new Handing();

  constructor(names: CallNames) {
    this.#names = names;
  }

  of(module: WorldModule, given: Given): Way {
    const id = `${module.key} ${given.to} ${given.at}`;
    const known = this.#ways.get(id);
    if (known) return known;
    const way: Way = { module, given, places: new Map(), before: [] };
    this.#ways.set(id, way);
    return way;
  }

  lead(): void {
    // Grows while it is gone through: each way brings those by which it goes on.
    for (const way of this.#ways.values()) this.#goOn(way);
    for (const way of this.#ways.values()) {
      for (const [id, place] of way.places) {
        const open = [...way.before];
        for (let next = open.pop(); next; next = open.pop()) {
          if (next.places.has(id)) continue;
          next.places.set(id, place);
          open.push(...next.before);
        }
      }
    }
  }

  #goOn(way: Way): void {
    const meaning = this.#names.resolve(way.module, way.given.to);
    if (meaning.is !== "own") return;
    for (const each of meaning.all) {
      const target = this.#names.targetOf(each);
      const owner = this.#names.moduleOf(each.key);
      if (target === undefined) {
        const method = meaning.rest.at(-1);
        if (method !== undefined && this.#names.bindingOf(each)) way.places.set(`${each.key}#${each.name} ${method}`, { id: `${each.key}#${each.name}`, method });
      } else if (owner) {
        for (const { parameter, given } of this.#handing.of(target)) if (isParameter(parameter, way.given.at)) this.of(owner, given).before.push(way);
      }
    }
  }
}

/** What functions hand on of their parameters, read once. */
class Handing {
  readonly #known = new WeakMap<TargetOutline, readonly { readonly parameter: string; readonly given: Given }[]>();

  of(target: TargetOutline): readonly { readonly parameter: string; readonly given: Given }[] {
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
