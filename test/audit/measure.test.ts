/** What counts as a statement, which of them a patch reaches, and why not the others. */
import { expect, test } from "vitest";
import { analyzeText, isAnalysis } from "../../src/analyze/analyze.ts";
import { measure, type FileMeasure } from "../../src/audit/measure.ts";

function measured(text: string): FileMeasure {
  const analysis = analyzeText("a.ts", text);
  if (!isAnalysis(analysis)) throw new Error(JSON.stringify(analysis));
  return measure(analysis, "app:src/a.ts", "app");
}

const spots = (text: string): readonly string[] => measured(text).spots.map(({ refusal, statements }) => `${refusal.code} ${refusal.place?.line} ×${statements}`);

test.each([
  ["function f() { const a = 1; let b; if (a) return b; }", 3, 3, "functions"],
  ["export const f = (a: number) => a + 1;", 1, 1, "arrow functions without a block"],
  ["export default async function () { for (const a of []) { await a; } }", 2, 2, "anonymous ones"],
  ["function f() { return [1].map((n) => n + 1); }", 2, 2, "what is nested in them"],
  ["import x from 'x'; interface A { b: string } type C = A; declare const d: A; export { x };", 0, 0, "no imports and types"],
  ["function f() { 'use strict'; class A { m() { return 1; } } }", 1, 1, "no directives and declarations of functions and classes"],
  ["const A = 1; const B = A * 2; const C = /x/;", 3, 3, "constants, since a patch brings all that read them"],
  ["let a = 1; const list = [1];", 2, 0, "no variables and objects"],
  ["class A { x = 1; m() { return 1; } }", 2, 0, "no classes"],
  ["enum A { B, C } namespace N { export const d = 1; }", 3, 0, "no enums and namespaces"],
  ["/** @nohotfix */ function f() { return 1; }", 1, 0, "no functions that are excluded"],
  ["function f() { eval('1'); }", 1, 0, "no functions with a direct eval"],
])("%s", (text, statements, patchable) => {
  expect(measured(text)).toMatchObject({ statements, patchable });
});

test("what cannot be patched has its refusal, the largest first", () => {
  expect(spots("class Player {\n  gold = 0;\n  levelUp() {\n    this.gold += 1;\n    return this.gold;\n  }\n}\nimport app from 'app';\napp.get('/x', () => {\n  const a = f();\n  return [a].map((b) => b);\n});\nconsole.log(1);\nconst list = [1];\n"))
    .toEqual(["HF1011 9 ×3", "HF1001 3 ×2", "HF1301 9 ×2", "HF1202 1 ×1", "HF1201 14 ×1"]);
});

test("lines are what their innermost statement is", () => {
  const { lines } = measured("function f() {\n  return 1;\n}\n\nclass A {\n  m() {\n    return f(\n    );\n  }\n}\n");
  expect(lines).toEqual([undefined, "patchable", undefined, undefined, undefined, undefined, "fixed", "fixed", undefined, undefined, undefined]);
});

test("places where old code would live on are told before they matter", () => {
  const { live } = measured("export function connect(s) {\n  s.on('x', (n) => n * 2);\n  setTimeout(() => 1);\n}\nexport async function loop() {\n  while (true) await null;\n}\nexport function make() {\n  return new (class { a() {} })();\n}\n");
  expect(live.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`)).toEqual(["HF1110 2:13", "HF1114 6:3", "HF1113 9:15"]);
  expect(live[0]?.remedy).toContain("--accept-live src/a.ts#connect");
});
