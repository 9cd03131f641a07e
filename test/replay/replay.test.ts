/** `npm run replay` on a repository of five commits. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../replay/judge.ts";
import type { JobResult, Outcome } from "../../replay/child/job.ts";
import { parseTestCommand } from "../../replay/test-command.ts";
import { ROOT } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-replay-test-")));
  const git = (...args: readonly string[]): void => void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.hooksPath=/dev/null", ...args], { cwd: folder, stdio: "ignore" });
  const commit = (subject: string, files: Readonly<Record<string, string>>): void => {
    writeFiles(folder, files);
    git("add", "--all");
    git("commit", "--quiet", "--no-gpg-sign", "-m", subject);
  };
  git("init", "--quiet");
  const limits = (limit: string): string => `import { readFileSync } from "node:fs";\nconst LIMIT = Number(readFileSync(new URL("./limit.txt", import.meta.url), "utf8"));\nexport function limit(): number { return ${limit}; }\n`;
  commit("first", {
    "package.json": '{ "name": "shop", "type": "module" }',
    "src/index.ts": 'export * from "./shop";\nexport * from "./limits";\n',
    "src/shop.ts": SHOP,
    "src/limits.ts": limits("LIMIT"),
    "src/limit.txt": "5",
    "test/shop.test.ts": test("assert.equal(price(2, 10), 20);"),
  });
  commit("fix the discount", { "src/shop.ts": SHOP.replace("n > 10", "n >= 10"), "test/shop.test.ts": test("assert.equal(price(10, 10), 90);") });
  commit("fix the till", { "src/shop.ts": SHOP.replace("n > 10", "n >= 10").replace("this.gold + n", "this.gold + Math.max(0, n)"), "test/shop.test.ts": test("assert.equal(new Till().add(-1), 0);") });
  commit("types", { "src/limits.ts": `export type Limit = number;\n${limits("LIMIT")}`, "test/limits.test.ts": test("assert.equal(limit(), 5);") });
  // What is read when the program starts is state: no patch can bring another value.
  commit("another file", { "src/limits.ts": limits("LIMIT + 0"), "src/limit.txt": "6", "test/limits.test.ts": test("assert.equal(limit(), 6);") });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("replay", () => {
  it("tells fixed, refused, wrong and untestable apart", async () => {
    const { code, stdout, stderr } = await run([folder, "--src", "src/**/*.ts", "--test", "mocha test/**/*.test.ts", "--attempts", "1", "--json"]);
    expect(stderr).not.toContain("replay:");
    const { summary, commits } = JSON.parse(stdout) as { summary: object; commits: readonly { subject: string; plain: boolean; touched: readonly string[]; result: Record<string, any> }[] };
    expect(commits.map(({ subject, plain, result }) => [subject, result["verdict"], plain])).toEqual([
      ["another file", "wrong", true],
      ["types", "untestable", false],
      ["fix the till", "refused", false],
      ["fix the discount", "fixed", true],
    ]);
    expect(commits[0]?.result["differences"][0]).toMatch(/limits\.test\.ts > shop > works: fail .*expected pass/);
    expect(commits[2]?.result["refusals"]).toMatchObject([{ code: "HF1001", place: "src/shop.ts:8" }]);
    expect(commits[3]?.result).toEqual({ verdict: "fixed", proving: 1, compared: 1, unreachable: 0 });
    expect(summary).toMatchObject({ commits: 4, fixed: 1, refused: 1, wrong: 1, untestable: 1, codes: { HF1001: 1 }, fixedShare: 1 / 3, plain: { judged: 2, fixed: 1 }, proven: 1 });
    expect(code).toBe(2);
  });

  it("leaves the repository as it was", () => {
    expect(execFileSync("git", ["status", "--porcelain"], { cwd: folder, encoding: "utf8" })).toBe("");
    expect(execFileSync("git", ["worktree", "list"], { cwd: folder, encoding: "utf8" }).trim().split("\n")).toHaveLength(1);
  });

  it("says what is wrong with the command line", async () => {
    expect(await run([folder, "--src", "src/**", "--test", "karma start"])).toMatchObject({ code: 1, stderr: expect.stringContaining("must begin with vitest, jest, mocha, node") });
    expect(await run([tmpdir(), "--src", "src/**", "--test", "mocha"])).toMatchObject({ code: 1, stderr: expect.stringContaining("not a git repository") });
  });
});

describe("the verdict", () => {
  const result = (more: Partial<JobResult>): JobResult => ({ before: {}, commit: {}, after: {}, missing: {}, lost: [], iterators: {}, ...more });
  const tests = (outcome: Outcome) => ({ "a > b": { outcome } });
  const applied = { outcome: "applied", codes: [], detail: "" };
  const fixed = { control: result({ commit: tests("pass") }), base: result({ commit: tests("fail") }), live: result({ commit: tests("pass"), applied }) };

  it("is fixed only where all of it is right", () => {
    expect(judge(fixed, true, new Set())).toEqual({ verdict: "fixed", proving: 1, compared: 1, unreachable: 0 });
    const others: readonly Partial<JobResult>[] = [
      { commit: tests("fail") },
      { commit: {} },
      { before: tests("fail") },
      { after: tests("fail") },
      { lost: ["a reference"] },
      { iterators: { each: "throws" } },
      { applied: { ...applied, outcome: "failed" } },
    ];
    for (const more of others) expect(judge({ ...fixed, live: { ...fixed.live, ...more } }, true, new Set()).verdict, JSON.stringify(more)).toBe("wrong");
  });

  it("is refused where the runtime says no", () => {
    const live = { ...fixed.live, applied: { outcome: "refused", codes: ["HF2005"], detail: "…" } } as const;
    expect(judge({ ...fixed, live }, true, new Set())).toMatchObject({ verdict: "refused", by: "runtime", refusals: [{ code: "HF2005" }] });
  });

  it("is untestable where only new exports show the fix, and wrong where old code fails over one", () => {
    const failure = { outcome: "fail", error: "P.fresh is not a function" } as const;
    const live = (ownError: boolean): JobResult => result({ applied, commit: { "a > b": ownError ? { ...failure, ownError: true } : failure } });
    expect(judge({ ...fixed, live: live(true) }, true, new Set(["fresh"])).verdict).toBe("untestable");
    expect(judge({ ...fixed, live: live(true) }, true, new Set(["other"])).verdict).toBe("wrong");
    expect(judge({ ...fixed, live: live(false) }, true, new Set(["fresh"])).verdict).toBe("wrong");
  });
});

it("reads test commands", () => {
  expect(parseTestCommand("npx vitest run 'src/**/*.test.ts'")).toEqual({ api: "vitest", files: ["src/**/*.test.ts"] });
  expect(parseTestCommand("jest --ci")).toMatch("not understood: --ci");
  expect(parseTestCommand("")).toMatch("must begin with");
});

const SHOP = `export function price(n: number, each: number): number {
  return n > 10 ? n * each * 0.9 : n * each;
}

export class Till {
  gold = 0;

  add(n: number): number { return (this.gold = this.gold + n); }
}
`;

function test(body: string): string {
  return `import assert from "node:assert";\nimport { limit, price, Till } from "..";\nvoid [limit, price, Till];\ndescribe("shop", () => { it("works", () => { ${body} }); });\n`;
}

async function run(args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [join(ROOT, "replay", "run.ts"), ...args])) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}
