/**
 * The directory in which a process keeps its patches for its next start. `state.json` says what is active; what it names
 * lies in `patches/`. Processes that share it all write what their last operation led to. Who uses it is entered in
 * `processes/`, and who puts a patch in place at its start in `booting/`, until that start is over.
 */
import { copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { decodePatch } from "../../patch/file.ts";
import type { HistoryEntry } from "../result.ts";
import type { KeptPatch } from "../state.ts";
import { appendHistory, appendHistoryNow } from "./history-file.ts";
import { isAlive, OWN_NAME } from "./process-name.ts";
import { decodeState, digestOf, encodeState, type SavedActive, type SavedPatch, type SavedState } from "./saved-state.ts";
import { isUnfinished, syncDirectory, writeMark, writeWhole } from "./whole-file.ts";

/** How long a patch file stays that no state names, in milliseconds: another process may be about to name it. */
const KEEP_FOR = 10_000;

/** What a start finds. */
export type Found =
  | { readonly kind: "sound"; readonly active: { readonly kept: KeptPatch; readonly saved: SavedActive } | undefined; readonly other: KeptPatch | undefined; /** Why the other patch is not there. */ readonly lost: string | undefined }
  | { readonly kind: "damaged"; readonly detail: string };

export class StateDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes it if need be. Throws what keeps it from being used. */
  static open(path: string): StateDirectory {
    const directory = new StateDirectory(resolve(path));
    mkdirSync(directory.path, { recursive: true, mode: 0o700 });
    checkPrivate(directory.path);
    for (const folder of ["patches", "processes", "booting"]) mkdirSync(directory.#in(folder), { recursive: true, mode: 0o700 });
    return directory;
  }

  /** Enters this process among those that use it, and clears away what others have left that were killed. */
  enter(): void {
    writeMark(this.#in("processes", OWN_NAME));
    this.#clean();
  }

  /** Throws if the system cannot read it. */
  read(): Found {
    try {
      const text = readOptional(this.#in("state.json"));
      if (text === undefined) return { kind: "sound", active: undefined, other: undefined, lost: undefined };
      const { active, other } = decodeState(text);
      const found = active === null ? undefined : { kept: this.#readPatch(active), saved: active };
      let lost: string | undefined;
      let kept: KeptPatch | undefined;
      try {
        kept = other === null ? undefined : this.#readPatch(other);
      } catch (error) {
        lost = messageOf(error);
      }
      return { kind: "sound", active: found, other: kept, lost };
    } catch (error) {
      if (error instanceof Error && "syscall" in error) throw error;
      return { kind: "damaged", detail: messageOf(error) };
    }
  }

  /** Patch files first, then the state that names them, then away with those that it does not name. */
  async write(state: SavedState, patches: readonly KeptPatch[]): Promise<void> {
    for (const { id, file } of patches) await this.#writePatch(id, file);
    await writeWhole(this.#in("state.json"), encodeState(state));
    this.#forgive(state.active?.id);
    const oldest = Date.now() - KEEP_FOR;
    this.#drop((name) => !patches.some(({ id }) => name === `${id}.hotfix`) && (statSync(this.#in("patches", name), { throwIfNoEntry: false })?.mtimeMs ?? oldest) < oldest);
  }

  async append(entry: HistoryEntry): Promise<void> {
    await appendHistory(this.#in("history.jsonl"), entry);
  }

  appendNow(entry: HistoryEntry): void {
    appendHistoryNow(this.#in("history.jsonl"), entry);
  }

  /** Moves state and patches where no start looks for them, and returns that folder. */
  setAside(): string {
    const aside = this.#in("set-aside", `${new Date().toISOString().replaceAll(":", "-")}-${process.pid}`);
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#in("patches"))) copyFileSync(this.#in("patches", name), join(aside, name));
    if (lstatSync(this.#in("state.json"), { throwIfNoEntry: false }) !== undefined) renameSync(this.#in("state.json"), join(aside, "state.json"));
    syncDirectory(aside);
    syncDirectory(this.path);
    this.#drop(() => true);
    return aside;
  }

  /** Other processes that use the directory and run. */
  get others(): readonly string[] {
    return readdirSync(this.#in("processes")).filter((name) => isUnfinished(name) === undefined && name !== OWN_NAME && isAlive(name));
  }

  /** Says that this process is about to start with the patch. */
  beginBoot(id: string): void {
    writeMark(this.#in("booting", `${id}.${OWN_NAME}`));
  }

  /** Its start with the patch is over, and so is all that was held against the patch. */
  endBoot(id: string): void {
    for (const { name, process } of this.#boots(id)) if (process === OWN_NAME || !isAlive(process)) rmSync(this.#in("booting", name), { force: true });
  }

  /** What starts with patches came to that are in place no more is held against nobody. */
  #forgive(active: string | undefined): void {
    for (const name of readdirSync(this.#in("booting"))) {
      const end = name.indexOf(".");
      if (name.slice(0, end) !== active && isUnfinished(name) === undefined && !isAlive(name.slice(end + 1))) rmSync(this.#in("booting", name), { force: true });
    }
  }

  /** Its start goes on without the patch; what other starts came to is remembered. */
  quitBoot(): void {
    for (const name of readdirSync(this.#in("booting"))) if (name.endsWith(`.${OWN_NAME}`)) rmSync(this.#in("booting", name), { force: true });
  }

  /** The process ends. @param isInOrder by itself, not by an error that the patch may have caused */
  leave(isInOrder: boolean): void {
    rmSync(this.#in("processes", OWN_NAME), { force: true });
    if (isInOrder) this.quitBoot();
  }

  /** How many processes have started with the patch, and were gone before their start was over. */
  countCrashes(id: string): number {
    return this.#boots(id).filter(({ process }) => !isAlive(process)).length;
  }

  #boots(id: string): readonly { readonly name: string; readonly process: string }[] {
    return readdirSync(this.#in("booting")).filter((name) => name.startsWith(`${id}.`)).map((name) => ({ name, process: name.slice(id.length + 1) }));
  }

  #readPatch({ id, digest, before }: SavedPatch): KeptPatch {
    const file = readOptional(this.#in("patches", `${id}.hotfix`));
    if (file === undefined) throw new Error(`the file of patch ${id.slice(0, 12)} is not there`);
    if (digestOf(file) !== digest) throw new Error(`the file of patch ${id.slice(0, 12)} does not have the digest it should have`);
    const reading = decodePatch(file);
    if (!reading.ok) throw new Error(reading.diagnostics[0].message);
    return { id, payload: reading.patch.payload, file, signers: reading.patch.signers, before };
  }

  async #writePatch(id: string, file: Uint8Array): Promise<void> {
    const path = this.#in("patches", `${id}.hotfix`);
    const present = readOptional(path);
    if (present === undefined || Buffer.compare(present, file) !== 0) return await writeWhole(path, file);
    utimesSync(path, new Date(), new Date());
  }

  #drop(isUnwanted: (name: string) => boolean): void {
    for (const name of readdirSync(this.#in("patches"))) {
      if (isUnfinished(name) === undefined && isUnwanted(name)) rmSync(this.#in("patches", name), { force: true });
    }
  }

  /** What processes that were killed have left. */
  #clean(): void {
    for (const folder of ["", "patches", "processes", "booting"]) {
      for (const name of readdirSync(this.#in(folder))) {
        const pid = isUnfinished(name);
        const isLeft = pid === undefined ? folder === "processes" && !isAlive(name) : pid === process.pid || !isRunning(pid);
        if (isLeft) rmSync(this.#in(folder, name), { force: true });
      }
    }
  }

  #in(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }
}

export function saved({ id, file, before }: KeptPatch): SavedPatch {
  return { id, digest: digestOf(file), before };
}

/** What lies here is run with the rights of this process: nobody else may write it. */
function checkPrivate(path: string): void {
  const found = statSync(path);
  if (!found.isDirectory()) throw new Error("it is not a directory");
  if (process.platform === "win32") return;
  const own = process.getuid?.() ?? 0;
  if (found.uid !== own && found.uid !== 0) throw new Error(`it belongs to another user (${found.uid})`);
  if ((found.mode & 0o022) !== 0) throw new Error(`others may write to it (mode ${(found.mode & 0o777).toString(8)})`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readOptional(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

