/** `ts-hotfix audit` as a user runs it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeStage, ROOT, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;
beforeEach(() => {
  stage = makeStage("audit", { name: "game", type: "module" });
  writeFiles(stage.folder, {
    "tsconfig.json": JSON.stringify({ compilerOptions: { outDir: "dist", plugins: [{ transform: "ts-hotfix/transformer", exclude: ["src/left-out.ts"] }] }, include: ["src"] }),
    "src/shop.ts": "export function award(n: number): number {\n  return n * 2;\n}\n\nexport function connect(s: any): void {\n  s.on(\"</script><b>\", (n: number) => award(n));\n}\n",
    "src/player.ts": "import { award } from './shop.ts';\n\nexport class Player {\n  levelUp(): number {\n    return award(1);\n  }\n}\n",
    "src/left-out.ts": "export let a = 1;\n",
    "dist/shop.js": "let a = 1;\n",
    "test/shop.test.ts": "let a = 1;\n",
  });
});
afterEach(() => stage.remove());

function audit(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const cli = join(ROOT, "test", "cli", "source-cli.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "audit", ...args], { cwd: stage.folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  return { status, stdout, stderr };
}

test("a table with the worst file first, the spots with their remedies, and a line of totals", () => {
  expect(audit()).toEqual({
    status: 0,
    stderr: "",
    stdout: `file           statements  not patchable  patchable  live
src/player.ts           1              1      0.0 %     -
src/shop.ts             3              0    100.0 %     1

Most statements that cannot be patched
     1  src/player.ts:4 HF1001: Updating the method \`Player.levelUp\` requires a restart because a class is evaluated once and its methods are part of it.
        Move the body of \`Player.levelUp\` into a top-level function (\`playerLevelUp\`, say) and call it from the method; from the next build on it can be patched. Or build the host with the option \`lift\`, which does this for every method of a top-level class.

Where old code would live on
  src/shop.ts:6 HF1110: Updating a function nested in \`connect\` requires a restart because live instances keep the old code: it is registered with an event source or an interval timer.
  The remedy is one line: let such a function only call a top-level function (docs/live-code.md).

75 % of 4 statements in 2 files can be patched; 2 functions, 1 place where old code would live on.
`,
  });
});

test("--json prints the numbers, the refusals and the live places", () => {
  const { status, stdout } = audit("--json");
  expect({ status, ...JSON.parse(stdout) }).toMatchObject({
    status: 0, schema: 1, command: "audit",
    result: {
      total: { files: 2, statements: 4, patchable: 3, share: 75, targets: 2, live: 1 },
      files: [
        { file: "src/player.ts", statements: 1, patchable: 0, share: 0, targets: 0, spots: [{ statements: 1, refusal: { code: "HF1001", place: { line: 4 } } }], live: [] },
        { file: "src/shop.ts", statements: 3, patchable: 3, share: 100, targets: 2, spots: [], live: [{ code: "HF1110", place: { line: 6 } }] },
      ],
      errors: [],
    },
  });
  expect(stdout).not.toContain("export class");
});

test("--lift counts what lifting adds, and so does the transformer's entry in the tsconfig", () => {
  const total = (...args: readonly string[]): unknown => JSON.parse(audit("--json", ...args).stdout).result.total;
  expect(total("--lift")).toMatchObject({ statements: 4, patchable: 4, targets: 3 });
  writeFiles(stage.folder, { "tsconfig.json": JSON.stringify({ compilerOptions: { plugins: [{ transform: "ts-hotfix/transformer", lift: { objects: false } }] }, include: ["src"] }) });
  expect(total()).toMatchObject({ patchable: 4, targets: 3 });
});

test("--min fails below its share, and where a file does not parse", () => {
  expect(audit("--min", "75").status).toBe(0);
  expect(audit("--min", "75.1")).toMatchObject({ status: 1, stderr: "That is less than 75.1 %.\n" });
  expect(audit("--min", "much")).toMatchObject({ status: 1, stderr: expect.stringContaining("number from 0 to 100") });
  writeFiles(stage.folder, { "src/broken.ts": "let = ;" });
  expect(audit()).toMatchObject({ status: 1, stderr: expect.stringMatching(/^src\/broken\.ts:1:7 error HF0002/) });
});

test("a folder, globs, and a project without a tsconfig", () => {
  const files = (...args: readonly string[]): readonly string[] => JSON.parse(audit("--json", ...args).stdout).result.files.map((each: { file: string }) => each.file);
  expect(files("--exclude", "**/player.ts")).toEqual(["src/left-out.ts", "src/shop.ts"]);
  expect(files("--include", "src/shop.ts", "--include", "src/player.ts")).toEqual(["src/player.ts", "src/shop.ts"]);
  expect(files("src")).toEqual(["src/player.ts", "src/shop.ts"]);
  writeFiles(stage.folder, { "plain/index.mjs": "let a = 1;\n", "plain/node_modules/x/index.js": "let a = 1;\n", "plain/dist/out.js": "let a = 1;\n", "plain/tsconfig.json": "{ \"files\": [] }" });
  expect(files("plain")).toEqual(["index.mjs"]);
  expect(audit("nowhere")).toMatchObject({ status: 1, stderr: expect.stringMatching(/HF0006: .*no source file of a program in nowhere/) });
});

test("--html writes one page that needs nothing else and escapes what it shows", () => {
  expect(audit("--html", "out/audit.html")).toMatchObject({ status: 0, stdout: expect.stringContaining("Wrote out/audit.html.") });
  const page = readFileSync(stage.path("out/audit.html"), "utf8");
  expect(page).toContain("75 %");
  expect(page).toContain('<div class="f"><b>5</b>    return award(1);</div>');
  expect(page).toContain('<div class="p"><b>2</b>  return n * 2;</div>');
  expect(page).toContain("Move the body of `Player.levelUp` into a top-level function");
  expect(page).toContain("&lt;/script&gt;&lt;b&gt;");
  expect(page.match(/<\/script>/g)).toHaveLength(1);
  // oxlint-disable-next-line no-new-func -- the script is to be parsed
  expect(() => new Function(/<script>([\s\S]*)<\/script>/.exec(page)?.[1] ?? "(")).not.toThrow();
  expect(page).toContain("color-scheme: light dark");
  // no address of anything outside, and a policy that would not let it in
  expect(page).not.toMatch(/(?:src|href)="(?!#)|url\(|@import|https?:/);
  expect(page).toContain("default-src 'none'");
});
