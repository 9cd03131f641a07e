/** What is in a patch (`show`), and whether a tree has it (`included`). */
import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodePatch, encodePatch } from "../../src/patch/file.ts";
import { makeKeyPair, readSigningKey } from "../../src/patch/keys.ts";
import type { PatchModule, PatchPayload } from "../../src/patch/payload.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";
import { runCli, type Ran } from "./run-cli.ts";

const SHOP = `import { RATE, Kind } from "./rates.ts";
const MAX = 100;
let gold = 0;
export function award(n: number, { bonus = 2 }: { bonus?: number } = {}): number {
  if (n > MAX) return MAX;
  gold += n * bonus;
  return log(n * RATE + Kind.A);
}
export const log = (n: number): number => n + gold;
export default function (): number {
  return gold;
}
`;
const RATES = "export const RATE = 3;\nexport const HALF = RATE / 2;\nexport const enum Kind { A = 1, B = 2 }\nexport function rate(): number { return HALF; }\n";
const FIXED: Record<string, string> = {
  "src/shop.ts": `import { join } from "node:path";\n${SHOP.replace("100", "5 * 10").replace("n * bonus", "helper(n)").replace("n + gold", "n + gold + hits++").replace("  return gold;", "  return gold + join('a', 'b').length;")}let hits = 0;\nfunction helper(n: number): number {\n  return n + Kind.B;\n}\n`,
  "src/rates.ts": RATES.replace("RATE = 3", "RATE = 4"),
};

let stage: Stage;
beforeEach(async () => {
  stage = makeStage("show", { name: "game", type: "module" });
  writeFiles(stage.folder, { "src/shop.ts": SHOP, "src/rates.ts": RATES, "base/package.json": '{ "name": "game" }', "base/src/shop.ts": SHOP, "base/src/rates.ts": RATES });
  openProject("test", {}, stage.folder).writeManifest("dist/hotfix.manifest.json", [stage.path("src/shop.ts"), stage.path("src/rates.ts")]);
  writeFiles(stage.folder, FIXED);
  const built = await cli("build --base dist/hotfix.manifest.json");
  if (built.status !== 0) throw new Error(built.stderr);
});
afterEach(() => stage.remove());

const cli = (args: string): Promise<Ran> => runCli(stage.folder, args);

async function json(args: string): Promise<Record<string, any>> { // what is printed is each test's own business
  const { status, stdout, stderr } = await cli(`${args} --json`);
  expect(stderr).toBe("");
  return { exit: status, ...JSON.parse(stdout) };
}

function readPayload(): PatchPayload {
  const reading = decodePatch(readFileSync(stage.path("fix.hotfix")));
  if (!reading.ok) throw new Error("not a patch");
  return reading.patch.payload;
}

/** The built patch with some fields of the module `src/shop.ts` changed, as anybody could write it. */
function writeChanged(change: (shop: PatchModule) => Partial<PatchModule>): void {
  const payload = readPayload();
  const modules = payload.modules.map((each) => (each.key === "game:src/shop.ts" ? { ...each, ...change(each) } : each));
  writeFileSync(stage.path("changed.hotfix"), encodePatch({ ...payload, modules }));
}

const FUNCTIONS = ["src/shop.ts#award", "src/shop.ts#log", "src/shop.ts#default", "src/shop.ts#helper"];

test("show tells patch, size, signer, base, imports, and every piece of code", async () => {
  const { privateKey, fingerprint } = makeKeyPair();
  writeFileSync(stage.path("signed.hotfix"), encodePatch(readPayload(), [readSigningKey(privateKey, "a test's key")]));
  const { status, stdout, stderr } = await cli("show signed.hotfix");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { build } = JSON.parse(readFileSync(stage.path("dist/hotfix.manifest.json"), "utf8"));
  expect(stdout).toMatch(/^signed\.hotfix: patch [0-9a-f]{64}\nsequence 1, \d+ bytes, signed by SHA256:/);
  for (const told of [fingerprint, `for \`game\`, build ${build}\n`, 'src/shop.ts imports join from "node:path" (join)\n', "replaces src/shop.ts#award\n", "adds src/shop.ts#helper\n", "adds the variable src/shop.ts#hits\n", "brings the value of src/shop.ts#MAX\nconst MAX = 50;\n", "brings the value of src/shop.ts#RATE\nconst RATE = 4;\n", "+= helper(n);\n"]) {
    expect(stdout).toContain(told);
  }
  expect(stdout).not.toContain("runs besides");

  const shown = await json("show fix.hotfix");
  expect(shown).toMatchObject({ exit: 0, schema: 1, command: "show", result: { sequence: 1, package: "game", bases: [{ build }], signedBy: [], imports: [{ module: "game:src/shop.ts", local: "join", from: { kind: "package", specifier: "node:path" } }] } });
  const { changes, modules } = shown["result"];
  expect(changes.map((each: { kind: string; id: string }) => `${each.kind} ${each.id}`)).toEqual(expect.arrayContaining([...FUNCTIONS.slice(0, 3).map((id) => `replaced ${id}`), "added src/shop.ts#helper", "variable src/shop.ts#hits", "constant src/shop.ts#MAX", "replaced src/rates.ts#rate"]));
  expect(modules.map(({ key }: { key: string }) => key)).toEqual(["game:src/rates.ts", "game:src/shop.ts"]);
});

test("show --base-source tells it as a diff of functions", async () => {
  const { status, stdout } = await cli("show fix.hotfix --base-source base");
  expect(status).toBe(0);
  expect(stdout).toContain("--- a/src/shop.ts#MAX\n+++ b/src/shop.ts#MAX\n@@ -1,1 +1,1 @@\n-const MAX = 100;\n+const MAX = 50;\n");
  // of six lines, one differs
  const award = /replaces src\/shop\.ts#award\n([^]*?)\n\n/.exec(stdout)?.[1] ?? "";
  expect(award.split("\n").filter((line) => /^[+-](?![+-])/.test(line))).toEqual(["-\t$s.gold += n * bonus;", "+\t$s.gold += helper(n);"]);
  expect(stdout).toMatch(/adds src\/shop\.ts#helper\n--- \/dev\/null\n\+\+\+ b\/src\/shop\.ts#helper\n@@ .*\n\+function helper/);
  // its constant changed, not its text
  expect(stdout).toMatch(/replaces src\/rates\.ts#rate \(its own text is the same/);
  expect((await json("show fix.hotfix --base-source base"))["result"].changes.find((each: { id: string }) => each.id === "src/rates.ts#rate").diff).toBe("");
  expect(await json("show fix.hotfix --base-source /")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2102" }] });
});

test("show hides nothing: code that the builder does not write, and characters that steer terminals", async () => {
  const kinds = async (): Promise<string[]> => (await json("show changed.hotfix"))["result"].changes.filter((each: { kind: string }) => each.kind === "code").map((each: { code: string }) => each.code);
  writeChanged(({ code }) => ({ code: code.replace("\nreturn {", "\nevil();\nconst award2 = () => evil();\nreturn {") }));
  expect(await kinds()).toEqual(["evil();", "const award2 = () => evil();"]);
  expect((await cli("show changed.hotfix")).stdout).toContain("runs besides src/shop.ts#\nevil();");
  writeChanged(({ code }) => ({ code: code.replace("\nreturn { functions: { ", "\nreturn { functions: { $evil: evil(), ") }));
  expect(await kinds()).toEqual([expect.stringContaining("$evil: evil()")]);
  for (const wrap of [(code: string): string => `evil(), ${code}`, (code: string): string => `evil();${code}`, (): string => "not JavaScript {"]) {
    writeChanged(({ code }) => ({ code: wrap(code) }));
    expect(await kinds()).toEqual([wrap(readPayload().modules[1]?.code ?? "")]);
  }
  writeChanged(({ code }) => ({ code: code.replace("\nreturn {", "\n// \u001b[2K\u202e\r\n'\u001b[8m\u202e';\nreturn {") }));
  const { stdout } = await cli("show changed.hotfix");
  expect(stdout).toContain("'\\u{1b}[8m\\u{202e}';");
  expect(stdout).not.toMatch(/[\u001b\u202e\r]/); // oxlint-disable-line no-control-regex
});

test("show and included refuse what is no patch", async () => {
  writeFileSync(stage.path("damaged.hotfix"), readFileSync(stage.path("fix.hotfix"), "utf8").slice(1));
  for (const command of ["show", "included"]) {
    expect(await json(`${command} damaged.hotfix`)).toMatchObject({ exit: 1, command, diagnostics: [{ code: "HF2001" }] });
    expect(await json(`${command} gone.hotfix`)).toMatchObject({ exit: 1, diagnostics: [{ code: "HF3017" }] });
  }
});

test("the fixed tree includes the patch, however it is written; the base's does not", async () => {
  expect(await cli("included fix.hotfix")).toEqual({ status: 0, stderr: "", stdout: expect.stringMatching(/^fix\.hotfix is included: \d+ parts, all there\.\n$/) });
  writeFiles(stage.folder, { "src/shop.ts": `/* moved */\n${(FIXED["src/shop.ts"] ?? "").replace("5 * 10", "25 + 25").replaceAll(";\n", ";\n\n")}export function more(): void {}\n` });
  expect((await json("included fix.hotfix --source src"))["result"]).toMatchObject({ outcome: "included", missing: [], diagnostics: [], included: expect.arrayContaining([...FUNCTIONS, "src/shop.ts#MAX", "src/shop.ts#RATE"]) });
  const base = await json("included fix.hotfix --source base");
  expect(base).toMatchObject({ exit: 2, result: { outcome: "missing", missing: expect.arrayContaining([...FUNCTIONS, "src/shop.ts#hits", "src/shop.ts#MAX", "src/shop.ts#join"]) } });
  expect(base["result"].diagnostics[0]).toMatchObject({ code: "HF2210", place: { file: expect.stringMatching(/^base\/src/) } });
  expect(await cli("included fix.hotfix --source base")).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(/fix\.hotfix is not included: \d+ of \d+ parts not there\.\n$/) });
  expect(await json("included fix.hotfix --source /")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF2102" }] });
});

test("hashes that lie are not believed: what counts is the code", async () => {
  writeChanged(({ code }) => ({ code: code.replace("+= helper(n);", "+= 1e9;") }));
  const functions = await json("included changed.hotfix");
  expect(functions).toMatchObject({ exit: 2, result: { outcome: "missing", missing: ["src/shop.ts#award"] } });
  expect(functions["result"].diagnostics[0].message).toContain("its code is another");
  writeChanged(({ code }) => ({ code: code.replace("hits = 0", "hits = 7") }));
  expect((await json("included changed.hotfix"))["result"].missing).toEqual(["src/shop.ts#hits"]);
  writeChanged(({ functions: all }) => ({ functions: all.filter(({ name }) => name !== "log") }));
  expect((await json("included changed.hotfix")).exit).toBe(2);
});

test("where the build replaces names, its manifest says so", async () => {
  writeFiles(stage.folder, { "src/shop.ts": SHOP.replace("n > MAX", "__LIMIT__ && n > MAX"), "src/rates.ts": RATES });
  openProject("test", { define: { __LIMIT__: "true" } }, stage.folder).writeManifest("dist/defined.json", [stage.path("src/shop.ts"), stage.path("src/rates.ts")]);
  writeFiles(stage.folder, { "src/shop.ts": SHOP.replace("n > MAX", "__LIMIT__ && n >= MAX") });
  expect(await cli("build --base dist/defined.json --out defined.hotfix")).toMatchObject({ status: 0, stderr: "" });
  expect((await json("included defined.hotfix --base dist/defined.json"))["result"]).toMatchObject({ outcome: "included" });
  expect((await json("included defined.hotfix"))["result"]).toMatchObject({ outcome: "missing" });
});

const edits: readonly [string, string, string, string, readonly string[]][] = [
  ["a function", "src/shop.ts", "helper(n)", "n", ["src/shop.ts#award"]],
  ["an added function", "src/shop.ts", "n + Kind.B", "n", ["src/shop.ts#helper"]],
  ["an added variable", "src/shop.ts", "let hits = 0", "let hits = 1", ["src/shop.ts#hits"]],
  ["an added variable's kind", "src/shop.ts", "let hits = 0", "var hits = 0", ["src/shop.ts#hits"]],
  ["a constant", "src/shop.ts", "5 * 10", "5 * 20", ["src/shop.ts#MAX"]],
  ["a constant of another module", "src/rates.ts", "RATE = 4", "RATE = 3", ["src/rates.ts#HALF", "src/shop.ts#RATE"]],
  ["a const enum", "src/rates.ts", "B = 2", "B = 3", ["src/shop.ts#Kind"]],
  ["what an import leads to", "src/shop.ts", '"node:path"', '"./rates.ts"', ["src/shop.ts#join"]],
];

test.each(edits)("a tree that lacks one thing does not include it: %s", async (_, file, from, to, missing) => {
  const text = FIXED[file] ?? "";
  expect(text).toContain(from);
  writeFiles(stage.folder, { [file]: text.replace(from, to) });
  expect(await json("included fix.hotfix")).toMatchObject({ exit: 2, result: { outcome: "missing", missing } });
});

test("a tree without the file, or with one that does not parse", async () => {
  writeFiles(stage.folder, { "src/shop.ts": "export const =" });
  expect(await json("included fix.hotfix")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF0002" }] });
  writeFiles(stage.folder, { "other/package.json": '{ "name": "game" }', "other/src/shop.ts": FIXED["src/shop.ts"] ?? "" });
  expect((await json("included fix.hotfix --source other"))["result"]).toMatchObject({ missing: expect.arrayContaining(["src/rates.ts#rate"]) });
});

test("a patch that names files outside of its package reads none of them", async () => {
  const payload = readPayload();
  writeFileSync(stage.path("changed.hotfix"), encodePatch({ ...payload, modules: payload.modules.map((each) => ({ ...each, key: each.key.replace("src/", "src/../src/") })) }));
  const { missing, included } = (await json("included changed.hotfix"))["result"];
  expect([included, missing.length > 5]).toEqual([[], true]);
});

test("a patch of a tagged build is found in a tagged tree", async () => {
  const tagged = SHOP.replace("export function award", "/** @hotfix */\nexport function award");
  writeFiles(stage.folder, { "src/shop.ts": tagged, "src/rates.ts": RATES });
  openProject("test", { targets: "tagged" }, stage.folder).writeManifest("dist/tagged.json", [stage.path("src/shop.ts"), stage.path("src/rates.ts")]);
  writeFiles(stage.folder, { "src/shop.ts": `${tagged.replace("n * bonus", "twice(n)")}/** @hotfix */\nfunction twice(n: number): number {\n  return n * 2;\n}\n` });
  expect(await cli("build --base dist/tagged.json --out tagged.hotfix")).toMatchObject({ status: 0, stderr: "" });
  expect(await json("included tagged.hotfix")).toMatchObject({ exit: 0, result: { missing: [] } });
});

test("a module that comes with the patch, statements and all, is shown and looked for", async () => {
  const text = "export const sizes = new Map([[1, 2]]);\nsizes.set(3, 4);\nexport const size = (): number => sizes.size;\n";
  writeFiles(stage.folder, { "src/sizes.ts": text, "src/shop.ts": `import { size } from "./sizes.ts";\n${SHOP.replace("n * bonus", "n * size()")}`, "src/rates.ts": RATES });
  expect(await cli("build --base dist/hotfix.manifest.json --out new.hotfix")).toMatchObject({ status: 0, stderr: "" });
  const { changes } = (await json("show new.hotfix"))["result"];
  expect(changes.map(({ kind }: { kind: string }) => kind)).not.toContain("code");
  expect((await json("included new.hotfix"))["result"]).toMatchObject({ outcome: "included" });
  writeFiles(stage.folder, { "src/sizes.ts": text.replace("set(3, 4)", "set(3, 5)") });
  expect((await json("included new.hotfix"))["result"].missing).toEqual(["src/sizes.ts##1"]);
});

test("a declaration that destructures is shown and looked for", async () => {
  const fixed = (init: string): string => `${SHOP.replace("gold += n * bonus", "gold += n * bonus + one + two")}const { one, deep: [two] } = ${init};\n`;
  writeFiles(stage.folder, { "src/shop.ts": fixed("{ one: 1, deep: [2] }"), "src/rates.ts": RATES });
  expect((await cli("build --base dist/hotfix.manifest.json")).status).toBe(0);
  const shown = await cli("show fix.hotfix");
  expect(shown.stdout).toContain("deep: [two]");
  expect(shown.stdout).not.toContain("does not write");
  expect((await cli("included fix.hotfix")).status).toBe(0);
  writeFiles(stage.folder, { "src/shop.ts": fixed("{ one: 1, deep: [3] }") });
  expect((await json("included fix.hotfix")).exit).toBe(2);
});
