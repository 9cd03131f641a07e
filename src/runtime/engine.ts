/** Everything that a thread needs once there is something to do. Loaded when it is first asked for. */
import { resolve } from "node:path";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { Boot } from "./durable/boot.ts";
import { Keeper } from "./durable/keeper.ts";
import { StateDirectory } from "./durable/state-directory.ts";
import { Crew } from "./threads/crew.ts";
import type { Host } from "./host.ts";
import { Operations } from "./operations.ts";
import { PatchedThread } from "./patched-thread.ts";
import { BASE, type StateMachine } from "./state.ts";
import { Board } from "./threads/board.ts";
import { Member } from "./threads/member.ts";
import { Roster } from "./threads/roster.ts";
import type { Seat } from "./threads/seat.ts";
import { refuseSigners, type Trust } from "./trust.ts";

/** What the program says about patches before the engine is there. */
export interface Settings {
  trust: Trust;
  /** Whether `runInit()` has begun and not ended. */
  readonly isInitRunning: () => boolean;
}

export class Engine {
  readonly thread: PatchedThread;
  readonly #seat: Seat;
  readonly #settings: Settings;
  #led: Crew | undefined;
  #operations: Operations | undefined;
  #member: Member | undefined;
  #boot: Boot | undefined;

  constructor(host: Host, machine: StateMachine, settings: Settings, seat: Seat) {
    this.#seat = seat;
    this.#settings = settings;
    this.thread = new PatchedThread(host, machine);
    // keys that cannot be used are told of, and other threads invited, before anybody asks
    if (seat.isMain) void this.operations;
  }

  /** Of the process; of this thread alone, where the main thread has no runtime. */
  get operations(): Operations {
    return (this.#operations ??= new Operations(this.thread, this.#crew, this.#settings));
  }

  get #crew(): Crew {
    if (this.#led !== undefined) return this.#led;
    const board = this.#seat.isMain ? this.#seat.board : new Board();
    const roster = this.#seat.isMain ? this.#seat.roster : new Roster(board, false);
    return (this.#led = new Crew(this.thread.host, board, roster));
  }

  /** Where the state directory is, once there is one. */
  get directory(): string | undefined {
    return this.operations.keeper?.directory.path;
  }

  /**
   * Keeps the state there from now on. What an earlier process has left there is put in place, unless something is in
   * place already. Never throws: a process must start without its directory, too.
   */
  useDirectory(path: string): void {
    const { thread, operations } = this;
    const { host, machine } = thread;
    try {
      const directory = StateDirectory.open(path);
      process.on("exit", (code) => {
        try {
          directory.leave(code === 0);
        } catch {
          // the marks of a process that is gone are taken away by the next
        }
      });
      const keeper = (operations.keeper = new Keeper(directory, host, machine));
      if (machine.name !== BASE || machine.operation !== undefined) {
        directory.enter();
        // what is on trial is not there at the next start
        return machine.trial === undefined ? void keeper.save() : undefined;
      }
      const boot = (this.#boot = new Boot({
        thread, keeper, crew: this.#crew,
        refuse: (signers) => refuseSigners(this.#settings.trust, signers),
        isOpen: () => this.#settings.trust.kind === "anyone",
        isInitRunning: this.#settings.isInitRunning,
        restore: (kept) => operations.restore(kept),
      }));
      operations.settled = () => boot.settled();
      boot.start();
    } catch (error) {
      const told = diagnostic("HF3061", "notice", { directory: path, detail: error instanceof Error ? error.message : String(error) });
      process.emitWarning(told.message, { type: "HotfixWarning", code: told.code });
    }
  }

  /** The same where the program says so. Throws HF3071 if it is kept elsewhere. */
  keepIn(path: string): void {
    const { directory } = this;
    if (directory === undefined) return this.useDirectory(path);
    if (directory !== resolve(path)) throw new HotfixError(diagnostic("HF3071", "error", { directory, other: resolve(path) }));
  }

  /** Other keys are trusted now. */
  judge(): void {
    this.#boot?.judge();
  }

  /** When all is in place that shall be there before the program's first statement. */
  async ready(): Promise<void> {
    await this.#boot?.ready();
    await this.#member?.idle();
  }

  /** The operations, to be prepared by themselves. Throws HF3043 in a worker thread that follows the main thread: what it prepared would be for it alone. */
  get phases(): Operations {
    if (!this.#seat.isMain && this.#seat.joined !== undefined) throw new HotfixError(diagnostic("HF3043", "error", {}));
    return this.operations;
  }

  /** How a worker thread follows the main thread; undefined in the main thread, and where that has no runtime. */
  get member(): Member | undefined {
    if (this.#member !== undefined || this.#seat.isMain) return this.#member;
    const seat = this.#seat;
    const { joined } = seat;
    if (joined !== undefined) this.#member = new Member(this.thread, joined.board, joined.place, (tag, message) => seat.send(tag, message));
    return this.#member;
  }
}
