/** `ts-hotfix build` as a user runs it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodePatch } from "../../src/patch/file.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage, ROOT, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;
beforeEach(() => {
  stage = makeStage("build", { name: "game", type: "module" });
  writeFiles(stage.folder, {
    "src/shop.ts": "export function award(n: number): number {\n  return n * 2;\n}\n\nexport class Player {\n  levelUp(): number {\n    return award(1);\n  }\n}\n",
  });
  openProject("test", {}, stage.folder).writeManifest("dist/hotfix.manifest.json", [stage.path("src/shop.ts")]);
});
afterEach(() => stage.remove());

function build(...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const cli = join(ROOT, "test", "cli", "source-cli.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "build", ...args], { cwd: stage.folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  return { status, stdout, stderr };
}

const edit = (from: string, to: string): void => writeFileSync(stage.path("src/shop.ts"), readFileSync(stage.path("src/shop.ts"), "utf8").replace(from, to));

test("0: writes a patch and says what is in it", () => {
  edit("n * 2", "n + helper(n)");
  edit("export class", "const helper = (n: number) => n;\n\nexport class");
  expect(build("--out", "out/fix-1.hotfix")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Wrote out\/fix-1\.hotfix: patch [0-9a-f]{12}, \d+ bytes, not signed\.\n  Hosts with trusted keys refuse it until it is signed \(--key\)\.\n  src\/shop\.ts#award\n  src\/shop\.ts#helper \(new\)\n$/),
    stderr: "",
  });
  expect(existsSync(stage.path("out/fix-1.hotfix"))).toBe(true);
});

test("0: callbacks and new files come along, and are told", () => {
  edit("n * 2", "bonus(n)");
  edit("export function", 'import { bonus } from "./bonus.js";\n\nexport function');
  writeFiles(stage.folder, { "src/bonus.ts": "export const bonus = (n: number): number => n * 3;\n", "fix/callbacks.ts": "export function prePatch(): boolean {\n  return true;\n}\n" });
  const { status, stdout } = build("--callbacks", "fix/callbacks.ts");
  expect([status, stdout.split("\n").filter((line) => line.startsWith("  ") && !line.includes("--key"))]).toEqual([0, ["  src/shop.ts#award", "  src/bonus.ts#bonus (new)", "  prePatch (callback)"]]);
  expect(JSON.parse(build("--json", "--callbacks", "fix/callbacks.ts").stdout).result.callbacks).toEqual(["prePatch"]);
  expect(build("--callbacks", "fix/none.ts")).toMatchObject({ status: 2, stderr: expect.stringContaining("HF1601") });
});

test("0: constants with another value are told, and those computed from them", () => {
  const file = stage.path("src/shop.ts");
  writeFileSync(file, "const TAX = 2;\nconst RATES = { gold: TAX };\n\nexport const price = (n: number) => n * RATES.gold;\n");
  openProject("test", {}, stage.folder).writeManifest("dist/hotfix.manifest.json", [file]);
  edit("TAX = 2", "TAX = 3");
  expect(build().stdout.split("\n").slice(2)).toEqual(["  src/shop.ts#price", "  src/shop.ts#RATES (new value)", "  src/shop.ts#TAX (new value)", ""]);
});

interface Built {
  readonly sequence: number;
  readonly patch: string;
}

test("numbers the patches of one base in turn, and the same patch the same", () => {
  const record = stage.path("dist/hotfix.manifest.sequence.json");
  const built = (...args: readonly string[]): Built => JSON.parse(build("--json", ...args).stdout).result;
  const bytes = (): string => readFileSync(stage.path("fix.hotfix"), "utf8");
  edit("n * 2", "n * 3");
  expect(built("--dry-run").sequence).toBe(1);
  expect(existsSync(record)).toBe(false);
  const first = built();
  const before = bytes();
  expect(first.sequence).toBe(1);
  expect(built()).toEqual(first);
  expect(bytes()).toBe(before);

  edit("n * 3", "n * 4");
  expect(built("--dry-run").sequence).toBe(2);
  const second = built();
  expect(second.sequence).toBe(2);
  const written = decodePatch(readFileSync(stage.path("fix.hotfix")));
  expect(written).toMatchObject({ ok: true, patch: { id: second.patch, payload: { sequence: 2 } } });
  expect(built("--sequence", "7").sequence).toBe(7);
  expect(JSON.parse(readFileSync(record, "utf8"))).toEqual({ build: expect.any(String), sequence: 7, content: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(built().sequence).toBe(7);
  edit("n * 4", "n * 3");
  expect(built().sequence).toBe(8);

  writeFileSync(record, readFileSync(record, "utf8").replace(/"build": ".*?"/, '"build": "another"'));
  expect(built().sequence).toBe(1);
});

test("a damaged record of the sequence is an error, unless the number is given", () => {
  edit("n * 2", "n");
  for (const damaged of ["{", "{}", '{"build":"b","sequence":0,"content":"c"}']) {
    writeFileSync(stage.path("dist/hotfix.manifest.sequence.json"), damaged);
    expect(build()).toMatchObject({ status: 1, stderr: expect.stringMatching(/HF3017: .*sequence\.json.*--sequence/) });
  }
  expect(build("--sequence", "2").status).toBe(0);
});

test("1: what cannot be written is told", () => {
  edit("n * 2", "n");
  for (const out of ["src", "src/shop.ts/fix.hotfix", ""]) {
    const { status, stdout } = build("--json", `--out=${out}`);
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 1, command: "build", diagnostics: [{ code: "HF0007", message: expect.stringContaining(`\`${out}\``) }] });
  }
  expect(build("--out", "src")).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(/^error HF0007: Cannot write `src`: .*\n {2}Give another path.*\n$/) });
});

test("--json prints one object, --dry-run writes nothing", () => {
  edit("n * 2", "n");
  const { status, stdout } = build("--json", "--dry-run", "--sequence", "7");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1, command: "build",
    result: { outcome: "built", patch: expect.stringMatching(/^[0-9a-f]{64}$/), sequence: 7, replaced: ["src/shop.ts#award"], added: [], notices: [] },
  });
  expect(existsSync(stage.path("fix.hotfix"))).toBe(false);
});

test("2: refuses by name, place, reason and remedy, and writes nothing", () => {
  edit("award(1)", "award(2)");
  expect(build()).toEqual({
    status: 2,
    stdout: "",
    stderr: `src/shop.ts:6:10 refusal HF1001: Updating the method \`Player.levelUp\` requires a restart because a class is evaluated once and its methods are part of it.
    4 |
    5 | export class Player {
  > 6 |   levelUp(): number {
      |          ^^^^^^^^^^^^
    7 |     return award(2);
    8 |   }
  Move the body of \`Player.levelUp\` into a top-level function (\`playerLevelUp\`, say) and call it from the method; from the next build on it can be patched. Or build the host with the option \`lift\`, which does this for every method of a top-level class.
1 change cannot be patched; no patch was written.
`,
  });
  expect(existsSync(stage.path("fix.hotfix"))).toBe(false);
  expect(JSON.parse(build("--json").stdout)).toMatchObject({ result: { outcome: "refused", refusals: [{ code: "HF1001" }] } });
});

test("3: nothing changed", () => {
  edit("n * 2", "(n * 2) /* the same */");
  expect(build()).toMatchObject({ status: 3, stdout: "Nothing to patch: the tree means the same as the base build.\n" });
});

test("1: a source that does not parse, a manifest that is none, a tree that is another's", () => {
  edit("n * 2", "n *");
  expect(build()).toMatchObject({ status: 1, stderr: expect.stringMatching(/src\/shop\.ts:2:13 error HF0002/) });
  expect(build("--base", "nowhere.json")).toMatchObject({ status: 1, stderr: expect.stringMatching(/HF2101.*nowhere\.json/) });
  writeFileSync(stage.path("bad.json"), '{"schema":99}');
  expect(build("--base", "bad.json")).toMatchObject({ status: 1, stderr: expect.stringMatching(/HF2104.*schema 99; this version of ts-hotfix reads schema 2/) });
  expect(build("--source", "/")).toMatchObject({ status: 1, stderr: expect.stringMatching(/HF2102.*`game`/) });
  expect(build("--sequence", "0")).toMatchObject({ status: 1, stderr: expect.stringMatching(/whole number from 1/) });
});

test("1: a tree without its sources (HF2103)", () => {
  writeFiles(stage.folder, { "other/package.json": '{ "name": "game" }' });
  expect(build("--source", "other")).toMatchObject({ status: 1, stderr: expect.stringMatching(/HF2103.*other/) });
  writeFiles(stage.folder, { "third/package.json": '{ "name": "third" }' });
  expect(build("--source", "third")).toMatchObject({ status: 1, stderr: expect.stringMatching(/HF2102.*`game`/) });
});

test("--pick takes a part of the changes, and names what is left out", () => {
  edit("return n * 2;", "return n * 3;");
  edit("return award(1);", "return award(2);");
  expect(build("--dry-run")).toMatchObject({ status: 2, stderr: expect.stringContaining("HF1001") });
  const picked = build("--dry-run", "--pick", "src/shop.ts#award");
  expect(picked).toMatchObject({ status: 0, stdout: expect.stringMatching(/  src\/shop\.ts#award\n$/) });
  expect(picked.stdout + picked.stderr).toContain("Left out of src/shop.ts, as not picked: 1 change.");
  const wrong = JSON.parse(build("--json", "--pick", "src/shop.ts#Player.levelUp", "--pick", "lib/**").stdout) as { readonly result: { readonly refusals: readonly { readonly code: string }[] } };
  expect(wrong.result.refusals.map(({ code }) => code)).toEqual(["HF1703", "HF1701"]);
});
