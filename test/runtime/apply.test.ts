import { describe, expect, test } from "vitest";
import { codes, guarded, hotfix, patchOf, World } from "./world.ts";

const { apply, rollback, status } = hotfix;
const KEY = "app:src/shop.ts";

const shop = {
  names: "=nextId award double db twice Shelf",
  body: `
let nextId = 1;
const db = { rows: [] };
class Shelf {}
${guarded("double", "n", "return n * 2;")}
export ${guarded("award", "player, n", "nextId++; return 'old ' + player + double(n);")}
export const twice = (n) => { if ($t.$twice !== undefined) return $t.$twice(n); return n + n; };
export const peek = () => nextId;
export const routes = new Map([["award", award]]);
`,
};

const fixAward = {
  functions: "award",
  fixed: "double db",
  live: "nextId",
  code: `${guarded("award", "player, n", "$s.nextId += 10; return 'new ' + player + (0, $s.double)(n);")}`,
};

describe("a patch", () => {
  test("reaches references that were captured before, and the host's own state", async () => {
    const world = new World();
    const host = await world.host("shop.mjs", shop);
    const captured = host["routes"].get("award");
    expect(captured("a", 2)).toBe("old a4");

    const result = await apply(patchOf({ [KEY]: fixAward }));
    expect(result).toMatchObject({ operation: "apply", outcome: "applied", from: "base", functions: ["src/shop.ts#award"], diagnostics: [], pending: [] });
    expect(captured("a", 2)).toBe("new a4");
    expect(host["award"]).toBe(captured);
    expect(host["peek"]()).toBe(12);

    expect(await rollback()).toMatchObject({ outcome: "rolled-back", patch: "base", from: result.patch });
    expect(captured("a", 2)).toBe("old a4");
    expect(host["peek"]()).toBe(13);
  });

  test("stores nothing on the table and never puts an old prototype back", async () => {
    const world = new World();
    const { $table } = await world.host("shop.mjs", shop);
    const seen = new Set<unknown>([Object.getPrototypeOf($table)]);
    for (let round = 0; round < 3; round++) {
      await apply(patchOf({ [KEY]: fixAward }));
      seen.add(Object.getPrototypeOf($table));
      await rollback();
      seen.add(Object.getPrototypeOf($table));
    }
    expect(seen.size).toBe(7);
    expect(Reflect.ownKeys($table)).toEqual([]);
    expect(Reflect.ownKeys(Object.getPrototypeOf($table))).toEqual([]);
  });

  test("leaves modules alone that it does not name", async () => {
    const world = new World();
    const { $table } = await world.host("other.mjs", { names: "", body: "" });
    await world.host("shop.mjs", shop);
    const before = Object.getPrototypeOf($table);
    await apply(patchOf({ [KEY]: fixAward }));
    await rollback();
    expect(Object.getPrototypeOf($table)).toBe(before);
  });

  test("replaces the active one in one step: what only the older changed returns to the base", async () => {
    const world = new World();
    const host = await world.host("shop.mjs", shop);
    await apply(patchOf({ [KEY]: { functions: "double", code: guarded("double", "n", "return n * 100;") } }, 1));
    expect(host["award"]("a", 2)).toBe("old a200");
    await apply(patchOf({ [KEY]: fixAward }, 2));
    expect(host["award"]("a", 2)).toBe("new a4");
  });

  test("gives calls in flight in replaced patch code the newest functions", async () => {
    const world = new World();
    const host = await world.host("shop.mjs", shop);
    const slow = (sequence: number, answer: string) =>
      patchOf({
        [KEY]: {
          functions: "award double",
          code: `${guarded("double", "n", `return ${answer};`)}
          async function award(wait) { if ($t.$award !== undefined) return $t.$award.apply(this, arguments); const first = double(1); await wait; return [first, double(1)]; }`,
        },
      }, sequence);
    await apply(slow(1, "'one'"));
    let go = (): void => {};
    const running = host["award"](new Promise<void>((done) => (go = done)));
    await apply(slow(2, "'two'"));
    go();
    expect(await running).toEqual(["one", "two"]);

    const again = host["award"](new Promise<void>((done) => (go = done)));
    await rollback();
    go();
    expect(await again).toEqual(["two", 2]);
  });

  test("may be a file, a URL, bytes or a payload, all with the same id", async () => {
    const world = new World();
    await world.host("shop.mjs", shop);
    const { encodePatch } = await import("../../src/patch/file.ts");
    const payload = patchOf({ [KEY]: fixAward });
    const file = world.path("fix.hotfix");
    const bytes = encodePatch(payload);
    world.write("fix.hotfix", Buffer.from(bytes).toString("utf8"));
    const first = await apply(file);
    expect(first.outcome).toBe("applied");
    expect(first.cost.bytes).toBe(bytes.byteLength);
    for (const source of [new URL(world.url("fix.hotfix")), bytes, payload]) {
      expect(await apply(source)).toMatchObject({ outcome: "unchanged", patch: first.patch, functions: first.functions });
    }
  });

  test("changes nothing when it is the active one already", async () => {
    const world = new World();
    const { $table } = await world.host("shop.mjs", shop);
    await apply(patchOf({ [KEY]: fixAward }));
    const slots = Object.getPrototypeOf($table);
    const result = await apply(patchOf({ [KEY]: fixAward }));
    expect(result.outcome).toBe("unchanged");
    expect(result.log.at(-1)).toMatch(/nothing to do/);
    expect(Object.getPrototypeOf($table)).toBe(slots);
  });

  test("lets length and name follow the newest function, and gives them back", async () => {
    const world = new World();
    const host = await world.host("shop.mjs", shop);
    const shape = (): unknown[] => [host["award"].length, host["award"].name, Object.getOwnPropertyDescriptor(host["award"], "length")];
    const before = shape();
    await apply(patchOf({ [KEY]: { functions: "award", code: "function award(a, b, c, d) {}" } }, 1));
    expect(host["award"].length).toBe(4);
    await apply(patchOf({ [KEY]: { functions: "award", code: "const award = function renamed(a) {}" } }, 2));
    expect(shape().slice(0, 2)).toEqual([1, "renamed"]);
    await rollback();
    expect(shape()).toEqual(before);
    expect(shape().slice(0, 2)).toEqual([2, "award"]);
  });

  test("replaces an anonymous default export, which no scope names", async () => {
    const world = new World();
    const host = await world.host("shop.mjs", { names: "", body: "export default function () { if ($t.$default !== undefined) return $t.$default.apply(this, arguments); return 1; }" });
    await apply(patchOf({ [KEY]: { functions: "default", code: "function $default() { return 2; }" } }));
    expect(host["default"]()).toBe(2);
    await rollback();
    expect(host["default"]()).toBe(1);
  });

  test("patches all evaluations of one module together and says so", async () => {
    const world = new World();
    world.writeHost("shop.mjs", shop);
    const { load } = await import("./world.ts");
    const one = await load<Record<string, any>>(`${world.url("shop.mjs")}?1`);
    const two = await load<Record<string, any>>(`${world.url("shop.mjs")}?2`);
    const result = await apply(patchOf({ [KEY]: fixAward }));
    expect(result.notices.map(({ code }) => code)).toEqual(["HF3102", "HF3007"]);
    expect([one["award"]("a", 1), two["award"]("a", 1), two["award"]("a", 1)]).toEqual(["new a2", "new a2", "new a2"]);
    expect([one["peek"](), two["peek"]()]).toEqual([11, 21]);
    expect(status().modules).toMatchObject([{ key: KEY, instances: 2 }]);
  });

  test("keeps the package in the ids of another package's functions", async () => {
    const world = new World();
    await world.host("shop.mjs", { ...shop, key: "lib:src/shop.ts" });
    await world.host("own.mjs", { names: "", body: "" });
    const result = await apply(patchOf({ "lib:src/shop.ts": fixAward }));
    expect(result.functions).toEqual(["lib:src/shop.ts#award"]);
  });
});

describe("the state machine", () => {
  const value = (text: string, sequence: number) => patchOf({ [KEY]: { functions: "double", code: guarded("double", "n", `return '${text}';`) } }, sequence);

  test("refuses a second operation while one is under way", async () => {
    const world = new World();
    await world.host("shop.mjs", shop);
    const [first, second, third] = await Promise.all([apply(value("one", 1)), apply(value("two", 2)), rollback()]);
    expect(first.outcome).toBe("applied");
    expect([second.outcome, ...codes(second)]).toEqual(["refused", "HF3001"]);
    expect([third.outcome, ...codes(third)]).toEqual(["refused", "HF3001"]);
    expect(status().busy).toBe(false);
  });

  test("refuses an older sequence, which only a rollback may bring back", async () => {
    const world = new World();
    const host = await world.host("shop.mjs", shop);
    const old = await apply(value("one", 1));
    await apply(value("two", 2));
    const result = await apply(value("one", 1));
    expect([result.outcome, ...codes(result)]).toEqual(["refused", "HF3003"]);
    expect(host["award"]("", 0)).toBe("old two");
    expect(await rollback({ to: "previous" })).toMatchObject({ outcome: "rolled-back", patch: old.patch });
    expect(host["award"]("", 0)).toBe("old one");
  });

  test("goes back to base, previous or an id, and never further than it can", async () => {
    const world = new World();
    const host = await world.host("shop.mjs", shop);
    expect((await rollback()).outcome).toBe("unchanged");
    expect((await rollback({ to: "previous" })).outcome).toBe("unchanged");
    const one = await apply(value("one", 1));
    const two = await apply(value("two", 2));
    expect(status()).toMatchObject({ state: two.patch, sequence: 2, previous: one.patch, atHand: [two.patch, one.patch] });

    expect((await rollback({ to: String(one.patch).slice(0, 10) })).outcome).toBe("rolled-back");
    expect(host["award"]("", 0)).toBe("old one");
    expect(status()).toMatchObject({ previous: "base", atHand: [one.patch, two.patch] });
    // twice "previous" does not lead forth and back
    expect((await rollback({ to: "previous" })).patch).toBe("base");
    expect((await rollback({ to: "previous" })).outcome).toBe("unchanged");

    expect((await rollback({ to: String(one.patch) })).outcome).toBe("rolled-back");
    expect((await rollback({ to: String(one.patch) })).outcome).toBe("unchanged");
    const unknown = await rollback({ to: "ffffffffffff" });
    expect([unknown.outcome, ...codes(unknown)]).toEqual(["refused", "HF3005"]);
    expect((await rollback({ to: String(one.patch).slice(0, 4) })).outcome).toBe("refused");
    expect(host["award"]("", 0)).toBe("old one");
  });

  test("refuses previous when that patch is no longer at hand", async () => {
    const world = new World();
    await world.host("shop.mjs", shop);
    for (const [index, text] of ["one", "two", "three"].entries()) await apply(value(text, index));
    await rollback({ to: "previous" });
    const result = await rollback({ to: "previous" });
    expect([result.outcome, ...codes(result)]).toEqual(["refused", "HF3005"]);
  });

  test("throws on values of the wrong type, and only then", async () => {
    new World();
    for (const bad of [undefined, null, 3, [], () => {}]) {
      await expect(apply(bad as never)).rejects.toMatchObject({ name: "HotfixError", code: "HF3002" });
    }
    await expect(rollback({ to: 3 as never })).rejects.toMatchObject({ code: "HF3002" });
    expect((await apply({} as never)).outcome).toBe("refused");
    for (const file of ["/nowhere/fix.hotfix", "/dev/zero"]) {
      const unreadable = await apply(file);
      expect([unreadable.outcome, ...codes(unreadable)]).toEqual(["failed", "HF3017"]);
    }
    expect(status()).toMatchObject({ state: "base", busy: false });
  });

  test("keeps the last 100 operations, with who asked", async () => {
    const world = new World();
    await world.host("shop.mjs", shop);
    await apply(value("one", 1), { by: "ann" });
    for (let round = 0; round < 101; round++) await apply(value("one", 1));
    const { history } = status();
    expect(history).toHaveLength(100);
    expect(history.at(-1)).toMatchObject({ operation: "apply", outcome: "unchanged", codes: [] });
    await rollback({ by: "bob" });
    expect(status().history.at(-1)).toMatchObject({ operation: "rollback", outcome: "rolled-back", by: "bob" });
    expect(JSON.parse(JSON.stringify(status()))).toEqual(status());
  });
});

test("status counts what is patched in each module, and what is not", async () => {
  const world = new World();
  await world.host("shop.mjs", { names: "award double", targets: 2, body: `export ${guarded("award", "", "return 1;")}\nexport ${guarded("double", "", "return 2;")}` });
  const counts = () => status().modules.map(({ patched, unpatched }) => [patched.length, unpatched]);
  expect(counts()).toEqual([[0, 2]]);
  await apply(patchOf({ "app:src/shop.ts": { functions: "award +extra@1", code: `${guarded("award", "", "return 2;")} ${guarded("extra", "", "")}` } }));
  expect(counts()).toEqual([[2, 1]]);
  await rollback();
  expect(counts()).toEqual([[0, 2]]);
});
