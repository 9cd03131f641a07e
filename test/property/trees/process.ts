/** A process that runs a generated tree: what it holds, calls and leaves suspended. */
import type { Declaration, Tree } from "./model.ts";
import { exportedName } from "./print.ts";
import { attempt, drain, show } from "./show.ts";
import type { Modules } from "./world.ts";

type Call = (this: unknown, ...values: unknown[]) => unknown;

/** A function of the tree as somebody outside got hold of it. */
interface Held {
  readonly id: string;
  readonly kind: string;
  readonly call: Call;
}

interface Suspended {
  readonly id: string;
  finish(): Promise<unknown>;
}

function isTarget({ type, form, reassignable }: Declaration): boolean {
  return type === "function" && (form === "declaration" || !reassignable);
}

export class TreeProcess {
  readonly #modules: Modules;
  readonly #held: readonly Held[];

  constructor(modules: Modules, tree: Tree) {
    this.#modules = modules;
    this.#held = tree.declarations.flatMap((each) => {
      const value = isTarget(each) && each.exported !== "private" ? modules[`m${each.module}.ts`]?.[exportedName(each)] : undefined;
      return typeof value === "function" ? [{ id: `m${each.module}.ts#${each.name}`, kind: each.kind, call: value as Call }] : [];
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
      held[id] = [await attempt(() => call.call({ own: 1 }, 1, { p: 5 })), await attempt(() => call()), call.name, call.length, await this.#fire()];
    }
    return { run: inside, held };
  }

  /** Functions left behind by calls, called; they are dropped then. */
  async #fire(): Promise<unknown> {
    const hooks = this.#modules["hub.ts"]?.["hooks"] as Call[];
    const shown: unknown[] = [];
    for (const hook of hooks.splice(0)) {
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

  #hub(name: string): (...values: unknown[]) => void {
    return this.#modules["hub.ts"]?.[name] as (...values: unknown[]) => void;
  }
}
