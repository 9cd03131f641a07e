/**
 * The barrier of one attempt, in memory of its own. Threads arrive and stand still; when all have, all swap and report;
 * then one word decides for all. A thread frees itself at the deadline, and what it then decides holds for the others.
 */

/** Words, 32 bits each. */
const STAGE = 0;
const REPORTS = 1;
const FAILURES = 2;
const DECISION = 3;
const DEADLINE = 4;
const BYTES = 4 * 6;

const GATHERING = 0;
const SWAPPING = 1;
const RELEASED = 2;

const UNDECIDED = 0;
const GO = 1;
const BACK = 2;

export class Hold {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  /** By the clock that all threads have in common, in nanoseconds. */
  readonly #deadline: bigint;

  private constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
    this.#deadline = new BigInt64Array(memory, 4 * DEADLINE, 1)[0] ?? 0n;
  }

  /** @param limit how long a thread may stand still, in milliseconds */
  static begin(limit: number): Hold {
    const memory = new SharedArrayBuffer(BYTES);
    new BigInt64Array(memory, 4 * DEADLINE, 1)[0] = process.hrtime.bigint() + BigInt(Math.round(limit * 1e6));
    return new Hold(memory);
  }

  /** The hold that another thread began. */
  static join(memory: SharedArrayBuffer): Hold {
    return new Hold(memory);
  }

  /** Milliseconds until every thread frees itself. */
  get left(): number {
    return Math.max(0, Number(this.#deadline - process.hrtime.bigint()) / 1e6);
  }

  /** Stands still until all have arrived. False: the hold is over, nothing was swapped. */
  waitForAll(): boolean {
    while (this.#is(STAGE, GATHERING)) {
      const { left } = this;
      if (left === 0) this.#change(STAGE, GATHERING, RELEASED);
      else Atomics.wait(this.#words, STAGE, GATHERING, left);
    }
    return this.#is(STAGE, SWAPPING);
  }

  /** All have arrived, and may swap. False: a thread has freed itself. */
  beginSwap(): boolean {
    return this.#change(STAGE, GATHERING, SWAPPING);
  }

  /** Lets all go who stand still. */
  release(): void {
    this.#change(STAGE, GATHERING, RELEASED);
  }

  /** Reports that this thread has swapped, and stands still until it is decided. False: it must swap back. */
  reportSwapped(): boolean {
    this.#report();
    while (this.#is(DECISION, UNDECIDED)) {
      const { left } = this;
      if (left === 0) this.#change(DECISION, UNDECIDED, BACK);
      else Atomics.wait(this.#words, DECISION, UNDECIDED, left);
    }
    return this.#is(DECISION, GO);
  }

  /** Reports that this thread could not swap. */
  reportFailed(): void {
    Atomics.add(this.#words, FAILURES, 1);
    this.#report();
  }

  /** Waits for the reports of so many threads, and decides. True: all may go on; else all swap back. */
  decide(threads: number): boolean {
    for (let reports = this.#load(REPORTS); reports < threads && this.left > 0; reports = this.#load(REPORTS)) {
      Atomics.wait(this.#words, REPORTS, reports, this.left);
    }
    const isGood = this.#load(REPORTS) === threads && this.#load(FAILURES) === 0;
    this.#change(DECISION, UNDECIDED, isGood ? GO : BACK);
    return this.#is(DECISION, GO);
  }

  /** The deciding thread could not swap itself. */
  refuse(): void {
    this.#change(DECISION, UNDECIDED, BACK);
  }

  get failures(): number {
    return this.#load(FAILURES);
  }

  #report(): void {
    Atomics.add(this.#words, REPORTS, 1);
    Atomics.notify(this.#words, REPORTS);
  }

  #load(word: number): number {
    return Atomics.load(this.#words, word);
  }

  #is(word: number, value: number): boolean {
    return this.#load(word) === value;
  }

  #change(word: number, from: number, to: number): boolean {
    const isChanged = Atomics.compareExchange(this.#words, word, from, to) === from;
    if (isChanged) Atomics.notify(this.#words, word);
    return isChanged;
  }
}
