/** `ts-hotfix manifest --show` and `--warm`, and builds with the cache that it fills. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildFrom, buildPatch } from "../../src/builder/build.ts";
import { loadTree } from "../../src/builder/load/load.ts";
import { Analyses } from "../../src/builder/world/analyses.ts";
import { DiskCache } from "../../src/builder/world/disk-cache.ts";
import { warm } from "../../src/builder/world/warm.ts";
import { writeManifest } from "../../src/manifest/file.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage, ROOT, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";
import { runCli } from "./run-cli.ts";

const MANIFEST = "dist/hotfix.manifest.json";
/** Enough for two worker threads. */
const MANY = 45;

const ITEM = `import { award } from "./shop.js";
export const all: number[] = [];
export function take(n: number): void {
  all.push(award(n));
}
`;

const BONUS = "export const bonus = (n: number): number => n + 1;\n";

const SHOP = `import { readFileSync } from "node:fs";
import { bonus } from "./bonus.js";

let sold = 0;

export function award(n: number): number {
  sold += n;
  return n * bonus(sold);
}

console.log(await import(\`./\${readFileSync("mod", "utf8")}.js\`));
`;

let stage: Stage;
beforeEach(() => {
  stage = makeStage("manifest-cli", { name: "game", type: "module" });
  const items = Object.fromEntries(Array.from({ length: MANY }, (_, n) => [`src/item-${n}.ts`, ITEM.replaceAll("take", `take${n}`)]));
  writeFiles(stage.folder, {
    ...items,
    "src/shop.ts": SHOP,
    "src/bonus.ts": BONUS,
  });
  write();
});
afterEach(() => stage.remove());

function write(sources: "embedded" | "git" = "embedded"): void {
  const files = readdirSync(stage.path("src")).map((name) => stage.path("src", name));
  openProject("test", { sources }, stage.folder).writeManifest(MANIFEST, files);
}

function edit(): void {
  writeFileSync(stage.path("src/shop.ts"), readFileSync(stage.path("src/shop.ts"), "utf8").replace("n * bonus(sold)", "n * 2 * bonus(sold)"));
}

const filesIn = (folder: string): readonly string[] => readdirSync(stage.path(folder), { recursive: true, encoding: "utf8" });

interface Result {
  readonly there: number;
  readonly made: number;
  readonly failed: readonly unknown[];
  readonly left: number;
}

async function runWarm(...more: readonly string[]): Promise<Result> {
  const { status, stdout } = await runCli(stage.folder, ["manifest --json --warm", MANIFEST, ...more].join(" "));
  expect(status).toBe(0);
  return JSON.parse(stdout).result as Result;
}

test("--show tells what the manifest holds, module by module", async () => {
  const { status, stdout, stderr } = await runCli(stage.folder, `manifest --show ${MANIFEST}`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(/^dist\/hotfix\.manifest\.json: `game`, build \S+$/);
  expect(lines[1]).toMatch(/^schema 2, emitted form \d+, patches of schema \d+, written by ts-hotfix \d/);
  expect(stdout).toMatch(/^ {2}targets +all$/m);
  expect(stdout).toMatch(/^ {2}resolved by +ts-hotfix$/m);
  const at = lines.findIndex((line) => line.startsWith("  src/shop.ts"));
  expect(lines.slice(at, at + 5)).toEqual([
    "  src/shop.ts     esm  1 target  init none  text embedded",
    "    scope: sold, award, bonus, readFileSync",
    "    node:fs     import    builtin",
    "    ./bonus.js  import    module src/bonus.ts",
    "    line 11     import()  ./*.js",
  ]);
  expect(lines.at(-2)).toMatch(new RegExp(`^${MANY + 2} modules, ${MANY + 2} targets, \\d+ bytes\\.$`));
});

test("--module shows some modules in full, with their text where it is wanted", async () => {
  const { stdout } = await runCli(stage.folder, `manifest --show ${MANIFEST} --module ./src/sh*.ts --text`);
  expect(stdout).toMatch(/^ {4}award {2}\$award {2}sync {2}declaration {2}forwards all arguments {2}1 parameter: stay$/m);
  expect(stdout).toMatch(/^ {4}sold +can be assigned$/m);
  expect(stdout.endsWith(`\n${readFileSync(stage.path("src/shop.ts"), "utf8")}`)).toBe(true);
  expect(stdout).not.toContain("item-");
});

test("texts that git has are named by their blobs, and shown where the repository is", async () => {
  const who = ["-c", "user.name=a", "-c", "user.email=a@b"];
  const git = (...args: readonly string[]): void => void execFileSync("git", [...who, ...args], { cwd: stage.folder, stdio: "ignore" });
  git("init");
  git("add", "src");
  git("commit", "-m", "all");
  write("git");
  expect((await runCli(stage.folder, `manifest --show ${MANIFEST}`)).stdout).toMatch(/^ {2}src\/bonus\.ts .* text git blob [0-9a-f]{40}$/m);
  const show = `manifest --show ${MANIFEST} --module src/bonus.ts --text`;
  expect((await runCli(stage.folder, show)).stdout).toContain("\nexport const bonus");
  rmSync(stage.path(".git"), { recursive: true });
  expect((await runCli(stage.folder, show)).stdout).toMatch(/The repository here does not have the blob\.\n$/);
});

test("--json has the same values", async () => {
  const { stdout } = await runCli(stage.folder, `manifest --json --show ${MANIFEST} --module src/bonus.ts --text`);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1, command: "manifest",
    result: {
      file: MANIFEST, schema: 2, package: "game", environment: { targets: "all" }, totals: { modules: MANY + 2, targets: MANY + 2 },
      modules: [{ key: "game:src/bonus.ts", format: "esm", stored: "embedded", targets: [{ name: "bonus", slot: "$bonus" }], text: BONUS }],
    },
  });
  expect(stdout).not.toContain("item-");
});

test("characters that steer terminals are shown as escapes", async () => {
  const { modules, ...head } = openProject("test", {}, stage.folder).writeManifest(MANIFEST, [stage.path("src/bonus.ts")]);
  const [[, module] = []] = modules;
  if (module === undefined) throw new Error("the manifest is empty");
  const specifiers = [{ specifier: "\u001b[2Jred\nline", how: ["import"], answer: { is: "package" } }] as const;
  const { fingerprint, content, text, blob, facts, named } = module;
  const steering = { fingerprint, content, text, blob, named, facts: { ...facts, specifiers } };
  writeManifest(stage.path(MANIFEST), { ...head, modules: new Map([["game:src/\u001b[31mred.ts", steering]]) });
  for (const more of ["", " --module **"]) {
    const { status, stdout } = await runCli(stage.folder, `manifest --show ${MANIFEST}${more}`);
    expect(status).toBe(0);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain(String.raw`\u{1b}[2Jred\nline`);
  }
});

test.each([
  ["", "give entries"],
  ["src/shop.ts --show x", "either entries, or --show, or --warm"],
  ["src/shop.ts --module x", "--module goes with --show"],
  ["--show x --text", "--text goes with --module"],
  ["--show x --cache y", "--source and --cache go with --warm"],
  [`--show ${MANIFEST} --module none.ts`, "no module of the manifest matches `none.ts`"],
])("manifest %s: %s", async (args, detail) => {
  expect(await runCli(stage.folder, `manifest ${args}`)).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining(detail) });
});

test("--warm analyses what the cache lacks, the fixed tree's modules too, and a second time nothing", async () => {
  expect(await runWarm()).toMatchObject({ there: 0, made: MANY + 2, failed: [], left: 0 });
  expect(await runWarm()).toMatchObject({ there: MANY + 2, made: 0 });
  edit();
  expect(await runWarm()).toMatchObject({ there: MANY + 2, made: 1 });
  expect(await runWarm("--cache", "elsewhere")).toMatchObject({ there: 0, made: MANY + 3 });
  const { stdout } = await runCli(stage.folder, `manifest --warm ${MANIFEST}`);
  expect(stdout).toBe(`${stage.path("node_modules/.cache/ts-hotfix")}: 0 modules analysed, ${MANY + 3} there already.\n`);
});

test.each([1, 2])("warming that is stopped leaves a cache that is whole, with what was made (%i threads)", async (threads) => {
  const open = (): DiskCache => new DiskCache(stage.path("cache"), stage.folder);
  const { base } = loadTree(stage.path(MANIFEST), stage.folder);
  const stop = new AbortController();
  const first = open();
  const stopped = await warm([base], first, { threads, stop: stop.signal, watch: () => stop.abort() });
  expect(stopped.made).toBeGreaterThan(0);
  expect(stopped.left).toBeGreaterThan(0);
  expect(first.save()).toBe(true);
  expect(filesIn("cache").filter((name) => name.endsWith(".tmp"))).toEqual([]);
  expect(await warm([base], open(), { threads })).toEqual({ there: stopped.made, made: stopped.left, failed: [], left: 0 });
});

test("--warm says where it cannot write", async () => {
  writeFiles(stage.folder, { file: "" });
  expect(await runCli(stage.folder, `manifest --warm ${MANIFEST} --cache file`)).toMatchObject({ status: 1, stderr: expect.stringContaining("HF0007") });
  const without = await runCli(stage.folder, `manifest --warm ${MANIFEST}`, { TS_HOTFIX_CACHE: "" });
  expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining("--cache") });
});

/** The patch file of a build. */
async function built(out: string, more: string): Promise<string> {
  const { status, stderr } = await runCli(stage.folder, `build --sequence 1 --out ${out} ${more}`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return readFileSync(stage.path(out), "utf8");
}

test("a patch is the same byte for byte, whatever the cache has", async () => {
  edit();
  const bytes = await built("without", "--no-cache");
  expect(readdirSync(stage.path("node_modules"))).not.toContain(".cache");
  expect(await built("empty", "--cache cache")).toBe(bytes);
  await runWarm("--cache", "cache");
  expect(await built("warm", "--cache cache")).toBe(bytes);
  const cache = new DiskCache(stage.path("cache"), stage.folder);
  expect(buildFrom(loadTree(stage.path(MANIFEST), stage.folder, undefined, new Analyses(cache)), {}).outcome).toBe("built");
  expect(cache.drawn).toBe(0);
  expect(await built("unwritable", "--cache package.json")).toBe(bytes);
});

test("a damaged cache changes nothing", async () => {
  edit();
  const options = { base: stage.path(MANIFEST), source: stage.folder };
  const bytes = (cache: string | false): string => {
    const result = buildPatch({ ...options, cache });
    return result.outcome === "built" ? Buffer.from(result.bytes).toString() : result.outcome;
  };
  const wanted = bytes(false);
  await runWarm("--cache", "cache");
  const pack = filesIn("cache").find((name) => name.endsWith(".pack"));
  const file = stage.path("cache", pack ?? "");
  const whole = readFileSync(file);
  const firstOf = (text: string): number => whole.indexOf(text);
  const spread = Array.from({ length: 40 }, (_, n) => Math.floor((whole.length * n) / 40));
  const spots = [0, firstOf("\n"), firstOf('"texts"'), firstOf('"blocks"'), whole.length - 10, ...spread];
  for (const at of spots) {
    const damaged = Buffer.from(whole);
    // a digit becomes another digit
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    writeFileSync(file, damaged);
    expect(bytes(stage.path("cache")), `byte ${at}`).toBe(wanted);
  }
  for (const content of ["", "{}", '\n{"texts":{},"blocks":[]}\n', whole.subarray(0, whole.length / 2)]) {
    writeFileSync(file, content);
    expect(bytes(stage.path("cache"))).toBe(wanted);
  }
  rmSync(file);
  mkdirSync(file);
  expect(bytes(stage.path("cache"))).toBe(wanted);
});

test("builds at the same time share a cache", async () => {
  edit();
  const wanted = await built("alone", "--no-cache");
  const run = async (...args: readonly string[]): Promise<unknown> => {
    const cli = join(ROOT, "test", "cli", "source-cli.mjs");
    const child = spawn(process.execPath, [cli, ...args, "--cache", "cache"], { cwd: stage.folder, stdio: "ignore" });
    return (await once(child, "exit"))[0];
  };
  for (const round of [1, 2]) {
    const builds = [1, 2, 3].map(async (n) => {
      // each has its own record of sequences
      const [base, out] = [`dist-${n}/manifest.json`, `fix-${round}-${n}`];
      cpSync(stage.path(MANIFEST), stage.path(base));
      expect(await run("build", "--sequence", "1", "--base", base, "--out", out)).toBe(0);
      return readFileSync(stage.path(out), "utf8");
    });
    const [warmed, ...patches] = await Promise.all([run("manifest", "--warm", MANIFEST), ...builds]);
    expect(warmed).toBe(0);
    expect(patches).toEqual([wanted, wanted, wanted]);
  }
  expect(filesIn("cache").filter((name) => name.endsWith(".tmp"))).toEqual([]);
  // of two that write at once one may lose what it had to add; nothing else
  await runWarm("--cache", "cache");
  expect(await runWarm("--cache", "cache")).toMatchObject({ there: MANY + 3, made: 0 });
});
