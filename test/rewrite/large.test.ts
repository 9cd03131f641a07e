/** Files of sizes that generators and bundlers make. */
import { Script } from "node:vm";
import { expect, test } from "vitest";
import { analyzeText, isAnalysis } from "../../src/analyze/analyze.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { applyPlanToText } from "../../src/rewrite/text.ts";

function transform(text: string): { readonly code: string; readonly targets: number } {
  const analysis = analyzeText("large.cjs", text);
  if (!isAnalysis(analysis)) throw new Error(JSON.stringify(analysis));
  const plan = makePlan(analysis, { key: "app:large.cjs", fingerprint: "f", init: "auto", format: "cjs", table: { form: "constant" } });
  return { code: applyPlanToText(text, plan, "large.cjs").code, targets: analysis.targets.length };
}

/** The value of a script whose \`require\` gives a runtime that registers nothing. */
function evaluate(code: string): unknown {
  const run = new Script(`(require) => { ${code}; return result; }`).runInThisContext() as (require: () => unknown) => unknown;
  return run(() => ({ register: () => ({ init: (segment: () => void) => segment() }) }));
}

test("50,000 lines", () => {
  const body = Array.from({ length: 9_999 }, (_, index) => `function f${index}(a) {\n  // ${index}\n  const b = a + ${index};\n  return b;\n}\n`).join("");
  const { code, targets } = transform(`${body}let result = 0;\nresult = f7(1) + f9998(2);\n\n\n\n`);
  expect(targets).toBe(9_999);
  expect(code.split("\n").length).toBe(50_000 + 2);
  expect(evaluate(code)).toBe(10_008);
});

test("5,000 functions that call each other, on one line", () => {
  const links = Array.from({ length: 5_000 }, (_, index) => `const f${index} = ({ n } = {}) => ${index === 0 ? "n" : `f${index - 1}({ n: n + 1 })`};`).join("");
  const { code, targets } = transform(`${links}let result; result = f4999({ n: 0 });`);
  expect(targets).toBe(5_000);
  expect(evaluate(code)).toBe(4_999);
});

test("a line of a million characters", () => {
  const text = `function f(a) { return ${"a + ".repeat(1_000)}"${"x".repeat(1_000_000)}".length; } let result; result = f(1);`;
  expect(evaluate(transform(text).code)).toBe(evaluate(text));
});
