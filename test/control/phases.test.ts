/** The two phases over the socket, and what becomes of requests that nobody waits for. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { ControlClient } from "../../src/control/client.ts";
import { encodePatch } from "../../src/patch/file.ts";
import { hotfix, patchOf, SOURCES } from "../runtime/world.ts";
import { fix, KEY, opened } from "./opened.ts";

const { listen } = hotfix;
const RUNTIME = Symbol.for("ts-hotfix/runtime/1");
const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Status and codes, or the outcome. */
async function post(socketPath: string, path: string, body: string | Uint8Array = ""): Promise<unknown[]> {
  const asking = request({ socketPath, method: "POST", path, agent: false }).end(body);
  const [message] = await once(asking, "response");
  const answered = JSON.parse(Buffer.concat(await message.toArray()).toString());
  return [message.statusCode, ...("outcome" in answered ? [answered.outcome] : answered.diagnostics.map(({ code }: { code: string }) => code))];
}

test("what is prepared changes nothing until it is committed", async () => {
  const { host, path, client } = await opened();
  const prepared = await client.prepare(fix, { by: "ann", holdFor: 20_000 });
  expect(prepared).toMatchObject({ outcome: "prepared", from: "base", ticket: expect.any(String) });
  expect([host["award"](), (await client.status()).busy]).toEqual(["old", true]);
  expect(await client.prepare(fix)).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF3001" }] });
  const ticket = "ticket" in prepared ? prepared.ticket : "";
  expect(await client.commit(ticket)).toMatchObject({ outcome: "applied", patch: prepared.patch });
  expect(host["award"]()).toBe("new");
  expect(await client.status()).toMatchObject({ busy: false, history: [{ outcome: "refused" }, { outcome: "applied", by: "ann" }] });
  await expect(client.commit(ticket)).rejects.toMatchObject({ code: "HF3034" });
  expect(await client.prepare(fix)).toMatchObject({ outcome: "unchanged" });

  const back = await client.prepareRollback("base");
  await client.abort("ticket" in back ? back.ticket : "");
  expect([host["award"](), (await client.status()).busy]).toEqual(["new", false]);
  const again = await client.prepareRollback("base");
  expect(await client.commit("ticket" in again ? again.ticket : "")).toMatchObject({ outcome: "rolled-back" });
  await expect(client.abort("nothing")).rejects.toMatchObject({ code: "HF3034" });
  expect(await post(path, "/v1/commit", '{"ticket":"nothing"}')).toEqual([410, "HF3034"]);
});

test("what nobody decides on is given up", async () => {
  const { client } = await opened();
  expect(await client.prepare(fix, { holdFor: 50 })).toMatchObject({ outcome: "prepared" });
  await expect.poll(async () => (await client.status()).busy).toBe(false);
});

test("options come with the query, and a slip in them is told", async () => {
  const { path, host, client } = await opened();
  expect(await post(path, "/v1/apply?by=ann&threads=eventually&barrierTimeout=500&callbackLimit=100", fix)).toEqual([200, "applied"]);
  expect((await client.status()).history).toMatchObject([{ by: "ann" }]);
  expect(await post(path, "/v1/rollback?by=bob", "{}")).toEqual([200, "rolled-back"]);
  expect(await post(path, "/v1/apply?treads=eventually", fix)).toEqual([400, "HF3013"]);
  expect(await post(path, "/v1/apply?by=ann&by=bob", fix)).toEqual([400, "HF3013"]);
  expect(await post(path, "/v1/apply?barrierTimeout=2s", fix)).toEqual([400, "HF3013"]);
  expect(await post(path, "/v1/apply?barrierTimeout=0", fix)).toEqual([400, "HF3002"]);
  expect(await post(path, "/v1/prepare?threads=never", fix)).toEqual([400, "HF3002"]);
  expect(await post(path, "/v1/commit", "[]")).toEqual([400, "HF3013"]);
  expect(await post(path, "/v1/abort", "{}")).toEqual([400, "HF3013"]);
  expect(await post(path, "/v1/rollback", `{"to":"${"x".repeat(70_000)}"}`)).toEqual([413, "HF3014"]);
  expect(host["award"]()).toBe("old");
});

test("a host that cannot go back by itself does not promise to", async () => {
  const { path, host } = await opened();
  const runtime = (globalThis as Record<symbol, { confirm?: (options: object) => Promise<object> }>)[RUNTIME] ?? {};
  delete runtime.confirm;
  expect(await post(path, "/v1/apply?confirmWithin=1000", fix)).toEqual([400, "HF3041"]);
  expect(await post(path, "/v1/confirm")).toEqual([400, "HF3041"]);
  expect(host["award"]()).toBe("old");
  runtime.confirm = (options) => Promise.resolve({ outcome: "confirmed", ...options });
  expect(await new ControlClient(path).confirm({ by: "ann" })).toEqual({ outcome: "confirmed", by: "ann" });
});

test("a client that has gone is not obeyed behind its back", async () => {
  const { host, path, client } = await opened();
  // this process does nothing while the client comes and goes
  for (const route of ["prepare", "apply"]) {
    const message = Buffer.concat([Buffer.from(`POST /v1/${route} HTTP/1.1\r\nhost: h\r\ncontent-length: ${fix.byteLength}\r\n\r\n`), fix]);
    execFileSync(process.execPath, ["-e", `const s = require("net").connect(${JSON.stringify(path)}, () => s.write(Buffer.from("${message.toString("base64")}", "base64"), () => s.destroy()))`]);
  }
  await pause(50);
  expect(await client.status()).toMatchObject({ state: "base", busy: false, history: [] });
  expect(host["award"]()).toBe("old");

  // gone while it is prepared
  const slow = patchOf({ [KEY]: { functions: "award", code: "function award() { return 'new'; }" } });
  const signal = AbortSignal.timeout(100);
  const runtime = (globalThis as Record<symbol, { prepare: typeof hotfix.apply }>)[RUNTIME];
  const { prepare } = runtime ?? expect.fail();
  Object.assign(runtime ?? {}, { prepare: async (...args: Parameters<typeof prepare>) => (await pause(300), await prepare(...args)) });
  await expect(client.prepare(encodePatch(slow), {}, signal)).rejects.toMatchObject({ code: "HF3012" });
  await pause(400);
  expect((await client.status()).busy).toBe(false);
});

test("a worker thread's socket does not prepare for its thread alone", async () => {
  const { world } = await opened();
  world.write("worker.mjs", `import "./shop.mjs"; import { parentPort } from "node:worker_threads";
const { listen } = await import(${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)});
await listen(${JSON.stringify(world.path("worker.sock"))}); parentPort.postMessage("up"); parentPort.on("message", () => {});`);
  const worker = new Worker(world.path("worker.mjs"));
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, "message");
  await expect(new ControlClient(world.path("worker.sock")).prepare(fix)).rejects.toMatchObject({ code: "HF3043" });
  await expect(new ControlClient(world.path("worker.sock")).prepareRollback("base")).rejects.toMatchObject({ code: "HF3043" });
});

test("another version of the protocol is told, whoever speaks it", async () => {
  const { world, path, client } = await opened();
  expect(await post(path, "/v2/apply", fix)).toEqual([404, "HF3040"]);
  await client.status();
  expect(client.pid).toBe(process.pid);
  const other = createServer((_, response) => response.writeHead(404, { "ts-hotfix-protocol": "2" }).end("{}")).listen(world.path("other.sock"));
  await once(other, "listening");
  await expect(new ControlClient(world.path("other.sock")).status()).rejects.toMatchObject({ code: "HF3040", message: expect.stringContaining("speaks version 2") });
  await new Promise((done) => other.close(done));
});

test("closing answers what is under way, and waits for nobody else", async () => {
  const { path, socket } = await opened();
  const runtime = (globalThis as Record<symbol, object>)[RUNTIME] ?? {};
  Object.assign(runtime, { apply: () => pause(200).then(() => ({ outcome: "applied" })) });
  const half = connect(path, () => half.write("POST /v1/apply HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\nabc"));
  const idle = connect(path);
  const gone = Promise.all([once(half.resume().on("error", () => {}), "close"), once(idle.resume().on("error", () => {}), "close")]);
  const answered = post(path, "/v1/apply", fix);
  await pause(100);
  const started = performance.now();
  await socket.close();
  expect(performance.now() - started).toBeLessThan(1500);
  expect(await answered).toEqual([200, "applied"]);
  await gone;
});

test("whoever does not read the answer is dropped", async () => {
  const { path, client } = await opened({ requestTimeout: 200 });
  const runtime = (globalThis as Record<symbol, object>)[RUNTIME] ?? {};
  const status = hotfix.status();
  Object.assign(runtime, { status: () => ({ ...status, filler: "x".repeat(4_000_000) }) });
  const deaf = connect(path, () => deaf.write("GET /v1/status HTTP/1.1\r\nhost: h\r\n\r\n"));
  deaf.pause();
  await pause(2000);
  let bytes = 0;
  deaf.on("data", (chunk) => void (bytes += chunk.byteLength)).on("error", () => {});
  await once(deaf.resume(), "close");
  expect(bytes).toBeLessThan(4_000_000);
  expect(await client.status()).toMatchObject({ state: "base" });
});

test("a directory that others may write in is warned of", async () => {
  const { world } = await opened();
  mkdirSync(world.path("open"));
  const warnings: string[] = [];
  const hear = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", hear);
  onTestFinished(() => void process.off("warning", hear));
  for (const [mode, codes] of [[0o777, 1], [0o720, 1], [0o1777, 0], [0o755, 0]] as const) {
    warnings.length = 0;
    chmodSync(world.path("open"), mode);
    await (await listen(world.path("open/app.sock"))).close();
    await pause(5);
    expect({ mode, codes: warnings.filter((each) => each.startsWith("HF3044")).length }).toEqual({ mode, codes });
  }
});
