/** The worker threads as the main thread sees them: which there are, what they are called, what they answer. */
import type { Board } from "./board.ts";
import { MAIN, Channel, type Letter, type Message } from "./channel.ts";

type Kind = Message["kind"];

/** Milliseconds. */
const INVITATION = 20;

export interface Answers {
  readonly answers: ReadonlyMap<number, Message>;
  /** Threads that are there and have not answered in time. */
  readonly missing: readonly number[];
}

interface Collecting {
  readonly tag: string;
  readonly kinds: readonly Kind[];
  readonly answers: Map<number, Message>;
  /** Looks whether all is there. */
  readonly check: () => void;
}

export class Roster {
  readonly #board: Board;
  readonly #channel: Channel;
  readonly #names = new Map<number, string>();
  readonly #collecting = new Set<Collecting>();
  readonly #opened: number;
  #tags = 0;
  /** Told of what no question was asked for. */
  asked: ((letter: Letter) => void) | undefined;

  /** @param invites whether threads may join that have no board */
  constructor(board: Board, invites: boolean) {
    this.#board = board;
    this.#channel = new Channel(MAIN, () => board.id, (letter) => this.#receive(letter));
    if (invites) this.send("invite", { kind: "invite", memory: board.memory });
    this.#opened = invites ? performance.now() : Number.NEGATIVE_INFINITY;
  }

  /** Threads that were there before the board have been invited, and get a moment to come. Those that are busy follow later. */
  async invited(): Promise<void> {
    const left = this.#opened + INVITATION - performance.now();
    if (left > 0) await new Promise((done) => setTimeout(done, left));
  }

  send(tag: string, message: Message, to?: readonly number[]): void {
    this.#channel.send(tag, message, to);
  }

  nextTag(): string {
    return String(++this.#tags);
  }

  async ask(party: readonly number[], message: Message, kinds: readonly Kind[], until: number): Promise<Answers> {
    const tag = this.nextTag();
    const collected = this.collect(tag, party, kinds, until);
    this.send(tag, message, party);
    return await collected;
  }

  /**
   * The first answer of each thread, of these kinds.
   *
   * @param until of `performance.now()`, which no change of the clock moves; those that have ended are not waited for
   */
  collect(tag: string, party: readonly number[], kinds: readonly Kind[], until: number): Promise<Answers> {
    return new Promise((done) => {
      const answers = new Map<number, Message>();
      const missing = (): number[] => {
        const present = new Set(this.#board.members());
        return party.filter((thread) => !answers.has(thread) && present.has(thread));
      };
      const conclude = (): void => {
        clearTimeout(timer);
        this.#collecting.delete(collecting);
        done({ answers, missing: missing() });
      };
      const collecting: Collecting = { tag, kinds, answers, check: () => missing().length === 0 && conclude() };
      const timer = setTimeout(conclude, Math.max(0, until - performance.now()));
      this.#collecting.add(collecting);
      collecting.check();
    });
  }

  /** A thread has ended: nobody waits for it. */
  ended(thread: number): void {
    this.#board.release(thread);
    this.#names.delete(thread);
    for (const { check } of this.#collecting) check();
  }

  nameOf(thread: number): string {
    return this.#names.get(thread) ?? "";
  }

  /** `worker thread 3 (room)` */
  describe(thread: number): string {
    const name = this.nameOf(thread);
    return `worker thread ${thread}${name === "" ? "" : ` (${name})`}`;
  }

  #receive(letter: Letter): void {
    const { from, tag, message } = letter;
    if (message.kind === "ended") this.ended(message.thread);
    // what a thread said last may come after its end
    if (message.kind === "prepared" && this.#board.members().includes(from)) this.#names.set(from, message.name);
    for (const { tag: asked, kinds, answers, check } of this.#collecting) {
      if (asked !== tag || answers.has(from) || !kinds.includes(message.kind)) continue;
      answers.set(from, message);
      check();
    }
    this.asked?.(letter);
  }
}
