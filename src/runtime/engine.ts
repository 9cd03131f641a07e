/** Everything that a thread needs once there is something to do. Loaded when it is first asked for. */
import { Crew } from "./threads/crew.ts";
import type { Host } from "./host.ts";
import { Operations } from "./operations.ts";
import { PatchedThread } from "./patched-thread.ts";
import type { StateMachine } from "./state.ts";
import { Board } from "./threads/board.ts";
import { Member } from "./threads/member.ts";
import { Roster } from "./threads/roster.ts";
import type { Seat } from "./threads/seat.ts";
import type { Trust } from "./trust.ts";

export class Engine {
  readonly thread: PatchedThread;
  readonly #seat: Seat;
  readonly #settings: { trust: Trust };
  #operations: Operations | undefined;
  #member: Member | undefined;

  constructor(host: Host, machine: StateMachine, settings: { trust: Trust }, seat: Seat) {
    this.#seat = seat;
    this.#settings = settings;
    this.thread = new PatchedThread(host, machine);
    // keys that cannot be used are told of, and other threads invited, before anybody asks
    if (seat.isMain) void this.operations;
  }

  /** Of the process; of this thread alone, where the main thread has no runtime. */
  get operations(): Operations {
    if (this.#operations !== undefined) return this.#operations;
    const board = this.#seat.isMain ? this.#seat.board : new Board();
    const roster = this.#seat.isMain ? this.#seat.roster : new Roster(board, false);
    return (this.#operations = new Operations(this.thread, new Crew(this.thread.host, board, roster), this.#settings));
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
