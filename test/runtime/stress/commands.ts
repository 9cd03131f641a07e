/** Steps of a random life, each done to the runtime and to the model, which must agree after every one. */
import fc from "fast-check";
import { expect } from "vitest";
import { codes, faults, guarded, hotfix, type Exports, type World } from "../world.ts";
import type { TestThread } from "../threads/process.ts";
import { FUNCTIONS, keyOf, MODULES, type Expected, type FamilyPatch, type Model, type Target } from "./model.ts";

const { apply, rollback, status } = hotfix;
/** For machines that are not quiet. */
const OPTIONS = { barrierTimeout: 30_000 };

export interface Real {
  readonly world: World;
  readonly counts: boolean;
  readonly modules: Map<string, Exports>;
  readonly threads: TestThread[];
  readonly start: () => Promise<TestThread>;
}

type Step = fc.AsyncCommand<Model, Real>;
type Result = Awaited<ReturnType<typeof apply>> | Awaited<ReturnType<typeof rollback>>;

interface TwoPhases {
  prepare(file: Uint8Array): Promise<{ readonly outcome: string; readonly ticket?: string; readonly diagnostics: readonly { readonly code: string }[] }>;
  commit(ticket: string): Promise<Result>;
  abort(ticket: string): Promise<void>;
}

const twoPhases = (): TwoPhases => (globalThis as any)[Symbol.for("ts-hotfix/runtime/1")]; // not offered to programs

/** Names in counterexamples. */
function step(name: string, run: (model: Model, real: Real) => Promise<void>): Step {
  return {
    check: () => true,
    run: async (model, real) => {
      await run(model, real);
      await compare(model, real);
    },
    toString: () => name,
  };
}

function agrees(result: { readonly outcome: string; readonly diagnostics: readonly { readonly code: string }[] }, [outcome, code]: Expected): void {
  expect(result.outcome).toBe(outcome);
  if (code !== undefined) expect(codes(result)).toEqual([code]);
}

/** Everything that can be seen. */
async function compare(model: Model, { modules, threads, counts }: Real): Promise<void> {
  const seen = status();
  expect({ state: seen.state, busy: seen.busy, atHand: seen.atHand, pending: seen.pending }).toEqual({ state: model.name, busy: false, atHand: model.atHand, pending: model.pending });
  expect(seen.history.map(({ operation, outcome }) => [operation, outcome])).toEqual(model.history);
  expect(seen.threads.map(({ isInStep }) => isInStep)).toEqual(threads.map(() => true));
  for (const [module, exports] of modules) {
    for (const name of FUNCTIONS) expect(exports[name]()).toBe(model.call(module, name, counts));
  }
  for (const { evaluate } of threads) expect(await evaluate("[one.award(), one.double()]")).toEqual(FUNCTIONS.map((name) => model.call("one", name, counts)));
}

/** Does the operation with a throw at its `at`th point; says whether it came to that. */
async function failing(at: number | undefined, operation: () => Promise<Result>): Promise<{ readonly result: Result; readonly failed: boolean }> {
  let passed = 0;
  let failed = false;
  faults.hook = (point) => {
    if (passed++ !== at) return;
    failed = true;
    throw new Error(`fault at ${point}`);
  };
  try {
    return { result: await operation(), failed };
  } finally {
    faults.hook = undefined;
  }
}

function applying(patch: FamilyPatch, at: number | undefined): Step {
  return step(`apply ${patch.number}${at === undefined ? "" : ` with a fault at ${at}`}`, async (model) => {
    const { result, failed } = await failing(at, () => apply(patch.file, OPTIONS));
    // what throws while the file is read throws before anything is judged
    if (failed && result.outcome === "failed") model.history.push(["apply", "failed"]);
    else agrees(result, model.apply(patch, failed));
  });
}

function rollingBack(target: Target, at: number | undefined): Step {
  const to = typeof target === "string" ? target : target.id;
  return step(`roll back to ${typeof target === "string" ? target : target.number}${at === undefined ? "" : ` with a fault at ${at}`}`, async (model) => {
    const { result, failed } = await failing(at, () => rollback({ to, ...OPTIONS }));
    agrees(result, model.rollback(target, failed));
  });
}

function preparing(patch: FamilyPatch, between: FamilyPatch, commits: boolean): Step {
  return step(`prepare ${patch.number}, try ${between.number}, ${commits ? "commit" : "abort"}`, async (model, { modules, counts }) => {
    const prepared = await twoPhases().prepare(patch.file);
    agrees(prepared, model.prepare(patch));
    if (prepared.ticket === undefined) return;
    agrees(await apply(between.file), model.busy("apply"));
    agrees(await rollback(), model.busy("rollback"));
    // nothing is changed by what is only prepared
    for (const [module, exports] of modules) expect(exports["double"]()).toBe(model.call(module, "double", counts));
    if (commits) agrees(await twoPhases().commit(prepared.ticket), model.apply(patch, false));
    else await twoPhases().abort(prepared.ticket);
  });
}

export function hostText(module: string): { readonly key: string; readonly names: string; readonly body: string } {
  return { key: keyOf(module), names: FUNCTIONS.join(" "), body: FUNCTIONS.map((name) => `export ${guarded(name, "", `return '${module}.${name} old';`)}`).join("\n") };
}

function loading(module: string): Step {
  return {
    ...step(`load ${module}`, async (model, { world, modules }) => {
      modules.set(module, await world.host(`${module}.mjs`, hostText(module)));
      model.loaded.add(module);
    }),
    check: (model) => !model.loaded.has(module),
  };
}

function starting(most: number): Step {
  return {
    ...step("start a thread", async (model, { threads, start }) => {
      threads.push(await start());
      model.threads++;
    }),
    check: (model) => model.threads < most,
  };
}

const ending: Step = {
  ...step("end a thread", async (model, { threads }) => {
    await threads.shift()?.worker.terminate();
    model.threads--;
  }),
  check: (model) => model.threads > 0,
};

/** @param threads how many there are at most */
export function stepsOf(family: readonly FamilyPatch[], threads: number): fc.Arbitrary<Step>[] {
  const patch = fc.constantFrom(...family);
  const fault = fc.option(fc.nat(24), { nil: undefined, freq: 2 });
  const target: fc.Arbitrary<Target> = fc.oneof(fc.constantFrom("base" as const, "previous" as const), patch);
  return [
    fc.tuple(patch, fault).map(([each, at]) => applying(each, at)),
    fc.tuple(patch, fc.constant(undefined)).map(([each, at]) => applying(each, at)),
    fc.tuple(target, fault).map(([each, at]) => rollingBack(each, at)),
    fc.tuple(patch, patch, fc.boolean()).map(([each, between, commits]) => preparing(each, between, commits)),
    fc.constantFrom(...MODULES).map(loading),
    ...(threads === 0 ? [] : [fc.constant(starting(threads)), fc.constant(ending)]),
  ];
}
