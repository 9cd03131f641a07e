/** Who calls whom at once, directly or through others, over the whole fixed tree, as the records have it. */
import { maybe, parseCall, type Call } from "../../analyze/calls/call.ts";
import { KEEPING, KEEPING_ALONE, PLAIN_PARENTS, QUIET } from "../../analyze/calls/callees.ts";
import { rootOf } from "../../analyze/members.ts";
import { displayTarget } from "../../manifest/module-key.ts";
import type { LoadedTree } from "../load/load.ts";
import { CallNames, type Named } from "./call-names.ts";
import { HandedOn } from "./handed-on.ts";
import { readStored, type Stored } from "./stored.ts";
import { withoutPrefix } from "../world/follow.ts";
import type { WorldModule } from "../world/module.ts";
import type { BindingOutline, TargetOutline } from "../world/outline.ts";

/** What happens to a function, variable or class: see {@link Call}. */
interface Step extends Named {
  readonly how: "call" | "new" | "result" | "use";
  /** What is taken out of it first. */
  readonly member?: string | undefined;
  /** False where nobody knows whether it happens. */
  readonly certain: boolean;
}

/** A changed function that is reached. */
export interface Reached {
  /** Display id. */
  readonly id: string;
  readonly certain: boolean;
}

export class CallGraph {
  readonly #tree: LoadedTree;
  readonly #changed: ReadonlySet<string>;
  readonly #names: CallNames;
  readonly #handedOn: HandedOn;
  readonly #steps = new Map<string, readonly Step[]>();
  readonly #perhapsKnown = new WeakMap<readonly Stored[], readonly Step[]>();
  readonly #reads = new WeakMap<readonly string[], readonly Step[]>();
  #stored: ReadonlyMap<string, readonly Stored[]> | undefined;
  readonly #variables: ReadonlySet<string>;
  /** By id of a step: the changed function it reaches. */
  #reached: ReadonlyMap<string, Reached> | undefined;

  /**
   * @param changed `key#name` of the functions that {@link firstChanged} looks for
   * @param read of variables: naming them is enough
   */
  constructor(tree: LoadedTree, changed: ReadonlySet<string> = new Set(), read: ReadonlySet<string> = new Set()) {
    this.#variables = read;
    this.#tree = tree;
    this.#changed = changed;
    this.#names = new CallNames(tree);
    this.#handedOn = new HandedOn(this.#names);
  }

  /** The first changed function that these reach for certain, or else perhaps. */
  firstChanged(module: WorldModule, calls: readonly string[]): Reached | undefined {
    this.#reached ??= this.#reach();
    let found: Reached | undefined;
    for (const step of this.#read(module, calls)) {
      const reached = this.#reached.get(idOf(step));
      if (reached && step.certain && reached.certain) return reached;
      if (reached) found ??= { id: reached.id, certain: false };
    }
    return found;
  }

  /** Hashes of all functions that these reach for certain, by id. */
  hashesOf(module: WorldModule, calls: readonly string[]): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const open = this.#read(module, calls).filter((each) => each.certain);
    const seen = new Set<string>();
    for (const step of open) {
      if (seen.has(idOf(step))) continue;
      seen.add(idOf(step));
      const hash = this.#names.targetOf(step)?.hash ?? this.#names.bindingOf(step)?.hash;
      if (hash !== undefined) found.set(`${step.key}#${step.name}`, hash);
      open.push(...this.#next(step).filter((each) => each.certain));
    }
    return found;
  }

  /** Backwards from the changed functions, first over what is certain. */
  #reach(): ReadonlyMap<string, Reached> {
    const before = new Map<string, { readonly id: string; readonly certain: boolean }[]>();
    const open: Step[] = [...this.#tree.fixed.modules.values()].flatMap((module) => [...module.outline.bindings, ...module.outline.init].flatMap((each) => this.#read(module, each.calls)));
    const all = new Map<string, Step>();
    for (const step of open) {
      const id = idOf(step);
      if (all.has(id)) continue;
      all.set(id, step);
      for (const next of this.#next(step)) {
        const list = before.get(idOf(next));
        if (list) list.push({ id, certain: next.certain });
        else before.set(idOf(next), [{ id, certain: next.certain }]);
        open.push(next);
      }
    }
    const reached = new Map<string, Reached>();
    for (const [id, { key, name, how }] of all) if (how === "use" ? this.#variables.has(`${key}#${name}`) : this.#changed.has(`${key}#${name}`)) reached.set(id, { id: displayTarget(key, name, this.#tree.manifest.package), certain: true });
    for (const certain of [true, false]) {
      const queue = [...reached.keys()];
      for (const id of queue) {
        for (const from of before.get(id) ?? []) {
          if (reached.has(from.id) || (certain && !from.certain)) continue;
          reached.set(from.id, { id: reached.get(id)?.id ?? "", certain });
          queue.push(from.id);
        }
      }
    }
    return reached;
  }

  #next(step: Step): readonly Step[] {
    const id = idOf(step);
    const known = this.#steps.get(id);
    if (known) return known;
    const module = this.#names.moduleOf(step.key);
    const target = this.#names.targetOf(step);
    const binding = this.#names.bindingOf(step);
    const found = module === undefined ? [] : target ? this.#ofTarget(module, target, step) : binding?.kind === "class" ? [...this.#ofClass(module, binding, step), ...this.#ofLifted(module, step)] : binding ? [...this.#ofBinding(module, binding, step), ...this.#ofLifted(module, step)] : [];
    const steps = distinct(found);
    this.#steps.set(id, steps);
    return steps;
  }

  /**
   * Functions of a class or object literal that are targets of their own. Who uses one calls some of them; what only a
   * constructor calls is state of the instance from the first moment, and a name in `use` runs accessors at the most.
   */
  #ofLifted({ key, outline }: WorldModule, { name, how, member }: Step): readonly Step[] {
    const lifted = outline.targets.filter((each) => rootOf(each.name) === name && (how !== "use" || /\/[gs]et\//.test(each.name)));
    if (lifted.length === 0 || (how === "new" && this.#family({ key, name }).closed)) return [];
    // Who names a class has no instance yet.
    const isClass = this.#names.bindingOf({ key, name })?.kind === "class";
    const isNamed = (id: string): boolean => member === undefined || member === "*" || id.split("/").slice(1).includes(member);
    return lifted.map((each): Step => ({ key, name: each.name, member: undefined, how: "call", certain: how !== "new" && (how !== "use" || !isClass) && isNamed(each.name) }));
  }

  #ofTarget(module: WorldModule, target: TargetOutline, { how }: Step): readonly Step[] {
    const steps = this.#read(module, target.calls);
    // What it gives may be an instance of a class that it, or another one, made.
    if (how === "use") return steps.map((each) => ({ ...each, how: each.certain ? "use" : each.how, certain: false }));
    if (how !== "result") return steps;
    return [...steps, ...this.#read(module, target.uses), ...steps.filter((each) => each.how === "call").map((each): Step => ({ ...each, how: "result" }))];
  }

  #ofClass(module: WorldModule, binding: BindingOutline, { how, ...named }: Step): readonly Step[] {
    if (how === "use") return this.#read(module, [...binding.implicitCalls, ...binding.constructorCalls.filter((each) => each.startsWith("new ")).map((each) => each.replace("new", "use"))]).map((each) => (each.how === "use" ? { ...each, certain: true } : each));
    if (how !== "new") return this.#read(module, binding.instanceCalls);
    const { members, closed } = this.#family(named);
    // A field may be an accessor of the parent's.
    const inherited = closed ? members.slice(1).flatMap(({ module: owner, outline }) => this.#read(owner, outline.implicitCalls.map(maybe))) : [];
    return [...inherited, ...members.flatMap(({ module: owner, outline }) => this.#read(owner, closed ? outline.constructorCalls : outline.instanceCalls))];
  }

  /** A class with those it extends; `closed`: no constructor of them calls methods of its instance, or hands it out. */
  #family(named: Named): { readonly members: readonly { readonly module: WorldModule; readonly outline: BindingOutline }[]; readonly closed: boolean } {
    const members: { readonly module: WorldModule; readonly outline: BindingOutline }[] = [];
    let closed = true;
    for (let at: Named | undefined = named; at !== undefined; ) {
      const module = this.#names.moduleOf(at.key);
      const outline = this.#names.bindingOf(at);
      if (!module || outline?.kind !== "class" || members.some((each) => each.outline === outline)) return { members, closed: false };
      members.push({ module, outline });
      if (outline.constructorCalls.includes("own method")) closed = false;
      // The first is the parent's: no other class is made without being used.
      const parent = outline.constructorCalls.find((each) => each.startsWith("new "))?.slice(4);
      if (parent === undefined) break;
      const meaning = this.#names.resolve(module, parent);
      at = meaning.is === "own" ? meaning.all[0] : undefined;
      if (at && !this.#names.bindingOf(at) && PLAIN_PARENTS.has(parent)) break;
      // What the constructors of packages do is not known, but for that of the one that servers extend most.
      if (at === undefined && !(meaning.is === "package" && withoutPrefix(meaning.specifier) === "events")) closed = false;
    }
    return { members, closed };
  }

  /** An alias, a function that was computed, functions in an object: what it names may be what is called. */
  #ofBinding(module: WorldModule, binding: BindingOutline, { how, member, key, name }: Step): readonly Step[] {
    const loaded = binding.calls.filter((each) => each.startsWith("use @")).map((each) => each.slice(4));
    const implicit = this.#read(module, binding.implicitCalls);
    this.#stored ??= readStored(this.#names);
    const stored = this.#stored.get(`${key}#${name}`) ?? [];
    if (how === "use") return [...this.#perhaps(stored.filter(({ method }) => method === "defineProperty")), ...implicit, ...this.#read(module, binding.uses.map((each) => `use ${each}`)).map((each) => ({ ...each, certain: true }))];
    const results = new Set(binding.calls.map(parseCall).flatMap((each) => (each.is === "call" ? [each.name] : [])));
    return [
      ...implicit,
      // app.get("/buy", buy); app.get("/sell", sell)
      ...(member !== undefined && how === "call" && (KEEPING.has(member) || KEEPING_ALONE.has(member)) ? [] : this.#perhaps(stored)),
      ...this.#read(module, binding.uses),
      ...this.#read(module, [...results].map((each) => `result of ${each}`)),
      ...this.#read(module, loaded.map((each) => (each.includes(".") ? each : `${each}.${member ?? "*"}`))),
    ];
  }

  #perhaps(stored: readonly Stored[]): readonly Step[] {
    const known = this.#perhapsKnown.get(stored);
    if (known) return known;
    const steps = distinct(stored.flatMap(({ module, call }) => this.#stepsOf(module, call, false)));
    this.#perhapsKnown.set(stored, steps);
    return steps;
  }

  /** @param calls of a outline, or made of one */
  #read(module: WorldModule, calls: readonly string[]): readonly Step[] {
    const known = this.#reads.get(calls);
    if (known) return known;
    const steps = distinct(calls.flatMap((each) => this.#stepsOf(module, parseCall(each))));
    this.#reads.set(calls, steps);
    return steps;
  }

  #stepsOf(module: WorldModule, call: Call, certain = true): readonly Step[] {
    switch (call.is) {
      case "own":
        return [];
      case "maybe":
        return this.#stepsOf(module, call.call, false);
      case "given": {
        const verdict = this.#handedOn.verdictOf(module, call);
        return verdict === "no" ? [] : this.#stepsOf(module, call.call, certain && verdict === "yes");
      }
      case "kept": {
        const meaning = this.#names.resolve(module, call.by);
        const name = call.by.split(".").at(-1) ?? "";
        if (meaning.is !== "own" && (KEEPING.has(name) || KEEPING_ALONE.has(name))) return [];
        return this.#stepsOf(module, call.call, certain && meaning.is === "own");
      }
      default: {
        const meaning = this.#names.resolve(module, call.name);
        if (meaning.is !== "own") return [];
        const [member] = meaning.rest;
        return meaning.all.map((each): Step => {
          const holds = call.is === "call" && QUIET.has(meaning.rest.at(-1) ?? "") ? this.#names.bindingOf(each)?.holds : undefined;
          // Who names a class has no instance yet: it is its static accessors that may run.
          const isClass = call.is === "use" && this.#names.bindingOf(each)?.kind === "class";
          return { key: each.key, name: each.name, member, how: holds === "collection" ? "use" : call.is, certain: certain && holds !== "anything" && !isClass };
        });
      }
    }
  }
}

/** Most lines lead where others lead too. What is certain and what is not stay apart: they are gone on from differently. */
function distinct(steps: readonly Step[]): readonly Step[] {
  const found = new Map<string, Step>();
  for (const step of steps) {
    const id = `${step.certain} ${idOf(step)}`;
    if (!found.has(id)) found.set(id, step);
  }
  return [...found.values()];
}

function idOf({ key, name, how, member }: Step): string {
  return `${how} ${key}#${name} ${how === "call" ? (member ?? "") : ""}`;
}
