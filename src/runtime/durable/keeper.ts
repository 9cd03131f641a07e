/** Writes what operations lead to into the state directory, one after the other. Nothing here keeps an operation from being carried out. */
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import type { Host } from "../host.ts";
import { packageLocations } from "../packages.ts";
import type { HistoryEntry } from "../result.ts";
import type { KeptPatch, StateMachine } from "../state.ts";
import { STATE_SCHEMA, type SavedActive, type SavedState } from "./saved-state.ts";
import { saved, type StateDirectory } from "./state-directory.ts";

export class Keeper {
  readonly directory: StateDirectory;
  readonly #host: Host;
  readonly #machine: StateMachine;
  #queue: Promise<unknown> = Promise.resolve();
  /** Fingerprints that an earlier process saw, of the patch that is active since the start. */
  #seen: { readonly id: string; readonly modules: SavedActive["modules"] } | undefined;

  constructor(directory: StateDirectory, host: Host, machine: StateMachine) {
    this.directory = directory;
    this.#host = host;
    this.#machine = machine;
  }

  /** This process has started with the patch. */
  started(id: string, modules: SavedActive["modules"]): void {
    this.#seen = { id, modules };
  }

  /** Keeps the state of now for the next start. A diagnostic says why that was not possible. */
  async save(): Promise<Diagnostic | undefined> {
    const { resting, atHand } = this.#machine;
    const active = resting.phase === "committed" ? resting.kept : undefined;
    const other = atHand.find(({ id }) => id !== active?.id);
    const state: SavedState = {
      schema: STATE_SCHEMA,
      active: active === undefined ? null : { ...saved(active), locations: packageLocations(this.#host, active.payload), modules: this.#modules(active) },
      other: other === undefined ? null : saved(other),
    };
    return await this.#inTurn(() => this.directory.write(state, [active, other].filter((each) => each !== undefined)));
  }

  async record(entry: HistoryEntry): Promise<Diagnostic | undefined> {
    return await this.#inTurn(() => this.directory.append(entry));
  }

  async #inTurn(write: () => Promise<void>): Promise<Diagnostic | undefined> {
    const turn = this.#queue.then(write);
    this.#queue = turn.catch(() => {});
    try {
      await turn;
      return undefined;
    } catch (error) {
      const told = diagnostic("HF3062", "notice", { directory: this.directory.path, detail: error instanceof Error ? error.message : String(error) });
      process.emitWarning(told.message, { type: "HotfixWarning", code: told.code });
      return told;
    }
  }

  #modules({ id }: KeptPatch): SavedActive["modules"] {
    const seen = this.#seen?.id === id ? this.#seen.modules : {};
    const loaded = [...this.#host.modules].map(([key, instances]) => [key, [...new Set(instances.map(({ fingerprint }) => fingerprint))]] as const);
    return { ...seen, ...Object.fromEntries(loaded) };
  }
}
