/** What explicit init may not do to a program, and what it tells. */
import { expect, test } from "vitest";
import { analyzeText, isAnalysis } from "../../src/analyze/analyze.ts";
import { checkExplicitInit } from "../../src/plan/init-entry.ts";

function check(text: string, file = "main.ts"): readonly string[] {
  const analysis = analyzeText(file, text);
  if (!isAnalysis(analysis)) throw new Error(JSON.stringify(analysis));
  return checkExplicitInit(analysis).map((each) => `${each.code} ${each.severity} ${each.place?.line}`);
}

test.each([
  ["reads what a statement changed", "const m = new Map();\nm.set('a', 1);\nconst size = m.size;", ["HF0011 error 3"]],
  ["is the result of a call", "process.env.MODE = 'x';\nconst config = load();", ["HF0011 error 2"]],
  ["is a class with a static block", "start();\nclass A { static { register(); } }", ["HF0011 error 2"]],
  ["is a class that extends a call", "start();\nclass A extends mixin() {}", ["HF0011 error 2"]],
  ["has effects, above", "const config = load();\nstart(config);", ["HF0012 notice 1"]],
  ["is a literal", "start();\nconst limit = 60 * 1000, name = 'a', list = [1, { b: 2 }], none = undefined;", []],
  ["is a function, a class or an alias of one", "start();\nconst f = () => 1;\nfunction g() {}\nclass A { x = 1; m() {} }\nconst h = g;", []],
  ["is an empty collection", "start();\nconst seen = new Map(), all = new Set();", []],
  ["is a variable without value", "start();\nlet server;", []],
])("a declaration below a statement that %s", (_what, text, told) => {
  expect(check(text)).toEqual(told);
});

test("a statement that stays may not stand below one that is lifted (HF0014)", () => {
  expect(check("log.push(1);\neval('log.push(2)');\nlog.push(3);")).toEqual(["HF0014 error 2"]);
  expect(check("eval('log.push(2)');\nlog.push(3);")).toEqual([]);
  expect(check("start();\nmodule.exports = { start };", "main.cjs")).toEqual(["HF0014 error 2"]);
});
