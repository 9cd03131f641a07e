/** The main thread's side: leads the worker threads through an operation, all together or each by itself. */
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import type { Host } from "../host.ts";
import { BARRIER_TIMEOUT, type ApplyOptions } from "../options.ts";
import { packageLocations } from "../packages.ts";
import type { Report } from "../report.ts";
import type { ThreadReport } from "../result.ts";
import type { KeptPatch, Operation } from "../state.ts";
import type { Transition } from "../transition.ts";
import { attemptCrossing, HOLD_LIMIT } from "./barrier.ts";
import type { Board, Publication, Published } from "./board.ts";
import { shared, type SentPatch } from "./channel.ts";
import type { Roster } from "./roster.ts";
import { activityOf } from "./sample.ts";

/** What all threads are led through. */
export interface Order {
  readonly ticket: string;
  readonly operation: Operation;
  /** Undefined: the base. */
  readonly to: KeptPatch | undefined;
  readonly options: ApplyOptions;
}

/** Pause after an attempt that came to nothing, in milliseconds; longer each time. */
const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 100;

export class Crew {
  readonly #host: Host;
  readonly #board: Board;
  readonly #roster: Roster;
  readonly #sent = new WeakMap<Order, SentPatch>();

  constructor(host: Host, board: Board, roster: Roster) {
    this.#host = host;
    this.#board = board;
    this.#roster = roster;
  }

  /** Lets every worker thread prepare. Diagnostics mean no. */
  async prepare(order: Order): Promise<readonly Diagnostic[]> {
    await this.#roster.invited();
    return await this.#prepareMembers(order, this.#board.members(), false, deadlineOf(order));
  }

  /** Clears away what the threads have prepared. */
  abandon(ticket: string): void {
    if (this.#board.members().length > 0) this.#roster.send(this.#roster.nextTag(), { kind: "abandon", ticket });
  }

  /** Says what is active to threads that start later, and to those that are behind. For a state that was not reached by `cross`. */
  announce(to: KeptPatch | undefined): void {
    this.#board.publish(this.#board.reserve(this.#published(to)));
    this.#remind(this.#board.members());
  }

  /** Brings the threads that are not where the process is already. */
  async bring(report: Report, options: ApplyOptions): Promise<void> {
    await this.#follow(this.#board.behind(), report, deadlineOf({ options }));
  }

  #remind(threads: readonly number[]): void {
    if (threads.length > 0) this.#roster.send(this.#roster.nextTag(), { kind: "follow" }, threads);
  }

  /**
   * Carries the prepared transition out on all threads, or on none. Throws what this thread's own step throws, after it
   * was undone everywhere; diagnostics tell what keeps other threads from it.
   */
  async cross(order: Order, transition: Transition, report: Report): Promise<readonly Diagnostic[]> {
    const deadline = deadlineOf(order);
    const publication = this.#board.reserve(this.#published(order.to));
    let absent: readonly number[] | undefined;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, 2 * pause)) {
      const problems = await this.#makeReady(order, transition, deadline);
      if (problems.length > 0) return problems;
      if (order.options.threads === "eventually") {
        await this.#crossEach(transition, publication, report, deadline);
        return [];
      }
      const party = this.#board.members();
      const attempt = await attemptCrossing({ board: this.#board, roster: this.#roster, ticket: order.ticket, party, transition, publish: () => void this.#board.publish(publication) });
      switch (attempt.outcome) {
        case "done":
          report.threads = attempt.reports;
          // a thread that starts waits at the gate, but not for as long as some patches evaluate
          this.#remind(this.#board.behind());
          return [];
        case "broken":
          return attempt.broken.flatMap(([thread, diagnostics]) => diagnostics.map((each) => this.#named(thread, each)));
        case "too-slow":
          // what a patch evaluates at its commit is not evaluated over and over
          if (performance.now() >= deadline || evaluates(order.to)) return [diagnostic("HF3033", "refusal", { limit: HOLD_LIMIT })];
          break;
        case "incomplete":
          // who came to one attempt is not stuck
          absent = absent?.filter((thread) => attempt.missing.includes(thread)) ?? attempt.missing;
          if (performance.now() < lastQuestion(order, deadline)) break;
          return await this.#incomplete(absent, order);
      }
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  async #crossEach(transition: Transition, publication: Publication, report: Report, deadline: number): Promise<void> {
    transition.commit(() => void this.#board.publish(publication));
    await this.#follow(this.#board.members(), report, deadline);
  }

  async #follow(party: readonly number[], report: Report, deadline: number): Promise<void> {
    if (party.length === 0) return;
    const { answers } = await this.#roster.ask(party, { kind: "follow" }, ["crossed", "broken"], deadline);
    report.threads = party.map((thread): ThreadReport => {
      const answer = answers.get(thread);
      if (answer?.kind === "crossed") return answer.report;
      return { thread, name: this.#roster.nameOf(thread), outcome: "behind", functions: [], pending: [], notices: answer?.kind === "broken" ? answer.diagnostics : [], heldMs: 0 };
    });
    const behind = report.threads.filter(({ outcome }) => outcome === "behind");
    if (behind.length > 0) report.notice("HF3035", { threads: behind.map(({ thread }) => this.#roster.describe(thread)).join(", ") });
  }

  /** Until all are ready at once: threads and modules may come at any time. */
  async #makeReady(order: Order, transition: Transition, deadline: number): Promise<readonly Diagnostic[]> {
    for (;;) {
      const own = transition.isFresh ? [] : await transition.prepare();
      if (own.length > 0) return own;
      await transition.leave();
      const party = this.#board.members();
      const problems = await this.#prepareMembers(order, party, true, deadline);
      if (problems.length > 0) return problems;
      if (transition.isFresh && sameThreads(this.#board.members(), party)) return [];
      if (performance.now() >= lastQuestion(order, deadline)) return await this.#incomplete([], order);
    }
  }

  /** @param isLast the commit comes next */
  async #prepareMembers(order: Order, party: readonly number[], isLast: boolean, deadline: number): Promise<readonly Diagnostic[]> {
    if (party.length === 0) return [];
    const { ticket, operation, options } = order;
    const message = { kind: "prepare", ticket, operation, to: this.#sentFor(order), callbackLimit: options.callbackLimit, isLast } as const;
    const { answers, missing } = await this.#roster.ask(party, message, ["prepared"], deadline);
    const refusals = [...answers].flatMap(([thread, answer]) => (answer.kind === "prepared" ? answer.diagnostics.map((each) => this.#named(thread, each)) : []));
    if (refusals.length > 0) return refusals;
    return missing.length > 0 && options.threads !== "eventually" ? await this.#late(missing, { options }) : [];
  }

  /** Never nothing: nothing was swapped. */
  async #incomplete(missing: readonly number[], order: Order): Promise<readonly Diagnostic[]> {
    const late = missing.length === 0 ? [] : await this.#late(missing, order);
    return late.length > 0 ? late : [diagnostic("HF3080", "refusal", { limit: limitOf(order) })];
  }

  /** Says who did not come, and what kept them as far as can be seen. Nobody waits any more for those that have ended. */
  async #late(threads: readonly number[], { options }: Pick<Order, "options">): Promise<readonly Diagnostic[]> {
    const { doing, ended } = await activityOf(threads);
    for (const thread of ended) this.#roster.ended(thread);
    const there = threads.filter((thread) => !ended.includes(thread));
    return there.map((thread) => diagnostic("HF3030", "refusal", { thread: this.#roster.describe(thread), limit: limitOf({ options }), activity: doing.get(thread) ?? "what it was doing is not known" }));
  }

  /** One copy for all threads and all attempts: shared memory does not count when V8 decides to collect garbage. */
  #sentFor(order: Order): SentPatch | undefined {
    if (order.to === undefined) return undefined;
    const known = this.#sent.get(order) ?? sent(order.to);
    this.#sent.set(order, known);
    return known;
  }

  #named(thread: number, problem: Diagnostic): Diagnostic {
    return { ...problem, message: `In ${this.#roster.describe(thread)}: ${problem.message}` };
  }

  #published(to: KeptPatch | undefined): Published | undefined {
    return to === undefined ? undefined : { id: to.id, file: to.file, signers: to.signers, before: to.before, locations: packageLocations(this.#host, to.payload) };
  }
}

export function sameThreads(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((thread, index) => thread === other[index]);
}

function deadlineOf(order: Pick<Order, "options">): number {
  return performance.now() + limitOf(order);
}

/** Threads that have answered so far are not called late for a question that comes at the last moment. */
function lastQuestion(order: Order, deadline: number): number {
  return deadline - limitOf(order) / 4;
}

function limitOf({ options }: Pick<Order, "options">): number {
  return options.barrierTimeout ?? BARRIER_TIMEOUT;
}

function sent({ id, file, signers, before }: KeptPatch): SentPatch {
  return { id, file: shared(file), signers, before };
}

/** Whether committing the patch runs code of it. */
function evaluates(to: KeptPatch | undefined): boolean {
  return to?.payload.modules.some(({ variables, origin }) => variables.length > 0 || origin === "new") ?? false;
}
