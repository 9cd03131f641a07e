/** `@hotfix` asserts a target: on anything else it is an error with code and place. */
import { describe, expect, test } from "vitest";
import { analyzeText, isAnalysis, type AnalyzeOptions } from "../../src/analyze/analyze.ts";
import type { ModuleAnalysis } from "../../src/analyze/analysis.ts";

function analyze(text: string, options?: AnalyzeOptions): ModuleAnalysis {
  const analysis = analyzeText("shop.ts", text, options);
  if (!isAnalysis(analysis)) throw new Error(JSON.stringify(analysis));
  return analysis;
}

describe("is an error on", () => {
  test.each([
    ["a method", "class A {\n  /** @hotfix */ m() {}\n}", "A.m", "method"],
    ["an accessor", "class A {\n  /** @hotfix */ get m() { return 1; }\n}", "A.m", "accessor"],
    ["a constructor", "class A {\n  /** @hotfix */ constructor() {}\n}", "A.constructor", "constructor"],
    ["a field", "class A {\n  /** @hotfix */ m = () => 1;\n}", "A.m", "field"],
    ["a static block", "class A {\n  /** @hotfix */ static {}\n}", "A.static block", "static block"],
    ["a closure", "function f() {\n  /** @hotfix */ function g() {}\n}", "f > g", "nested function"],
    ["a closure in a const", "function f() {\n  /** @hotfix */ const g = () => 1;\n}", "f > g", "nested function"],
    ["a let-bound function", "\n/** @hotfix */ let f = () => 1;", "f", "reassignable binding"],
    ["a computed function", "\n/** @hotfix */ const f = memo(() => 1);", "f.memo", "computed value"],
    ["a function in an object", "const o = {\n  /** @hotfix */ m() {},\n};", "o.m", "object member"],
    ["a callback at init", "\n/** @hotfix */ app.get('/x', () => 1);", "app.get", "callback at init"],
    ["a default expression", "\n/** @hotfix */ export default () => 1;", "", "default expression"],
    ["a function that is assigned", "\n/** @hotfix */ function f() {}\nf = 1;", "f", "reassigned function"],
    ["a class", "\n/** @hotfix */ class A {}", "what follows", "not a function"],
    ["nothing", "\n/** @hotfix */", "what follows", "not a function"],
  ])("%s", (_what, text, name, reason) => {
    const [first, ...more] = analyze(text).diagnostics;
    expect(first).toMatchObject({ code: "HF0010", severity: "error", place: { file: "shop.ts", line: 2 } });
    expect(first?.message).toContain(name);
    expect(first?.message).toContain(`(${reason})`);
    expect(more).toEqual([]);
  });
});

test.each([
  ["function", "/** @hotfix */ export function f() {}"],
  ["default", "/** @hotfix */ export default function () {}"],
  ["const", "/** @hotfix */ export const f = () => 1;"],
  ["behind other comments", "/** @hotfix */\n// why\n/* more */\nfunction f() {}"],
  ["among other tags", "/**\n * Awards.\n * @param n gold\n * @hotfix\n */\nasync function* f(n: number) {}"],
])("is satisfied by a target: %s", (_what, text) => {
  const { diagnostics, targets } = analyze(text, { targets: "tagged" });
  expect(diagnostics).toEqual([]);
  expect(targets).toHaveLength(1);
});

test("@nohotfix is never an error; a mention is no tag", () => {
  const text = "/** @nohotfix */ function f() {}\nclass A {\n  /** @nohotfix */ m() {}\n}\n/** Mail a@hotfix.example, see {@hotfix} */ let x = () => 1;\n// @hotfix\nlet y = () => 1;";
  const { diagnostics, targets } = analyze(text);
  expect(diagnostics).toEqual([]);
  expect(targets).toEqual([]);
});

describe("with `lift`", () => {
  const text = "class A {\n  /** @hotfix */ m() {}\n  /** @nohotfix */ n() {}\n  o() {}\n}\n/** @nohotfix */ class B { p() {} }\nconst c = { d() {}, /** @hotfix */ e: { f: () => 1 } };";
  const names = (options: AnalyzeOptions): readonly string[] => analyze(text, options).targets.map(({ name }) => name);

  test("tags ask for single functions, and keep others out", () => {
    expect(names({ lift: { classes: true, objects: true } })).toEqual(["A/m", "A/o", "c/d", "c/e/f"]);
    expect(names({ lift: { classes: false, objects: false } })).toEqual(["A/m", "c/e/f"]);
    expect(names({ lift: { classes: true, objects: false }, targets: "tagged" })).toEqual(["A/m", "c/e/f"]);
    expect(analyze(text, { lift: { classes: true, objects: true } }).diagnostics).toEqual([]);
  });

  test("a tag on what is not lifted is an error, with the reason", () => {
    const refused = (member: string): string | undefined => analyze(`class A {\n  ${member}\n}`, { lift: { classes: true, objects: true } }).diagnostics[0]?.message;
    expect(refused("/** @hotfix */ [key()]() {}")).toContain("(computed key)");
    expect(refused("/** @hotfix */ constructor() {}")).toContain("(constructor)");
    expect(refused("/** @hotfix */ @dec m() {}")).toContain("(decorated member)");
  });

  test("every function has a slot of its own", () => {
    const odd = "class A { $b() {} static b() {} 'x-y'() {} 'x/y'() {} #b() {} 1() {} get b() { return 1; } }\nclass A$b { c() {} }\nconst A_ = { b: { $c() {} }, b$: { c() {} }, '': { c() {} } };\nfunction A$$b() {}";
    const { targets } = analyze(odd, { lift: { classes: true, objects: true } });
    expect(targets).toHaveLength(12);
    expect(new Set(targets.map(({ slot }) => slot)).size).toBe(12);
    for (const { slot } of targets) expect(slot).toMatch(/^\$[\w$]+$/);
  });
});
