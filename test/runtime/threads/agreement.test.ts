import { expect, test } from "vitest";
import { hotfix } from "../world.ts";
import { fix, Process } from "./process.ts";

const { apply, rollback } = hotfix;
const THREADS = 8;
const PATCHES = 200;

test(`${THREADS} threads that call a pair of functions never see one new and one old`, { timeout: 120_000 }, async () => {
  const process = await Process.start();
  const threads = await Promise.all(Array.from({ length: THREADS }, () => process.thread()));
  for (const { evaluate } of threads) {
    await evaluate(`void (globalThis.seen = new Map(), globalThis.turn = () => {
      for (let call = 0; call < 500; call++) { const pair = shop.both(); seen.set(pair, (seen.get(pair) ?? 0) + 1); }
      setTimeout(turn, 1);
    }, turn())`);
  }
  for (let sequence = 1; sequence <= PATCHES; sequence++) {
    const result = sequence % 20 === 0 ? await rollback() : await apply(fix(sequence), { barrierTimeout: 20_000 });
    expect(result).toMatchObject({ outcome: sequence % 20 === 0 ? "rolled-back" : "applied", threads: Array.from({ length: THREADS }, () => ({ outcome: "done" })) });
  }
  const seen = (await Promise.all(threads.map(({ evaluate }) => evaluate("[...seen.keys()]")))) as string[][];
  const mixed = seen.flat().filter((pair) => new Set(pair.split(" ")).size !== 1);
  expect(mixed).toEqual([]);
  // they were at it all the time
  expect(new Set(seen.flat()).size).toBeGreaterThan(PATCHES / 2);
});
