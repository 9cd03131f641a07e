/** Applying and rolling back: the phases of an operation, each in its own file. */
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import type { Patch } from "../patch/file.ts";
import { EvaluationError } from "./brought.ts";
import { askPrePatch, runAfter, runPreUnpatch, type LiveCallbacks } from "./callbacks.ts";
import { commitGrafts, type Grafts } from "./commit.ts";
import { FormerTables } from "./former-tables.ts";
import type { Host, Instance } from "./host.ts";
import type { Graft } from "./graft.ts";
import { functionIds, pendingKeys, type LivePatch } from "./live-patch.ts";
import { graftArrival, Settling } from "./pending.ts";
import { preparePatch } from "./prepare.ts";
import { Report } from "./report.ts";
import { errorReport, type ApplyResult, type ErrorReport, type OperationResult, type RollbackResult } from "./result.ts";
import { checkSource, readPatch, type PatchSource } from "./source.ts";
import { BASE, nameOf, type KeptPatch, type Resting, type StateMachine, type StateName } from "./state.ts";
import { tell } from "./telling.ts";
import { readListed, refuseSigners, type Trust } from "./trust.ts";

export interface ApplyOptions {
  /** Who asks; goes into the history. */
  readonly by?: string;
  /** How long a callback of the patch's author may take before the commit, in milliseconds. Default 10,000. */
  readonly callbackLimit?: number;
}

export interface RollbackOptions extends ApplyOptions {
  /**
   * Where to: the program as built (`"base"`, the default), the state that the active patch replaced
   * (`"previous"`), or a patch that is at hand, by its id or the first eight digits or more of it.
   */
  readonly to?: StateName;
}

type Ending =
  | { readonly outcome: "done" }
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly outcome: "failed"; readonly diagnostics: readonly Diagnostic[]; readonly error: ErrorReport };

const NO_GRAFTS: Grafts = new Map<Instance, Graft>();
const SHORTEST_ID = 8;
/** How often a host may load modules while it is prepared. */
const MOST_ATTEMPTS = 5;

export class Operations {
  readonly #host: Host;
  readonly #machine: StateMachine;
  readonly #formers = new FormerTables();
  readonly #settling = new Settling();
  readonly #settings: { trust: Trust };
  #toldOfNoKeys = false;

  constructor(host: Host, machine: StateMachine, settings: { trust: Trust }) {
    this.#host = host;
    this.#machine = machine;
    this.#settings = settings;
    settings.trust = readListed(settings.trust);
    const unusable = refuseSigners(settings.trust, []);
    if (unusable?.code === "HF3101") process.emitWarning(unusable.message, { type: "HotfixWarning", code: unusable.code });
    host.arrived = (instance) => this.#arrive(instance);
  }

  async apply(source: PatchSource, { by, callbackLimit }: ApplyOptions = {}): Promise<ApplyResult> {
    checkSource(source);
    const report = new Report("apply", this.#machine.name, callbackLimit);
    const ending = await this.#exclusively(report, async () => {
      const reading = await readPatch(source);
      if (!reading.ok) return refused(reading.diagnostics);
      return await this.#applyPatch(reading.patch, report);
    });
    return this.#conclude(report, ending, by, "applied") as ApplyResult;
  }

  async rollback({ to = BASE, by, callbackLimit }: RollbackOptions = {}): Promise<RollbackResult> {
    if (typeof to !== "string") {
      throw new HotfixError(diagnostic("HF3002", "error", { call: "rollback({ to })", expected: "base, previous or a patch id", found: typeof to }));
    }
    const report = new Report("rollback", this.#machine.name, callbackLimit);
    const ending = await this.#exclusively(report, () => this.#goBack(to, report));
    return this.#conclude(report, ending, by, "rolled-back") as RollbackResult;
  }

  async #exclusively(report: Report, operation: () => Promise<Ending>): Promise<Ending> {
    const { state } = this.#machine;
    if (state.phase === "preparing") return refused([diagnostic("HF3001", "refusal", { operation: state.operation })]);
    this.#machine.begin(report.operation);
    try {
      return await operation();
    } catch (error) {
      const diagnostics = error instanceof HotfixError ? error.diagnostics : [diagnostic("HF3016", "error", { detail: messageOf(error) })];
      return { outcome: "failed", diagnostics, error: errorReport(error) };
    } finally {
      this.#machine.abort();
    }
  }

  async #applyPatch(patch: Patch, report: Report): Promise<Ending> {
    const { id, payload, bytes, signers } = patch;
    const active = this.#machine.resting;
    report.patch = id;
    report.bytes = bytes;
    report.log(`read patch ${id.slice(0, 12)}, sequence ${payload.sequence}, ${signers.length === 0 ? "not signed" : `signed by ${signers.join(", ")}`}`);
    const distrusted = this.#checkTrust(signers, report);
    if (distrusted !== undefined) return refused([distrusted]);
    if (active.phase === "committed") {
      if (active.kept.id === id) return this.#unchanged(report, active.live);
      const { sequence } = active.kept.payload;
      if (payload.sequence < sequence) return refused([diagnostic("HF3003", "refusal", { sequence: payload.sequence, active: sequence })]);
    }
    return await this.#changeTo({ id, payload, bytes, signers, before: nameOf(active) }, report);
  }

  async #goBack(to: StateName, report: Report): Promise<Ending> {
    const active = this.#machine.resting;
    const target = to === "previous" ? (active.phase === "base" ? BASE : active.kept.before) : to;
    if (target === BASE) {
      report.patch = BASE;
      if (active.phase === "base") return this.#unchanged(report);
      tell("ts-hotfix:prepare", { operation: "rollback", patch: BASE, from: nameOf(active) });
      const callbacks = active.live.callbacks;
      if (callbacks !== undefined) report.tell(await runPreUnpatch(callbacks, report.callbackLimit));
      const ending = this.#commit(undefined, undefined, report);
      if (callbacks !== undefined && ending.outcome === "done") report.tell(runAfter(callbacks, "postUnpatch"));
      return ending;
    }
    const kept = this.#machine.atHand.find(({ id }) => id === target || (target.length >= SHORTEST_ID && id.startsWith(target)));
    if (kept === undefined) {
      const known = [BASE, ...this.#machine.atHand.map(({ id }) => id.slice(0, 12))].join(", ");
      return refused([diagnostic("HF3005", "refusal", { target: target.slice(0, 64), known })]);
    }
    report.patch = kept.id;
    report.bytes = kept.bytes;
    // held against the keys of now: a signer may have lost our trust since
    const distrusted = this.#checkTrust(kept.signers, report);
    if (distrusted !== undefined) return refused([distrusted]);
    if (active.phase === "committed" && active.kept.id === kept.id) return this.#unchanged(report, active.live);
    return await this.#changeTo(kept, report);
  }

  async #changeTo(kept: KeptPatch, report: Report): Promise<Ending> {
    tell("ts-hotfix:prepare", { operation: report.operation, patch: kept.id, from: this.#machine.name });
    const asked: { callbacks?: LiveCallbacks } = {};
    let ending: Ending | undefined;
    try {
      return (ending = await this.#attempt(kept, report, asked));
    } finally {
      // what `prePatch` has prepared is cleared away when nothing comes of it
      if (asked.callbacks !== undefined && ending?.outcome !== "done") report.tell(runAfter(asked.callbacks, "postUnpatch"));
    }
  }

  /** @param asked holds the callbacks once `prePatch` has said yes; it is asked once, however often the host changes. */
  async #attempt(kept: KeptPatch, report: Report, asked: { callbacks?: LiveCallbacks }): Promise<Ending> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const { version } = this.#host;
      const preparation = await preparePatch(this.#host, kept.id, kept.payload);
      if (this.#host.version !== version) continue; // modules came that it was not prepared for
      if (!preparation.ok) return refused(preparation.diagnostics);
      const { live } = preparation;
      if (live.callbacks !== undefined && asked.callbacks === undefined) {
        const veto = await askPrePatch(live.callbacks, report.callbackLimit);
        if (veto !== undefined) return refused([veto]);
        asked.callbacks = live.callbacks;
        if (this.#host.version !== version) continue;
      }
      return this.#commit(kept, { ...live, callbacks: asked.callbacks }, report);
    }
    return refused([diagnostic("HF3006", "refusal", { times: MOST_ATTEMPTS })]);
  }

  #checkTrust(signers: readonly string[], report: Report): Diagnostic | undefined {
    report.signedBy = signers;
    const { trust } = this.#settings;
    if (trust.kind === "anyone" && !this.#toldOfNoKeys) {
      this.#toldOfNoKeys = true;
      report.notice("HF3102", {});
      process.emitWarning(diagnostic("HF3102", "notice", {}).message, { type: "HotfixWarning", code: "HF3102" });
    }
    return refuseSigners(trust, signers);
  }

  #commit(kept: KeptPatch | undefined, live: LivePatch | undefined, report: Report): Ending {
    report.prepared();
    const before = this.#machine.resting;
    const from = before.phase === "committed" ? before.live.grafts : NO_GRAFTS;
    try {
      commitGrafts(from, live?.grafts ?? NO_GRAFTS, this.#formers);
    } catch (error) {
      return commitFailed(error);
    }
    const since = new Date().toISOString();
    const after: Resting = kept === undefined || live === undefined ? { phase: "base", since } : { phase: "committed", since, kept, live };
    this.#machine.settle(after);
    this.#settling.clear();
    if (live !== undefined) this.#settle(live.grafts.values());
    if (live?.callbacks !== undefined) report.tell(runAfter(live.callbacks, "postPatch"));
    report.committed();
    this.#describe(report, live);
    return { outcome: "done" };
  }

  #settle(grafts: Iterable<Graft>): void {
    this.#settling.add(grafts);
    this.#settling.settle();
  }

  #unchanged(report: Report, live?: LivePatch): Ending {
    report.log("this is the present state; nothing to do");
    this.#settling.settle();
    this.#describe(report, live);
    return { outcome: "unchanged" };
  }

  #describe(report: Report, live: LivePatch | undefined): void {
    if (live === undefined) return;
    report.functions = functionIds(live);
    report.pending = pendingKeys(this.#host, live);
    report.live = live.payload.live;
    for (const key of live.compiled.keys()) {
      const count = this.#host.instancesOf(key).length;
      if (count > 1) report.notice("HF3007", { module: key, count });
    }
    if (report.pending.length > 0) report.notice("HF3008", { count: report.pending.length, modules: report.pending.join(", ") });
  }

  #conclude(report: Report, ending: Ending, by: string | undefined, done: "applied" | "rolled-back"): OperationResult {
    const { operation } = report;
    const diagnostics = "diagnostics" in ending ? ending.diagnostics : [];
    if (ending.outcome === "refused" || ending.outcome === "failed") report.log(ending.outcome);
    const outcome = ending.outcome === "done" ? done : ending.outcome;
    const error = ending.outcome === "failed" ? { error: ending.error } : {};
    const result = { operation, outcome, ...report.finish(diagnostics), ...error } as OperationResult;
    this.#machine.remember({
      at: new Date().toISOString(), operation, outcome, patch: result.patch, from: result.from,
      ...(by === undefined ? {} : { by }),
      ...(result.signedBy.length === 0 ? {} : { signedBy: result.signedBy }),
      codes: diagnostics.map(({ code }) => code),
    });
    if (ending.outcome === "done") tell(operation === "apply" ? "ts-hotfix:commit" : "ts-hotfix:rollback", { result });
    else if (ending.outcome !== "unchanged") tell("ts-hotfix:refuse", { result });
    return result;
  }

  #arrive(instance: Instance): void {
    const active = this.#machine.resting;
    if (active.phase !== "committed") return;
    const diagnostics = graftArrival(this.#host, active.live, instance);
    const graft = active.live.grafts.get(instance);
    if (graft !== undefined) {
      this.#settling.add([...active.live.grafts.values()].filter(({ module }) => module.origin === "new"));
      this.#settling.add([graft]);
      this.#settling.schedule();
    }
    if (diagnostics.length > 0) tell("ts-hotfix:refuse", { patch: active.kept.id, module: instance.key, diagnostics });
  }
}

function commitFailed(error: unknown): Ending {
  if (!(error instanceof EvaluationError)) return { outcome: "failed", diagnostics: [diagnostic("HF3004", "error", { detail: messageOf(error) })], error: errorReport(error) };
  const { module, message, cause } = error;
  return { outcome: "failed", diagnostics: [diagnostic("HF3028", "error", { module, detail: message })], error: errorReport(cause) };
}

function refused(diagnostics: readonly Diagnostic[]): Ending {
  return { outcome: "refused", diagnostics };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
