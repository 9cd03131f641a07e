/** Messages between the threads of a process. They need no port that an application would have to hand on. */
import { BroadcastChannel } from "node:worker_threads";
import type { Diagnostic } from "../../messages/diagnostic.ts";
import type { PatchSource } from "../source.ts";
import type { ConfirmResult, OperationResult, ThreadReport } from "../result.ts";
import type { Operation, StateName } from "../state.ts";
import type { ApplyOptions, ConfirmOptions, RollbackOptions } from "../options.ts";

/** Id of the main thread. */
export const MAIN = 0;

export interface SentPatch {
  readonly id: string;
  /** In shared memory: sent to many, copied by none. */
  readonly file: Uint8Array;
  readonly signers: readonly string[];
  readonly before: StateName;
}

/** Plain data: what is asked of a worker thread, or of the main thread for one; and the answers. */
export type Message =
  /** Board of the process, for threads that started before it was there. */
  | { readonly kind: "invite"; readonly memory: SharedArrayBuffer }
  /** Be ready for the operation. `isLast`: the commit comes next. */
  | { readonly kind: "prepare"; readonly ticket: string; readonly operation: Operation; readonly to: SentPatch | undefined; readonly callbackLimit: number | undefined; readonly isLast: boolean }
  /** Come to the barrier. `epoch`: of the state beyond it. */
  | { readonly kind: "hold"; readonly ticket: string; readonly memory: SharedArrayBuffer; readonly epoch: number }
  /** Go where the board says, each by itself. */
  | { readonly kind: "follow" }
  | { readonly kind: "abandon"; readonly ticket: string }
  /** None: ready. */
  | { readonly kind: "prepared"; readonly name: string; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "arrived" }
  /** The hold came too late, or modules came since. */
  | { readonly kind: "missed" }
  | { readonly kind: "crossed"; readonly report: ThreadReport }
  | { readonly kind: "broken"; readonly diagnostics: readonly Diagnostic[] }
  /** A thread that the sender started is there no more. One that is terminated cannot say so itself. */
  | { readonly kind: "ended"; readonly thread: number }
  /** A worker's program asks for an operation, which the process does as one. */
  | { readonly kind: "asks"; readonly request: AskedOperation }
  | { readonly kind: "answers"; readonly result: OperationResult }
  | { readonly kind: "confirms"; readonly result: ConfirmResult }
  | { readonly kind: "rejects"; readonly diagnostics: readonly Diagnostic[] };

export type AskedOperation =
  | { readonly operation: "apply"; readonly source: PatchSource; readonly options: ApplyOptions }
  | { readonly operation: "rollback"; readonly options: RollbackOptions }
  | { readonly operation: "confirm"; readonly options: ConfirmOptions };

/** A message as it travels. */
export interface Letter {
  /** Id of the board that both sides have; see {@link Board.id}. */
  readonly board: number;
  readonly from: number;
  /** Undefined: everybody. */
  readonly to: readonly number[] | undefined;
  /** The same in a question and its answers. */
  readonly tag: string;
  readonly message: Message;
}

/** Versioned like the runtime's symbol. Never leaves the process. */
const NAME = "ts-hotfix/1";

export class Channel {
  readonly #self: number;
  readonly #board: () => number | undefined;
  readonly #open: BroadcastChannel;

  /** @param board of which letters are taken; undefined: any, by a thread that has none yet */
  constructor(self: number, board: () => number | undefined, receive: (letter: Letter) => void) {
    this.#self = self;
    this.#board = board;
    this.#open = new BroadcastChannel(NAME);
    this.#open.addEventListener("message", (event) => {
      const letter = (event as Event & { readonly data: Letter }).data;
      const own = board();
      if ((own === undefined || letter.board === own) && (letter.to === undefined || letter.to.includes(self))) receive(letter);
    });
    this.#open.unref();
  }

  send(tag: string, message: Message, to?: readonly number[]): void {
    this.#open.postMessage({ board: this.#board() ?? 0, from: this.#self, to, tag, message } satisfies Letter);
  }
}

/** Bytes that can be sent to many and are copied by none. */
export function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}
