/** What a process holds on to across a patch: references to every export, listeners, iterators that have begun. */
import { EventEmitter } from "node:events";

interface Kept {
  readonly url: string;
  readonly namespace: Readonly<Record<string, unknown>>;
  readonly exports: ReadonlyMap<string, unknown>;
}

export class Keeper {
  readonly #kept: Kept[] = [];
  readonly #emitter = new EventEmitter();
  readonly #iterators = new Map<string, Iterator<unknown>>();

  /** @param urls loaded modules of the host */
  async keep(urls: Iterable<string>): Promise<void> {
    this.#emitter.setMaxListeners(0);
    for (const url of urls) {
      // Some that were read could not be linked; the tests that load them have failed.
      const namespace = await import(url).catch(() => undefined) as Record<string, unknown> | undefined;
      if (!namespace) continue;
      const exports = new Map(Object.keys(namespace).map((name) => [name, namespace[name]]));
      this.#kept.push({ url, namespace, exports });
      for (const [name, value] of exports) {
        if (typeof value !== "function") continue;
        this.#emitter.on(`${url}#${name}`, value as () => void);
        this.#start(`${url.split("/").at(-1)}#${name}`, value);
      }
    }
  }

  /** Generators whose parameters are all optional in effect begin, as far as they get. */
  #start(name: string, value: object): void {
    if (Object.prototype.toString.call(value) !== "[object GeneratorFunction]") return;
    try {
      const iterator = (value as () => Iterator<unknown>)();
      iterator.next();
      this.#iterators.set(name, iterator);
    } catch {}
  }

  /** What kept iterators give next, by name. */
  resume(): Readonly<Record<string, string>> {
    const told: Record<string, string> = {};
    for (const [name, iterator] of this.#iterators) {
      try {
        const { done, value } = iterator.next();
        told[name] = `${done === true ? "done" : "goes on"}, ${typeof value}`;
      } catch (error) {
        told[name] = `throws ${(error as Error).name}`;
      }
    }
    return told;
  }

  /** What is no longer what it was. */
  lost(): readonly string[] {
    return this.#kept.flatMap(({ url, namespace, exports }) =>
      [...exports].flatMap(([name, value]) => {
        const id = `${url.split("/").slice(-2).join("/")}#${name}`;
        if (namespace[name] !== value) return [`${id} is another value than the kept reference`];
        if (typeof value !== "function") return [];
        const event = `${url}#${name}`;
        this.#emitter.off(event, namespace[name] as () => void);
        const left = this.#emitter.listenerCount(event);
        this.#emitter.on(event, value as () => void);
        return left === 0 ? [] : [`${id} cannot be taken off as a listener`];
      }),
    );
  }
}
