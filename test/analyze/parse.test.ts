import { expect, test } from "vitest";
import { analyzeText, isAnalysis } from "../../src/analyze/analyze.ts";

function analysisOf(file: string, text: string) {
  const analysis = analyzeText(file, text);
  if (!isAnalysis(analysis)) throw new Error(JSON.stringify(analysis));
  return analysis;
}

test.each(["await /x/g;", "await `x`;", "await (1);"])("a module without imports and exports may await: %s", (text) => {
  const { parsed, init } = analysisOf("a.js", text);
  expect(parsed.sourceType).toBe("module");
  expect(init.map(({ awaits }) => awaits)).toEqual([true]);
});

test("a file of a CommonJS package may call something await", () => {
  expect(analysisOf("a.js", "var await = 1; module.exports = await / 2;").parsed.sourceType).toBe("commonjs");
});

test.each(["function f({ a }) { 'use strict'; }", "function f(a = b()) { 'use strict'; }", "function f({ let }) { return let; }"])("parameters stay where the body cannot take them over: %s", (text) => {
  expect(analysisOf("a.cjs", text).targets[0]?.parameters.handling).toBe("keep");
});

test.each(["{ let a; var a; }", "for (const a of []) { var a; }", "switch (1) { case 1: class a {} default: var a; }", "try {} catch ({ a }) { { var a = 1; } }"])("a name declared twice is not hidden by lifting: %s", (text) => {
  expect(analysisOf("a.cjs", text).init.map(({ staysBecause }) => staysBecause)).toEqual(["redeclared name"]);
});

test("a var in a block, in a catch clause or beside a block's own names is lifted", () => {
  expect(analysisOf("a.cjs", "{ var a; let b; }\ntry {} catch (e) { var e = 1; }\n{ { let c; } var c; }").init.map(({ staysBecause }) => staysBecause)).toEqual([undefined, undefined, undefined]);
});

test.each([
  ["a.js", "// no require('x')\nlet text = 'module.exports';", "module"], ["a.ts", "require('x');", "commonjs"], ["a.cts", "let a = 1;", "commonjs"], ["a.ts", "import a = require('a');", "commonjs"], ["a.cts", "import a from 'a';", "module"],
  ["a.ts", "if (require.main === module) main();", "commonjs"], ["a.ts", "(module as any).exports = f;", "commonjs"], ["a.ts", "module['exports'] = f;", "commonjs"], ["a.ts", "(require as any)('x');", "commonjs"], ["a.ts", "declare const require: any; require('x');", "commonjs"],
  ["a.ts", "const { exports } = instance; exports.run();", "module"], ["a.ts", "const require = make(); require('x');", "module"], ["a.ts", "function require(x) {} require('x');", "module"],
  ["a.ts", "function load(require) { return require('x'); }", "module"], ["a.ts", "define((require, exports, module) => { module.exports = require('x'); });", "module"], ["a.ts", "{ const exports = {}; exports.a = 1; }", "module"], ["a.ts", "{ const require = 1; } require('x');", "commonjs"],
  ["a.ts", "const at = __dirname + '/a';", "commonjs"], ["a.ts", "log(__filename);", "commonjs"], ["a.ts", "if (!module.parent) main();", "commonjs"], ["a.ts", "const load = require;", "commonjs"], ["a.ts", "module('queue', () => {});", "module"], ["a.ts", "let a: typeof require;", "module"], ["a.ts", "const a = { __dirname: 1 }.__dirname;", "module"],
] as const)("%s that only tells by its code: %s", (file, text, expected) => {
  expect(analysisOf(file, text).parsed.sourceType).toBe(expected);
});

test.each(["typeof shop", "typeof shop.stock", "{ stock: typeof shop.stock.first }", "Array<typeof shop>"])("an import that only a type asks the type of is not used: %s", (type) => {
  const { imports, sources } = analysisOf("a.ts", `import { shop } from "./shop.ts"; export function buy(): ${type} | undefined { return undefined; }`);
  expect(imports[0]?.usedAsValue).toBe(false);
  expect(sources[0]?.elidable).toBe(true);
});

test("names of types keep injected names away", () => {
  expect([...analysisOf("a.ts", "type $T = 1; interface I { a: $t }").identifiers]).toEqual(expect.arrayContaining(["$T", "$t"]));
});

test.each([
  ["{ function f() {} }", []], ["if (1) function f() {}", []], ["with (o) f = g;", []], ["eval('f = g');", []], ["eval('g()');", ["f"]], ["(function () { { function f() {} } })();", ["f"]], ["{ async function f() {} }", ["f"]], ["'use strict'; { function f() {} }", ["f"]],
])("a function that %s replaces unseen is no target", (text, targets) => {
  expect(analysisOf("a.cjs", text.startsWith("'") ? `${text} function f() {}` : `function f() {} ${text}`).targets.map(({ name }) => name)).toEqual(targets);
});
