import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { summarise } from "../../src/builder/world/summary.ts";
import type { Summary } from "../../src/builder/world/outline.ts";
import { analyzeText, isAnalysis } from "../../src/analyze/analyze.ts";

test("functions that all hand each other on are looked into once, not along every path", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hotfix-calls-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const names = Array.from({ length: 20 }, (_, index) => `kind${index}`);
  writeFileSync(join(folder, "package.json"), `{"name":"app"}`);
  // superstruct's factory of 2018
  writeFileSync(join(folder, "a.ts"), `${names.map((name) => `function ${name}(a: any, b: any, c: any) { return c(a, b); }`).join("\n")}
function award() {}
export function make(settings: any) {
  const struct: any = (schema: any, defaults: any) => ${names.map((name) => `${name}(schema, defaults, struct)`).join(" ?? ")};
${names.map((name) => `  struct.${name} = (schema: any, defaults: any) => ${name}([schema, award], defaults, struct);`).join("\n")}
  return struct;
}`);
  const { calls } = summaryOf(join(folder, "a.ts")).targets.find(({ name }) => name === "make") ?? {};
  expect(calls?.length).toBeLessThan(2000);
});

test("what a name may hold does not depend on by which way it is come to first", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hotfix-calls-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "package.json"), `{"name":"app"}`);
  writeFileSync(join(folder, "a.ts"), `function write(to: any, what: any) {}
export function run(state: any, level: any) {
  state.handler.call(level);
  write(state, level);
}`);
  const { calls } = summaryOf(join(folder, "a.ts")).targets.find(({ name }) => name === "run") ?? {};
  // state may hold level: `write` was given both
  expect(calls).toEqual(expect.arrayContaining(["#0", "#1", "given #1 to write at 0 dropped"]));
});

test("what is handed on is followed through functions that are made; what only waits to be called is not", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hotfix-calls-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "package.json"), `{"name":"app"}`);
  writeFileSync(join(folder, "a.ts"), `import { lib } from "lib";
function award() {}
export const handlers = { award: () => award() };
export function run() {
  const make = () => () => lib.keep(award);
  lib.take(make());
}`);
  const { targets, bindings } = summaryOf(join(folder, "a.ts"));
  expect(targets.find(({ name }) => name === "run")?.calls).toContain("maybe given award to lib.keep at 0");
  expect(bindings[0]?.calls).toEqual([]);
});

function summaryOf(file: string): Summary {
  const analysis = analyzeText(file, readFileSync(file, "utf8"));
  if (!isAnalysis(analysis)) throw new Error(JSON.stringify(analysis));
  return summarise(analysis);
}
