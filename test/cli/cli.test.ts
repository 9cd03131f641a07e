import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, truncateSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { encodePatch } from "../../src/patch/file.ts";
import { makeKeyPair } from "../../src/patch/keys.ts";
import { guarded, patchOf, SOURCES, World } from "../runtime/world.ts";
import { runCli, type Ran } from "./run-cli.ts";

const KEY = "app:src/shop.ts";
const CLI = fileURLToPath(new URL("./source-cli.mjs", import.meta.url));
const BIN = fileURLToPath(new URL("../../bin/ts-hotfix.js", import.meta.url));

function cli(world: World, args: string, env: NodeJS.ProcessEnv = {}) {
  const inherited = { ...process.env, NO_COLOR: "1", TS_HOTFIX_SOCKET: "" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args.split(" ").filter(Boolean)], { cwd: world.folder, encoding: "utf8", env: { ...inherited, ...env } });
  return { status, stdout, stderr };
}

const here = (world: World, args: string): Promise<Ran> => runCli(world.folder, args);

/** A running server with a control socket, and two patch files beside it. */
async function running(env: NodeJS.ProcessEnv = {}): Promise<World> {
  const world = new World();
  world.writeHost("shop.mjs", { names: "award", body: `export ${guarded("award", "", "return 'old';")}` });
  world.write("server.mjs", `import "./shop.mjs"; import { listen } from ${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)};
    await listen("app.sock"); setInterval(() => {}, 1000); console.log("up");`);
  const code = (answer: string) => `function award() { return '${answer}'; }`;
  const write = (file: string, sequence: number, fingerprint = "fp") =>
    world.write(file, Buffer.from(encodePatch(patchOf({ [KEY]: { functions: "award", fingerprint, code: code(file) } }, sequence))).toString("utf8"));
  write("one.hotfix", 1);
  write("two.hotfix", 2);
  write("other.hotfix", 3, "other");
  world.write("damaged.hotfix", "{}");
  const child = spawn(process.execPath, ["server.mjs"], { cwd: world.folder, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill());
  await new Promise((done) => child.stdout.once("data", done));
  return world;
}

test("applies, tells and rolls back, each with its exit code", async () => {
  const world = await running();
  const to = "--to app.sock";
  expect(await here(world, `status ${to}`)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^base, since .*\nprocess \d+, Node\.js v.*, 1 module loaded\ntakes patches from everybody\n/) });
  expect(await here(world, `apply one.hotfix ${to}`)).toMatchObject({
    status: 0, stderr: expect.stringMatching(/^notice HF3102: This host takes patches from everybody.*\n.*\n$/), stdout: expect.stringMatching(/^Applied patch [0-9a-f]{12} at app\.sock: 1 function, .*\n {2}src\/shop\.ts#award\n$/),
  });
  expect(await here(world, `apply one.hotfix ${to}`)).toMatchObject({ status: 3, stdout: expect.stringMatching(/^Nothing changed/) });
  expect((await here(world, `apply two.hotfix ${to}`)).status).toBe(0);
  expect(await here(world, `apply one.hotfix ${to}`)).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(/refusal HF3003: .*\n {2}If that is meant.*\nRefused by app\.sock, which stays at patch/s) });
  expect(await here(world, `apply other.hotfix ${to}`)).toMatchObject({ status: 2, stderr: expect.stringContaining("HF2004") });
  expect(await here(world, `apply damaged.hotfix ${to}`)).toMatchObject({ status: 2, stderr: expect.stringContaining("HF2001") });
  expect(await here(world, `rollback previous ${to}`)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Back at patch/) });
  expect(await here(world, `rollback ${to}`)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Back at base/) });
  expect((await here(world, `rollback ${to}`)).status).toBe(3);
  expect((await here(world, `status ${to}`)).stdout).toContain("rollback base: unchanged");
}, 60_000);

test("a host with trusted keys takes signed patches alone, and says who signed", async () => {
  const { publicKey, privateKey, fingerprint } = makeKeyPair();
  const world = await running({ TS_HOTFIX_TRUSTED_KEYS: publicKey });
  const { status, stderr } = await here(world, "apply one.hotfix --to app.sock");
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^refusal HF2202: .*\n.*ts-hotfix sign.*\nRefused by app\.sock, which stays at base\.\n$/) });
  world.write("release.key.pem", privateKey);
  expect((await here(world, "sign one.hotfix --key release.key.pem")).status).toBe(0);
  expect(await here(world, "apply one.hotfix --to app.sock")).toMatchObject({ status: 0, stderr: "" });
  const told = (await here(world, "status --to app.sock")).stdout;
  expect(told).toContain(`signed by ${fingerprint}\n`);
  expect(told).toContain(`takes patches signed by ${fingerprint}\n`);
}, 60_000);

test("prints one JSON object, whatever happens", async () => {
  const world = await running();
  const json = async (args: string) => {
    const { status, stdout, stderr } = await here(world, `${args} --json`);
    expect(stderr).toBe("");
    return { exit: status, ...JSON.parse(stdout) };
  };
  expect(await json("apply one.hotfix --to app.sock")).toMatchObject({ exit: 0, schema: 1, command: "apply", socket: "app.sock", result: { outcome: "applied", functions: ["src/shop.ts#award"] } });
  expect(await json("status --to app.sock")).toMatchObject({ exit: 0, schema: 1, command: "status", socket: "app.sock", status: { schema: 1, modules: [{ patched: ["src/shop.ts#award"] }] } });
  expect(await json("rollback --to app.sock")).toMatchObject({ exit: 0, command: "rollback", result: { outcome: "rolled-back" } });
  expect(await json("apply gone.hotfix --to app.sock")).toMatchObject({ exit: 1, schema: 1, command: "apply", diagnostics: [{ code: "HF3017" }] });
  expect(await json("status --to nobody.sock")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF3012" }] });
  expect(await json("status")).toMatchObject({ exit: 1, diagnostics: [{ code: "HF3018" }] });
}, 60_000);

test("prints one JSON object where the command line is not understood", async () => {
  const world = new World();
  const json = async (args: string) => {
    const { status, stdout, stderr } = await here(world, args);
    expect(stderr).toBe("");
    return { exit: status, ...JSON.parse(stdout) };
  };
  const usage = (command: string | null, detail: string) => ({
    exit: 1, schema: 1, command,
    diagnostics: [{ code: "HF0006", severity: "error", message: expect.stringContaining(`is not understood: ${detail}`), remedy: expect.any(String) }],
  });
  expect(await json("status --jsno --json")).toEqual(usage("status", "unknown option '--jsno' (Did you mean --json?)."));
  expect(await json("--json")).toEqual(usage(null, "unknown option '--json'"));
  expect(await json("implode --json")).toEqual(usage(null, "unknown command 'implode'"));
  expect(await json("apply --json")).toEqual(usage("apply", "missing required argument 'file'."));
  expect(await json("status now --json")).toEqual(usage("status", "too many arguments"));
  expect(await json("build --json --sequence 0")).toEqual(usage("build", "option '--sequence <number>' argument '0' is invalid. It must be a whole number from 1."));
  expect(await json("build --json --out")).toEqual(usage("build", "option '--out <file>' argument missing."));
  for (const option of ["global <name>", "out <file>", "base <manifest>", "source <folder>", "sequence <number>"]) {
    expect(await json(`build --${option.split(" ")[0]} --json`)).toEqual(usage("build", `option '--${option}' argument '--json' is invalid. It looks like an option`));
  }
  expect(await json("status --to --json")).toEqual(usage("status", "option '--to <socket>' argument '--json' is invalid"));
  expect(cli(world, "build --global --dry-run")).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("looks like an option") });
  expect(await json("--explain --json")).toEqual(usage("explain", "missing required argument 'code'."));
  expect(await json("status --explain HF1007 --json")).toEqual(usage("status", "unknown option '--explain'"));
  // behind `--` stand arguments alone
  expect(cli(world, "status -- --json")).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("too many arguments") });
  for (const args of ["--version --json", "--help --json", "apply --json --help"]) expect(cli(world, args)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^(Usage|\d)/) });
}, 60_000);

test("reads no file that is not a regular one, or is too large for a patch", () => {
  const world = new World();
  world.write("large.hotfix", "");
  truncateSync(world.path("large.hotfix"), 64 * 1024 * 1024 + 1);
  for (const file of ["/dev/zero", "."]) expect(cli(world, `apply ${file} --to nobody.sock`)).toMatchObject({ status: 1, stderr: expect.stringMatching(/HF3017: .*not a regular file/) });
  expect(cli(world, "apply large.hotfix --to nobody.sock")).toMatchObject({ status: 1, stderr: expect.stringContaining("HF3014") });
}, 60_000);

test("a reader that has seen enough is no error", async () => {
  const world = await running();
  const child = spawn(process.execPath, [CLI, "status", "--to", "app.sock"], { cwd: world.folder, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (data) => void (stderr += data));
  const [exit] = await once(child, "close");
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
}, 60_000);

test("takes the socket from TS_HOTFIX_SOCKET", async () => {
  const world = await running();
  expect(cli(world, "status", { TS_HOTFIX_SOCKET: "app.sock" })).toMatchObject({ status: 0, stdout: expect.stringContaining("base") });
});

test("colours a terminal only", async () => {
  const world = await running();
  expect(cli(world, "apply one.hotfix --to app.sock", { NO_COLOR: undefined }).stdout).not.toContain("\u001b[");
});

test("explains itself", () => {
  const world = new World();
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(cli(world, "--version").stdout).toBe(`${version}\n`);
  expect(cli(world, "--help").stdout).toMatch(/Exit codes:\n {2}0 {2}done/);
  for (const command of ["build", "apply", "rollback", "status", "keygen", "sign", "verify", "explain"]) expect(cli(world, `${command} --help`).stdout).toMatch(/Examples?:\n {2}\$ ts-hotfix/);
  expect(cli(world, "apply")).toMatchObject({ status: 1, stderr: expect.stringContaining("missing required argument") });
  expect(cli(world, "implode").status).toBe(1);
});

test("an old Node gets one line", () => {
  for (const version of ["20.19.0", "22.14.9", "8.0.0"]) {
    const fake = `data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"${version}"}})`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", fake, BIN, "status"], { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: "", stderr: `ts-hotfix needs Node.js 22.15 or newer; this is ${version}.\n` });
  }
});
