/** Applying and rolling back, for the whole process: what is asked is read and judged here, then carried out in two phases. */
import { randomUUID } from "node:crypto";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { Aims, type Aim } from "./aim.ts";
import type { Keeper } from "./durable/keeper.ts";
import { checkOptions, type ApplyOptions, type ConfirmOptions, type PrepareOptions, type RollbackOptions } from "./options.ts";
import type { PatchedThread } from "./patched-thread.ts";
import { Report } from "./report.ts";
import { errorReport, type ApplyResult, type ConfirmResult, type HistoryEntry, type OperationResult, type Outcome, type PrepareResult, type RollbackResult } from "./result.ts";
import { commitFailed, messageOf, refused, type Ending } from "./ending.ts";
import { checkSource, type PatchSource } from "./source.ts";
import { BASE, type KeptPatch, type Operation } from "./state.ts";
import { tell } from "./telling.ts";
import type { AskedOperation, Message } from "./threads/channel.ts";
import type { Crew, Order } from "./threads/crew.ts";
import { Transition } from "./transition.ts";
import { Trial } from "./trial.ts";
import { readListed, refuseSigners, type Trust } from "./trust.ts";

/** A transition that is prepared on every thread, and may be carried out. */
interface Staged {
  readonly order: Order;
  readonly report: Report;
  readonly transition: Transition;
  readonly options: ApplyOptions;
}

/** How long a prepared operation waits for its commit, in milliseconds. */
const HOLD_FOR = 30_000;

export class Operations {
  readonly #thread: PatchedThread;
  readonly #crew: Crew;
  readonly #settings: { trust: Trust };
  readonly #aims: Aims;
  /** What is prepared, while somebody outside decides. */
  #staged: (Staged & { readonly expiry: NodeJS.Timeout }) | undefined;
  readonly #trial: Trial;
  /** Where the program has a state directory. */
  keeper: Keeper | undefined;
  /** Told when an operation has led to a state. */
  settled: (() => void) | undefined;

  constructor(thread: PatchedThread, crew: Crew, settings: { trust: Trust }) {
    this.#thread = thread;
    this.#crew = crew;
    this.#settings = settings;
    this.#aims = new Aims(thread, settings);
    this.#trial = new Trial(thread.machine, (to, why, threads) => this.#putBack("rollback", to, { by: "ts-hotfix", threads }, why));
    settings.trust = readListed(settings.trust);
    const unusable = refuseSigners(settings.trust, []);
    if (unusable?.code === "HF3101") process.emitWarning(unusable.message, { type: "HotfixWarning", code: unusable.code });
  }

  async apply(source: PatchSource, options: ApplyOptions = {}): Promise<ApplyResult> {
    checkSource(source);
    checkOptions("apply()", options);
    return (await this.#carryOut("apply", options, (report) => this.#aims.atFile(source, report))) as ApplyResult;
  }

  async rollback(options: RollbackOptions = {}): Promise<RollbackResult> {
    checkOptions("rollback()", options);
    return (await this.#carryOut("rollback", options, async (report) => this.#aims.back(options.to ?? BASE, report))) as RollbackResult;
  }

  /** The present state stays, although it was to go again by itself. */
  async confirm(options: ConfirmOptions = {}): Promise<ConfirmResult> {
    checkOptions("confirm()", options);
    const { name } = this.#thread.machine;
    if (!this.#trial.isOpen) return { operation: "confirm", outcome: "refused", patch: name, notices: [], diagnostics: [diagnostic("HF3070", "refusal", {})] };
    this.#trial.end();
    const unsaved = await this.keeper?.save();
    const unrecorded = await this.#remember({ operation: "confirm", outcome: "confirmed", patch: name, from: name, ...(options.by === undefined ? {} : { by: options.by }), codes: [] });
    return { operation: "confirm", outcome: "confirmed", patch: name, notices: [unsaved, unrecorded].filter((each) => each !== undefined), diagnostics: [] };
  }

  /** Puts in place what was active in an earlier process. */
  async restore(kept: KeptPatch): Promise<OperationResult> {
    return await this.#putBack("apply", kept, { by: "ts-hotfix" });
  }

  /** First phase of an apply. What is prepared waits for `commit` or `abort`, and is aborted if neither comes. */
  async prepare(source: PatchSource, options: PrepareOptions = {}): Promise<PrepareResult> {
    checkSource(source);
    checkOptions("prepare()", options);
    return await this.#prepareOnly("apply", options, (report) => this.#aims.atFile(source, report));
  }

  /** First phase of a rollback. */
  async prepareRollback(options: PrepareOptions & RollbackOptions = {}): Promise<PrepareResult> {
    checkOptions("prepareRollback()", options);
    return await this.#prepareOnly("rollback", options, async (report) => this.#aims.back(options.to ?? BASE, report));
  }

  /** Second phase of what was prepared under the ticket. Throws HF3034 if nothing is. */
  async commit(ticket: string): Promise<OperationResult> {
    const staged = this.#take(ticket);
    const ending = await this.#guarding(() => this.#cross(staged));
    return (await this.#conclude(staged.report, ending, staged.options)) as OperationResult;
  }

  /** Gives up what was prepared under the ticket. Throws HF3034 if nothing is. */
  abort(ticket: string): void {
    this.#giveUp(this.#take(ticket));
    this.#thread.machine.abort();
  }

  /** What another thread's program asked for. */
  async answer(request: AskedOperation): Promise<Message> {
    try {
      if (request.operation === "confirm") return { kind: "confirms", result: await this.confirm(request.options) };
      const result = request.operation === "apply" ? await this.apply(request.source, request.options) : await this.rollback(request.options);
      return { kind: "answers", result };
    } catch (error) {
      return { kind: "rejects", diagnostics: error instanceof HotfixError ? error.diagnostics : [diagnostic("HF9001", "error", { detail: messageOf(error) })] };
    }
  }

  /** @param why it goes back by itself */
  async #putBack(operation: Operation, to: KeptPatch | undefined, options: ApplyOptions, why?: Diagnostic): Promise<OperationResult> {
    return await this.#carryOut(operation, options, async (report) => {
      report.tell(why);
      return this.#aims.atKept(to, report);
    }, why);
  }

  async #carryOut(operation: Operation, options: ApplyOptions, aim: (report: Report) => Promise<Aim>, why?: Diagnostic): Promise<OperationResult> {
    const report = new Report(operation, this.#thread.machine.name, options.callbackLimit);
    const ending = await this.#exclusively(report, async () => {
      const staged = await this.#stage(report, options, aim);
      return "outcome" in staged ? staged : await this.#cross(staged);
    });
    return (await this.#conclude(report, ending, options, why)) as OperationResult;
  }

  async #prepareOnly(operation: Operation, options: PrepareOptions, aim: (report: Report) => Promise<Aim>): Promise<PrepareResult> {
    const report = new Report(operation, this.#thread.machine.name, options.callbackLimit);
    let ticket: string | undefined;
    const ending = await this.#exclusively(report, async () => {
      const staged = await this.#stage(report, options, aim);
      if ("outcome" in staged) return staged;
      ticket = staged.order.ticket;
      const expiry = setTimeout(() => this.abort(staged.order.ticket), options.holdFor ?? HOLD_FOR).unref();
      this.#staged = { ...staged, expiry };
      return { outcome: "done" };
    }, () => ticket === undefined);
    if (ticket === undefined) return (await this.#conclude(report, ending, options)) as PrepareResult;
    return { operation, outcome: "prepared", ticket, ...report.finish() };
  }

  async #exclusively(report: Report, operation: () => Promise<Ending>, ends: () => boolean = () => true): Promise<Ending> {
    const { machine } = this.#thread;
    if (machine.operation !== undefined) return refused([diagnostic("HF3001", "refusal", { operation: machine.operation })]);
    machine.begin(report.operation);
    return await this.#guarding(operation, ends);
  }

  async #guarding(operation: () => Promise<Ending>, ends: () => boolean = () => true): Promise<Ending> {
    try {
      return await operation();
    } catch (error) {
      const diagnostics = error instanceof HotfixError ? error.diagnostics : [diagnostic("HF3016", "error", { detail: messageOf(error) })];
      return { outcome: "failed", diagnostics, error: errorReport(error) };
    } finally {
      if (ends()) this.#thread.machine.abort();
    }
  }

  async #stage(report: Report, options: ApplyOptions, aim: (report: Report) => Promise<Aim>): Promise<Staged | Ending> {
    const aimed = await aim(report);
    if ("outcome" in aimed) {
      // who could not follow before may be able to now
      if (aimed.outcome === "unchanged") await this.#crew.bring(report, options);
      return aimed;
    }
    const { to } = aimed;
    tell("ts-hotfix:prepare", { operation: report.operation, patch: to?.id ?? BASE, from: this.#thread.machine.name });
    const order: Order = { ticket: randomUUID(), operation: report.operation, to, options };
    const staged = { order, report, transition: new Transition(this.#thread, to, report), options };
    let isReady = false;
    try {
      let problems = await staged.transition.prepare();
      if (problems.length === 0) problems = await this.#crew.prepare(order);
      isReady = problems.length === 0;
      return isReady ? staged : refused(problems);
    } finally {
      if (!isReady) this.#giveUp(staged);
    }
  }

  async #cross(staged: Staged): Promise<Ending> {
    const { order, report, transition } = staged;
    let isDone = false;
    try {
      // keys may have been named since it was prepared
      const distrusted = order.to === undefined ? undefined : refuseSigners(this.#settings.trust, order.to.signers);
      if (distrusted !== undefined) return refused([distrusted]);
      const broken = await this.#crew.cross(order, transition, report);
      isDone = broken.length === 0;
      return isDone ? { outcome: "done" } : refused(broken);
    } catch (error) {
      return commitFailed(error);
    } finally {
      if (!isDone) this.#giveUp(staged);
    }
  }

  #giveUp({ order, transition }: Staged): void {
    transition.abandon();
    this.#crew.abandon(order.ticket);
  }

  #take(ticket: string): Staged {
    const staged = this.#staged;
    if (staged === undefined || staged.order.ticket !== ticket) throw new HotfixError(diagnostic("HF3034", "error", { ticket: String(ticket).slice(0, 64) }));
    this.#staged = undefined;
    clearTimeout(staged.expiry);
    return staged;
  }

  async #conclude(report: Report, ending: Ending, { by, confirmWithin, callbackLimit }: ApplyOptions, why?: Diagnostic): Promise<OperationResult | PrepareResult> {
    const { operation } = report;
    const isKept = ending.outcome === "done" || ending.outcome === "unchanged";
    if (isKept) this.settled?.();
    if (ending.outcome === "done") {
      if (confirmWithin === undefined) this.#trial.end();
      else report.confirmUntil = this.#trial.begin(this.#thread.machine.atHand.find(({ id }) => id === report.from), confirmWithin, callbackLimit);
    }
    // what is on trial is not there at the next start
    if (isKept && this.#thread.machine.trial === undefined) report.tell(await this.keeper?.save());
    const diagnostics = "diagnostics" in ending ? ending.diagnostics : [];
    if (ending.outcome === "refused" || ending.outcome === "failed") report.log(ending.outcome);
    const outcome: Outcome = ending.outcome !== "done" ? ending.outcome : operation === "apply" ? "applied" : "rolled-back";
    const error = ending.outcome === "failed" ? { error: ending.error } : {};
    const result = { operation, outcome, ...report.finish(diagnostics), ...error } as OperationResult;
    report.tell(await this.#remember({
      operation, outcome, patch: result.patch, from: result.from,
      ...(by === undefined ? {} : { by }),
      ...(result.signedBy.length === 0 ? {} : { signedBy: result.signedBy }),
      codes: [...(why === undefined ? [] : [why]), ...diagnostics].map(({ code }) => code),
      ...(why === undefined ? {} : { reason: why.message }),
    }));
    if (ending.outcome === "done") tell(operation === "apply" ? "ts-hotfix:commit" : "ts-hotfix:rollback", { result });
    else if (ending.outcome !== "unchanged") tell("ts-hotfix:refuse", { result });
    return result;
  }

  async #remember(what: Omit<HistoryEntry, "at">): Promise<Diagnostic | undefined> {
    const entry = { at: new Date().toISOString(), ...what };
    this.#thread.machine.remember(entry);
    return await this.keeper?.record(entry);
  }
}
