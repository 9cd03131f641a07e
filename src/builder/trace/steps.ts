/** One step along calls: from a thing that something happens to, to the things to which something happens by that. */
import { ANYTHING, COMPUTED, lastName, OWN_METHOD, type Call, type Path } from "../../analyze/calls/call.ts";
import { KEEPING, KEEPING_ALONE, PLAIN_PARENTS, QUIET } from "../../analyze/calls/callees.ts";
import { rootOf } from "../../analyze/members.ts";
import type { CallNames, Meaning, Thing } from "./call-names.ts";
import { HandedOn } from "./handed-on.ts";
import type { Stored } from "./stored.ts";
import { withoutPrefix } from "../world/follow.ts";
import type { WorldModule } from "../world/module.ts";
import type { TargetOutline } from "../world/outline.ts";

/** What happens to a function, variable or class: see {@link Call}. */
export type How = "call" | "new" | "result" | "use";

/** A thing and what happens to it; there is one object for each. */
export interface Event {
  readonly thing: Thing;
  readonly how: How;
  /** What is taken out of it first. */
  readonly member: string | undefined;
}

/** There is one object for each. `certain`: false where it may not happen. The two to one event stay apart: they are gone on from differently. */
export interface Step {
  readonly event: Event;
  readonly certain: boolean;
}

/** Things that count; others lead nowhere. */
export interface Relevant {
  has(thing: Thing): boolean;
  storedIn(thing: Thing): readonly Stored[];
}

export class Steps {
  readonly #names: CallNames;
  readonly #relevant: Relevant | undefined;
  readonly #handedOn: HandedOn;
  readonly #events = new Map<Thing, Map<string, readonly [sure: Step, unsure: Step]>>();
  readonly #next = new Map<Event, readonly Step[]>();
  readonly #reads = new Map<readonly Call[], readonly Step[]>();
  readonly #named = new Map<readonly string[], Map<How, readonly Step[]>>();
  readonly #lifted = new Map<Thing, readonly TargetOutline[]>();

  /** @param relevant all things if absent; nothing is stored then */
  constructor(names: CallNames, relevant?: Relevant) {
    this.#names = names;
    this.#relevant = relevant;
    this.#handedOn = new HandedOn(names);
  }

  /** What calls of a module do. {@link ANYTHING} among them is for the caller to heed. */
  of(module: WorldModule, calls: readonly Call[]): readonly Step[] {
    const known = this.#reads.get(calls);
    if (known) return known;
    // Most calls lead where others lead too.
    const steps = [...new Set(calls.flatMap((call) => this.#ofCall(module, call)))];
    this.#reads.set(calls, steps);
    return steps;
  }

  after(event: Event): readonly Step[] {
    const known = this.#next.get(event);
    if (known) return known;
    const { thing } = event;
    const { module, target, binding } = thing;
    const ofBinding = (at: WorldModule): readonly Step[] => [...(binding?.kind === "class" ? this.#ofClass(at, event) : this.#ofBinding(at, event)), ...this.#ofLifted(event)];
    const found = module === undefined ? [] : target ? this.#ofTarget(module, target, event) : binding ? ofBinding(module) : [];
    const steps = [...new Set(found)];
    this.#next.set(event, steps);
    return steps;
  }

  /** Whether it leads further than could be followed. */
  isUnbounded({ thing, how }: Event): boolean {
    if (thing.target) return this.#names.targetCalls(thing).includes(ANYTHING);
    if (thing.binding === undefined) return false;
    const { instance, construction, implicit } = this.#names.bindingCalls(thing);
    return (how === "use" ? implicit : how === "new" ? [...construction, ...implicit] : [...instance, ...implicit]).includes(ANYTHING);
  }

  #step(thing: Thing, how: How, member: string | undefined, certain: boolean): Step {
    // What a member is called counts for calls, and where members are functions of their own.
    const own = how === "call" || this.#liftedOf(thing).length > 0 ? member : undefined;
    const events = this.#events.get(thing) ?? new Map<string, readonly [Step, Step]>();
    this.#events.set(thing, events);
    const id = `${how} ${own ?? ""}`;
    const [sure, unsure] = events.get(id) ?? bothTo({ thing, how, member: own });
    events.set(id, [sure, unsure]);
    return certain ? sure : unsure;
  }

  #liftedOf(thing: Thing): readonly TargetOutline[] {
    const known = this.#lifted.get(thing);
    if (known) return known;
    const lifted = thing.module?.outline.targets.filter(({ name }) => rootOf(name) === thing.name) ?? [];
    this.#lifted.set(thing, lifted);
    return lifted;
  }

  /**
   * Functions of a class or object literal that are targets of their own. Code that uses one calls some of them; what only a
   * constructor calls is state of the instance from the first moment, and a name in `use` runs accessors at the most.
   */
  #ofLifted({ thing, how, member }: Event): readonly Step[] {
    const { module, binding } = thing;
    const lifted = this.#liftedOf(thing).filter(({ name }) => how !== "use" || isAccessor(name));
    if (!module || lifted.length === 0 || (how === "new" && this.#family(thing).closed)) return [];
    // Code that names a class has no instance yet.
    const isClass = binding?.kind === "class";
    const isNamed = (id: string): boolean => member === undefined || member === COMPUTED || id.split("/").slice(1).includes(member);
    return lifted.flatMap(({ name }) => this.#stepTo(this.#names.thing(module.key, name), "call", undefined, how !== "new" && (how !== "use" || !isClass) && isNamed(name)));
  }

  #ofTarget(module: WorldModule, target: TargetOutline, { thing, how }: Event): readonly Step[] {
    const steps = this.of(module, this.#names.targetCalls(thing));
    // What it gives may be an instance of a class that it, or another one, made.
    if (how === "use") return steps.map(({ event, certain }) => this.#step(event.thing, certain ? "use" : event.how, event.member, false));
    if (how !== "result") return steps;
    return [...steps, ...this.#ofNames(module, target.uses, "call"), ...steps.filter(({ event }) => event.how === "call").map(({ event, certain }) => this.#step(event.thing, "result", event.member, certain))];
  }

  #ofClass(module: WorldModule, { thing, how }: Event): readonly Step[] {
    const { implicit, construction, instance } = this.#names.bindingCalls(thing);
    if (how === "use") {
      const parents = construction.flatMap((each) => (each.is === "new" ? this.#ofPath(module, "use", each.path, true) : []));
      return [...this.of(module, implicit), ...parents].map((step) => (step.event.how === "use" ? this.#surely(step) : step));
    }
    if (how !== "new") return this.of(module, instance);
    const { members, closed } = this.#family(thing);
    // A field may be an accessor of the parent's.
    const inherited = closed ? members.slice(1).flatMap((each) => this.of(each.module, this.#names.bindingCalls(each.thing).implicit).map(this.#perhaps)) : [];
    return [...inherited, ...members.flatMap((each) => this.of(each.module, this.#names.bindingCalls(each.thing)[closed ? "construction" : "instance"]))];
  }

  /** A class with those it extends; `closed`: no constructor of them calls methods of its instance, or hands it out. */
  #family(first: Thing): { readonly members: readonly { readonly module: WorldModule; readonly thing: Thing }[]; readonly closed: boolean } {
    const members: { readonly module: WorldModule; readonly thing: Thing }[] = [];
    let closed = true;
    for (let thing: Thing | undefined = first; thing !== undefined; ) {
      const { module, binding }: Thing = thing;
      if (!module || binding?.kind !== "class" || members.some((each) => each.thing.binding === binding)) return { members, closed: false };
      members.push({ module, thing });
      const { construction } = this.#names.bindingCalls(thing);
      if (construction.includes(OWN_METHOD) || construction.includes(ANYTHING)) closed = false;
      // The first is the parent's: no other class is made without being used.
      const parent = construction.find((each) => each.is === "new");
      if (parent?.is !== "new") break;
      const meaning: Meaning = this.#names.resolve(module, parent.path);
      thing = meaning.is === "own" ? meaning.all[0] : undefined;
      if (thing && !thing.binding && parent.path.members.length === 0 && PLAIN_PARENTS.has(lastName(parent.path) ?? "")) break;
      // What the constructors of packages do is not known, but for that of the one that servers extend most.
      if (thing === undefined && !(meaning.is === "package" && withoutPrefix(meaning.specifier) === "events")) closed = false;
    }
    return { members, closed };
  }

  /** An alias, a function that was computed, functions in an object: what it names may be what is called. */
  #ofBinding(module: WorldModule, { thing, how, member }: Event): readonly Step[] {
    const { evaluated, implicit } = this.#names.bindingCalls(thing);
    const uses = thing.binding?.uses ?? [];
    const stored = this.#relevant?.storedIn(thing) ?? [];
    if (how === "use") return [...this.#ofStored(stored.filter(({ method }) => method === "defineProperty")), ...this.of(module, implicit), ...this.#ofNames(module, uses, "use").map(this.#surely)];
    return [
      ...this.of(module, implicit),
      // app.get("/buy", buy); app.get("/sell", sell)
      ...(member !== undefined && how === "call" && (KEEPING.has(member) || KEEPING_ALONE.has(member)) ? [] : this.#ofStored(stored)),
      ...this.#ofNames(module, uses, "call"),
      ...evaluated.flatMap((each) => (each.is === "call" ? this.#ofPath(module, "result", each.path, true) : [])),
      ...evaluated.flatMap((each) => (each.is === "use" ? this.#ofLoaded(module, each.path, member) : [])),
    ];
  }

  /** `const shop = require("./shop")`: what is taken out of it is called. */
  #ofLoaded(module: WorldModule, { root, members }: Path, member: string | undefined): readonly Step[] {
    if (root.is !== "load") return [];
    return this.#ofMeaning(this.#names.loaded(module, root.index, members.length > 0 ? members : [member ?? COMPUTED]), "call", true);
  }

  #ofStored(stored: readonly Stored[]): readonly Step[] {
    return stored.flatMap(({ module, call }) => this.#ofCall(module, call, false));
  }

  /** @param names of a outline */
  #ofNames(module: WorldModule, names: readonly string[], how: How): readonly Step[] {
    const known = this.#named.get(names) ?? new Map<How, readonly Step[]>();
    this.#named.set(names, known);
    const steps = known.get(how) ?? names.flatMap((name) => this.#ofMeaning(this.#names.local(module, name), how, true));
    known.set(how, steps);
    return steps;
  }

  #ofCall(module: WorldModule, call: Call, certain = true): readonly Step[] {
    switch (call.is) {
      case "own":
      case "anything":
        return [];
      case "maybe":
        return this.#ofCall(module, call.call, false);
      case "given": {
        const steps = this.#ofCall(module, call.call, certain);
        const verdict = steps.length === 0 ? "no" : this.#handedOn.verdictOf(module, call);
        return verdict === "yes" ? steps : verdict === "no" ? [] : steps.map(this.#perhaps);
      }
      case "kept": {
        const meaning = this.#names.resolve(module, call.by);
        const name = lastName(call.by) ?? "";
        if (meaning.is !== "own" && (KEEPING.has(name) || KEEPING_ALONE.has(name))) return [];
        return this.#ofCall(module, call.call, certain && meaning.is === "own");
      }
      default:
        return this.#ofPath(module, call.is, call.path, certain);
    }
  }

  #ofPath(module: WorldModule, how: How, path: Path, certain: boolean): readonly Step[] {
    return this.#ofMeaning(this.#names.resolve(module, path), how, certain);
  }

  #ofMeaning(meaning: Meaning, how: How, certain: boolean): readonly Step[] {
    if (meaning.is !== "own") return [];
    const [member] = meaning.rest;
    const isQuiet = how === "call" && QUIET.has(meaning.rest.at(-1) ?? "");
    return meaning.all.flatMap((thing) => {
      const holds = isQuiet ? thing.binding?.holds : undefined;
      // Code that names a class has no instance yet: it is its static accessors that may run.
      const isClass = how === "use" && thing.binding?.kind === "class";
      return this.#stepTo(thing, holds === "collection" ? "use" : how, member, certain && holds !== "anything" && !isClass);
    });
  }

  #stepTo(thing: Thing, how: How, member: string | undefined, certain: boolean): readonly Step[] {
    return this.#relevant === undefined || this.#relevant.has(thing) ? [this.#step(thing, how, member, certain)] : [];
  }

  readonly #surely = ({ event }: Step): Step => this.#step(event.thing, event.how, event.member, true);

  readonly #perhaps = ({ event }: Step): Step => this.#step(event.thing, event.how, event.member, false);
}

function bothTo(event: Event): readonly [Step, Step] {
  return [{ event, certain: true }, { event, certain: false }];
}

function isAccessor(name: string): boolean {
  return name.includes("/get/") || name.includes("/set/");
}
