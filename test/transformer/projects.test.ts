/** Compiler settings and project references that change how TypeScript emits. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "../harness/stage.ts";
import { compile, removeProjects, writeProject } from "./compile.ts";

afterAll(removeProjects);

const FILES = {
  "src/main.ts": '// removed\nimport { rate, type Rate } from "./rate.js";\nexport function total(n: Rate, { by = rate }: { by?: Rate } = {}): number {\n  return n * by;\n}\n',
  "src/rate.ts": "export type Rate = number;\nexport const rate: Rate = 3;\n",
};
const RUN = `const { total } = await import("./out/main.js");
show(total(2));
patch("src/main.ts", { $total: () => "patched" });
show(total(2));`;

test.each([["isolatedModules"], ["verbatimModuleSyntax"], ["removeComments"], ["incremental"]])("%s", { timeout: 180_000 }, async (option) => {
  const built = await compile(FILES, { compilerOptions: { [option]: true, declaration: true } });
  expect([built.exitCode, built.output]).toEqual([0, expect.not.stringContaining("error")]);
  expect(await built.run(RUN)).toEqual([6, "patched"]);
});

test("composite projects, `tspc -b`", { timeout: 180_000 }, async () => {
  const folder = writeProject(FILES, { compilerOptions: { composite: true } });
  const build = async (): Promise<string> => (await promisify(execFile)(process.execPath, [join(ROOT, "node_modules/ts-patch/bin/tspc.js"), "-b", "--verbose"], { cwd: folder, env: { ...process.env, NODE_OPTIONS: "" } })).stdout;
  await build();
  expect(readFileSync(join(folder, "out/main.js"), "utf8")).toContain("$t.$total !== undefined");
  expect(existsSync(join(folder, "out/main.d.ts"))).toBe(true);
  expect(await build()).toContain("is up to date");
});
