import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, lstatSync, readdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ControlClient } from "../../src/control/client.ts";
import { hotfix, SOURCES, World } from "../runtime/world.ts";
import { fix, opened, shop } from "./opened.ts";

const { listen } = hotfix;
const RUNTIME_URL = new URL("runtime/index.ts", SOURCES).href;

interface Reply { status: number | undefined; text: string }

function send(socketPath: string, method: string, path: string, body?: string | Uint8Array, headers = {}): Promise<Reply> {
  return new Promise((done, fail) => {
    const asking = request({ socketPath, method, path, headers, agent: false }, (message) => {
      let text = "";
      message.setEncoding("utf8").on("data", (chunk) => (text += chunk)).on("end", () => done({ status: message.statusCode, text }));
    });
    asking.on("error", fail);
    asking.end(body);
  });
}

test("applies, tells and rolls back", async () => {
  const { host, path } = await opened();
  const client = new ControlClient(path);
  expect(await client.status()).toMatchObject({ schema: 1, state: "base", pid: process.pid });
  const applied = await client.apply(fix);
  expect(applied).toMatchObject({ outcome: "applied", functions: ["src/shop.ts#award"] });
  expect(host["award"]()).toBe("new");
  expect(await client.status()).toMatchObject({ state: applied.patch, nodeEnv: "test", history: [{ by: "socket" }] });
  expect(await client.activePatch()).toEqual({ state: applied.patch, file: Buffer.from(fix).toString("utf8") });
  expect(await client.apply(fix)).toMatchObject({ outcome: "unchanged" });
  expect(await client.apply(Buffer.from("nonsense"))).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2001" }] });
  expect(await client.rollback("base")).toMatchObject({ outcome: "rolled-back", patch: "base" });
  expect(host["award"]()).toBe("old");
  expect(await client.activePatch()).toEqual({ state: "base", file: null });
});

test("works with curl", async () => {
  const { path } = await opened();
  const { stdout } = await promisify(execFile)("curl", ["-s", "--unix-socket", path, "http://host/v1/status"]);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 1, state: "base" });
});

test("is a socket of mode 0600 and leaves nothing else behind", async () => {
  const { world, path, socket } = await opened();
  expect(lstatSync(path).isSocket()).toBe(true);
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(world.folder).toSorted()).toEqual(["app.sock", "shop.mjs"]);
  await socket.close();
  expect(existsSync(path)).toBe(false);
});

test("takes over a stale socket", async () => {
  const world = new World();
  const path = world.path("app.sock");
  const child = spawn(process.execPath, ["-e", `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((done) => child.stdout.once("data", done));
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await ended;
  expect(lstatSync(path).isSocket()).toBe(true);
  const socket = await listen(path);
  expect(await new ControlClient(path).status()).toMatchObject({ state: "base" });
  await socket.close();
});

test("leaves a path alone that somebody uses", async () => {
  const { world, path } = await opened();
  await expect(listen(path)).rejects.toMatchObject({ code: "HF3010" });
  expect(await new ControlClient(path).status()).toMatchObject({ state: "base" });

  writeFileSync(world.path("file"), "precious");
  await expect(listen(world.path("file"))).rejects.toMatchObject({ code: "HF3011" });
  expect(existsSync(world.path("file"))).toBe(true);
  await expect(listen(world.path("missing/app.sock"))).rejects.toMatchObject({ code: "HF3011" });
  await expect(listen(world.path("x".repeat(120)))).rejects.toMatchObject({ code: "HF3011", message: expect.stringContaining("longer than") });
  await expect(listen("")).rejects.toMatchObject({ code: "HF3002" });
});

test("does not remove a socket that another process has put in its place", async () => {
  const { world, path, socket } = await opened();
  const { renameSync } = await import("node:fs");
  renameSync(path, world.path("moved"));
  const other = createServer().listen(path);
  await new Promise((done) => other.once("listening", done));
  await socket.close();
  expect(existsSync(path)).toBe(true);
  await new Promise((done) => other.close(done));
});

test("answers what it does not understand with a code", async () => {
  const { path } = await opened();
  const reply = async (...args: [string, string, (string | Uint8Array)?]) => {
    const { status, text } = await send(path, ...args);
    return [status, ...JSON.parse(text).diagnostics.map(({ code }: { code: string }) => code)];
  };
  expect(await reply("GET", "/v2/status")).toEqual([404, "HF3040"]);
  expect(await reply("DELETE", "/v1/status")).toEqual([404, "HF3013"]);
  expect(await reply("GET", "/toString")).toEqual([404, "HF3013"]);
  expect(await reply("POST", "/v1/rollback", "{")).toEqual([400, "HF3013"]);
  expect(await reply("POST", "/v1/rollback", '{"to":1}')).toEqual([400, "HF3013"]);
  expect((await send(path, "POST", "/v1/rollback")).status).toBe(200);
  expect((await send(path, "POST", "/v1/rollback", '{"to":"abcdefabcdef"}')).status).toBe(409);
});

test("refuses bodies beyond its limit, announced or not, and goes on", async () => {
  const { path } = await opened({ bodyLimit: 1000 });
  for (const headers of [{ "content-length": 5000 }, { "transfer-encoding": "chunked" }]) {
    const { status, text } = await send(path, "POST", "/v1/apply", Buffer.alloc(5000), headers);
    expect([status, JSON.parse(text).diagnostics[0].code]).toEqual([413, "HF3014"]);
  }
  expect(await new ControlClient(path).status()).toMatchObject({ state: "base" });
});

test("survives garbage and clients that go away, and drops those that are too slow", async () => {
  const { path } = await opened({ requestTimeout: 300 });
  for (const garbage of ["\0\0\0", "GET\r\n\r\n", "POST /v1/apply HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc", "x".repeat(100_000)]) {
    await new Promise<void>((done) => {
      const socket = connect(path, () => socket.write(garbage, () => socket.destroy()));
      socket.on("close", () => done()).on("error", () => {});
    });
  }
  const slow = connect(path, () => slow.write("POST /v1/apply HTTP/1.1\r\nhost: host\r\ncontent-length: 9\r\n\r\nabc"));
  let reply = "";
  slow.on("data", (chunk) => (reply += String(chunk))).on("error", () => {});
  await new Promise((done) => slow.once("close", done));
  expect(reply).toMatch(/^HTTP\/1\.1 408 /);
  expect(await new ControlClient(path).status()).toMatchObject({ state: "base" });
});

test("serves many clients at once, and one operation at a time", async () => {
  const { path } = await opened();
  const client = new ControlClient(path);
  const results = await Promise.all(Array.from({ length: 20 }, () => client.apply(fix)));
  expect(results.filter(({ outcome }) => outcome === "applied")).toHaveLength(1);
  expect(new Set(results.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))).toEqual(new Set(results.some(({ outcome }) => outcome === "refused") ? ["HF3001"] : []));
  expect(await Promise.all(Array.from({ length: 30 }, () => client.status()))).toHaveLength(30);
});

test("never keeps a process alive, and its file goes with the process", async () => {
  const world = new World();
  const script = `const { listen } = await import(${JSON.stringify(RUNTIME_URL)}); await listen("s"); console.log("open");`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: world.folder, encoding: "utf8", timeout: 10_000 });
  expect(output).toBe("open\n");
  expect(readdirSync(world.folder)).toEqual([]);
});

test("opens by itself with TS_HOTFIX_SOCKET, on the main thread only", async () => {
  const world = new World();
  world.writeHost("shop.mjs", shop);
  world.write("main.mjs", `
    import "./shop.mjs"; import { Worker } from "node:worker_threads"; import { existsSync } from "node:fs";
    process.on("warning", (warning) => console.log(warning.message));
    const worker = new Worker(new URL("./shop.mjs", import.meta.url));
    await new Promise((done) => worker.once("exit", done));
    while (!existsSync("s")) await new Promise((done) => setTimeout(done, 5));
    console.log("open");`);
  const env = { ...process.env, TS_HOTFIX_SOCKET: "s" };
  expect(execFileSync(process.execPath, ["main.mjs"], { cwd: world.folder, encoding: "utf8", env, timeout: 10_000 })).toBe("open\n");
});

test("a socket that cannot be opened by itself is a warning, not a crash", () => {
  const world = new World();
  world.writeHost("shop.mjs", shop);
  world.write("main.mjs", `import "./shop.mjs"; process.on("warning", (warning) => console.log(warning.message)); await new Promise((done) => setTimeout(done, 300));`);
  const env = { ...process.env, TS_HOTFIX_SOCKET: "missing/s" };
  expect(execFileSync(process.execPath, ["main.mjs"], { cwd: world.folder, encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] })).toMatch(/^HF3011/);
});

test("a client without a host, or with a stranger, gets a code", async () => {
  const world = new World();
  await expect(new ControlClient(world.path("nobody")).status()).rejects.toMatchObject({ code: "HF3012" });
  const stranger = createServer((socket) => socket.resume().end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")).listen(world.path("stranger"));
  await new Promise((done) => stranger.once("listening", done));
  await expect(new ControlClient(world.path("stranger")).status()).rejects.toMatchObject({ code: "HF3015" });
  await new Promise((done) => stranger.close(done));
  const mute = createServer((socket) => socket.on("error", () => {}).resume()).listen(world.path("mute"));
  await new Promise((done) => mute.once("listening", done));
  await expect(new ControlClient(world.path("mute"), { timeout: 50 }).status()).rejects.toMatchObject({ code: "HF3012", message: expect.stringContaining("50 ms") });
  await new Promise((done) => mute.close(done));
});
