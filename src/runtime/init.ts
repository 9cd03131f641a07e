/** The init entries of the modules: run in place (`auto`), or kept for `runInit()` (`explicit`). */
import type { Instance } from "./host.ts";
import type { InitSegment, ModuleHandle } from "./registration.ts";

interface Deferred {
  readonly instance: Instance;
  readonly segment: InitSegment;
}

export class InitEntries {
  readonly #deferred: Deferred[] = [];
  #run: Promise<void> | undefined;
  #done = false;

  /** @param made told of classes and literals that were evaluated */
  handleOf(instance: Instance, made: (name: string) => void): ModuleHandle {
    return {
      made,
      privates: (name, accessors) => void (instance.privates ??= new Map()).set(name, accessors),
      init: (segment) => {
        instance.segmentsRun++;
        segment();
      },
      defer: (segment) => {
        // a module that is loaded after `runInit` has ended cannot wait for it: its time is now
        if (this.#done) {
          instance.segmentsRun++;
          segment();
        } else this.#deferred.push({ instance, segment });
      },
    };
  }

  /** `run` was called, and has not come to its end. */
  get isRunning(): boolean {
    return this.#run !== undefined && !this.#done;
  }

  /** Runs every kept segment once, in the order of evaluation, each awaited before the next. */
  run(): Promise<void> {
    return (this.#run ??= this.#runAll());
  }

  async #runAll(): Promise<void> {
    // segments that arrive while others run are appended and run by the same loop
    for (let next = this.#deferred.shift(); next !== undefined; next = this.#deferred.shift()) {
      const { instance, segment } = next;
      instance.segmentsRun++;
      try {
        await segment();
      } catch (cause) {
        const { HotfixError, diagnostic } = await import("../messages/diagnostic.ts");
        const detail = cause instanceof Error ? cause.message : String(cause);
        throw Object.assign(new HotfixError(diagnostic("HF3009", "error", { module: instance.key, detail })), { cause });
      }
    }
    this.#done = true;
  }
}
