/** How far a benchmark is, on standard error: one line that is written over, or on what is no terminal a line now and then. */

const APART_MS = 30_000;

export class Progress {
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;
  #drawn = 0;
  #said: number = performance.now();

  constructor(total: number) {
    this.#total = total;
  }

  /** One more run begins. */
  step(label: string): void {
    this.#draw(`${this.#done}/${this.#total} ${label}${this.#remaining()}`);
    this.#done++;
  }

  /** Clears the line. */
  end(): void {
    this.#draw("");
  }

  #remaining(): string {
    if (this.#done < 3) return "";
    const seconds = (((performance.now() - this.#started) / this.#done) * (this.#total - this.#done)) / 1000;
    return ` · ${seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`} left`;
  }

  #draw(text: string): void {
    if (!process.stderr.isTTY) {
      if (text === "" || performance.now() - this.#said < APART_MS) return;
      this.#said = performance.now();
      return say(text);
    }
    process.stderr.write(`\r${text.padEnd(this.#drawn)}${text === "" ? "\r" : ""}`);
    this.#drawn = text.length;
  }
}

/** A line that stays. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
