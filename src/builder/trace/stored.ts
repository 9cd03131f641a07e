/** What code puts into variables of the tree, beside their initialisers: `handlers.push(award)`. */
import { ANYTHING, ASSIGNED, parameterOf, takes, type Call, type Given, type Path, type Root } from "../../analyze/calls/call.ts";
import { FILLING, QUIET } from "../../analyze/calls/callees.ts";
import type { CallNames, Thing } from "./call-names.ts";
import type { WorldModule } from "../world/module.ts";
import type { BindingOutline } from "../world/outline.ts";

export interface Stored {
  readonly module: WorldModule;
  readonly call: Call;
  /** What put it there: `push`, `=`. */
  readonly method: string;
}

/** A variable that is given something, and the method that takes it. */
export interface Place {
  readonly thing: Thing;
  readonly method: string;
}

/** To a function or method, as its n-th argument. */
interface Way {
  readonly module: WorldModule;
  readonly to: Path;
  readonly at: number;
  /** Where what goes this way ends up, by variable and method; complete after {@link Ways.lead}. */
  readonly places: Map<string, Place>;
  /** Ways that go on by this one. */
  readonly before: Way[];
}

/** Where what is given ends up, through functions that pass it on: all ways at once, backwards from the variables. */
export class Ways {
  readonly #names: CallNames;
  readonly #ways = new Map<Path, Way[]>();
  readonly #all: Way[] = [];
  /** How many of them have been gone on from. */
  #followed = 0;
  readonly #handing = new Map<Thing, readonly { readonly parameter: Extract<Root, { is: "parameter" }>; readonly given: Given }[]>();

  constructor(names: CallNames) {
    this.#names = names;
  }

  of(module: WorldModule, { to, at }: Pick<Given, "to" | "at">): Way {
    const known = this.#ways.get(to) ?? [];
    this.#ways.set(to, known);
    return (known[at] ??= this.#begin({ module, to, at, places: new Map(), before: [] }));
  }

  #begin(way: Way): Way {
    this.#all.push(way);
    return way;
  }

  lead(): void {
    // Grows while it is gone through: each way brings those by which it goes on.
    for (let way = this.#all[this.#followed]; way; way = this.#all[++this.#followed]) this.#goOn(way);
    for (const way of this.#all) {
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
    const meaning = this.#names.resolve(way.module, way.to);
    if (meaning.is !== "own") return;
    for (const each of meaning.all) {
      if (each.target === undefined) {
        const method = meaning.rest.at(-1);
        if (method !== undefined && each.binding && !isOnlyAsked(each.binding, method)) put(way, each, method);
      } else if (each.module) {
        for (const { parameter, given } of this.#handedOnBy(each)) if (takes(parameter, way.at)) this.of(each.module, given).before.push(way);
        if (this.#names.targetCalls(each).includes(ANYTHING)) this.#putAnywhere(way, each);
      }
    }
  }

  /** It may put it into every variable that it names. */
  #putAnywhere(way: Way, { module, target }: Thing): void {
    for (const name of target?.uses ?? []) {
      const meaning = module && this.#names.local(module, name);
      if (meaning?.is === "own") for (const each of meaning.all) if (each.binding) put(way, each, ASSIGNED);
    }
  }

  /** What a function hands on of its parameters. */
  #handedOnBy(thing: Thing): readonly { readonly parameter: Extract<Root, { is: "parameter" }>; readonly given: Given }[] {
    const known = this.#handing.get(thing);
    if (known) return known;
    const found = this.#names.targetCalls(thing).flatMap((given) => {
      const parameter = given.is === "given" ? parameterOf(given) : undefined;
      return given.is === "given" && parameter ? [{ parameter, given }] : [];
    });
    this.#handing.set(thing, found);
    return found;
  }
}

/** `names.has(award)`, of a collection of the language: it keeps nothing of what it is given. */
function isOnlyAsked({ holds }: BindingOutline, method: string): boolean {
  return holds === "collection" && QUIET.has(method) && !FILLING.has(method);
}

function put({ places }: Way, thing: Thing, method: string): void {
  places.set(`${thing.id} ${method}`, { thing, method });
}
