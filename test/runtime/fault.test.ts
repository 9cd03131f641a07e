import { expect, test } from "vitest";
import type { FaultPoint } from "../../src/runtime/fault.ts";
import { faults, guarded, hotfix, patchOf, World } from "./world.ts";

const { apply, rollback, status } = hotfix;
const KEY = "app:src/shop.ts";

const shop = {
  names: "award double",
  body: `export ${guarded("award", "", "return 'old ' + double(1);")}\nexport ${guarded("double", "n", "return n * 2;")}`,
};

function patch(sequence: number, functions = "award double") {
  return patchOf({
    [KEY]: {
      functions: `${functions} +extra@1`, variables: `v${sequence}`, fixed: "award",
      code: `${guarded("award", "a, b, c", `return 'patch ${sequence} ' + $s.v${sequence};`)} ${guarded("double", "", `return ${sequence};`)} ${guarded("extra", "", "return 1;")}
const init_v${sequence} = () => ${sequence};`,
    },
  }, sequence);
}

/** Every point an operation passes, each with how often. */
async function pointsOf(operation: () => Promise<unknown>): Promise<FaultPoint[]> {
  const seen: FaultPoint[] = [];
  faults.hook = (point) => void seen.push(point);
  await operation();
  faults.hook = undefined;
  return seen;
}

function failAt(index: number): void {
  let passed = 0;
  faults.hook = (point) => {
    if (passed++ === index) throw new Error(`fault at ${point}`);
  };
}

async function hostOf(world: World) {
  const { award, double, $table } = await world.host("shop.mjs", shop);
  const show = () => {
    const { history: _, since: __, ...rest } = status();
    return { answers: [award(), double(3)], lengths: [award.length, double.length], slots: Object.entries(Object.getPrototypeOf($table)), rest };
  };
  return show;
}

test("a fault at any point of an apply leaves the base as it was", async () => {
  const probe = new World();
  await hostOf(probe);
  const points = await pointsOf(() => apply(patch(1)));
  expect(new Set(points)).toEqual(new Set([
    "prepare:read", "prepare:verify", "prepare:fit", "prepare:import", "prepare:compile", "prepare:graft",
    "commit:start", "commit:addition", "commit:slots", "commit:member", "commit:variable", "commit:signature", "commit:end",
  ]));
  for (const [index, point] of points.entries()) {
    const world = new World();
    const show = await hostOf(world);
    const before = show();
    failAt(index);
    const result = await apply(patch(1));
    faults.hook = undefined;
    expect(result, point).toMatchObject({ outcome: "failed", functions: [] });
    expect(show(), point).toEqual(before);
    expect((await apply(patch(1))).outcome, point).toBe("applied");
    expect(show().answers, point).toEqual(["patch 1 1", 1]);
  }
});

test("a fault at any point of a replacement or rollback leaves the active patch as it was", async () => {
  for (const operation of [() => apply(patch(2, "award")), () => rollback()]) {
    const probe = new World();
    await hostOf(probe);
    await apply(patch(1));
    const points = await pointsOf(operation);
    expect(points).toContain("commit:former");
    for (const [index, point] of points.entries()) {
      const world = new World();
      const show = await hostOf(world);
      await apply(patch(1));
      const before = show();
      failAt(index);
      const result = await operation();
      faults.hook = undefined;
      expect(result.outcome, point).toBe("failed");
      expect(show(), point).toEqual(before);
      await operation();
      expect(show().answers[1], point).toBe(6);
    }
  }
});

test("an error of another kind in preparing is told as such (HF3016)", async () => {
  const world = new World();
  const show = await hostOf(world);
  const before = show();
  faults.hook = (point) => {
    if (point === "prepare:verify") throw new Error("disk on fire");
  };
  expect(await apply(patch(1))).toMatchObject({ outcome: "failed", diagnostics: [{ code: "HF3016", message: expect.stringContaining("disk on fire") }] });
  faults.hook = undefined;
  expect(show()).toEqual(before);
});
