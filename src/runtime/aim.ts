/** Where an operation shall lead: what is asked for, held against what is in place and against who is trusted. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { refused, type Ending } from "./ending.ts";
import type { PatchedThread } from "./patched-thread.ts";
import type { Report } from "./report.ts";
import { readPatch, type PatchSource, type ReadPatch } from "./source.ts";
import { BASE, nameOf, type KeptPatch, type StateName } from "./state.ts";
import { refuseSigners, type Trust } from "./trust.ts";

/** Or why the operation ends before it begins. Undefined: the base. */
export type Aim = { readonly to: KeptPatch | undefined } | Ending;

const SHORTEST_ID = 8;

export class Aims {
  readonly #thread: PatchedThread;
  readonly #settings: { readonly trust: Trust };
  #toldOfNoKeys = false;

  constructor(thread: PatchedThread, settings: { readonly trust: Trust }) {
    this.#thread = thread;
    this.#settings = settings;
  }

  async atFile(source: PatchSource, report: Report): Promise<Aim> {
    const reading = await readPatch(source);
    return reading.ok ? this.#at(reading.patch, report) : refused(reading.diagnostics);
  }

  #at({ id, payload, file, signers }: ReadPatch, report: Report): Aim {
    const active = this.#thread.machine.resting;
    report.patch = id;
    report.bytes = file.byteLength;
    report.log(`read patch ${id.slice(0, 12)}, sequence ${payload.sequence}, ${signers.length === 0 ? "not signed" : `signed by ${signers.join(", ")}`}`);
    const distrusted = this.#checkTrust(signers, report);
    if (distrusted !== undefined) return refused([distrusted]);
    if (active.phase === "committed") {
      if (active.kept.id === id) return this.#unchanged(report);
      const { sequence } = active.kept.payload;
      if (payload.sequence < sequence) return refused([diagnostic("HF3003", "refusal", { sequence: payload.sequence, active: sequence })]);
    }
    return { to: { id, payload, file, signers, before: nameOf(active) } };
  }

  back(to: StateName, report: Report): Aim {
    const { machine } = this.#thread;
    const active = machine.resting;
    const target = to === "previous" ? (active.phase === "base" ? BASE : active.kept.before) : to;
    if (target === BASE) return this.atKept(undefined, report);
    const kept = machine.atHand.find(({ id }) => id === target || (target.length >= SHORTEST_ID && id.startsWith(target)));
    if (kept === undefined) {
      const known = [BASE, ...machine.atHand.map(({ id }) => id.slice(0, 12))].join(", ");
      return refused([diagnostic("HF3005", "refusal", { target: target.slice(0, 64), known })]);
    }
    return this.atKept(kept, report);
  }

  atKept(kept: KeptPatch | undefined, report: Report): Aim {
    const active = this.#thread.machine.resting;
    report.patch = kept?.id ?? BASE;
    if (kept === undefined) return active.phase === "base" ? this.#unchanged(report) : { to: undefined };
    report.bytes = kept.file.byteLength;
    // held against the keys of now: a signer may have lost our trust since
    const distrusted = this.#checkTrust(kept.signers, report);
    if (distrusted !== undefined) return refused([distrusted]);
    return active.phase === "committed" && active.kept.id === kept.id ? this.#unchanged(report) : { to: kept };
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

  #unchanged(report: Report): Ending {
    report.log("this is the present state; nothing to do");
    this.#thread.settling.settle();
    this.#thread.describe(report);
    return { outcome: "unchanged" };
  }
}
