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
  /** Of the process; of this thread alone, where the main thread has no runtime. */
  readonly operations: Operations;
  readonly #seat: Seat;
  #member: Member | undefined;

  constructor(host: Host, machine: StateMachine, settings: { trust: Trust }, seat: Seat) {
    this.#seat = seat;
    this.thread = new PatchedThread(host, machine);
    const board = seat.isMain ? seat.board : new Board();
    this.operations = new Operations(this.thread, new Crew(host, board, () => (seat.isMain ? seat.roster : new Roster(board))), settings);
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
