/**
 * What programs do is the same plain, transformed by every back end, with every function patched by a copy of itself, rolled
 * back, and patched before it starts. `RUNS=1000 SEED=7 npx vitest run test/property/effects.test.ts` for more, `SHRINK=1` for the smallest program that differs.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { printProgram } from "./effects/print.ts";
import { effectProgram, type EffectProgram } from "./effects/program.ts";
import { measureEffects, type Effects } from "./effects/world.ts";

const numRuns = Number(process.env["RUNS"] ?? 24);
const seed = Number(process.env["SEED"] ?? 20_261_122);
const ROUNDS = ["unpatched", "patched", "rolled back"];

/** Undefined, or where the first difference is. */
function firstDifference({ plain, built }: Effects): string | undefined {
  for (const [host, rounds] of Object.entries(built)) {
    for (const [round, expected] of plain.entries()) {
      if (host.endsWith("from the start") && callsTooEarly(plain[0] ?? [])) continue;
      const found = rounds[round] ?? [];
      const at = Array.from({ length: Math.max(expected.length, found.length) }, (_, index) => index).find((index) => expected[index] !== found[index]);
      if (at !== undefined) return `${host}, ${host.includes(" ") ? `round ${round}` : (ROUNDS[round] ?? "")}, effect ${at}:\n  plain ${expected[at] ?? "nothing"}\n  here  ${found[at] ?? "nothing"}\nafter\n  ${expected.slice(Math.max(at - 5, 0), at).join("\n  ")}`;
    }
  }
  return undefined;
}

/** While it is evaluated, it calls a constant before that is initialised, which fails; in the patch, copies call each other all the same. */
function callsTooEarly(first: readonly string[]): boolean {
  const main = first.findIndex((each) => each.startsWith("attempt"));
  return first.slice(0, main < 0 ? first.length : main).some((each) => each.includes("ReferenceError"));
}

function show(program: EffectProgram, difference: string): string {
  return `${difference}\n\n${program.format}\n${Object.entries(printProgram(program)).filter(([name]) => name !== "trace.js").map(([name, text]) => `// ${name}\n${text}`).join("\n")}`;
}

test("effects are the same: text, tspc, Rollup; unpatched, patched by a copy, rolled back", { timeout: 600_000 }, async () => {
  const programs = fc.sample(effectProgram, { seed, numRuns });
  const { effects, patched, left } = await measureEffects(programs);
  const traced = effects.reduce((sum, { plain }) => sum + plain.flat().length, 0);
  expect(traced, "programs do something").toBeGreaterThan(numRuns * 50);
  expect(patched).toBeGreaterThan(numRuns * 10);
  // generators whose lists run at the call, and arrow functions with the `this` of a CommonJS module
  expect([...new Set(left.flatMap(({ codes }) => codes))].toSorted()).toEqual(["HF1104", "HF1106"]);
  const found = effects.flatMap((each, index) => {
    const difference = firstDifference(each);
    return difference === undefined ? [] : [show(programs[index] as EffectProgram, difference)];
  });
  expect(found.slice(0, 3).join("\n========\n")).toBe("");
});

if (process.env["SHRINK"] !== undefined) test("the smallest program that differs", { timeout: 3_600_000 }, async () => {
  const programs = fc.sample(effectProgram, { seed, numRuns });
  const { effects } = await measureEffects(programs);
  const failing = effects.findIndex((each) => firstDifference(each) !== undefined);
  if (failing < 0) return;
  // the sampled values again, as fast-check's own run of them, from the one that differs on
  await fc.assert(
    fc.asyncProperty(effectProgram, async (program) => {
      const measured = await measureEffects([program]);
      const difference = firstDifference(measured.effects[0] as Effects);
      if (difference !== undefined) throw new Error(show(program, difference));
    }),
    { seed, numRuns },
  );
});
