import { expect, test } from "vitest";
import { codes, guarded, hotfix, patchOf, World } from "./world.ts";

const { apply, rollback, status } = hotfix;
const KEY = "app:src/shop.ts";
const shop = { names: "award", body: `export ${guarded("award", "", "return 'old';")}` };

/** A patch that adds a list and a class and uses both. */
const adding = (sequence: number, hash = "1") =>
  patchOf({
    [KEY]: {
      functions: "award", variables: `hits@${hash} Coin@${hash}`,
      code: `${guarded("award", "", `$s.hits.push(${sequence}); return { hits: $s.hits, Coin: $s.Coin };`)}
const init_hits = () => []; const init_Coin = () => class Coin {};`,
    },
  }, sequence);

test("what a patch adds is kept across rollback, re-application and newer patches", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  await apply(adding(1));
  const first = award();
  await rollback();
  expect(award()).toBe("old");
  await apply(adding(1));
  expect(award()).toEqual(first);
  await apply(adding(2));
  const last = award();
  expect(last.hits).toBe(first.hits);
  expect(last.Coin).toBe(first.Coin);
  expect(last.hits).toEqual([1, 1, 2]);
});

test("an addition that changed is refused, and a patch without it is not", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  await apply(adding(1));
  const result = await apply(adding(2, "2"));
  expect([result.outcome, ...codes(result)]).toEqual(["refused", "HF2006", "HF2006"]);
  expect(award().hits).toEqual([1]);
  await apply(patchOf({ [KEY]: { functions: "award", code: "function award() { return 3; }" } }, 3));
  expect((await apply(adding(4, "2"))).outcome).toBe("refused");
  expect((await apply(adding(4))).outcome).toBe("applied");
  expect(award().hits).toEqual([1, 4]);
});

test("an added function keeps its identity, and the newest code runs", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  const withBonus = (sequence: number, hash: string, answer: string) =>
    patchOf({ [KEY]: { functions: `award +bonus@${hash}`, code: `${guarded("award", "", "return $s.bonus;")} ${guarded("bonus", "", `return ${answer};`)}` } }, sequence);
  await apply(withBonus(1, "a", "'one'"));
  const bonus = award();
  expect(bonus()).toBe("one");
  await apply(withBonus(2, "b", "'two'"));
  expect(award()).toBe(bonus);
  expect(bonus()).toBe("two");
  await rollback();
  expect(bonus()).toBe("one");
  await apply(withBonus(3, "c", "'three'"));
  expect(award()).toBe(bonus);
  expect(bonus()).toBe("three");
  await apply(withBonus(4, "a", "'one'"));
  expect(award()).toBe(bonus);
  expect(bonus()).toBe("one");
  expect(status().modules[0]?.patched).toEqual(["src/shop.ts#award", "src/shop.ts#bonus"]);
});

test("an added function of another shape is refused: its first guard stays", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  const withBonus = (sequence: number, bonus: string, parameters: string) =>
    patchOf({ [KEY]: { functions: `award ${bonus}`, code: `${guarded("award", "", "return $s.bonus(1, 2);")} ${guarded("bonus", parameters, `return [${parameters}];`)}` } }, sequence);
  expect((await apply(withBonus(1, "+bonus@1@one", "a"))).outcome).toBe("applied");
  const result = await apply(withBonus(2, "+bonus@2@two", "a, b"));
  expect([result.outcome, ...codes(result)]).toEqual(["refused", "HF2006"]);
  expect([award(), status().sequence]).toEqual([[1], 1]);
  await rollback();
  expect(codes(await apply(withBonus(3, "+bonus@1@two", "a, b")))).toEqual(["HF2006"]);
  expect((await apply(withBonus(4, "+bonus@4@one", "a"))).outcome).toBe("applied");
  // the host's own functions have a guard that the builder compares with the manifest
  expect((await apply(patchOf({ [KEY]: { functions: "award@5@other", code: "function award() { return 5; }" } }, 5))).outcome).toBe("applied");
});

test("an added function that is still the same goes on with its own code", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  // the texts differ where the meaning would not, so that it shows which one runs
  const patch = (sequence: number) =>
    patchOf({ [KEY]: { functions: "award +bonus@same", code: `${guarded("award", "", "return $s.bonus;")} ${guarded("bonus", "", `return 'of ${sequence}';`)}` } }, sequence);
  await apply(patch(1));
  await apply(patch(2));
  expect(award()()).toBe("of 1");
});

test("an added function of an older patch calls the newest functions", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  const patch = (sequence: number, answer: string) =>
    patchOf({ [KEY]: { functions: "award +bonus@same", code: `${guarded("award", "k", `return k ? $s.bonus : '${answer}';`)} ${guarded("bonus", "", "return award();")}` } }, sequence);
  await apply(patch(1, "one"));
  const bonus = award(true);
  await apply(patch(2, "two"));
  expect(bonus()).toBe("two");
  await rollback();
  expect(bonus()).toBe("old");
});

test("mutable additions are written through the scope", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  await apply(patchOf({ [KEY]: { functions: "award", variables: "=total", code: "function award() { return ++$s.total; } const init_total = () => 10;" } }));
  expect([award(), award()]).toEqual([11, 12]);
});

test("initialisers run once each, in order, with the fixed functions in place", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  Object.assign(globalThis, { order: [] });
  await apply(patchOf({
    [KEY]: {
      functions: "award", fixed: "award", variables: "first second",
      code: `function award() { return 'new'; }
const init_first = () => { globalThis.order.push("first"); return (0, $s.award)(); };
const init_second = () => { globalThis.order.push("second " + $s.first); return 2; };`,
    },
  }));
  expect(globalThis).toMatchObject({ order: ["first", "second new"] });
  expect(award()).toBe("new");
});

test("an initialiser that throws undoes the commit, and the next attempt starts afresh", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  Object.assign(globalThis, { fail: true });
  const patch = patchOf({
    [KEY]: {
      functions: "award", variables: "list bad",
      code: `function award(a, b) { return $s.list; } const init_list = () => []; const init_bad = () => { if (globalThis.fail) throw new Error("no luck"); return 1; };`,
    },
  });
  const result = await apply(patch);
  expect(result).toMatchObject({ outcome: "failed", diagnostics: [{ code: "HF3004" }], error: { message: "no luck" }, functions: [] });
  expect([award(), award.length, status().state]).toEqual(["old", 0, "base"]);
  Object.assign(globalThis, { fail: false });
  expect((await apply(patch)).outcome).toBe("applied");
  expect(award()).toEqual([]);
});

test("a commit that was undone leaves no additions behind", async () => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  const patch = (hash: string, bad: string) =>
    patchOf({ [KEY]: { functions: "award +f@1", variables: `list@${hash} bad`, code: `function award() { return $s.list; } function f() {} const init_list = () => ["${hash}"]; const init_bad = () => ${bad};` } });
  expect((await apply(patch("1", "missing()"))).outcome).toBe("failed");
  expect(await apply(patch("2", "1"))).toMatchObject({ outcome: "applied" });
  expect(award()).toEqual(["2"]);
});

test("an initialiser that needs itself finds its own dead zone", async () => {
  const world = new World();
  await world.host("shop.mjs", shop);
  const result = await apply(patchOf({ [KEY]: { functions: "award", variables: "loop", code: "function award() {} const init_loop = () => $s.loop;" } }));
  expect(result).toMatchObject({ outcome: "failed", error: { name: "ReferenceError" } });
});
