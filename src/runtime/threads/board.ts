/**
 * Memory that all threads of a process share: who takes part, and what a thread that starts has to come up with. It
 * needs nobody's event loop, so a thread can join, and read the active patch, before its first statement.
 */
import { FILE_LIMIT } from "../../patch/file-limit.ts";
import type { StateName } from "../state.ts";

/** Words, 32 bits each. */
const EPOCH = 0;
const GATE = 1;
const LENGTH = 2;
const ID = 3;
/** Number of the places that were ever taken: there are many, and few threads. */
const TOP = 4;
const HEADER = 5;
/** Each member has three: its thread id, the epoch of the state it is in, and the id of the thread that started it. */
const MEMBER = 3;
const MOST_MEMBERS = 4096;
const CONTENT = 4 * (HEADER + MEMBER * MOST_MEMBERS);
/** What is published beside the patch file. */
const META_LIMIT = 64 * 1024;

const CLOSED = 1;
/** How long a starting thread waits for a swap to end, in milliseconds: longer than any lasts. */
const GATE_LIMIT = 500;
const TRIES = 100;

/** The active patch as a starting thread gets it. */
export interface Published {
  readonly id: string;
  readonly file: Uint8Array;
  readonly signers: readonly string[];
  readonly before: StateName;
  /** Where modules that import packages were loaded from in the thread that published it, by key. */
  readonly locations: Readonly<Record<string, string>>;
}

/** Ready to be put on the board it was made by. */
export interface Publication {
  readonly content: Uint8Array | undefined;
}

/** Undefined content: the base. */
export interface Announcement {
  readonly epoch: number;
  readonly patch: Published | undefined;
}

export class Board {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  /** @param memory of the thread that made the board; without it, a new one */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(CONTENT, { maxByteLength: CONTENT + FILE_LIMIT + META_LIMIT });
    this.#words = new Int32Array(this.memory, 0, CONTENT / 4);
    if (memory === undefined) this.#words[ID] = 1 + Math.floor(Math.random() * 0x7f_ff_ff_fe);
  }

  /** Tells boards apart: there may be several runtimes in a process, each with threads of its own. Never 0. */
  get id(): number {
    return this.#words[ID] ?? 0;
  }

  /** Counts what was published; two for each. */
  get epoch(): number {
    return Atomics.load(this.#words, EPOCH);
  }

  get #top(): number {
    return Atomics.load(this.#words, TOP);
  }

  /** Takes part from now on. Undefined: there are too many threads. */
  claim(thread: number, parent: number): Membership | undefined {
    for (let slot = 0; slot < MOST_MEMBERS; slot++) {
      const at = HEADER + MEMBER * slot;
      // negative: taken, and not to be seen before the rest is there
      if (Atomics.compareExchange(this.#words, at, 0, -thread) !== 0) continue;
      for (let top = this.#top; top <= slot; top = this.#top) Atomics.compareExchange(this.#words, TOP, top, slot + 1);
      Atomics.store(this.#words, at + 1, -1);
      Atomics.store(this.#words, at + 2, parent);
      Atomics.store(this.#words, at, thread);
      return new Membership(this.#words, at, thread);
    }
    return undefined;
  }

  /** Ids of the threads that take part, in ascending order. */
  members(): readonly number[] {
    return this.#slots().map(({ thread }) => thread).toSorted((a, b) => a - b);
  }

  /** Threads whose state is not the published one. */
  behind(): readonly number[] {
    const { epoch } = this;
    return this.#slots().filter((slot) => slot.epoch !== epoch).map(({ thread }) => thread);
  }

  /** For a thread that has ended, and with it those that it has started. */
  release(thread: number): void {
    for (let slot = 0; slot < this.#top; slot++) {
      const at = HEADER + MEMBER * slot;
      for (const mark of [thread, -thread]) Atomics.compareExchange(this.#words, at, mark, 0);
      const other = Atomics.load(this.#words, at);
      if (other > 0 && Atomics.load(this.#words, at + 2) === thread) this.release(other);
    }
  }

  #slots(): { readonly thread: number; readonly epoch: number }[] {
    const found = [];
    for (let slot = 0; slot < this.#top; slot++) {
      const at = HEADER + MEMBER * slot;
      const thread = Atomics.load(this.#words, at);
      if (thread > 0) found.push({ thread, epoch: Atomics.load(this.#words, at + 1) });
    }
    return found;
  }

  /**
   * Runs `step` while no thread may start: one that claimed before is among the members that `step` sees, one that
   * claims later waits until its end.
   */
  withGateClosed<T>(step: () => T): T {
    Atomics.store(this.#words, GATE, CLOSED);
    try {
      return step();
    } finally {
      Atomics.store(this.#words, GATE, 0);
      Atomics.notify(this.#words, GATE);
    }
  }

  waitAtGate(): void {
    Atomics.wait(this.#words, GATE, CLOSED, GATE_LIMIT);
  }

  /** Makes room and all that takes time, so that publishing is quick and cannot fail. Throws RangeError if there is no room. */
  reserve(patch: Published | undefined): Publication {
    const content = patch === undefined ? undefined : encode(patch);
    const size = CONTENT + (content?.byteLength ?? 0);
    if (this.memory.byteLength < size) this.memory.grow(size);
    return { content };
  }

  /** Says what is active from now on, and returns its epoch. Only the main thread does. */
  publish({ content }: Publication): number {
    Atomics.add(this.#words, EPOCH, 1); // odd: do not read
    if (content !== undefined) new Uint8Array(this.memory, CONTENT, content.byteLength).set(content);
    Atomics.store(this.#words, LENGTH, content?.byteLength ?? 0);
    return Atomics.add(this.#words, EPOCH, 1) + 1;
  }

  /** What is active; undefined if it changes too fast to be read. */
  read(): Announcement | undefined {
    for (let left = TRIES; left > 0; left--) {
      const { epoch } = this;
      const length = Atomics.load(this.#words, LENGTH);
      const content = epoch % 2 === 0 ? new Uint8Array(this.memory, CONTENT, length).slice() : undefined;
      if (content !== undefined && this.epoch === epoch) return { epoch, patch: length === 0 ? undefined : decode(content) };
      Atomics.wait(this.#words, EPOCH, epoch, 1);
    }
    return undefined;
  }
}

/** A thread's place on the board. */
export class Membership {
  readonly thread: number;
  readonly #words: Int32Array;
  readonly #at: number;

  constructor(words: Int32Array, at: number, thread: number) {
    this.#words = words;
    this.#at = at;
    this.thread = thread;
  }

  /** Epoch of the state that the thread is in; -1 at first. */
  get epoch(): number {
    return Atomics.load(this.#words, this.#at + 1);
  }

  set epoch(epoch: number) {
    Atomics.store(this.#words, this.#at + 1, epoch);
  }

  release(): void {
    Atomics.compareExchange(this.#words, this.#at, this.thread, 0);
  }
}

/** Length of the JSON text (4 bytes, little-endian), JSON, patch file. */
function encode({ file, ...meta }: Published): Uint8Array {
  const text = Buffer.from(JSON.stringify(meta), "utf8");
  const content = Buffer.allocUnsafe(4 + text.byteLength + file.byteLength);
  content.writeUInt32LE(text.byteLength);
  content.set(text, 4);
  content.set(file, 4 + text.byteLength);
  return content;
}

function decode(content: Uint8Array): Published {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const end = 4 + bytes.readUInt32LE();
  return { ...(JSON.parse(bytes.toString("utf8", 4, end)) as Omit<Published, "file">), file: content.subarray(end) };
}
