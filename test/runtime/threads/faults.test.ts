/** A throw at every point of an operation, in the main thread and in a worker: every thread is as it was. */
import { expect, test } from "vitest";
import type { PatchPayload } from "../../../src/patch/payload.ts";
import { faults, guarded, hotfix, patchOf, SOURCES } from "../world.ts";
import { KEY, Process, type TestThread } from "./process.ts";

const { apply, rollback, status } = hotfix;
const FAULTS = JSON.stringify(new URL("runtime/fault.ts", SOURCES).href);

function patch(sequence: number): PatchPayload {
  const code = ["left", "right", "extra"].map((name) => guarded(name, name === "left" ? "a" : "", `return '${sequence}';`)).join("\n");
  // nothing that its commit evaluates: on a busy machine a swap is tried again then
  return patchOf({ [KEY]: { functions: "left right +extra@1", code } }, sequence);
}

const SHOWN = "({ both: shop.both(), length: shop.left.length, busy: hotfix.status().busy, active: hotfix.status().state })";

/** What can be seen of a thread, its history aside. */
async function show(process: Process, threads: readonly TestThread[]): Promise<unknown> {
  // that the operation is given up reaches the workers by a letter of its own
  for (const { evaluate } of threads) await expect.poll(() => evaluate("hotfix.status().busy")).toBe(false);
  const { history: _, since: __, ...state } = status();
  // names are learned with the first answer
  const rest = { ...state, threads: state.threads.map(({ thread, isInStep }) => [thread, isInStep]) };
  return { main: { both: process.host["both"](), length: process.host["left"].length, rest }, workers: await Promise.all(threads.map(({ evaluate }) => evaluate(SHOWN))) };
}

/** How a thread is made to throw at its `index`th point, and how many it has passed. */
interface Faulty {
  failAt(index: number): Promise<unknown>;
  passed(): Promise<readonly string[]>;
}

function main(): Faulty {
  let seen: string[] = [];
  return {
    failAt: async (index) => {
      seen = [];
      faults.hook = (point) => {
        seen.push(point);
        if (seen.length - 1 === index) throw new Error(`fault at ${point}`);
      };
    },
    passed: async () => seen,
  };
}

function worker({ evaluate }: TestThread): Faulty {
  return {
    failAt: (index) => evaluate(`import(${FAULTS}).then(({ faults }) => { globalThis.seen = []; faults.hook = (point) => { if (seen.push(point) - 1 === ${index}) throw new Error("fault at " + point); }; })`),
    passed: async () => (await evaluate("globalThis.seen")) as string[],
  };
}

const NEVER = -1;
const OPTIONS = { barrierTimeout: 20_000 };

for (const place of ["the main thread", "a worker"]) {
  test(`a fault at any point in ${place} is undone in every thread`, { timeout: 120_000 }, async () => {
    const process = await Process.start();
    const threads = [await process.thread(), await process.thread()];
    const [, second] = threads;
    const faulty = place === "a worker" && second !== undefined ? worker(second) : main();
    for (const [name, operation] of [["apply", () => apply(patch(1), OPTIONS)], ["replace", () => apply(patch(2), OPTIONS)], ["roll back", () => rollback()]] as const) {
      const before = await show(process, threads);
      const points = new Set<string>();
      for (let index = 0; ; index++) {
        await faulty.failAt(index);
        const result = await operation();
        const passed = await faulty.passed();
        if (passed.length <= index) {
          // it came through: no point is left
          expect(result, name).toMatchObject({ outcome: name === "roll back" ? "rolled-back" : "applied", threads: [{}, {}] });
          break;
        }
        const point = `${name}: ${passed[index]}`;
        points.add(passed[index] ?? "");
        expect(result.outcome, point).toMatch(/failed|refused/);
        expect(JSON.stringify(result.diagnostics), point).toContain("fault at");
        await faulty.failAt(NEVER);
        expect(await show(process, threads), point).toEqual(before);
      }
      await faulty.failAt(NEVER);
      expect([...points], name).toEqual(expect.arrayContaining(["commit:start", "commit:slots", "commit:end", "threads:agree", ...(place === "a worker" ? ["threads:prepare"] : ["threads:hold", "threads:step"])]));
    }
    expect(await show(process, threads)).toMatchObject({ main: { both: "old old", length: 0 }, workers: [{ both: "old old", length: 0 }, { both: "old old", length: 0 }] });
    // one entry for each attempt
    expect(status().history.filter(({ outcome }) => outcome === "applied" || outcome === "rolled-back")).toHaveLength(3);
  });
}
