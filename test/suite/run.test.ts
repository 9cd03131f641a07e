/** `npm run suite` on a package small enough to be quick: its tests pass through guards, patch code and back. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeStage, ROOT, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;
// in the package's tests one is left out by its author: that is an outcome, too, and has to be equal
beforeEach(() => {
  stage = makeStage("suite", { name: "tiny", type: "module", scripts: { test: "node --test test/*.test.js" } });
  writeFiles(stage.folder, {
    "src/count.js": "let n = 0;\nexport function next(by = step()) { return (n += by); }\nexport const step = () => 1;\nexport function unused() {}\n",
    "src/shown.js": "export function shown() { return 1; }\n",
    "test/count.test.js": "import { describe, test } from 'node:test';\nimport { equal } from 'node:assert';\nimport { next } from '../src/count.js';\ndescribe('next', () => {\n  test('counts', () => equal(next() + next(2), 4));\n  test('later', { skip: 'by its author' }, () => {});\n});\n",
    "test/shown.test.js": "import { test } from 'node:test';\nimport { equal } from 'node:assert';\nimport { shown } from '../src/shown.js';\ntest('source', () => equal(String(shown), 'function shown() { return 1; }'));\ntest('value', () => equal(shown(), 1));\n",
  });
});
afterEach(() => stage.remove());

function suite(...args: readonly string[]): { readonly status: number | null; readonly result: unknown; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "suite/run.ts"), stage.folder, "--src", "src/**", "--json", ...args], { encoding: "utf8" });
  return { status, result: stdout === "" ? undefined : (JSON.parse(stdout) as unknown), stderr };
}

test("outcomes of each test, what differs, and how many functions ran", () => {
  expect(suite("--test", "npm test")).toMatchObject({
    status: 2,
    result: { total: 4, equal: 3, differ: [{ test: expect.stringContaining("source") as string, plain: "passed", transformed: "failed" }], targets: 4, targetsExecuted: 3 },
    stderr: expect.stringContaining("source") as string,
  });
});

test.each(["text", "tspc", "rollup"])("patched by copies, through %s: equal", (via) => {
  writeFiles(stage.folder, { "test/shown.test.js": "import { test } from 'node:test';\nimport { equal } from 'node:assert';\nimport { shown } from '../src/shown.js';\ntest('value', () => equal(shown(), 1));\n" });
  expect(suite("--test", "npm test", "--patched", "--via", via)).toMatchObject({ status: 0, result: { total: 3, equal: 3, differ: [], targets: 4, targetsExecuted: 3, patched: { targets: 4, left: [], unpatched: [] } } });
});

test("lifted methods count as functions that ran, plain and patched", () => {
  writeFiles(stage.folder, {
    "src/shown.js": "export class Purse {\n  gold = 0;\n  add(n) { this.gold += n; return this; }\n  spend() { this.gold = 0; }\n}\n",
    "test/shown.test.js": "import { test } from 'node:test';\nimport { equal } from 'node:assert';\nimport { Purse } from '../src/shown.js';\ntest('value', () => equal(new Purse().add(2).add(1).gold, 3));\n",
  });
  expect(suite("--test", "npm test", "--lift", "--patched")).toMatchObject({ status: 0, result: { total: 3, equal: 3, targets: 5, targetsExecuted: 3, patched: { targets: 5, left: [], unpatched: [] } } });
});

test("what differs in one run alone is unstable, whichever copy it is in", () => {
  // passes untouched, and transformed from its second run on; the other in its first run only
  const [late, flaky] = ["transformed", "plain"].map((name, odd) => `test('${name}', () => {\n  const mark = new URL('../${name}.mark', import.meta.url);\n  const again = existsSync(mark);\n  writeFileSync(mark, '');\n  equal(import.meta.url.includes('/${name}/') ? ${odd === 0 ? "again" : "!again"} : true, true);\n});\n`);
  writeFiles(stage.folder, { "test/shown.test.js": `import { test } from 'node:test';\nimport { equal } from 'node:assert';\nimport { existsSync, writeFileSync } from 'node:fs';\n${late}${flaky}` });
  expect(suite("--test", "npm test")).toMatchObject({
    status: 0,
    result: {
      total: 4, equal: 2, differ: [],
      unstable: [
        { test: expect.stringContaining("transformed"), plain: ["passed", "passed"], transformed: ["failed", "passed"] },
        { test: expect.stringContaining("plain"), plain: ["passed", "failed"], transformed: ["passed", "passed"] },
      ],
    },
  });
});

test("where no test passes, nothing is compared", () => {
  expect(suite("--test", "node nowhere.js")).toMatchObject({ status: 1, result: undefined, stderr: expect.stringContaining("no test passes") as string });
});

test("other runners are read as TAP", () => {
  writeFiles(stage.folder, { "tap.js": "import { next } from './src/count.js';\nconsole.log('TAP version 13\\n# next\\nok 1 counts ' + next() + '\\nnot ok 2 fails\\nok 3 later # SKIP\\n1..3');\n" });
  expect(suite("--test", "node tap.js")).toMatchObject({ status: 0, result: { total: 4, equal: 4, differ: [], targetsExecuted: 2 } });
});
