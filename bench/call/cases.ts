/** What `bench:call` measures: loops × builds × states. */

/** A loop of `program.ts`. */
export interface Loop {
  readonly name: string;
  readonly run: string;
  /** Rounds of the loop per call. A call takes a few microseconds, as a request's does, and is optimised as a whole. */
  readonly size: number;
  /** One of the five that are always measured. */
  readonly core: boolean;
}

export const LOOPS: readonly Loop[] = [
  { name: "fib", run: "fibLoop", size: 1, core: true },
  { name: "leaf add", run: "addLoop", size: 1000, core: true },
  { name: "vector", run: "vectorLoop", size: 300, core: true },
  { name: "string hash", run: "hashLoop", size: 100, core: true },
  { name: "await chain", run: "awaitLoop", size: 100, core: true },
  { name: "arrow add", run: "arrowLoop", size: 1000, core: false },
  { name: "destructured", run: "areaLoop", size: 1000, core: false },
  { name: "module state", run: "stateLoop", size: 1000, core: false },
  { name: "generator", run: "generatorLoop", size: 10, core: false },
  { name: "callback", run: "callbackLoop", size: 100, core: false },
  // a tenth of a millisecond per call: runs in code that V8 puts in place while the loop goes on
  { name: "leaf add, long loop", run: "addLoop", size: 100_000, core: false },
];

/** How the program is built. `cycle`: with a module that imports it back, so that the table is hoisted. */
export interface Build {
  readonly name: string;
  readonly tool: "tsc" | "rollup";
  readonly format: "esm" | "cjs";
  readonly cycle: boolean;
}

export const BUILDS: readonly Build[] = [
  { name: "tsc esm", tool: "tsc", format: "esm", cycle: false },
  { name: "tsc cjs", tool: "tsc", format: "cjs", cycle: false },
  { name: "rollup es", tool: "rollup", format: "esm", cycle: false },
  { name: "tsc esm in a cycle", tool: "tsc", format: "esm", cycle: true },
];

/**
 * Which functions a patch replaces. `callees`: called from the host's loop through the guard. `loops`: the patch's loop
 * calls the host's functions through its scope.
 */
export type Scope = "all" | "callees" | "loops";

/** Numbers of `program.ts` that a patch changes. */
export const SALTS: Readonly<Record<Scope, readonly number[]>> = { all: [1001, 2002], callees: [1001], loops: [2002] };

export interface State {
  readonly name: string;
  /** Number of patches, each with another body, applied one after the other. */
  readonly patches: number;
  readonly rolledBack: boolean;
  readonly core: boolean;
}

export const STATES: readonly State[] = [
  { name: "unpatched", patches: 0, rolledBack: false, core: true },
  { name: "1st patch", patches: 1, rolledBack: false, core: true },
  { name: "5th patch", patches: 5, rolledBack: false, core: true },
  { name: "50th patch", patches: 50, rolledBack: false, core: false },
  { name: "rolled back", patches: 5, rolledBack: true, core: true },
];

export interface Case {
  readonly name: string;
  readonly build: Build;
  readonly loop: Loop;
  readonly scope: Scope;
  readonly states: readonly State[];
  readonly core: boolean;
}

/** `tsc esm · leaf add`, `tsc esm · leaf add, callees patched` */
export const CASES: readonly Case[] = BUILDS.flatMap((build, index) =>
  LOOPS.flatMap((loop) =>
    // one build tells what a caller outside the patch, or a callee outside it, costs
    (index === 0 ? (["all", "callees", "loops"] as const) : (["all"] as const)).map((scope): Case => {
      const name = `${build.name} · ${loop.name}${scope === "all" ? "" : `, only ${scope} patched`}`;
      const states = scope === "all" ? STATES : STATES.filter((state) => state.patches > 0);
      return { name, build, loop, scope, states, core: loop.core && scope === "all" && !build.cycle };
    }),
  ),
);
