/** Fills the cache ahead of time: draws the conclusions about all modules of two worlds, in worker threads where there are many. */
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Analyses } from "./analyses.ts";
import type { AnalysisCache } from "./analysis-cache.ts";
import type { DiskCache } from "./disk-cache.ts";
import { askAll, drawAll, type DrawnModule } from "./draw.ts";
import type { WorldModule } from "./module.ts";
import type { World } from "./world.ts";

const WORKER = new URL(`./warm-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
/** A thread with fewer modules is not worth its start. */
const LEAST = 20;
/** Modules that a thread gets at a time. */
const BATCH = 4;

export interface WarmOptions {
  /** Ends the work early. */
  readonly stop?: AbortSignal;
  /** Is told how many modules are done. */
  readonly watch?: (done: number, of: number) => void;
  /** Default: as many as the machine runs at once. */
  readonly threads?: number;
}

/** Numbers of modules. */
export interface Warmed {
  /** The cache had everything about them. */
  readonly there: number;
  readonly made: number;
  /** The analysis threw. */
  readonly failed: readonly { readonly key: string; readonly detail: string }[];
  /** What was left when the work was stopped. */
  readonly left: number;
}

/** Adds to the cache what it lacks; the caller saves it. */
export async function warm(worlds: readonly World[], cache: DiskCache, { stop, watch, threads = availableParallelism() }: WarmOptions = {}): Promise<Warmed> {
  const modules = [...new Set(worlds.flatMap((world) => [...world.modules.values()]))];
  const missing = modules.filter((module) => !isKnown(module, cache));
  const failed: { readonly key: string; readonly detail: string }[] = [];
  let done = 0;
  const take = (answers: readonly DrawnModule[]): void => {
    for (const each of answers) {
      if ("detail" in each) failed.push(each);
      else for (const drawn of each.drawn) cache.add(...drawn);
    }
    done += answers.length;
    watch?.(done, missing.length);
  };
  const workers = Math.min(threads, Math.floor(missing.length / LEAST));
  await (workers < 2 ? drawHere(missing, take, stop) : drawInWorkers(missing, workers, take, stop));
  return { there: modules.length - missing.length, made: done - failed.length, failed, left: missing.length - done };
}

const UNKNOWN = Symbol("not in the cache");

function isKnown(module: WorldModule, cache: DiskCache): boolean {
  const reading: AnalysisCache = {
    of<T>(...[conclusion, id]: Parameters<AnalysisCache["of"]>): T {
      const found = cache.find(conclusion, id());
      if (found === undefined) throw UNKNOWN;
      return JSON.parse(found) as T;
    },
  };
  try {
    askAll(module.through(new Analyses(reading)));
    return true;
  } catch (error) {
    if (error === UNKNOWN) return false;
    throw error;
  }
}

type Take = (answers: readonly DrawnModule[]) => void;

async function drawHere(modules: readonly WorldModule[], take: Take, stop: AbortSignal | undefined): Promise<void> {
  for (const module of modules) {
    // signals are heard in between
    await setImmediate();
    if (stop?.aborted === true) return;
    take([drawAll(module.material)]);
  }
}

async function drawInWorkers(modules: readonly WorldModule[], threads: number, take: Take, stop: AbortSignal | undefined): Promise<void> {
  const broken = new AbortController();
  const signal = stop === undefined ? broken.signal : AbortSignal.any([stop, broken.signal]);
  let at = 0;
  const next = (): readonly WorldModule[] => modules.slice(at, (at += BATCH));
  const work = (): Promise<void> => new Promise((resolve, reject) => {
    if (signal.aborted) return resolve();
    const worker = new Worker(WORKER);
    const end = (): void => void worker.terminate();
    const give = (): void => {
      const batch = next();
      if (batch.length === 0) end();
      else worker.postMessage(batch.map(({ material }) => material));
    };
    signal.addEventListener("abort", end, { once: true });
    worker.on("message", (answers: readonly DrawnModule[]) => {
      take(answers);
      give();
    });
    worker.on("error", (error) => {
      broken.abort();
      reject(error);
    });
    worker.on("exit", () => resolve());
    give();
  });
  await Promise.all(Array.from({ length: threads }, work));
}
