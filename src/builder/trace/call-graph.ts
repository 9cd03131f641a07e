/** Who calls whom at once, directly or through others, over the whole fixed tree. */
import { ANYTHING, type Call } from "../../analyze/calls/call.ts";
import { displayTarget } from "../../manifest/module-key.ts";
import { CallNames, type CallsOf, type Thing } from "./call-names.ts";
import { MayReach } from "./may-reach.ts";
import { Steps, type Event, type Step } from "./steps.ts";
import { evaluatedBy, type CodeUnit } from "./units.ts";
import type { World } from "../world/world.ts";
import type { WorldModule } from "../world/module.ts";

/** A changed function that is reached. */
export interface Reached {
  /** Display id. */
  readonly id: string;
  readonly certain: boolean;
}

/** Code that runs when its module is evaluated, and what it reaches. */
export interface Reaching {
  readonly module: WorldModule;
  readonly unit: Exclude<CodeUnit, { is: "target" }>;
  readonly reached: Reached;
}

export interface CallGraphOptions {
  /** `key`, `name` of the functions that are looked for. Default none. */
  readonly changed?: Iterable<readonly [key: string, name: string]>;
  /** Of variables: naming them is enough. Default none. */
  readonly read?: Iterable<readonly [key: string, name: string]>;
  /** Default: those of the modules themselves. */
  readonly callsOf?: CallsOf;
}

/** What the graph is over. */
export interface Program {
  readonly fixed: World;
  readonly manifest: { readonly package: string };
}

export class CallGraph {
  readonly #tree: Program;
  readonly #options: CallGraphOptions;
  readonly #names: CallNames;
  /** Over all things. */
  #steps: Steps | undefined;

  constructor(tree: Program, options: CallGraphOptions = {}) {
    this.#tree = tree;
    this.#options = options;
    this.#names = new CallNames(tree.fixed, options.callsOf);
  }

  /** All code that reaches changed functions when its module is evaluated, module by module: for certain, or else perhaps. */
  *reaching(): Iterable<Reaching> {
    const [changed, read] = [this.#options.changed ?? [], this.#options.read ?? []].map((all) => new Set([...all].map(([key, name]) => this.#names.thing(key, name))));
    if (!changed || !read || changed.size + read.size === 0) return;
    const may = new MayReach(this.#names, changed.union(read));
    const starts = [...this.#tree.fixed.modules.values()].flatMap((module) => startsIn(module, may));
    const search = new Search(new Steps(this.#names, may), { changed, read, packageName: this.#tree.manifest.package });
    search.run(starts.map((start) => this.#callsOf(start)));
    for (const start of starts) {
      const reached = search.first(this.#callsOf(start));
      if (reached) yield { ...start, reached };
    }
  }

  #callsOf({ module, unit }: Omit<Reaching, "reached">): { readonly module: WorldModule; readonly calls: readonly Call[] } {
    return { module, calls: evaluatedBy(unit, this.#names.callsOf(module)) };
  }

  /** Hashes of all functions that a declaration or statement reaches for certain, by id. */
  hashesOf(module: WorldModule, unit: Pick<CodeUnit, "is" | "index">): ReadonlyMap<string, string> {
    const steps = (this.#steps ??= new Steps(this.#names));
    const found = new Map<string, string>();
    const seen = new Set<Event>();
    const open = steps.of(module, evaluatedBy(unit, this.#names.callsOf(module))).filter(({ certain }) => certain);
    for (let step = open.pop(); step; step = open.pop()) {
      const { event } = step;
      if (seen.has(event)) continue;
      seen.add(event);
      const hash = event.thing.target?.hash ?? event.thing.binding?.hash;
      if (hash !== undefined) found.set(event.thing.id, hash);
      open.push(...steps.after(event).filter(({ certain }) => certain));
    }
    return found;
  }
}

/** Bindings, then statements. */
function startsIn(module: WorldModule, may: MayReach): readonly Omit<Reaching, "reached">[] {
  const units = [...(may.units.get(module) ?? [])].filter((unit) => unit.is !== "target");
  const ofKind = (is: CodeUnit["is"]): typeof units => units.filter((unit) => unit.is === is).toSorted((a, b) => a.index - b.index);
  return [...ofKind("binding"), ...ofKind("init")].map((unit) => ({ module, unit }));
}

interface Goals {
  readonly changed: ReadonlySet<Thing>;
  readonly read: ReadonlySet<Thing>;
  readonly packageName: string;
}

interface Code {
  readonly module: WorldModule;
  readonly calls: readonly Call[];
}

/** Forwards from code to all that may reach a goal, and backwards from the goals, first over what is certain. */
class Search {
  readonly #steps: Steps;
  readonly #goals: Goals;
  readonly #reached = new Map<Event, Reached>();
  /** A goal that is as good as any other. */
  readonly #any: Reached;

  constructor(steps: Steps, goals: Goals) {
    this.#steps = steps;
    this.#goals = goals;
    const [first] = goals.changed.union(goals.read);
    this.#any = { id: first ? this.#idOf(first) : "", certain: false };
  }

  run(starts: readonly Code[]): void {
    const before = new Map<Event, Step[]>();
    const all = new Set(starts.flatMap(({ module, calls }) => this.#steps.of(module, calls).map(({ event }) => event)));
    for (const event of all) {
      // Where it leads on does not matter.
      if (this.#isGoal(event)) this.#reached.set(event, { id: this.#idOf(event.thing), certain: true });
      else for (const next of this.#steps.after(event)) {
        const from = { event, certain: next.certain };
        const list = before.get(next.event);
        if (list) list.push(from);
        else before.set(next.event, [from]);
        all.add(next.event);
      }
    }
    this.#goBack(before, true);
    for (const event of all) if (!this.#reached.has(event) && this.#steps.isUnbounded(event)) this.#reached.set(event, this.#any);
    this.#goBack(before, false);
  }

  #goBack(before: ReadonlyMap<Event, readonly Step[]>, certain: boolean): void {
    const open = new Set(this.#reached.keys());
    for (const event of open) {
      for (const from of before.get(event) ?? []) {
        if (this.#reached.has(from.event) || (certain && !from.certain)) continue;
        this.#reached.set(from.event, { id: this.#reached.get(event)?.id ?? "", certain });
        open.add(from.event);
      }
    }
  }

  #isGoal({ thing, how }: Event): boolean {
    return (how === "use" ? this.#goals.read : this.#goals.changed).has(thing);
  }

  #idOf({ module, name }: Thing): string {
    return displayTarget(module?.key ?? "", name, this.#goals.packageName);
  }

  /** The first goal that these reach for certain, or else perhaps. */
  first({ module, calls }: Code): Reached | undefined {
    let found: Reached | undefined = calls.includes(ANYTHING) ? this.#any : undefined;
    for (const { event, certain } of this.#steps.of(module, calls)) {
      const reached = this.#reached.get(event);
      if (reached && certain && reached.certain) return reached;
      if (reached) found ??= { id: reached.id, certain: false };
    }
    return found;
  }
}
