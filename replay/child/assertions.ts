/** `expect`, `vi` and `jest`: the real ones, from the packages that are installed beside the library. */
import { dirname } from "node:path";
import { mock } from "node:test";
import { pathToFileURL } from "node:url";
import { ResolverFactory } from "oxc-resolver";
import type { TestApi } from "../test-command.ts";

interface Assertions {
  readonly expect: unknown;
  /** `fn` and `spyOn`. */
  readonly mocks: Readonly<Record<string, unknown>>;
}

/** @param folder of the package: where what is installed is looked up */
export async function loadAssertions(api: TestApi, folder: string): Promise<Assertions> {
  if (api === "vitest") return (await vitestAssertions(folder)) ?? (await jestAssertions(folder)) ?? missing("@vitest/expect");
  if (api === "jest") return (await jestAssertions(folder)) ?? (await vitestAssertions(folder)) ?? missing("expect");
  return { expect: undefined, mocks: {} };
}

function missing(name: string): never {
  throw new Error(`The tests need ${name}, which is not installed.`);
}

const resolver = new ResolverFactory({ conditionNames: ["node", "import", "default"] });

async function load<Exports>(folder: string, name: string): Promise<Exports | undefined> {
  const { path } = resolver.sync(folder, name);
  return path === undefined ? undefined : ((await import(pathToFileURL(path).href)) as Exports);
}

interface VitestExpect {
  readonly JestExtend: unknown;
  readonly JestChaiExpect: unknown;
  readonly JestAsymmetricMatchers: unknown;
  readonly customMatchers?: object;
  setState(state: object, expect: unknown): void;
}

interface Chai {
  use(plugin: unknown): void;
  readonly expect: (value: unknown, message?: string) => unknown;
}

async function vitestAssertions(folder: string): Promise<Assertions | undefined> {
  const { path } = resolver.sync(folder, "@vitest/expect");
  const plugins = await load<VitestExpect>(folder, "@vitest/expect");
  if (!plugins || path === undefined) return undefined;
  const chai = (await load<Chai>(dirname(path), "chai")) ?? missing("chai");
  const spy = await load<Readonly<Record<string, unknown>>>(folder, "@vitest/spy");
  for (const plugin of [plugins.JestExtend, plugins.JestChaiExpect, plugins.JestAsymmetricMatchers]) chai.use(plugin);
  // Where the plugins keep `expect.any` and the like.
  const matchers = (globalThis as Record<symbol, object | undefined>)[Symbol.for("asymmetric-matchers-object")];
  const none = { assertions() {}, hasAssertions() {} };
  const expect = Object.assign((value: unknown, message?: string) => chai.expect(value, message), chai.expect, plugins.customMatchers, matchers, none);
  plugins.setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null, testPath: "", currentTestName: "" }, expect);
  (globalThis as Record<symbol, unknown>)[Symbol.for("expect-global")] = expect;
  return { expect, mocks: { fn: spy?.["fn"], spyOn: spy?.["spyOn"], restoreAllMocks: spy?.["restoreAllMocks"] } };
}

interface JestMock {
  readonly fn?: unknown;
  readonly spyOn?: unknown;
  readonly default?: JestMock;
}

async function jestAssertions(folder: string): Promise<Assertions | undefined> {
  const found = await load<{ readonly expect?: unknown; readonly default?: { readonly expect?: unknown } }>(folder, "expect");
  if (!found) return undefined;
  const mocks = await load<JestMock>(folder, "jest-mock");
  return { expect: found.expect ?? found.default?.expect, mocks: { fn: (mocks?.default ?? mocks)?.fn, spyOn: (mocks?.default ?? mocks)?.spyOn } };
}

/** `vi` or `jest`. What it does not have fails by name. */
export function mockFunctions(mocks: Readonly<Record<string, unknown>>): object {
  const known: Record<string, unknown> = {
    ...mocks,
    useFakeTimers: (options?: { readonly now?: number | Date }) => {
      mock.timers.reset();
      mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"], now: Number(options?.now ?? Date.now()) });
    },
    useRealTimers: () => mock.timers.reset(),
    setSystemTime: (now: number | Date) => mock.timers.setTime(Number(now)),
    advanceTimersByTime: (ms: number) => mock.timers.tick(ms),
    runAllTimers: () => mock.timers.runAll(),
    stubGlobal: (name: string, value: unknown) => stub(name, value),
    unstubAllGlobals: unstubAll,
  };
  return new Proxy(known, {
    get(target, name) {
      if (typeof name === "string" && !(name in target)) throw new Error(`The replay has no vi.${name}.`);
      return target[name as string];
    },
  });
}

const stubbed = new Map<string, PropertyDescriptor | undefined>();

function stub(name: string, value: unknown): void {
  if (!stubbed.has(name)) stubbed.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

function unstubAll(): void {
  for (const [name, before] of stubbed) {
    if (before) Object.defineProperty(globalThis, name, before);
    else Reflect.deleteProperty(globalThis, name);
  }
  stubbed.clear();
}

/** Checks of types: nothing happens at run time, whatever is called on it. */
export const typeOnly: unknown = new Proxy(() => typeOnly, {
  get: (_, name) => (name === "then" ? undefined : typeOnly),
  apply: () => typeOnly,
});
