/**
 * How this thread takes part in its process, from its first moment on. The main thread puts its board where every worker
 * that starts later finds it. A worker takes its place there, and comes up with the active patch, before its first
 * statement: it needs nobody's event loop for that.
 */
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId, type Worker } from "node:worker_threads";
import type { Engine } from "../engine.ts";
import { Board, type Membership } from "./board.ts";
import { Channel, MAIN, type Letter, type Message } from "./channel.ts";
import { Roster } from "./roster.ts";

/** Where workers find the board. Versioned like the runtime's symbol. */
const BOARD = "ts-hotfix/1";
/** Where they find the id of the nearest thread above them that takes part. */
const PARENT = "ts-hotfix/1/parent";

/** The rest of the runtime, loaded when there is something to do. */
export interface EngineLoader {
  load(): Promise<Engine>;
  loadNow(): Engine;
}

export type Seat = MainSeat | WorkerSeat;

export function takeSeat(loader: EngineLoader): Seat {
  return isMainThread ? new MainSeat(loader) : new WorkerSeat(loader);
}

/** Who hears of the workers that this thread starts: the newest seat. One listener, however many runtimes tests make. */
let watch: ((worker: Worker) => void) | undefined;

function watchWorkers(watcher: (worker: Worker) => void): void {
  if (watch === undefined) process.on("worker", (worker: Worker) => watch?.(worker));
  watch = watcher;
}

export class MainSeat {
  readonly isMain = true;
  readonly board: Board = new Board();
  readonly #loader: EngineLoader;
  #roster: Roster | undefined;

  constructor(loader: EngineLoader) {
    this.#loader = loader;
    setEnvironmentData(BOARD, this.board.memory);
    watchWorkers((worker) => {
      const thread = worker.threadId;
      // its program may ask for operations
      const { roster } = this;
      worker.once("exit", () => roster.ended(thread));
    });
  }

  get roster(): Roster {
    if (this.#roster === undefined) {
      this.#roster = new Roster(this.board, true);
      this.#roster.asked = (letter) => void this.#answer(letter).catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
    }
    return this.#roster;
  }

  async #answer({ from, tag, message }: Letter): Promise<void> {
    if (message.kind !== "asks") return;
    const { operations } = await this.#loader.load();
    this.roster.send(tag, await operations.answer(message.request), [from]);
  }
}

export class WorkerSeat {
  readonly isMain = false;
  readonly #loader: EngineLoader;
  readonly #channel: Channel;
  /** None: the main thread. */
  readonly #parent: unknown = getEnvironmentData(PARENT);
  readonly #asking = new Map<string, (message: Message) => void>();
  #engine: Engine | undefined;
  #board: Board | undefined;
  #place: Membership | undefined;
  #asked = 0;

  constructor(loader: EngineLoader) {
    this.#loader = loader;
    // before it takes its place: from then on it is written to
    this.#channel = new Channel(threadId, () => this.#board?.id, (letter) => void this.#receive(letter));
    const memory: unknown = getEnvironmentData(BOARD);
    if (memory instanceof SharedArrayBuffer) this.#join(memory);
    setEnvironmentData(PARENT, threadId);
    process.once("exit", () => this.#place?.release());
    watchWorkers((worker) => {
      const thread = worker.threadId;
      worker.once("exit", () => this.send("", { kind: "ended", thread }));
    });
  }

  /** Its place among the threads of the process; undefined while the main thread has no runtime. */
  get joined(): { readonly board: Board; readonly place: Membership } | undefined {
    return this.#board === undefined || this.#place === undefined ? undefined : { board: this.#board, place: this.#place };
  }

  /** Comes up with what is active. Before the thread's first statement, once its runtime is there. */
  start(): void {
    const { joined } = this;
    if (joined === undefined) return;
    const found = joined.board.read();
    if (found !== undefined && found.patch === undefined) joined.place.epoch = found.epoch;
    else (this.#engine = this.#loader.loadNow()).member?.start();
  }

  send(tag: string, message: Message): void {
    this.#channel.send(tag, message, [MAIN]);
  }

  /** Lets the main thread do what this thread's program asked for. */
  async ask(request: Extract<Message, { kind: "asks" }>["request"]): Promise<Message> {
    const tag = `${threadId}.${++this.#asked}`;
    // the thread must not end while it waits
    const alive = setInterval(() => {}, 1 << 30);
    try {
      return await new Promise<Message>((done) => {
        this.#asking.set(tag, done);
        this.send(tag, { kind: "asks", request });
      });
    } finally {
      clearInterval(alive);
      this.#asking.delete(tag);
    }
  }

  #join(memory: SharedArrayBuffer): void {
    this.#board = new Board(memory);
    this.#place = this.#board.claim(threadId, typeof this.#parent === "number" ? this.#parent : MAIN);
    this.#board.waitAtGate();
    if (this.#place === undefined) process.emitWarning("ts-hotfix: this process has too many threads; this one runs its own code only", { type: "HotfixWarning" });
  }

  async #receive(letter: Letter): Promise<void> {
    const { tag, message } = letter;
    if (message.kind === "answers" || message.kind === "confirms" || message.kind === "rejects") return this.#asking.get(tag)?.(message);
    if (message.kind === "invite") {
      if (this.#place !== undefined) return;
      this.#join(message.memory);
      (await this.#loaded()).member?.catchUp();
      return;
    }
    // at once when it can be: nobody may come in between a question and a hold
    const engine = this.#engine ?? (await this.#loaded());
    engine.member?.receive(letter);
  }

  async #loaded(): Promise<Engine> {
    return (this.#engine = await this.#loader.load());
  }
}
