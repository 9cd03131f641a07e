/** Confirm or undo. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { encodePatch } from "../../src/patch/file.ts";
import { makeKeyPair, readSigningKey } from "../../src/patch/keys.ts";
import type { PatchPayload } from "../../src/patch/payload.ts";
import { fix, KEY, Program, SAYS, SHOP, type Said } from "./program.ts";
import { codes, hotfix, patchModule, SOURCES, World, type Exports } from "./world.ts";

const { apply, configure, confirm, rollback, status } = hotfix;
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A host; `log` is what its patch's callback writes. */
async function started(): Promise<{ world: World; host: Exports; log: string[] }> {
  const world = new World();
  const host = await world.host("shop.mjs", { ...SHOP, names: `${SHOP.names} log`, body: `export const log = [];\n${SHOP.body}` });
  return { world, host, log: host["log"] as string[] };
}

function healthy(sequence: number, body: string): PatchPayload {
  const imports = [{ local: "log", from: { kind: "host", key: KEY, name: "log", fixed: true } as const }];
  const module = patchModule("app:fix/callbacks.ts", { origin: "new", functions: "+healthy", imports, code: body });
  return { ...fix(sequence), callbacks: { names: ["healthy"], oncePerProcess: false, module } };
}

afterEach(() => void vi.useRealTimers());

test("what nobody confirms goes again, with the reason in the history (HF3068)", async () => {
  const { host } = await started();
  await apply(fix(1));
  const before = Date.now();
  const result = await apply(fix(2), { confirmWithin: 300 });
  expect(result.outcome).toBe("applied");
  expect(Date.parse(result.confirmUntil ?? "") - before).toBeGreaterThanOrEqual(300);
  expect(status().trial).toEqual({ until: result.confirmUntil, back: result.from });
  expect(host["award"]()).toBe("new 2");
  await vi.waitFor(() => expect(host["award"]()).toBe("new 1"));
  await vi.waitFor(() => expect(status().history.at(-1)).toMatchObject({ operation: "rollback", outcome: "rolled-back", by: "ts-hotfix", from: result.patch, codes: ["HF3068"], reason: expect.stringContaining("300 ms") }));
  expect(status().trial).toBeUndefined();
  expect(await confirm()).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF3070" }] });
});

test("what is confirmed stays", async () => {
  const { host } = await started();
  await apply(fix(1), { confirmWithin: 200 });
  expect(await confirm({ by: "ann" })).toEqual({ operation: "confirm", outcome: "confirmed", patch: status().state, notices: [], diagnostics: [] });
  expect(await confirm()).toMatchObject({ outcome: "refused" });
  await wait(400);
  expect(host["award"]()).toBe("new 1");
  expect(status().history.at(-1)).toMatchObject({ operation: "confirm", outcome: "confirmed", by: "ann" });
  await expect(confirm({ by: 5 } as never)).rejects.toMatchObject({ code: "HF3002" });
  await expect(apply(fix(1), { confirmWithin: 0 })).rejects.toMatchObject({ code: "HF3002" });
});

test("another operation ends it; another patch on trial goes back to what was confirmed last", async () => {
  const { host } = await started();
  await apply(fix(1));
  await apply(fix(2), { confirmWithin: 150 });
  await rollback();
  await wait(300);
  expect(host["award"]()).toBe("old");
  await apply(fix(3), { confirmWithin: 150 });
  await apply(fix(4));
  await wait(300);
  expect(host["award"]()).toBe("new 4");
  await apply(fix(5), { confirmWithin: 60_000 });
  await apply(fix(6), { confirmWithin: 150 });
  // neither what is refused nor what is in place already changes anything
  expect((await apply(fix(1))).outcome).toBe("refused");
  expect((await apply(fix(6))).outcome).toBe("unchanged");
  expect(status().trial).toBeDefined();
  await vi.waitFor(() => expect(host["award"]()).toBe("new 4"));
});

test("a rollback can be on trial too", async () => {
  const { host } = await started();
  await apply(fix(1));
  expect(await rollback({ confirmWithin: 100 })).toMatchObject({ outcome: "rolled-back", confirmUntil: expect.any(String) });
  expect(host["award"]()).toBe("old");
  await vi.waitFor(() => expect(host["award"]()).toBe("new 1"));
});

test("where the state before may not come back, the base does", async () => {
  const { host } = await started();
  const [one, two] = [makeKeyPair(), makeKeyPair()];
  const signed = (sequence: number, { privateKey }: { privateKey: string }): Uint8Array => encodePatch(fix(sequence), [readSigningKey(privateKey, "test")]);
  configure({ trustedKeys: [one.publicKey, two.publicKey] });
  await apply(signed(1, one));
  await apply(signed(2, two), { confirmWithin: 200 });
  configure({ trustedKeys: [two.publicKey] });
  await vi.waitFor(() => expect(host["award"]()).toBe("old"));
  expect(status().history.slice(-2)).toMatchObject([{ outcome: "refused", codes: ["HF3068", "HF2203"] }, { outcome: "rolled-back", codes: ["HF3068"] }]);
});

test("an undoing that is refused is tried again", async () => {
  const { world, host } = await started();
  world.write("worker.mjs", `import "./shop.mjs"; import { parentPort } from "node:worker_threads"; parentPort.on("message", (ms) => { const end = Date.now() + ms; while (Date.now() < end); }); parentPort.postMessage("ready");`);
  const worker = new Worker(world.path("worker.mjs"));
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, "message");
  expect(await apply(fix(1), { confirmWithin: 200 })).toMatchObject({ outcome: "applied", threads: [{}] });
  worker.postMessage(3000);
  await vi.waitFor(() => expect(status().history.at(-1)).toMatchObject({ outcome: "refused", codes: ["HF3068", "HF3030"] }), { timeout: 4000 });
  expect(host["award"]()).toBe("new 1");
  expect(await confirm()).toMatchObject({ outcome: "refused" });
  await vi.waitFor(() => expect(host["award"]()).toBe("old"), { timeout: 6000 });
}, 15_000);

test("a patch whose healthy says no is undone at once (HF3069)", async () => {
  const { host, log } = await started();
  const bodies = {
    "it returned false": "function healthy() { return false; }",
    "Error: ill": "function healthy() { throw new Error('ill'); }",
    "Error: late": "async function healthy() { await 1; throw new Error('late'); }",
    "it did not end within 50 ms": "function healthy() { return new Promise(() => {}); }",
  };
  let sequence = 0;
  for (const [detail, body] of Object.entries(bodies)) {
    expect((await apply(healthy(++sequence, body), { confirmWithin: 60_000, callbackLimit: 50 })).outcome).toBe("applied");
    await vi.waitFor(() => expect(status().history.at(-1)).toMatchObject({ outcome: "rolled-back", codes: ["HF3069"], reason: expect.stringContaining(detail) }));
    expect(host["award"]()).toBe("old");
  }
  // once a second, as long as it is on trial
  await apply(healthy(++sequence, "function healthy() { $s.log.push(1); return $s.log.length < 3; }"), { confirmWithin: 60_000 });
  await vi.waitFor(() => expect(log.length).toBe(2), { timeout: 5000 });
  expect(host["award"]()).toBe(`new ${sequence}`);
  await vi.waitFor(() => expect(host["award"]()).toBe("old"), { timeout: 5000 });
  await apply(healthy(++sequence, "function healthy() { $s.log.push(1); }"), { confirmWithin: 60_000 });
  await confirm();
  const { length } = log;
  await wait(1300);
  expect([log.length, host["award"]()]).toEqual([length, `new ${sequence}`]);
  // without a trial nobody asks
  await apply(healthy(++sequence, "function healthy() { return false; }"));
  await wait(50);
  expect(host["award"]()).toBe(`new ${sequence}`);
}, 15_000);

test("a thread's program confirms for the whole process", async () => {
  const { world, host } = await started();
  world.write("worker.mjs", `import "./shop.mjs"; import { parentPort } from "node:worker_threads"; import { confirm } from ${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)};
parentPort.on("message", async () => parentPort.postMessage(await confirm({ by: "worker" }))); parentPort.postMessage("ready");`);
  const worker = new Worker(world.path("worker.mjs"));
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, "message");
  await apply(fix(1), { confirmWithin: 60_000 });
  worker.postMessage("");
  expect(await once(worker, "message")).toMatchObject([{ outcome: "confirmed" }]);
  expect(status().trial).toBeUndefined();
  worker.postMessage("");
  expect((await once(worker, "message") as [{ diagnostics: { code: string }[] }]).map(codes)).toEqual([["HF3070"]]);
  expect(host["award"]()).toBe("new 1");
});

test("a restart leads to the state before, until it is confirmed", async () => {
  const program = new Program();
  const [one, two] = [fix(1), fix(2)].map((patch, index) => JSON.stringify(program.write(`fix-${index}.hotfix`, patch)));
  const running = await program.start();
  await running.ask(`hotfix.apply(${one})`);
  await running.ask(`hotfix.apply(${two}, { confirmWithin: 60000 })`);
  expect(await running.ask("shop.award()")).toBe("new 2");
  await running.end("SIGKILL");
  const again = await program.start();
  expect(await again.ask<Said>(SAYS)).toMatchObject(["new 1", "new 1", {}]);
  await again.ask(`hotfix.apply(${two}, { confirmWithin: 60000 })`);
  expect(await again.ask("hotfix.confirm()")).toMatchObject({ outcome: "confirmed" });
  await again.end("SIGKILL");
  expect((await program.live("shop.first")).value).toBe("new 2");
  expect(program.history().map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual(["apply applied", "apply applied", "boot applied", "apply applied", "confirm confirmed", "boot applied"]);
});

test("a state directory that is named during a trial has what was confirmed", async () => {
  const program = new Program();
  const path = JSON.stringify(program.write("fix.hotfix", fix(1)));
  delete program.env["TS_HOTFIX_STATE_DIR"];
  const [first, second] = [await program.start(), await program.start()];
  const named = (more: string): string => `hotfix.apply(${path}, { confirmWithin: 60000 }).then(() => (hotfix.configure({ stateDir: "state" }), new Promise((done) => setTimeout(done, 300)))).then(() => ${more})`;
  program.env["TS_HOTFIX_STATE_DIR"] = program.directory;
  await first.ask(named("1"));
  await first.end("SIGKILL");
  expect((await program.live<Said>(SAYS)).value[0]).toBe("old");
  await second.ask(named("hotfix.confirm()"));
  await second.end("SIGKILL");
  expect((await program.live<Said>(SAYS)).value[0]).toBe("new 1");
});
