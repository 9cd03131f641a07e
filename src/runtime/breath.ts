/** Lets the program run between pieces of work that together would keep it waiting. */

/** Milliseconds of work after which the program's turn has come. */
const LONGEST = 0.3;

export class Breath {
  #since = performance.now();

  /** Waits for the next turn of the event loop if this one has worked long enough. */
  async take(): Promise<void> {
    if (performance.now() - this.#since < LONGEST) return;
    await new Promise((done) => setImmediate(done));
    this.#since = performance.now();
  }
}
