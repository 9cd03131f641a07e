import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Packages } from "../../src/manifest/module-key.ts";
import { Resolver } from "../../src/resolve/resolver.ts";
import { writeFiles } from "../harness/write-files.ts";

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-resolve-")));
  writeFiles(folder, {
    "package.json": '{ "name": "app" }',
    "tsconfig.json": '{ "files": [], "references": [{ "path": "./submodule" }] }',
    "src/a.ts": "",
    "src/b.ts": "",
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("finds the project's modules where tsconfig references a project that is not checked out", () => {
  const resolver = new Resolver(new Packages(folder), {}, folder);
  const answerOf = (specifier: string): unknown => resolver.answerOf(join(folder, "src/a.ts"), specifier, () => true);
  expect(answerOf("./b.js")).toEqual({ is: "module", key: "app:src/b.ts" });
  expect(answerOf("lodash")).toEqual({ is: "package" });
  expect(answerOf("fs")).toEqual({ is: "builtin" });
  expect(resolver.answerOf(join(folder, "src/a.ts"), "./b.js", () => false)).toEqual({ is: "file", key: "app:src/b.ts" });
});
