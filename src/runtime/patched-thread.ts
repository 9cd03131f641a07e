/** What a thread has to do with patches, however it comes to them: its modules, its state, and the modules that come later. */
import type { Diagnostic } from "../messages/diagnostic.ts";
import { FormerTables } from "./former-tables.ts";
import { withdrawArrival } from "./commit.ts";
import { brokenCode, type Graft } from "./graft.ts";
import type { Host, Instance } from "./host.ts";
import { installMembers } from "./install.ts";
import { functionIds, pendingKeys } from "./live-patch.ts";
import { graftArrival, Settling } from "./pending.ts";
import { Report } from "./report.ts";
import type { KeptPatch, Resting, StateMachine } from "./state.ts";
import { tell } from "./telling.ts";
import { Transition } from "./transition.ts";

type Committed = Extract<Resting, { readonly phase: "committed" }>;

export class PatchedThread {
  readonly host: Host;
  readonly machine: StateMachine;
  readonly formers: FormerTables = new FormerTables();
  readonly settling: Settling = new Settling();
  /** Told of every instance before it is patched. */
  arriving: ((instance: Instance) => void) | undefined;
  /** Told of an instance that the active patch does not fit. */
  misfitting: ((instance: Instance, diagnostics: readonly Diagnostic[]) => void) | undefined;

  constructor(host: Host, machine: StateMachine) {
    this.host = host;
    this.machine = machine;
    host.arrived = (instance) => this.#arrive(instance);
    host.made = (instance, name) => this.#complete(instance, name);
  }

  /** Goes to a state at once, before any module of the program is there. Diagnostics mean that it did not. */
  startWith(to: KeptPatch, locations: Readonly<Record<string, string>>, report: Report): readonly Diagnostic[] {
    this.machine.begin("apply");
    try {
      const transition = new Transition(this, to, report);
      const problems = transition.prepareNow(locations);
      if (problems.length === 0) transition.commit();
      return problems;
    } finally {
      this.machine.abort();
    }
  }

  /** Goes back to the base at once. No operation may be under way. */
  leave(): void {
    this.machine.begin("rollback");
    try {
      const transition = new Transition(this, undefined, new Report("rollback", this.machine.name));
      transition.prepareNow({});
      transition.commit();
    } finally {
      this.machine.abort();
    }
  }

  settle(grafts: Iterable<Graft>): void {
    this.settling.add(grafts);
    this.settling.settle();
  }

  /** Says in the report what stands now. */
  describe(report: Report): void {
    const { resting } = this.machine;
    if (resting.phase === "base") return;
    const { live } = resting;
    report.functions = functionIds(live);
    report.pending = pendingKeys(this.host, live);
    report.live = live.payload.live;
    for (const key of live.compiled.keys()) {
      const count = this.host.instancesOf(key).length;
      if (count > 1) report.notice("HF3007", { module: key, count });
    }
    if (report.pending.length > 0) report.notice("HF3008", { count: report.pending.length, modules: report.pending.join(", ") });
  }

  /** What the active patch adds to a class or literal that has been evaluated just now. */
  #complete(instance: Instance, name: string): void {
    const active = this.machine.resting;
    const graft = active.phase === "committed" ? active.live.grafts.get(instance) : undefined;
    if (active.phase !== "committed" || graft === undefined) return;
    try {
      installMembers(graft, () => {}, name);
    } catch (error) {
      // a static block, or a declaration beside it, has frozen it
      withdrawArrival(graft);
      this.settling.drop(graft);
      active.live.grafts.delete(instance);
      this.#misfit(active, instance, [brokenCode(graft.module, error)]);
    }
  }

  #arrive(instance: Instance): void {
    this.arriving?.(instance);
    const active = this.machine.resting;
    if (active.phase !== "committed") return;
    const diagnostics = graftArrival(this.host, active.live, instance);
    const graft = active.live.grafts.get(instance);
    if (graft !== undefined) {
      this.settling.add([...active.live.grafts.values()].filter(({ module }) => module.origin === "new"));
      this.settling.add([graft]);
      this.settling.schedule();
    }
    if (diagnostics.length > 0) this.#misfit(active, instance, diagnostics);
  }

  #misfit({ kept, live }: Committed, instance: Instance, diagnostics: readonly Diagnostic[]): void {
    live.failed.set(instance, diagnostics);
    this.misfitting?.(instance, diagnostics);
    tell("ts-hotfix:refuse", { patch: kept.id, module: instance.key, diagnostics });
  }
}
