/** Several patches of one base, applied one after the other. */
import { writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { buildPatch } from "../../src/builder/build.ts";
import { apply, rollback } from "../../src/runtime/index.ts";
import { Laboratory } from "../property/host.ts";

const laboratory = new Laboratory();
afterAll(() => laboratory.remove());

/** A running program, and a way to build patches of it from fixed texts. */
function host(base: string): { readonly main: () => Promise<string>; readonly patch: (text: string, sequence: number) => Uint8Array } {
  const file = laboratory.nextFile();
  const project = laboratory.project();
  const { main } = laboratory.load(file, laboratory.transform(project, file, base));
  const manifest = project.manifest([file]);
  return {
    main,
    patch(text, sequence) {
      writeFileSync(file, text);
      const result = buildPatch({ base: manifest, source: laboratory.folder, sequence });
      if (result.outcome !== "built") throw new Error(JSON.stringify(result));
      return result.bytes;
    },
  };
}

const BASE = "function run() { return 'base'; }\nexports.main = async () => run();\n";
const withAddition = (addition: string, use: string): string => `${addition}\nfunction run() { return String(${use}); }\nexports.main = async () => run();\n`;

test.each([
  ["an arrow function gains a parameter", "const k = (a) => a;", "const k = (a, b) => [a, b];", "[5].map(k)"],
  ["a generator's default changes", "function* k(a = [].length) { yield a; }", "function* k(a = [1].length) { yield a; }", "[...k()]"],
  ["a function begins to name new.target", "function k() { return 1; }", "function k() { return new.target; }", "k()"],
  ["a variable becomes a constant", "let k = 1;", "const k = 1; ", "k"],
  ["a constant that can be told from another", "const k = {};", "const k = { a: 1 };", "(globalThis.kept = k)"],
])("an addition that the first patch's guard cannot carry is refused: %s", async (_what, first, second, use) => {
  const { main, patch } = host(BASE);
  expect((await apply(patch(withAddition(first, use), 1))).outcome).toBe("applied");
  const before = await main();
  expect(await apply(patch(withAddition(second, use), 2))).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2006" }] });
  expect(await main()).toBe(before);
  await rollback();
});

test("an added constant that nobody can tell from another has the value of the patch", async () => {
  const { main, patch } = host(BASE);
  const text = (n: number): string => withAddition(`const BONUS = ${n}, table = { a: ${n} };\nconst twice = (x) => 2 * x + BONUS;`, "[BONUS, twice(10), table.a]");
  for (const n of [1, 2, 3]) {
    expect((await apply(patch(text(n), n))).outcome).toBe("applied");
    expect(await main()).toBe(`${n},${20 + n},${n}`);
  }
  expect((await rollback({ to: "previous" })).outcome).toBe("rolled-back");
  expect(await main()).toBe("2,22,2");
  await rollback();
});

test("what was computed with an added constant is another thing when that changes", async () => {
  const { main, patch } = host(BASE);
  const text = (n: number): string => withAddition(`const BONUS = ${n};\nconst made = new Set([BONUS]);`, "(globalThis.kept = made, [...made])");
  expect((await apply(patch(text(1), 1))).outcome).toBe("applied");
  expect(await main()).toBe("1");
  expect(await apply(patch(text(2), 2))).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2006" }] });
  await rollback();
});

test("an addition that was computed with another function is another one", async () => {
  const { main, patch } = host(BASE);
  const text = (n: number): string => withAddition(`function half() { return ${n}; }\nfunction make() { return [1].map(() => half()); }\nconst made = make();`, "made");
  expect((await apply(patch(text(2), 1))).outcome).toBe("applied");
  expect(await main()).toBe("2");
  expect(await apply(patch(text(3), 2))).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2006" }] });
  expect(await main()).toBe("2");
  await rollback();
});

test("an addition keeps its identity and its state, and takes a new body", async () => {
  const { main, patch } = host(BASE);
  const text = (body: string): string => withAddition(`const seen = new Map();\nfunction count() { seen.set(count, (seen.get(count) ?? 0) + 1); return ${body}; }`, "count()");
  expect((await apply(patch(text("seen.get(count)"), 1))).outcome).toBe("applied");
  expect([await main(), await main()]).toEqual(["1", "2"]);
  expect((await apply(patch(text("`${seen.get(count)} of ${seen.size}`"), 2))).outcome).toBe("applied");
  expect(await main()).toBe("3 of 1");
  await rollback();
  expect(await main()).toBe("base");
  await rollback({ to: "previous" });
});

test("names of a pattern keep their values while a later patch has the same declaration", async () => {
  const { main, patch } = host(BASE);
  const text = (init: string, body: string): string => withAddition(`let made = 0;\nlet { hits, step } = (made++, { hits: ${init}, step: 2 });`, body);
  expect((await apply(patch(text("0", "hits += step"), 1))).outcome).toBe("applied");
  expect([await main(), await main()]).toEqual(["2", "4"]);
  expect((await apply(patch(text("0", "`${hits += 10} ${made}`"), 2))).outcome).toBe("applied");
  expect(await main()).toBe("14 1");
  expect(await apply(patch(text("5", "hits"), 3))).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2006" }, { code: "HF2006" }, { code: "HF2006" }] });
  expect(await main()).toBe("24 1");
  await rollback();
});
