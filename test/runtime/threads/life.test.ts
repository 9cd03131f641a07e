/** Threads that come, go, block and lag while patches are applied. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { codes, emitHost, guarded, hotfix, MODULE_URL, patchOf, SOURCES, World } from "../world.ts";
import { fix, KEY, Process, shop, type TestThread } from "./process.ts";

const { apply, rollback, status } = hotfix;
const INDEX = new URL("runtime/index.ts", SOURCES).href;

const answers = async (threads: readonly TestThread[]): Promise<unknown[]> => await Promise.all(threads.map(({ evaluate }) => evaluate("shop.both()")));

test("a thread in a synchronous call to the main thread gets its answer", async () => {
  const process = await Process.start();
  const threads = [await process.thread(), await process.thread()];
  const memory = new Int32Array(new SharedArrayBuffer(8));
  threads[0]?.worker.on("message", (message: unknown) => {
    if (message !== "synchronous question") return;
    // the answer takes a turn of the main thread's event loop
    setTimeout(() => (Atomics.store(memory, 0, 1), Atomics.notify(memory, 0)), 150);
  });
  await threads[0]?.evaluate("void (globalThis.memory = undefined)");
  threads[0]?.worker.postMessage({ id: 0, expression: "1" });
  await threads[0]?.evaluate("void parentPort.on('message', (message) => { if (message.memory) globalThis.memory = message.memory; })");
  threads[0]?.worker.postMessage({ id: -1, expression: "1", memory });
  const asking = threads[0]?.evaluate("(parentPort.postMessage('synchronous question'), Atomics.wait(memory, 0, 0, 5000))");
  await new Promise((done) => setTimeout(done, 20));
  const applying = apply(fix(1));
  expect(await asking).toBe("ok");
  expect(await applying).toMatchObject({ outcome: "applied", threads: [{}, {}] });
  expect(await answers(threads)).toEqual(["1 1", "1 1"]);
});

test("threads that start while patches are applied are in step from their first statement", { timeout: 60_000 }, async () => {
  const process = await Process.start();
  const staying = await process.thread();
  const came: TestThread[] = [];
  const over = new AbortController();
  const coming = (async () => {
    while (!over.signal.aborted) came.push(await process.thread());
  })();
  for (let sequence = 1; came.length < 12; sequence++) expect(await apply(fix(sequence), { barrierTimeout: 20_000 })).toMatchObject({ outcome: "applied", diagnostics: [] });
  over.abort();
  await coming;
  const now = process.host["both"]();
  // a thread that starts right now may follow a moment later
  await expect.poll(() => status().threads.every(({ isInStep }) => isInStep), { timeout: 5000 }).toBe(true);
  expect(await answers([staying, ...came])).toEqual(Array(came.length + 1).fill(now));
});

test("a thread that ends in the middle does not keep the others", { timeout: 60_000 }, async () => {
  const process = await Process.start();
  const staying = [await process.thread(), await process.thread()];
  for (let sequence = 1; sequence <= 12; sequence++) {
    const leaving = await process.thread();
    await leaving.evaluate(sequence % 2 === 0 ? "1" : "void setTimeout(() => process.exit(), 1)");
    const applying = apply(fix(sequence), { barrierTimeout: 10_000 });
    // at another moment of the operation each time
    await new Promise((done) => setTimeout(done, sequence));
    if (sequence % 2 === 0) await leaving.worker.terminate();
    expect(await applying).toMatchObject({ outcome: "applied" });
    expect(await answers(staying)).toEqual([`${sequence} ${sequence}`, `${sequence} ${sequence}`]);
  }
  await expect.poll(() => status().threads.length).toBe(2);
});

test("eventually: nobody waits, and who is busy follows", async () => {
  const process = await Process.start();
  const threads = [await process.thread(), await process.thread()];
  const spinning = threads[1]?.evaluate("(spin(1500), shop.both())");
  await new Promise((done) => setTimeout(done, 50));
  const result = await apply(fix(1), { threads: "eventually", barrierTimeout: 200 });
  expect(result).toMatchObject({ outcome: "applied" });
  expect(result.threads.map(({ outcome }) => outcome)).toContain("behind");
  expect(result.notices.map(({ code }) => code)).toContain("HF3035");
  expect([process.host["both"](), await spinning]).toEqual(["1 1", "old old"]);
  await expect.poll(() => answers(threads)).toEqual(["1 1", "1 1"]);
  expect(status().threads).toMatchObject([{ isInStep: true }, { isInStep: true }]);
});

test("a commit that takes longer than threads may be held is swapped back", async () => {
  const process = await Process.start();
  const thread = await process.thread();
  await thread.evaluate("void (globalThis.isSlow = true)");
  const slow = patchOf({ [KEY]: { functions: "left right", variables: "v@1", code: `${guarded("left", "", "return '1';")} ${guarded("right", "", "return '1';")} const init_v = () => { if (globalThis.isSlow) globalThis.spin(120); };` } });
  const result = await apply(slow);
  expect([result.outcome, codes(result)]).toEqual(["refused", ["HF3033"]]);
  expect([process.host["both"](), ...(await answers([thread]))]).toEqual(["old old", "old old"]);
  await thread.evaluate("void (globalThis.isSlow = false)");
  expect(await apply(slow)).toMatchObject({ outcome: "applied" });
  expect(await answers([thread])).toEqual(["1 1"]);
});

test("a thread that starts, and has modules that do not fit, runs its own code there", async () => {
  const process = await Process.start();
  await apply(fix(1));
  process.world.write("other.mjs", emitHost("other.mjs", { ...shop, key: KEY, fingerprint: "another" }));
  const thread = await process.thread({ workerData: { late: true } });
  expect(await thread.evaluate("import('./other.mjs').then(({ both }) => both())")).toBe("old old");
  expect(await thread.evaluate("hotfix.status().modules[0].failed[0].code")).toBe("HF2004");
});

test("a thread that starts and cannot have a package at once follows as soon as it can, and says so", async () => {
  const process = await Process.start();
  process.world.write("node_modules/waiting/package.json", `{"name":"waiting","type":"module","exports":"./index.js"}`);
  process.world.write("node_modules/waiting/index.js", "await 0; export const mark = '!';");
  const imports = [{ local: "mark", from: { kind: "package", specifier: "waiting", imported: "mark" } as const }];
  await apply(patchOf({ [KEY]: { functions: "left", imports, code: guarded("left", "", "return $s.mark;") } }));
  process.world.write("worker.mjs", `import { parentPort } from "node:worker_threads";
process.on("warning", ({ code, message }) => parentPort.postMessage([code, message]));
const { both } = await import("./shop.mjs");
const atFirst = both();
setInterval(() => both() !== atFirst && parentPort.postMessage([atFirst, both()]), 5);`);
  const told: unknown[] = [];
  const worker = new Worker(process.world.path("worker.mjs"));
  worker.on("message", (message) => void told.push(message));
  await expect.poll(() => told).toEqual(expect.arrayContaining([["old old", "! old"], ["HF3036", expect.stringContaining("waiting")]]));
  await worker.terminate();
});

test("two phases: what is prepared is committed or aborted under its ticket", async () => {
  const process = await Process.start();
  const thread = await process.thread();
  const runtime = (globalThis as any)[Symbol.for("ts-hotfix/runtime/1")];
  const prepared = await runtime.prepare(fix(1));
  expect(prepared).toMatchObject({ outcome: "prepared", ticket: expect.any(String) });
  expect([status().busy, codes(await apply(fix(2))), process.host["both"]()]).toEqual([true, ["HF3001"], "old old"]);
  await runtime.abort(prepared.ticket);
  expect(status().busy).toBe(false);
  await expect(runtime.commit(prepared.ticket)).rejects.toMatchObject({ code: "HF3034" });
  const again = await runtime.prepare(fix(1));
  expect(await runtime.commit(again.ticket)).toMatchObject({ outcome: "applied", threads: [{}] });
  expect([process.host["both"](), ...(await answers([thread]))]).toEqual(["1 1", "1 1"]);
  const back = await runtime.prepareRollback({ holdFor: 30 });
  expect(back.outcome).toBe("prepared");
  await expect.poll(() => status().busy).toBe(false);
  expect(process.host["both"]()).toBe("1 1");
  await rollback();
});

test("a program of worker threads: packages, CommonJS, threads of threads, a main thread that comes late", { timeout: 60_000 }, async () => {
  const world = new World();
  world.write("node_modules/plain/package.json", `{"name":"plain","exports":"./index.cjs"}`);
  world.write("node_modules/plain/index.cjs", "exports.mark = '!';");
  world.write("node_modules/modern/package.json", `{"name":"modern","type":"module","exports":"./index.js"}`);
  world.write("node_modules/modern/index.js", "export const mark = '?';");
  world.writeHost("shop.mjs", shop);
  world.writeHost("shop.cjs", { ...shop, key: "app:src/other.ts", body: shop.body.replaceAll("export function", "exports.both = both; function").replaceAll("export ", "") });
  const marked = (key: string) => ({
    functions: "left", imports: ["plain", "modern"].map((specifier) => ({ local: specifier, from: { kind: "package", specifier, imported: "mark" } as const })),
    code: `${guarded("left", "", "return $s.plain + $s.modern;")}`, key,
  });
  const patch = patchOf({ [KEY]: marked(KEY), "app:src/other.ts": marked("app:src/other.ts") });
  world.write("inner.mjs", `import { parentPort } from "node:worker_threads";
import { both } from "./shop.mjs"; import { createRequire } from "node:module";
const seen = [both(), createRequire(import.meta.url)("./shop.cjs").both()];
parentPort.once("message", () => { parentPort.postMessage([seen, [both(), createRequire(import.meta.url)("./shop.cjs").both()]]); });
parentPort.postMessage("ready");`);
  world.write("outer.mjs", `import { parentPort, Worker } from "node:worker_threads"; import { once } from "node:events";
import "./shop.mjs";
const inner = new Worker(new URL("inner.mjs", import.meta.url));
await once(inner, "message"); parentPort.postMessage("ready");
parentPort.once("message", async () => { inner.postMessage(0); parentPort.postMessage((await once(inner, "message"))[0]); await inner.terminate(); parentPort.postMessage('inner has ended'); });`);
  world.write("main.mjs", `import { Worker } from "node:worker_threads"; import { on, once } from "node:events";
const early = new Worker(new URL("outer.mjs", import.meta.url));
// what a thread says as its last words comes in one go
const words = on(early, "message");
const next = async () => (await words.next()).value[0];
await next();
// only now the main thread has a runtime
const { apply, status } = await import(${JSON.stringify(INDEX)});
await import("./shop.mjs");
const result = await apply(${JSON.stringify(patch)}, { barrierTimeout: 20_000 });
// threads that were there before it join as soon as they can
while (status().threads.length < 2 || !status().threads.every(({ isInStep }) => isInStep)) await new Promise((done) => setTimeout(done, 10));
early.postMessage(0);
const told = await next();
await next();
while (status().threads.length > 1) await new Promise((done) => setTimeout(done, 10));
await early.terminate();
const late = new Worker(new URL("inner.mjs", import.meta.url));
await once(late, "message"); late.postMessage(0);
const [lateTold] = await once(late, "message");
await late.terminate();
console.log(JSON.stringify({ outcome: result.outcome, diagnostics: result.diagnostics, told, lateTold }));`);
  const { stdout } = await promisify(execFile)(process.execPath, ["main.mjs"], { cwd: world.folder, timeout: 50_000 });
  const output = JSON.parse(stdout);
  const [patched, old] = ["!? old", "old old"];
  expect(output).toEqual({ outcome: "applied", diagnostics: [], told: [[old, old], [patched, patched]], lateTold: [[patched, patched], [patched, patched]] });
  expect(MODULE_URL).toContain("module.ts");
});
