/** One thread's way from the state it is in to another: prepared first, then one synchronous step. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { askPrePatch, runAfter, runPreUnpatch, type LiveCallbacks } from "./callbacks.ts";
import { commitGrafts, type Grafts } from "./commit.ts";
import type { Graft } from "./graft.ts";
import { functionId, type Host, type Instance } from "./host.ts";
import type { LivePatch } from "./live-patch.ts";
import type { PatchedThread } from "./patched-thread.ts";
import { preparePatch, preparePatchNow } from "./prepare.ts";
import type { Report } from "./report.ts";
import type { KeptPatch, Resting } from "./state.ts";

const NO_GRAFTS: Grafts = new Map<Instance, Graft>();
/** How often a host may load modules while it is prepared. */
const MOST_ATTEMPTS = 5;

export class Transition {
  readonly #thread: PatchedThread;
  readonly #to: KeptPatch | undefined;
  readonly #report: Report;
  #live: LivePatch | undefined;
  /** The host's version that it is prepared for; undefined: for none. */
  #version: number | undefined;
  /** Holds the callbacks once `prePatch` has said yes; it is asked once, however often the host changes. */
  #asked: LiveCallbacks | undefined;
  #left = false;
  #done = false;

  /** @param to undefined: the base */
  constructor(thread: PatchedThread, to: KeptPatch | undefined, report: Report) {
    this.#thread = thread;
    this.#to = to;
    this.#report = report;
  }

  /** Whether it is prepared, and no module came since that it is not prepared for. */
  get isFresh(): boolean {
    return this.#version !== undefined && (this.#to === undefined || this.#version === this.#thread.host.version);
  }

  /** Everything that can be done before the commit. Touches no slot. Diagnostics mean no. */
  async prepare(): Promise<readonly Diagnostic[]> {
    const { host, machine } = this.#thread;
    if (machine.state.phase === "prepared") machine.enter("preparing");
    const problems = this.#to === undefined ? [] : await this.#prepareFor(host, this.#to);
    if (problems.length === 0) {
      this.#version ??= host.version;
      machine.enter("prepared");
    }
    return problems;
  }

  /**
   * As `prepare`, at once, before any module of the program is there. A thread that begins with a patch has no state of
   * an earlier one: the author's callbacks are not for it.
   */
  prepareNow(locations: Readonly<Record<string, string>>): readonly Diagnostic[] {
    const { host, machine } = this.#thread;
    if (this.#to !== undefined) {
      const preparation = preparePatchNow(host, this.#to.id, { ...this.#to.payload, callbacks: null }, locations);
      if (!preparation.ok) return preparation.diagnostics;
      this.#live = preparation.live;
    }
    this.#version = host.version;
    machine.enter("prepared");
    return [];
  }

  async #prepareFor(host: Host, { id, payload }: KeptPatch): Promise<readonly Diagnostic[]> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const { version } = host;
      const preparation = await preparePatch(host, id, payload);
      if (host.version !== version) continue;
      if (!preparation.ok) return preparation.diagnostics;
      const veto = await this.#ask(preparation.live.callbacks);
      if (veto !== undefined) return [veto];
      if (host.version !== version) continue;
      this.#live = { ...preparation.live, callbacks: this.#asked };
      this.#version = version;
      return [];
    }
    return [diagnostic("HF3006", "refusal", { times: MOST_ATTEMPTS })];
  }

  async #ask(callbacks: LiveCallbacks | undefined): Promise<Diagnostic | undefined> {
    if (callbacks === undefined || this.#asked !== undefined) return undefined;
    const veto = await askPrePatch(callbacks, this.#report.callbackLimit);
    if (veto === undefined) this.#asked = callbacks;
    return veto;
  }

  /** The last thing before the commit that may take its time: `preUnpatch`, on the way to the base. */
  async leave(): Promise<void> {
    const active = this.#active;
    if (this.#to !== undefined || this.#left || active?.callbacks === undefined) return;
    this.#left = true;
    this.#report.tell(await runPreUnpatch(active.callbacks, this.#report.callbackLimit));
  }

  /**
   * The step. What it throws has been undone.
   *
   * @param agree called when all is in place: returns when it may stay, throws if it must not
   */
  commit(agree: () => void = () => {}): void {
    const { machine, settling, formers } = this.#thread;
    if (!this.isFresh) throw new Error("not prepared, or modules came since");
    const active = this.#active;
    const live = this.#live;
    this.#report.prepared();
    machine.enter("committing");
    let stuck: ReturnType<typeof commitGrafts>;
    try {
      stuck = commitGrafts(active?.grafts ?? NO_GRAFTS, live?.grafts ?? NO_GRAFTS, formers, agree);
    } catch (error) {
      // what was prepared has been used up
      this.#version = undefined;
      machine.enter("preparing");
      throw error;
    }
    for (const [{ key }, names] of stuck) {
      for (const name of names) this.#report.notice("HF3092", { name: functionId(key, name, active?.payload.package ?? "") });
    }
    const since = new Date().toISOString();
    const after: Resting = this.#to === undefined || live === undefined ? { phase: "base", since } : { phase: "committed", since, kept: this.#to, live };
    machine.settle(after);
    this.#done = true;
    settling.clear();
    if (live !== undefined) this.#thread.settle(live.grafts.values());
    if (live?.callbacks !== undefined) this.#report.tell(runAfter(live.callbacks, "postPatch"));
    this.#report.committed();
    if (this.#to === undefined && active?.callbacks !== undefined) this.#report.tell(runAfter(active.callbacks, "postUnpatch"));
    this.#thread.describe(this.#report);
  }

  /** Nothing comes of it: clears away what `prePatch` has prepared. Does nothing after the commit. */
  abandon(): void {
    const callbacks = this.#asked;
    this.#asked = undefined;
    if (callbacks !== undefined && !this.#done) this.#report.tell(runAfter(callbacks, "postUnpatch"));
  }

  get #active(): LivePatch | undefined {
    const { resting } = this.#thread.machine;
    return resting.phase === "committed" ? resting.live : undefined;
  }
}
