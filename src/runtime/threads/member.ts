/** A worker thread's side: prepares, comes to the barrier, swaps with the others, and catches up where it is behind. */
// As a namespace: older versions of Node have no threadName.
import * as workerThreads from "node:worker_threads";
import { diagnostic, HotfixError, type Diagnostic } from "../../messages/diagnostic.ts";
import { decodePatch } from "../../patch/file.ts";
import { EvaluationError } from "../brought.ts";
import { reach } from "../fault.ts";
import type { PatchedThread } from "../patched-thread.ts";
import { Report } from "../report.ts";
import type { ThreadReport } from "../result.ts";
import { BASE, type KeptPatch } from "../state.ts";
import { tell } from "../telling.ts";
import { Transition } from "../transition.ts";
import type { Board, Membership, Published } from "./board.ts";
import type { Letter, Message, SentPatch } from "./channel.ts";
import { Hold } from "./hold.ts";

interface Prepared {
  readonly ticket: string;
  /** Undefined: the base. */
  readonly to: KeptPatch | undefined;
  readonly transition: Transition;
  readonly report: Report;
}

/** Another thread did not agree. */
class SwappedBack extends Error {}

export class Member {
  readonly #thread: PatchedThread;
  readonly #board: Board;
  readonly #place: Membership;
  readonly #send: (tag: string, message: Message) => void;
  #prepared: Prepared | undefined;
  /** What is asked is done in the order in which it came. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(thread: PatchedThread, board: Board, place: Membership, send: (tag: string, message: Message) => void) {
    this.#thread = thread;
    this.#board = board;
    this.#place = place;
    this.#send = send;
  }

  receive({ tag, message }: Letter): void {
    switch (message.kind) {
      case "prepare":
        return this.#enqueue(async () => this.#send(tag, { kind: "prepared", name: nameOfThread(), diagnostics: await this.#prepare(message) }));
      case "hold":
        return this.#hold(tag, message);
      case "abandon":
        return this.#enqueue(async () => this.#abandon(message.ticket));
      case "follow":
        return this.#enqueue(async () => this.#send(tag, await this.follow()));
      default:
    }
  }

  #enqueue(work: () => Promise<unknown>): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
  }

  async #prepare({ ticket, operation, to, callbackLimit, isLast }: Extract<Message, { kind: "prepare" }>): Promise<readonly Diagnostic[]> {
    const { machine } = this.#thread;
    if (this.#prepared?.ticket !== ticket) {
      this.#abandon(this.#prepared?.ticket);
      const kept = to === undefined ? undefined : keep(to);
      if (kept !== undefined && "code" in kept) return [kept];
      machine.begin(operation);
      const report = new Report(operation, machine.name, callbackLimit);
      this.#prepared = { ticket, to: kept, report, transition: new Transition(this.#thread, kept, report) };
    }
    const { transition } = this.#prepared ?? {};
    if (transition === undefined) return [];
    try {
      reach("threads:prepare");
      const problems = machine.state.phase === "prepared" && transition.isFresh ? [] : await transition.prepare();
      if (problems.length === 0 && isLast) await transition.leave();
      return problems;
    } catch (error) {
      return error instanceof HotfixError ? error.diagnostics : [diagnostic("HF3016", "error", { detail: messageOf(error) })];
    }
  }

  #abandon(ticket: string | undefined): void {
    if (this.#prepared === undefined || this.#prepared.ticket !== ticket) return;
    this.#prepared.transition.abandon();
    this.#prepared = undefined;
    this.#thread.machine.abort();
  }

  /** From its arrival to the end of its step, nothing else happens in this thread. */
  #hold(tag: string, { ticket, memory, epoch }: Extract<Message, { kind: "hold" }>): void {
    const hold = Hold.join(memory);
    const prepared = this.#prepared;
    if (prepared?.ticket !== ticket || this.#thread.machine.state.phase !== "prepared" || !prepared.transition.isFresh || hold.left === 0) return this.#send(tag, { kind: "missed" });
    const arrived = performance.now();
    this.#send(tag, { kind: "arrived" });
    if (!hold.waitForAll()) return;
    try {
      prepared.transition.commit(() => {
        reach("threads:agree");
        if (!hold.reportSwapped()) throw new SwappedBack();
      });
    } catch (error) {
      if (!(error instanceof SwappedBack)) hold.reportFailed();
      return this.#send(tag, { kind: "broken", diagnostics: error instanceof SwappedBack ? [] : [commitProblem(error)] });
    }
    this.#prepared = undefined;
    this.#thread.machine.abort();
    this.#place.epoch = epoch;
    this.#send(tag, { kind: "crossed", report: this.#reportOf(prepared.report, performance.now() - arrived) });
  }

  /** Goes to what the board says is active, waiting for nobody. */
  async follow(): Promise<Message> {
    const found = this.#board.read();
    if (found === undefined) return { kind: "broken", diagnostics: [] };
    const { machine } = this.#thread;
    const { patch, epoch } = found;
    if (machine.name === (patch?.id ?? BASE)) {
      this.#abandon(this.#prepared?.ticket);
      this.#place.epoch = epoch;
      return { kind: "crossed", report: this.#reportOf(new Report(patch === undefined ? "rollback" : "apply", machine.name), 0) };
    }
    const begun = this.#prepared !== undefined && this.#prepared.to?.id === patch?.id ? this.#prepared : this.#begin(patch);
    if ("code" in begun) return this.#refuse([begun]);
    const { report, transition } = begun;
    try {
      do {
        const problems = transition.isFresh ? [] : await transition.prepare();
        if (problems.length > 0) return this.#refuse(problems);
        await transition.leave();
      } while (!transition.isFresh);
      transition.commit();
      this.#place.epoch = epoch;
      return { kind: "crossed", report: this.#reportOf(report, 0) };
    } catch (error) {
      return this.#refuse([commitProblem(error)]);
    } finally {
      this.#prepared = undefined;
      transition.abandon();
      machine.abort();
    }
  }

  #begin(patch: Published | undefined): Prepared | Diagnostic {
    this.#abandon(this.#prepared?.ticket);
    const to = patch === undefined ? undefined : keep(patch);
    if (to !== undefined && "code" in to) return to;
    const { machine } = this.#thread;
    const report = new Report(to === undefined ? "rollback" : "apply", machine.name);
    machine.begin(report.operation);
    return { ticket: "", to, report, transition: new Transition(this.#thread, to, report) };
  }

  /** When all is done that was asked so far. */
  async idle(): Promise<void> {
    await this.#queue;
  }

  /** For a thread that was there before the board. */
  catchUp(): void {
    this.#enqueue(() => this.follow());
  }

  /** As `follow`, before the thread's first statement: nothing of the program is loaded yet. */
  start(): void {
    const found = this.#board.read();
    if (found?.patch === undefined) {
      if (found !== undefined) this.#place.epoch = found.epoch;
      return;
    }
    const to = keep(found.patch);
    if ("code" in to) return void this.#refuse([to]);
    const report = new Report("apply", this.#thread.machine.name);
    const problems = this.#thread.startWith(to, found.patch.locations, report);
    if (problems.length === 0) this.#place.epoch = found.epoch;
    else {
      this.#refuse(problems);
      // a package that can only be imported asynchronously: as soon as that can be
      this.catchUp();
    }
  }

  #refuse(diagnostics: readonly Diagnostic[]): Message {
    const [first] = diagnostics;
    if (first !== undefined) {
      const told = diagnostic("HF3036", "notice", { thread: this.#place.thread, detail: first.message });
      process.emitWarning(told.message, { type: "HotfixWarning", code: told.code });
      tell("ts-hotfix:refuse", { patch: this.#thread.machine.name, module: "", diagnostics });
    }
    return { kind: "broken", diagnostics };
  }

  #reportOf({ functions, pending, notices }: Report, heldMs: number): ThreadReport {
    return { thread: this.#place.thread, name: nameOfThread(), outcome: "done", functions, pending, notices, heldMs: Math.round(heldMs * 1000) / 1000 };
  }
}

/** The patch as this thread keeps it. What was sent comes from the main thread, which has judged it. */
function keep({ id, file, signers, before }: SentPatch): KeptPatch | Diagnostic {
  const own = file.slice();
  const reading = decodePatch(own);
  if (!reading.ok) return reading.diagnostics[0];
  return { id, payload: reading.patch.payload, file: own, signers, before };
}

function commitProblem(error: unknown): Diagnostic {
  return error instanceof EvaluationError ? diagnostic("HF3028", "error", { module: error.module, detail: error.message }) : diagnostic("HF3004", "error", { detail: messageOf(error) });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function nameOfThread(): string {
  return (workerThreads as { readonly threadName?: string | null }).threadName ?? "";
}
