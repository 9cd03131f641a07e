/** Collects what an operation's result tells. */
import { CALLBACK_LIMIT } from "./callbacks.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import type { PatchLive } from "../patch/payload.ts";
import type { OperationReport, ThreadReport } from "./result.ts";
import type { Operation, StateName } from "./state.ts";

type Severity = Diagnostic["severity"];

export class Report {
  readonly #operation: Operation;
  readonly from: StateName;
  readonly #started = performance.now();
  readonly #log: string[] = [];
  #preparedAt: number | undefined;
  #committedAt: number | undefined;
  patch: StateName | null = null;
  bytes = 0;
  confirmUntil: string | undefined;
  signedBy: readonly string[] = [];
  functions: readonly string[] = [];
  pending: readonly string[] = [];
  live: readonly PatchLive[] = [];
  threads: readonly ThreadReport[] = [];
  readonly notices: Diagnostic[] = [];

  /** How long a callback may take before the commit, in milliseconds. */
  readonly callbackLimit: number;

  constructor(operation: Operation, from: StateName, callbackLimit: number = CALLBACK_LIMIT) {
    this.callbackLimit = callbackLimit;
    this.#operation = operation;
    this.from = from;
  }

  log(line: string): void {
    this.#log.push(`${(performance.now() - this.#started).toFixed(1)} ms  ${line}`);
  }

  notice<C extends Parameters<typeof diagnostic>[0]>(code: C, values: Parameters<typeof diagnostic<C>>[2]): void {
    this.notices.push(diagnostic(code, "notice" satisfies Severity, values));
  }

  /** Adds a notice, if there is one. */
  tell(notice: Diagnostic | undefined): void {
    if (notice !== undefined) this.notices.push(notice);
  }

  /** Prepare ends and commit begins here. */
  prepared(): void {
    this.#preparedAt = performance.now();
    this.log("prepared");
  }

  committed(): void {
    this.#committedAt = performance.now();
    this.log("committed");
  }

  finish(diagnostics: readonly Diagnostic[] = []): Omit<OperationReport, "operation"> {
    const now = performance.now();
    const prepared = this.#preparedAt ?? now;
    const commitMs = this.#preparedAt === undefined ? 0 : (this.#committedAt ?? now) - prepared;
    return {
      patch: this.patch,
      from: this.from,
      signedBy: this.signedBy,
      functions: this.functions,
      pending: this.pending,
      live: this.live,
      cost: { prepareMs: round(prepared - this.#started), commitMs: round(commitMs), heldMs: round(Math.max(0, ...this.threads.map(({ heldMs }) => heldMs))), bytes: this.bytes },
      threads: this.threads,
      ...(this.confirmUntil === undefined ? {} : { confirmUntil: this.confirmUntil }),
      notices: this.notices,
      diagnostics,
      log: this.#log,
    };
  }

  get operation(): Operation {
    return this.#operation;
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
