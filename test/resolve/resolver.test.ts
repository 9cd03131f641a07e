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
  expect(resolver.originOf(join(folder, "src/a.ts"), "./b.js")).toEqual({ module: "app:src/b.ts" });
  expect(resolver.originOf(join(folder, "src/a.ts"), "lodash")).toEqual({ specifier: "lodash" });
});
