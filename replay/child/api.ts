/** The functions that test files call: `describe`, `it`, hooks. One set for Vitest, Jest and Mocha. */
import { type Body, caseTitle, type Collector, type HookName, type Mode } from "./suite.ts";

/** Replaced for every test file. */
export const collecting: { current: Collector | undefined } = { current: undefined };

export type TestFunctions = Readonly<Record<string, unknown>>;

export function testFunctions(): TestFunctions {
  const it = declarer((name, mode, body) => collector().test(name, mode, body));
  const describe = declarer((name, mode, body) => collector().suite(name, mode, body));
  const hook = (name: HookName) => (first: Body | string, second?: Body) => collector().hook(name, typeof first === "string" ? (second ?? (() => {})) : first);
  const [beforeAll, afterAll] = [hook("beforeAll"), hook("afterAll")];
  const common = { it, test: it, describe, beforeAll, afterAll, beforeEach: hook("beforeEach"), afterEach: hook("afterEach") };
  return { ...common, suite: describe, context: describe, specify: it, xit: it["skip"], xtest: it["skip"], xdescribe: describe["skip"], fit: it["only"], fdescribe: describe["only"], before: beforeAll, after: afterAll };
}

function collector(): Collector {
  if (!collecting.current) throw new Error("A test was declared outside of the loading of a test file.");
  return collecting.current;
}

type Declare = (name: string, mode: Mode, body: Body | undefined) => void;

/** `it` with all that hangs on it: `it.skip.each(…)(…)`. */
function declarer(declare: Declare, mode: Mode = "run", depth = 0): ((...args: unknown[]) => void) & Record<string, unknown> {
  const own = (name: unknown, ...rest: unknown[]): void => declare(titleOf(name), mode, bodyOf(rest));
  const each = (first: unknown, ...holes: unknown[]) => (name: unknown, ...rest: unknown[]): void => {
    const body = bodyOf(rest);
    for (const values of rowsOf(first, holes)) declare(caseTitle(titleOf(name), values), mode, body && (() => body(...values)));
  };
  const more: Record<string, unknown> = { each, for: (rows: readonly unknown[]) => (name: unknown, ...rest: unknown[]) => each(rows.map((row) => [row]))(name, ...rest) };
  if (depth < 2) {
    const marked = (other: Mode): unknown => declarer(declare, other, depth + 1);
    Object.assign(more, { skip: marked("skip"), only: marked("only"), fails: marked("fails"), failing: marked("fails"), concurrent: marked(mode), sequential: marked(mode) });
    Object.assign(more, { todo: (name: unknown) => declare(titleOf(name), "skip", undefined), skipIf: (yes: unknown) => marked(yes ? "skip" : mode), runIf: (yes: unknown) => marked(yes ? mode : "skip") });
  }
  return Object.assign(own, more);
}

function titleOf(name: unknown): string {
  return typeof name === "function" ? name.name : String(name);
}

/** `it(name, body, timeout)`, `it(name, options, body)` */
function bodyOf(rest: readonly unknown[]): Body | undefined {
  return rest.find((each): each is Body => typeof each === "function");
}

/** A list of cases, or a template table: names in the first row. */
function rowsOf(first: unknown, holes: readonly unknown[]): readonly (readonly unknown[])[] {
  if (!Array.isArray(first)) return [];
  if (!("raw" in first)) return first.map((row: unknown) => (Array.isArray(row) ? row : [row]));
  const names = String(first[0]).split("|").map((name) => name.trim());
  return Array.from({ length: holes.length / names.length }, (_, row) => [
    Object.fromEntries(names.map((name, column) => [name, holes[row * names.length + column]])),
  ]);
}
