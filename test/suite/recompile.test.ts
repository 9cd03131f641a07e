import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openProject } from "../../src/transform/project.ts";
import { recompileAll } from "../../suite/recompile.ts";

function treeOf(text: string) {
  const source = realpathSync(mkdtempSync(join(tmpdir(), "hotfix-suite-")));
  onTestFinished(() => rmSync(source, { recursive: true, force: true }));
  mkdirSync(join(source, "src"));
  writeFileSync(join(source, "package.json"), `{"name":"app","type":"module"}`);
  writeFileSync(join(source, "src/a.ts"), text);
  return { source, manifest: openProject("test", {}, source).manifest([join(source, "src/a.ts")]) };
}

test("every function is patched by a copy of itself, for the build as it is", () => {
  const { source, manifest } = treeOf("let n = 0;\nexport function next(by = 1) { return (n += by); }\nexport const twice = (x: number) => next(x) + next(x);\n");
  const { payload, targets, left } = recompileAll({ source, manifest });
  expect([targets, left]).toEqual([["src/a.ts#next", "src/a.ts#twice"], []]);
  expect(payload?.modules.map(({ fingerprint }) => fingerprint)).toEqual([manifest.modules.get("app:src/a.ts")?.fingerprint]);
  expect(recompileAll({ source, manifest, round: 2 }).payload?.modules[0]?.code).not.toBe(payload?.modules[0]?.code);
});

test("functions that cannot be patched are left, with the reason", () => {
  const { targets, left } = recompileAll(treeOf("export function a() { return 1; }\nexport function b(x: string) {\n  return eval(x);\n}\n"));
  expect([targets, left.map(({ target }) => target)]).toEqual([["src/a.ts#a"], ["src/a.ts#b"]]);
  expect(left[0]?.codes).toEqual([expect.stringMatching(/^HF1/)]);
});
