/** The runner on a suite of its own, in the format of test262. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NotPromised, readNotPromised, REASONS } from "../../test262/not-promised.ts";
import { makeReport, type Report } from "../../test262/report.ts";
import { ROOT } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

const HARNESS = {
  "harness/sta.js": "function Test262Error(message) { this.message = message || ''; }\nfunction $DONOTEVALUATE() { throw 'evaluated'; }\n",
  "harness/assert.js": "function assert(value, message) { if (value !== true) throw new Test262Error(message); }\n",
  "harness/doneprintHandle.js": "function $DONE(error) { print(error ? 'Test262:AsyncTestFailure:' + error.name + ': ' + error.message : 'Test262:AsyncTestComplete'); }\n",
  "harness/twice.js": "function twice(f) { return [f(), f()]; }\n",
};

const TESTS = {
  "test/language/calls.js": "/*---\nincludes: [twice.js]\n---*/\nlet n = 0;\nfunction next() { return ++n; }\nassert(twice(next).join() === '1,2');\n",
  "test/language/sloppy.js": "/*---\nflags: [noStrict]\n---*/\nfunction f() { return this; }\nassert(f() === this && f() === $262.global);\n",
  "test/language/early.js": "/*---\nnegative:\n  phase: parse\n  type: SyntaxError\n---*/\n$DONOTEVALUATE();\nfunction f({ a }) { 'use strict'; }\n",
  "test/language/hidden.js": "/*---\nnegative:\n  phase: parse\n  type: SyntaxError\n---*/\n$DONOTEVALUATE();\n{ let a; var a; }\n",
  "test/language/throws.js": "/*---\nnegative:\n  phase: runtime\n  type: Test262Error\n---*/\nfunction fail() { throw new Test262Error(); }\nfail();\n",
  "test/language/fails.js": "/*---\nflags: [onlyStrict]\n---*/\nassert(false, 'always');\n",
  "test/language/raw.js": "/*---\nflags: [raw]\n---*/\nif (typeof assert !== 'undefined') throw new Error('harness');\n",
  "test/language/text.js": "/*---\nflags: [noStrict]\n---*/\nfunction f() {}\nassert(f.toString() === 'function f() {}');\n",
  "test/language/realm.js": "/*---\nflags: [noStrict]\n---*/\nfunction f() { return [] instanceof Array && {} instanceof Object; }\nassert(f() && !($262.createRealm().evalScript('[]') instanceof Array));\n",
  "test/language/agents.js": "/*---\n---*/\n$262.agent.start('');\n",
  "test/language/module.js": "/*---\nflags: [module, async]\n---*/\nimport { up } from './other_FIXTURE.js';\nexport async function f() { const self = await import('./module.js'); return up(self.f === f ? 1 : 0); }\nf().then((n) => (n === 2 ? $DONE() : $DONE(new Test262Error(String(n)))), $DONE);\n",
  "test/language/missing.js": "/*---\nflags: [module]\nnegative:\n  phase: resolution\n  type: SyntaxError\n---*/\nimport { none } from './other_FIXTURE.js';\n$DONOTEVALUATE();\n",
  "test/language/never.js": "/*---\nflags: [async, noStrict]\n---*/\nfunction f() {}\nf();\n",
  "test/language/hangs.js": "/*---\nflags: [noStrict]\n---*/\nfunction f() { for (;;); }\nf();\n",
  "test/language/other_FIXTURE.js": "export function up(n) { return n + 1; }\n",
};

let suite: string;
beforeAll(() => {
  suite = realpathSync(mkdtempSync(join(tmpdir(), "hotfix-test262-")));
  writeFiles(suite, { ...HARNESS, ...TESTS });
});
afterAll(() => rmSync(suite, { recursive: true, force: true }));

function run(...options: readonly string[]): { readonly code: number; readonly report: Report } {
  const command = [join(ROOT, "test262/run.ts"), suite, "--json", "--timeout", "3", ...options];
  try {
    return { code: 0, report: JSON.parse(execFileSync(process.execPath, command, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })) as Report };
  } catch (error) {
    const { status, stdout } = error as { readonly status: number; readonly stdout: string };
    return { code: status, report: JSON.parse(stdout) as Report };
  }
}

/** Without the test that ends by its time limit alone. */
const QUICK = ["--filter", "test/language/[a-gi-z]*.js"];

const SAME = { "async none": 1, "runtime Test262Error": 1, "timeout none": 1 };

test("every test runs twice in realms of its own, and what differs is told", () => {
  const { code, report } = run();
  expect(report).toMatchObject({ total: 17, equal: 16, passed: 13, skipped: { "agents ($262.agent): a run has one thread": 1 }, broken: [], targets: 0 });
  expect(report.differ).toEqual([{ test: "test/language/text.js", plain: "passed", transformed: expect.stringMatching(/^runtime Test262Error/) }]);
  expect(report.failing).toEqual(SAME);
  expect(code).toBe(2);
});

test("with --patched every function is replaced before; what is taken up again is not run again", () => {
  const { report } = run("--patched", "--form", "function", ...QUICK);
  expect(report).toMatchObject({ total: 14, equal: 9, idle: 4, broken: [], targets: 10, left: { HF1405: 1 } });
  expect(report.differ.map((each) => each.test)).toEqual(["test/language/text.js"]);
  const results = join(ROOT, "node_modules/.cache/ts-hotfix/test262-function-patched.jsonl");
  // what differed is run once more
  const kept = (): readonly string[] => readFileSync(results, "utf8").split("\n").filter((line) => !line.includes("text.js"));
  const before = kept();
  expect(run("--patched", "--form", "function", "--resume", ...QUICK).report).toEqual(report);
  expect(kept()).toEqual(before);
});

test("an interrupted run says how to go on, leaves no process and no file behind, and is taken up", async () => {
  const results = join(ROOT, "node_modules/.cache/ts-hotfix/test262-function.jsonl");
  rmSync(results, { force: true });
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), "hotfix-test262-")));
  const chosen = ["--form", "function", "--filter", "language/calls", "language/hangs"];
  const child = spawn(process.execPath, [join(ROOT, "test262/run.ts"), suite, ...chosen, "--timeout", "600"], { env: { ...process.env, TMPDIR: temporary }, stdio: ["ignore", "ignore", "pipe"] });
  let told = "";
  child.stderr.on("data", (text: Buffer) => (told += text.toString()));
  await expect.poll(() => existsSync(results) && readFileSync(results, "utf8").match(/"id":"[^"]*calls\.js/g)?.length, { timeout: 60_000 }).toBe(2);
  const ended = once(child, "exit");
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(told).toBe("test262: stopped; 2 of 3 runs are done, --resume goes on\n");
  expect(readdirSync(temporary)).toEqual([]);
  const { code, report } = run(...chosen, "--resume");
  expect(report).toMatchObject({ total: 3, equal: 3, passed: 2, failing: { "timeout none": 1 } });
  expect(code).toBe(0);
  rmSync(temporary, { recursive: true });
});

test.each([[["/"], "is no checkout of test262"], [[".", "--filter", "nothing"], "no test of"], [[".", "--jobs", "0"], "Not a number of 1 or more"], [[], "missing required argument"]])("%j ends with 1 and says why", ([folder, ...options], said) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "test262/run.ts"), ...(folder === undefined ? [] : [folder === "." ? suite : folder]), ...options], { encoding: "utf8" });
  expect(stderr).toContain(said);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
});

test("what is not promised needs a reason, and must differ", () => {
  for (const { reason } of readNotPromised()) expect(REASONS).toHaveProperty(reason);
  expect(() => readNotPromised("test/a.js patched because")).toThrow("not-promised.txt:1");
  const listed = readNotPromised("# list\ntest/a.js patched microtasks\ntest/b.js transformed toString\n");
  const differing = { plain: { ended: "passed" }, other: { ended: "failed", phase: "runtime", error: "E", message: "" }, targets: 0, time: 1, left: [] } as const;
  const results = [{ id: "test/a.js", ...differing }, { id: "test/a.js (strict)", ...differing, other: differing.plain }, { id: "test/b.js", ...differing, other: differing.plain }];
  const patched = makeReport({ cases: [], skipped: [] }, results, new NotPromised(listed, true));
  expect(patched).toMatchObject({ differ: [], notPromised: { microtasks: ["test/a.js"] }, promisedAgain: ["test/b.js"] });
  expect(makeReport({ cases: [], skipped: [] }, results, new NotPromised(listed, false)).differ.map((each) => each.test)).toEqual(["test/a.js"]);
});
