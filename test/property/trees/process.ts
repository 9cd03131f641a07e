/** A process that runs a generated tree: what it holds, calls and leaves suspended. */
import type { Declaration, Tree } from "./model.ts";
import { exportedName } from "./print.ts";
import { attempt, drain, show } from "./show.ts";
import type { Format, Modules } from "./world.ts";

type Call = (this: unknown, ...values: unknown[]) => unknown;

/** A function of the tree as somebody outside got hold of it. */
interface Held {
  readonly id: string;
  readonly kind: string;
  /** Its parameters read nothing when they are evaluated. */
  readonly inert: boolean;
  readonly call: Call;
}

interface Suspended {
  readonly id: string;
  finish(): Promise<unknown>;
}

/** In CommonJS, TypeScript moves a default that assigns an exported variable into the body, and so changes the length of the plain function. */
const MOVED = "not compared";

function isTarget({ type, form, reassignable }: Declaration): boolean {
  return type === "function" && (form === "declaration" || !reassignable);
}

export class TreeProcess {
  readonly #modules: Modules;
  readonly #held: readonly Held[];
  readonly #format: Format;

  constructor(modules: Modules, tree: Tree, format: Format) {
    this.#modules = modules;
    this.#format = format;
    this.#held = tree.declarations.flatMap((each) => {
      const value = isTarget(each) && each.exported !== "private" ? modules[`m${each.module}.ts`]?.[exportedName(each)] : undefined;
      return typeof value === "function" ? [{ id: `m${each.module}.ts#${each.name}`, kind: each.kind, inert: each.parameters.every((one) => one === "name" || one === "literal" || one === "rest"), call: value as Call }] : [];
    });
  }

  /** Ids of the functions it holds. */
  get ids(): ReadonlySet<string> {
    return new Set(this.#held.map(({ id }) => id));
  }

  /** Calls everything from inside the tree, then functions that are held. */
  async trace(ids: ReadonlySet<string>): Promise<{ readonly run: unknown; readonly held: Readonly<Record<string, unknown>> }> {
    const { run, resetAll } = this.#modules["input.ts"] as { run(show: unknown): Promise<unknown>; resetAll(): void };
    resetAll();
    const inside = [await attempt(() => run(show)), await this.#fire()];
    const held: Record<string, unknown> = {};
    for (const { id, call } of this.#held.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      if (!ids.has(id)) continue;
      resetAll();
      this.#hub("refill")(9);
      held[id] = [await attempt(() => call.call({ own: 1 }, 1, { p: 5 })), await attempt(() => call()), call.name, this.#format === "esm" ? call.length : MOVED, await this.#fire()];
    }
    return { run: inside, held };
  }

  /** Functions that calls of held functions leave behind, by the function: returned, registered, passed on. */
  async remains(): Promise<ReadonlyMap<string, readonly Call[]>> {
    const remains = new Map<string, readonly Call[]>();
    for (const { id, kind, call } of this.#held) {
      if (kind === "generator" || kind === "asyncGenerator") continue;
      this.#reset();
      try {
        const result = await call.call({ own: 3 }, 1, { p: 7 });
        const returned = Array.isArray(result) ? result.flatMap((each: unknown) => (isClosure(each) ? [each.closure] : [])) : [];
        remains.set(id, [...returned, ...this.#hooks]);
      } catch {
        // It threw at once.
      }
    }
    this.#reset();
    return remains;
  }

  async callRemains(calls: readonly Call[]): Promise<unknown> {
    const shown: unknown[] = [];
    for (const call of calls) {
      this.#reset();
      shown.push(await attempt(() => call(1)));
    }
    return shown;
  }

  #reset(): void {
    const { resetAll } = this.#modules["input.ts"] as { resetAll(): void };
    resetAll();
    this.#hub("refill")(9);
  }

  /** Iterators that have not begun: they begin with the version they find then, but their parameters are evaluated. */
  unstarted(): Map<string, Iterator<unknown>> {
    return new Map(this.#held.flatMap(({ id, kind, inert, call }) => {
      try {
        return inert && (kind === "generator" || kind === "asyncGenerator") ? [[id, call.call({ own: 4 }, 1, { p: 8 }) as Iterator<unknown>] as const] : [];
      } catch {
        return [];
      }
    }));
  }

  async drainAll(iterators: ReadonlyMap<string, Iterator<unknown>>, ids: ReadonlySet<string>): Promise<unknown> {
    const shown: Record<string, unknown> = {};
    for (const [id, iterator] of [...iterators].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (!ids.has(id)) continue;
      this.#reset();
      shown[id] = await drain(iterator);
    }
    this.#reset();
    return shown;
  }

  /** Functions left behind by calls, called; they are dropped then. */
  async #fire(): Promise<unknown> {
    const shown: unknown[] = [];
    for (const hook of this.#hooks.splice(0)) {
      this.#hub("refill")(9);
      shown.push(await attempt(() => hook(1)));
    }
    return shown;
  }

  /** Starts calls that do not end yet. */
  async suspend(): Promise<readonly Suspended[]> {
    this.#hub("hold")();
    const suspended: Suspended[] = [];
    for (const { id, kind, call } of this.#held) {
      this.#hub("refill")(9);
      try {
        const started = kind === "sync" ? undefined : call.call({ own: 2 }, 1, { p: 6 });
        if (kind === "async") {
          const settled = attempt(() => started);
          suspended.push({ id, finish: () => settled });
        } else if (kind === "generator") {
          const iterator = started as Iterator<unknown>;
          iterator.next();
          suspended.push({ id, finish: () => drain(iterator) });
        }
      } catch {
        // It threw at once.
      }
    }
    return suspended;
  }

  /** Lets them end: what they come to, by id. */
  async finish(suspended: readonly Suspended[]): Promise<ReadonlyMap<string, unknown>> {
    this.#hub("refill")(60);
    this.#hub("release")();
    const ends = new Map<string, unknown>();
    for (const { id, finish } of suspended) ends.set(id, await finish());
    await this.#fire();
    return ends;
  }

  get #hooks(): Call[] {
    return (this.#modules["hub.ts"] as { readonly hooks: Call[] }).hooks;
  }

  #hub(name: string): (...values: unknown[]) => void {
    return this.#modules["hub.ts"]?.[name] as (...values: unknown[]) => void;
  }
}

function isClosure(value: unknown): value is { readonly closure: Call } {
  return typeof value === "object" && value !== null && "closure" in value && typeof value.closure === "function";
}
