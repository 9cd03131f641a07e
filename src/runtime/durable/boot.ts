/**
 * The start of a process that has a state directory: what was active is put in place before the program's first target
 * runs, wholly or not at all. Until the start is over, a module that is not as it was then means another build: the patch
 * goes again, from all modules at once. Nothing here is thrown into the program.
 */
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import type { Instance } from "../host.ts";
import { foreignProgram, misfits } from "../fit.ts";
import type { PatchedThread } from "../patched-thread.ts";
import { Report } from "../report.ts";
import type { OperationResult } from "../result.ts";
import { BASE, type KeptPatch } from "../state.ts";
import type { Crew } from "../threads/crew.ts";
import { BootLog, short } from "./boot-log.ts";
import { differs, isNotYet, isOther, isOtherBuild, lacksModules } from "./judgement.ts";
import type { Keeper } from "./keeper.ts";
import type { SavedActive } from "./saved-state.ts";

/** How often a patch may be the last that a process did. */
const MOST_CRASHES = 2;
/** How long a process must have lived for its start to be over, in seconds, unless `TS_HOTFIX_BOOT_TIME` says otherwise. */
const BOOT_TIME = 10;
/** How long one waits until an operation under way has ended, in milliseconds. */
const PAUSE = 10;

export interface Booting {
  readonly thread: PatchedThread;
  readonly crew: Crew;
  readonly keeper: Keeper;
  /** Why patches of these signers are not taken. */
  readonly refuse: (signers: readonly string[]) => Diagnostic | undefined;
  /** Whether patches are taken from everybody as long as nobody says more. */
  readonly isOpen: () => boolean;
  /** Whether `runInit()` has begun and not ended. */
  readonly isInitRunning: () => boolean;
  /** Puts a patch in place as an operation, when it cannot be done at once. */
  readonly restore: (kept: KeptPatch) => Promise<OperationResult>;
}

export class Boot {
  readonly #with: Booting;
  readonly #log: BootLog;
  #patch: { readonly kept: KeptPatch; readonly saved: SavedActive } | undefined;
  #late: Promise<void> | undefined;
  #isAwaited = false;
  /** Its own operation is under way. */
  #isRestoring = false;
  /** Somebody has decided what is to be in place. */
  #isSettled = false;
  /** It is in place, and no keys were known to hold its signers against. */
  #isUnjudged = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(booting: Booting) {
    this.#with = booting;
    this.#log = new BootLog(booting.thread.machine, booting.keeper.directory);
  }

  /** Everything that can be done at once. */
  start(): void {
    const { keeper, thread } = this.#with;
    this.#log.quietly(() => keeper.directory.enter());
    const found = keeper.directory.read();
    if (found.kind === "damaged") return this.#putAway(undefined, diagnostic("HF3060", "notice", { directory: keeper.directory.path, detail: found.detail, aside: keeper.directory.setAside() }));
    if (found.lost !== undefined) this.#log.warn(diagnostic("HF3067", "notice", { detail: found.lost }));
    if (found.other !== undefined) thread.machine.keep(found.other);
    if (found.active === undefined) return;
    const { kept, saved } = found.active;
    const crashes = keeper.directory.countCrashes(kept.id);
    if (crashes >= MOST_CRASHES) {
      const aside = keeper.directory.setAside();
      keeper.directory.endBoot(kept.id);
      return this.#putAway(kept, diagnostic("HF3064", "notice", { patch: short(kept), times: crashes, aside }));
    }
    const distrusted = this.#with.refuse(kept.signers);
    if (distrusted !== undefined) return this.#fail(kept, [distrusted]);
    this.#patch = found.active;
    this.#isUnjudged = this.#with.isOpen();
    thread.host.foretold = saved.locations;
    keeper.started(kept.id, saved.modules);
    // a disk that is full must not bring the fault back that the patch mends
    this.#log.quietly(() => keeper.directory.beginBoot(kept.id));
    const changed = [...thread.host.modules].flatMap(([key, instances]) => instances.filter(({ fingerprint }) => isOther(saved, key, fingerprint)))[0];
    if (changed !== undefined) return this.#otherBuild(differs(changed.key));
    this.#putInPlace(kept, saved);
  }

  /** When all is in place that shall be there before the program starts. */
  async ready(): Promise<void> {
    this.#isAwaited = true;
    await this.#late;
  }

  /** Keys are known now: takes the patch away if it came before them, and none of them signed it. */
  judge(): void {
    const patch = this.#patch?.kept;
    if (patch === undefined || !this.#isUnjudged || this.#with.isOpen()) return;
    this.#isUnjudged = false;
    const distrusted = this.#with.refuse(patch.signers);
    if (distrusted === undefined) return;
    this.#whenIdle(() => {
      this.#leave();
      this.#fail(patch, [distrusted]);
    });
  }

  /** An operation has led to a state, or found it in place: the start is over. */
  settled(): void {
    if (this.#isRestoring) return;
    this.#isSettled = true;
    this.#end();
    this.#patch = undefined;
  }

  #end(): void {
    const { thread, keeper } = this.#with;
    clearInterval(this.#timer);
    thread.arriving = undefined;
    thread.misfitting = undefined;
    const patch = this.#patch?.kept;
    if (patch === undefined) return;
    this.#log.quietly(() => keeper.directory.endBoot(patch.id));
  }

  #putInPlace(kept: KeptPatch, saved: SavedActive): void {
    const { thread } = this.#with;
    const report = new Report("apply", thread.machine.name);
    let problems: readonly Diagnostic[];
    try {
      problems = thread.startWith(kept, saved.locations, report);
    } catch (error) {
      problems = [diagnostic("HF3004", "error", { detail: error instanceof Error ? error.message : String(error) })];
    }
    if (problems.length === 0) {
      this.#with.crew.announce(kept);
      this.#inPlace(kept, saved);
    } else if (isNotYet(problems)) this.#late = this.#putInPlaceLater(kept, saved, problems);
    else if (isOtherBuild(problems)) this.#otherBuild(problems[0]?.message ?? "");
    else this.#fail(kept, problems);
  }

  async #putInPlaceLater(kept: KeptPatch, saved: SavedActive, problems: readonly Diagnostic[]): Promise<void> {
    await Promise.resolve();
    if (!this.#isAwaited || lacksModules(problems)) this.#log.warn(diagnostic("HF3066", "notice", { patch: short(kept), detail: problems[0]?.message ?? "" }));
    this.#guard(saved);
    await this.#modulesThere(kept);
    if (this.#patch === undefined) return;
    this.#isRestoring = true;
    const { diagnostics } = await this.#with.restore({ ...kept, payload: { ...kept.payload, callbacks: null } });
    this.#isRestoring = false;
    if (this.#patch === undefined) return;
    if (diagnostics.length === 0) this.#inPlace(kept, saved);
    else if (isOtherBuild(diagnostics)) this.#otherBuild(diagnostics[0]?.message ?? "");
    else this.#fail(kept, diagnostics);
  }

  /** Until the modules are there that the patch's new modules need. */
  async #modulesThere({ payload }: KeptPatch): Promise<void> {
    const { host } = this.#with.thread;
    for (let left = BOOT_TIME * 1000; left > 0 && lacksModules(misfits(host, payload)); left -= PAUSE) {
      await new Promise((done) => setTimeout(done, PAUSE).unref());
    }
  }

  #inPlace(kept: KeptPatch, saved: SavedActive): void {
    this.#log.inPlace(kept);
    this.#guard(saved);
    const since = performance.now();
    const asked = Number(process.env["TS_HOTFIX_BOOT_TIME"]);
    const until = since + 1000 * (asked > 0 ? asked : BOOT_TIME);
    this.#timer = setInterval(() => {
      if (performance.now() >= until && !this.#with.isInitRunning()) this.#lived(kept);
    }, Math.min(500, until - since)).unref();
  }

  /** Nothing of another build is called before this is asked. */
  #guard(saved: SavedActive): void {
    const { thread } = this.#with;
    thread.arriving = ({ key, fingerprint }: Instance) => {
      if (isOther(saved, key, fingerprint)) this.#otherBuild(differs(key));
    };
    thread.misfitting = (_instance, problems) => {
      if (isOtherBuild(problems)) this.#otherBuild(problems[0]?.message ?? "");
      else this.#whenIdle(() => {
        const patch = this.#patch;
        if (patch === undefined) return;
        this.#leave();
        if (isNotYet(problems)) this.#late = this.#putInPlaceLater(patch.kept, patch.saved, problems);
        else this.#fail(patch.kept, problems);
      });
    };
  }

  #lived(kept: KeptPatch): void {
    const foreign = foreignProgram(this.#with.thread.host, kept.payload);
    this.#end();
    if (foreign !== undefined && this.#with.thread.machine.name === kept.id) this.#otherBuild(foreign.message);
  }

  #otherBuild(detail: string): void {
    const patch = this.#patch?.kept;
    if (patch === undefined) return;
    this.#patch = undefined;
    this.#whenIdle(() => {
      const { keeper, thread } = this.#with;
      this.#leave();
      keeper.started("", {});
      thread.host.foretold = {};
      keeper.directory.endBoot(patch.id);
      // a process of the build that the patch is for may run on, or start again
      const [user] = keeper.directory.others;
      const where = user === undefined ? `It was set aside in ${keeper.directory.setAside()}.` : `It stays in the state directory, which process ${user.split(".")[0]} uses too.`;
      this.#putAway(patch, diagnostic("HF3063", "notice", { patch: short(patch), detail, where }));
    });
  }

  /** Not in place, and kept for the next start. */
  #fail(patch: KeptPatch, problems: readonly Diagnostic[]): void {
    this.#patch = undefined;
    this.#end();
    this.#log.quietly(() => this.#with.keeper.directory.quitBoot());
    this.#log.notInPlace(patch, problems);
  }

  #putAway(patch: KeptPatch | undefined, why: Diagnostic): void {
    this.#end();
    this.#log.putAway(patch, why);
  }

  /** Back to the base, if the patch is in place. */
  #leave(): void {
    const { thread, crew } = this.#with;
    if (thread.machine.name === BASE) return;
    thread.leave();
    crew.announce(undefined);
  }

  #whenIdle(step: () => void): void {
    if (this.#isSettled) return;
    if (this.#with.thread.machine.operation === undefined) return this.#log.quietly(step);
    setTimeout(() => this.#whenIdle(step), PAUSE).unref();
  }
}
