import { expect, test } from "vitest";
import { hotfix, World } from "./world.ts";

const { runInit, status } = hotfix;

function trace(): string[] {
  const order: string[] = [];
  Object.assign(globalThis, { order });
  return order;
}

test("auto mode runs every segment in place and counts it", async () => {
  const world = new World();
  const order = trace();
  await world.host("a.mjs", { names: "", body: `$init.init(() => { order.push(1); });\norder.push("between");\n$init.init(() => { order.push(2); });` });
  expect(order).toEqual([1, "between", 2]);
  expect(status().modules).toMatchObject([{ initSegmentsRun: 2 }]);
  await runInit();
  expect(order).toHaveLength(3);
});

test("explicit mode runs entries in the order of evaluation, each awaited, once", async () => {
  const world = new World();
  const order = trace();
  world.writeHost("b.mjs", { names: "", body: `$init.defer(async () => { await null; order.push("b"); });` });
  await world.host("a.mjs", { names: "", head: `import "./b.mjs";`, body: `$init.defer(() => { order.push("a1"); });\n$init.defer(() => { order.push("a2"); });` });
  expect(order).toEqual([]);
  await Promise.all([runInit(), runInit()]);
  await runInit();
  expect(order).toEqual(["b", "a1", "a2"]);
  expect(status().modules.map(({ initSegmentsRun }) => initSegmentsRun)).toEqual([2, 1]);
});

test("explicit mode keeps the order of CommonJS, where a module starts before what it requires", async () => {
  const world = new World();
  const order = trace();
  world.writeHost("b.cjs", { names: "", body: `$init.defer(() => { order.push("b"); });` });
  world.writeHost("a.cjs", { names: "", body: `$init.defer(() => { order.push("a1"); });\nrequire("./b.cjs");\n$init.defer(() => { order.push("a2"); });` });
  world.require("a.cjs");
  await runInit();
  expect(order).toEqual(["a1", "b", "a2"]);
});

test("modules loaded while entries run join them, those loaded later run in place", async () => {
  const world = new World();
  const order = trace();
  world.writeHost("b.mjs", { names: "", body: `$init.defer(() => { order.push("b"); });` });
  world.writeHost("c.mjs", { names: "", body: `$init.defer(() => { order.push("c"); });` });
  const { later } = await world.host("a.mjs", { names: "", body: `$init.defer(async () => { await import("./b.mjs"); order.push("a"); });\nexport const later = () => import("./c.mjs");` });
  await runInit();
  expect(order).toEqual(["a", "b"]);
  await later();
  expect(order).toEqual(["a", "b", "c"]);
});

test("an entry that throws names its module and stops the rest", async () => {
  const world = new World();
  const order = trace();
  await world.host("a.mjs", { names: "", body: `$init.defer(() => { throw new RangeError("bad port"); });\n$init.defer(() => { order.push("after"); });` });
  const failure = { name: "HotfixError", code: "HF3009", message: expect.stringMatching(/app:src\/a\.ts.*bad port/), cause: expect.any(RangeError) };
  await expect(runInit()).rejects.toMatchObject(failure);
  await expect(runInit()).rejects.toMatchObject(failure);
  expect(order).toEqual([]);
});
