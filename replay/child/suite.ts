/** Suites and tests as test files declare them, and their run: one after another, in this process. */
import { format } from "node:util";
import type { TestApi } from "../test-command.ts";
import type { TestResult } from "./job.ts";

/** A test's own callback, called with what its declaration gave. */
export type Body = (...args: unknown[]) => unknown;
export type Mode = "run" | "skip" | "only" | "fails";

interface Suite {
  readonly kind: "suite";
  readonly name: string;
  readonly mode: Mode;
  readonly children: (Suite | Test)[];
  readonly hooks: Record<HookName, Body[]>;
  readonly factory: Body | undefined;
}

interface Test {
  readonly kind: "test";
  readonly name: string;
  readonly mode: Mode;
  readonly body: Body | undefined;
}

export type HookName = "beforeAll" | "afterAll" | "beforeEach" | "afterEach";

const TIMEOUT_MS = 20_000;

export class SkipTest extends Error {}

/** The tests of one file. */
export class Collector {
  readonly #api: TestApi;
  readonly #isTestSide: (url: string) => boolean;
  readonly #root: Suite = makeSuite("", "run", undefined);
  #current: Suite = this.#root;

  constructor(api: TestApi, isTestSide: (url: string) => boolean) {
    this.#api = api;
    this.#isTestSide = isTestSide;
  }

  suite(name: string, mode: Mode, factory: Body | undefined): void {
    const suite = makeSuite(name, mode, factory);
    this.#current.children.push(suite);
    // Vitest calls the bodies of suites later and awaits them; the others call them at once.
    if (this.#api === "vitest" || !factory) return;
    const outer = this.#current;
    this.#current = suite;
    try {
      factory.call(mochaContext());
    } finally {
      this.#current = outer;
    }
  }

  test(name: string, mode: Mode, body: Body | undefined): void {
    this.#current.children.push({ kind: "test", name, mode, body });
  }

  hook(name: HookName, body: Body): void {
    this.#current.hooks[name].push(body);
  }

  async run(file: string): Promise<Record<string, TestResult>> {
    if (this.#api === "vitest") await this.#collect(this.#root);
    const results: Record<string, TestResult> = {};
    const add = (path: string, result: TestResult): void => {
      let id = path;
      for (let count = 2; id in results; count++) id = `${path} #${count}`;
      results[id] = result;
    };
    await this.#runSuite(this.#root, file, [], { skip: false, only: hasOnly(this.#root) }, add);
    return results;
  }

  async #collect(suite: Suite): Promise<void> {
    for (const child of suite.children) {
      if (child.kind !== "suite" || !child.factory) continue;
      this.#current = child;
      await child.factory();
      await this.#collect(child);
    }
    this.#current = this.#root;
  }

  async #runSuite(suite: Suite, path: string, outer: readonly Suite[], state: { skip: boolean; only: boolean }, add: (path: string, result: TestResult) => void): Promise<void> {
    const chain = [...outer, suite];
    const skip = state.skip || suite.mode === "skip";
    // Within a suite marked `only` every test counts, unless one of them is marked too.
    const only = state.only && (suite.mode !== "only" || hasOnly(suite));
    let broken: unknown;
    const cleanups: unknown[] = [];
    if (!skip) {
      try {
        for (const hook of suite.hooks.beforeAll) cleanups.push(await this.#call(hook));
      } catch (error) {
        broken = error ?? new Error("beforeAll failed");
      }
    }
    for (const child of suite.children) {
      const name = `${path} > ${child.name}`;
      if (child.kind === "suite") {
        const passed = only && child.mode !== "only" && !hasOnly(child);
        await this.#runSuite(child, name, chain, { skip: skip || passed || broken !== undefined, only }, add);
      } else if (skip || child.mode === "skip" || !child.body || (only && child.mode !== "only")) add(name, { outcome: "skip" });
      else add(name, broken === undefined ? await this.#runTest(child, chain) : failed(broken, this.#isTestSide));
    }
    if (skip) return;
    try {
      for (const hook of [...suite.hooks.afterAll, ...functions(cleanups)]) await this.#call(hook);
    } catch (error) {
      add(`${path} > afterAll`, failed(error, this.#isTestSide));
    }
  }

  async #runTest(test: Test, chain: readonly Suite[]): Promise<TestResult> {
    let error: unknown;
    const cleanups: unknown[] = [];
    try {
      for (const hook of chain.flatMap((suite) => suite.hooks.beforeEach)) cleanups.push(await this.#call(hook));
      if (test.body) await this.#call(test.body);
    } catch (thrown) {
      if (thrown instanceof SkipTest) return { outcome: "skip" };
      error = thrown ?? new Error("nothing was thrown");
    }
    try {
      for (const hook of [...chain.toReversed().flatMap((suite) => suite.hooks.afterEach), ...functions(cleanups)]) await this.#call(hook);
    } catch (thrown) {
      error ??= thrown ?? new Error("nothing was thrown");
    }
    if (test.mode === "fails") return error === undefined ? { outcome: "fail", error: "it was expected to fail" } : { outcome: "pass" };
    return error === undefined ? { outcome: "pass" } : failed(error, this.#isTestSide);
  }

  async #call(body: Body): Promise<unknown> {
    const wantsDone = body.length > 0 && (this.#api === "jest" || this.#api === "mocha");
    const context = mochaContext();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = REAL_SET_TIMEOUT(() => reject(new Error(`not done within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    });
    const work = wantsDone
      ? new Promise<void>((resolve, reject) => body.call(context, Object.assign((error?: unknown) => (error == null ? resolve() : reject(error)), { fail: reject })))
      : (async () => await body.call(context, testContext()))();
    try {
      return await Promise.race([work, late]);
    } finally {
      REAL_CLEAR_TIMEOUT(timer);
    }
  }
}

// Tests replace timers.
const REAL_SET_TIMEOUT = setTimeout;
const REAL_CLEAR_TIMEOUT = clearTimeout;

function makeSuite(name: string, mode: Mode, factory: Body | undefined): Suite {
  return { kind: "suite", name, mode, children: [], hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] }, factory };
}

function hasOnly(suite: Suite): boolean {
  return suite.children.some((child) => child.mode === "only" || (child.kind === "suite" && hasOnly(child)));
}

function functions(values: readonly unknown[]): Body[] {
  return values.filter((value): value is Body => typeof value === "function");
}

function skipTest(): never {
  throw new SkipTest();
}

function testContext(): object {
  return { expect: (globalThis as { expect?: unknown }).expect, skip: skipTest, onTestFinished() {} };
}

function mochaContext(): object {
  const context = { timeout: () => context, slow: () => context, retries: () => context, skip: skipTest };
  return context;
}

/** @param isTestSide whether the module of a URL is a test's own */
export function failed(error: unknown, isTestSide: (url: string) => boolean): TestResult {
  const top = /^ {4}at .*?(file:[^\s)]+?):\d+:\d+\)?$/m.exec(error instanceof Error ? String(error.stack) : "")?.[1];
  return { outcome: "fail", error: firstLine(error), ...(top !== undefined && isTestSide(top) ? { ownError: true as const } : {}) };
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message || error.name : error).split("\n", 1)[0]?.slice(0, 300) ?? "";
}

/** `%s`, `%d` and `$name` in the title of a case of a table. */
export function caseTitle(title: string, values: readonly unknown[]): string {
  const holes = title.match(/%[sdifjoO]/g)?.length ?? 0;
  const [first] = values;
  const named = title.replaceAll(/\$(\w+)/g, (hole, name: string) => (typeof first === "object" && first !== null && name in first ? String((first as Record<string, unknown>)[name]) : hole));
  return holes > 0 ? format(named, ...values.slice(0, holes)) : named;
}
