/** When a save is complete: nothing more is written for a while, and no file is empty that somebody is about to fill. */
import { statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How long a file may be empty before that is taken for what its author meant, in milliseconds. */
const EMPTY = 1000;

export class Saves {
  readonly #settle: number;
  #paths = new Set<string>();
  #count = 0;
  #first = 0;
  #last = 0;
  #wake: () => void = () => {};

  /** @param settle milliseconds without a change that make a save complete */
  constructor(settle: number) {
    this.#settle = settle;
  }

  /** A file was changed; without one, there is another reason to look again. */
  add(path?: string): void {
    const now = performance.now();
    if (this.#paths.size === 0) this.#first = now;
    this.#paths.add(path ?? "");
    this.#last = now;
    this.#count++;
    this.#wake();
  }

  /** Grows with every change. */
  get count(): number {
    return this.#count;
  }

  /** Waits for a change. */
  async any(stop: AbortSignal): Promise<void> {
    while (this.#paths.size === 0 && !stop.aborted) {
      await new Promise<void>((done) => {
        this.#wake = () => {
          stop.removeEventListener("abort", this.#wake);
          done();
        };
        stop.addEventListener("abort", this.#wake);
      });
    }
  }

  /** Waits until the changes are complete, and forgets them. When the first of them was, as `performance.now()` tells; undefined if nothing was saved. */
  async quiet(stop: AbortSignal): Promise<number | undefined> {
    while (!stop.aborted) {
      const now = performance.now();
      const wait = this.#last + this.#settle - now;
      if (wait <= 0 && !(now - this.#last < EMPTY && [...this.#paths].some(isEmpty))) break;
      await delay(Math.max(wait, 10), undefined, { signal: stop }).catch(() => {});
    }
    const isSaved = [...this.#paths].some((path) => path !== "");
    this.#paths = new Set();
    return isSaved ? this.#first : undefined;
  }
}

function isEmpty(path: string): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size === 0;
  } catch {
    return false;
  }
}
