/** Where it is told what becomes of a start: warnings, the history, the program's channels. */
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import type { HistoryEntry } from "../result.ts";
import { BASE, type KeptPatch, type StateMachine } from "../state.ts";
import { tell } from "../telling.ts";
import type { StateDirectory } from "./state-directory.ts";

export class BootLog {
  readonly #machine: StateMachine;
  readonly #directory: StateDirectory;

  constructor(machine: StateMachine, directory: StateDirectory) {
    this.#machine = machine;
    this.#directory = directory;
  }

  inPlace(patch: KeptPatch): void {
    this.#record(patch, { outcome: "applied", codes: [] });
  }

  notInPlace(patch: KeptPatch, problems: readonly Diagnostic[]): void {
    const told = diagnostic("HF3065", "notice", { patch: short(patch), detail: problems[0]?.message ?? "" });
    this.warn(told);
    this.#record(patch, { outcome: "refused", codes: [told, ...problems].map(({ code }) => code), reason: told.message });
    tell("ts-hotfix:refuse", { patch: patch.id, module: "", diagnostics: problems });
  }

  /** @param patch undefined: it could not be read */
  putAway(patch: KeptPatch | undefined, why: Diagnostic): void {
    this.warn(why);
    this.#record(patch, { outcome: "set-aside", codes: [why.code], reason: why.message });
    tell("ts-hotfix:refuse", { patch: patch?.id ?? BASE, module: "", diagnostics: [why] });
  }

  /** What is done in the directory must not keep the program from starting. */
  quietly(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.warn(diagnostic("HF3062", "notice", { directory: this.#directory.path, detail: error instanceof Error ? error.message : String(error) }));
    }
  }

  warn({ message, code }: Diagnostic): void {
    process.emitWarning(message, { type: "HotfixWarning", code });
  }

  #record(patch: KeptPatch | undefined, what: Pick<HistoryEntry, "outcome" | "codes" | "reason">): void {
    const signers = patch?.signers ?? [];
    const entry: HistoryEntry = { at: new Date().toISOString(), operation: "boot", patch: patch?.id ?? null, from: BASE, ...(signers.length === 0 ? {} : { signedBy: signers }), ...what };
    this.#machine.remember(entry);
    this.quietly(() => this.#directory.appendNow(entry));
  }
}

/** A patch's id as people are shown it. */
export function short({ id }: KeptPatch): string {
  return id.slice(0, 12);
}
