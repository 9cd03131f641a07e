import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import type { CallbackName, PatchPayload } from "../../src/patch/payload.ts";
import { codes, faults, guarded, hotfix, load, patchModule, patchOf, World, type Exports, type PatchSketch } from "./world.ts";

const { apply, rollback, status } = hotfix;
const KEY = "app:src/shop.ts";
const IMPORTS = ["log", "award"].map((name) => ({ local: name, from: { kind: "host", key: KEY, name, fixed: true } as const }));

/** A host with a log, where award() says which code runs. */
async function shop(): Promise<{ world: World; host: Exports; log: string[] }> {
  const world = new World();
  const host = await world.host("shop.mjs", { names: "award log", body: `export const log = [];\nexport ${guarded("award", "", "return 'old';")}` });
  return { world, host, log: host["log"] as string[] };
}

const fix = (sequence: number, sketch: Partial<PatchSketch> = {}): Parameters<typeof patchOf>[0] => ({ [KEY]: { functions: "award", code: guarded("award", "", `return 'new ${sequence}';`), ...sketch } });

/** Each callback logs its name and what runs; `bodies` say what it does then. */
function withCallbacks(sequence: number, bodies: Partial<Record<CallbackName, string>>, sketch: Partial<PatchSketch> = {}, modules: Parameters<typeof patchOf>[0] = fix(sequence)): PatchPayload {
  const names = Object.keys(bodies) as CallbackName[];
  const code = names.map((name) => `function ${name}() { $s.log.push('${name} ${sequence} ' + (0, $s.award)()); ${bodies[name]} }`).join("\n");
  const module = patchModule("app:fix/callbacks.ts", { origin: "new", functions: names.map((name) => `+${name}`).join(" "), imports: IMPORTS, ...sketch, code: `${code}\n${sketch.code ?? ""}` });
  return { ...patchOf(modules, sequence), callbacks: { names, oncePerProcess: false, module } };
}

/** What is said of callbacks. */
function told({ notices }: { readonly notices: readonly { readonly code: string; readonly message: string }[] }): string[] {
  return notices.filter(({ code }) => code === "HF3022").map(({ message }) => message);
}

const ALL = { prePatch: "", postPatch: "", preUnpatch: "", postUnpatch: "" };

test("they run around commit and rollback", async () => {
  const { log } = await shop();
  const result = await apply(withCallbacks(1, ALL));
  expect([result.outcome, told(result)]).toEqual(["applied", []]);
  expect(log).toEqual(["prePatch 1 old", "postPatch 1 new 1"]);
  expect((await apply(withCallbacks(1, ALL))).outcome).toBe("unchanged");
  expect((await rollback()).outcome).toBe("rolled-back");
  expect(log.slice(2)).toEqual(["preUnpatch 1 new 1", "postUnpatch 1 old"]);
  await rollback();
  expect(log.length).toBe(4);
});

test("a patch that is replaced is not asked: only the callbacks of the new one run", async () => {
  const { log } = await shop();
  await apply(withCallbacks(1, ALL));
  await apply(withCallbacks(2, ALL));
  await rollback({ to: "previous" });
  expect(log).toEqual(["prePatch 1 old", "postPatch 1 new 1", "prePatch 2 new 1", "postPatch 2 new 2", "prePatch 1 new 2", "postPatch 1 new 1"]);
});

test("their variables live as long as the patch is in place, and begin afresh with it", async () => {
  const { log } = await shop();
  const patch = withCallbacks(1, { prePatch: "$s.count++;", postPatch: "$s.count++;", postUnpatch: "$s.log.push($s.count);" }, { variables: "=count", code: "const init_count = () => 10;" });
  await apply(patch);
  await rollback();
  await apply(patch);
  await rollback();
  expect(log.filter((each) => typeof each === "number")).toEqual([12, 12]);
});

test.each([
  ["throws", "throw new Error('players online');", "HF3020", "Error: players online"],
  ["returns false", "return false;", "HF3020", "it returned false"],
  ["rejects", "return Promise.reject(new TypeError('later'));", "HF3020", "TypeError: later"],
  ["promises false", "return new Promise((done) => setTimeout(done, 5, false));", "HF3020", "it returned false"],
  ["does not end", "return new Promise(() => {});", "HF3021", "50 ms"],
])("prePatch vetoes: it %s", async (_what, body, code, detail) => {
  const { host, log } = await shop();
  const result = await apply(withCallbacks(1, { ...ALL, prePatch: body }), { callbackLimit: 50 });
  expect([result.outcome, ...codes(result)]).toEqual(["refused", code]);
  expect(result.diagnostics[0]?.message).toContain(detail);
  expect([host["award"](), status().state, status().busy]).toEqual(["old", "base", false]);
  // what it began is its own to undo
  expect(log).toEqual(["prePatch 1 old"]);
});

test("a file of callbacks that cannot be evaluated refuses the patch", async () => {
  const { host, log } = await shop();
  const result = await apply(withCallbacks(1, ALL, { variables: "bad", code: "const init_bad = () => { throw new Error('no'); };" }));
  expect([result.outcome, ...codes(result), host["award"](), log]).toEqual(["refused", "HF3023", "old", []]);
});

test.each([
  ["throws", "throw new Error('oops');", "Error: oops"],
  ["is asynchronous after all", "return Promise.reject(new Error('unheard'));", "it returned a promise, which nobody waits for"],
])("what goes wrong after the commit is told and stops nothing: it %s", async (_what, body, detail) => {
  const { host } = await shop();
  const applied = await apply(withCallbacks(1, { postPatch: body, preUnpatch: body, postUnpatch: body }));
  expect([applied.outcome, told(applied)]).toEqual(["applied", [`The callback \`postPatch\` failed: ${detail}.`]]);
  expect(host["award"]()).toBe("new 1");
  const back = await rollback();
  expect(back).toMatchObject({ outcome: "rolled-back", notices: [{ code: "HF3022" }, { code: "HF3022" }] });
  expect(host["award"]()).toBe("old");
});

test("a rollback does not wait for ever", async () => {
  const { host } = await shop();
  await apply(withCallbacks(1, { preUnpatch: "return new Promise(() => {});" }));
  expect(await rollback({ callbackLimit: 20 })).toMatchObject({ outcome: "rolled-back", notices: [{ code: "HF3022" }] });
  expect(host["award"]()).toBe("old");
});

test("when nothing comes of a patch that prePatch allowed, postUnpatch clears away", async () => {
  const { host, log } = await shop();
  const failing = fix(1, { variables: "bad", code: `${guarded("award", "", "return 'new';")} const init_bad = () => { throw new Error('no'); };` });
  expect((await apply(withCallbacks(1, ALL, {}, failing))).outcome).toBe("failed");
  expect(log).toEqual(["prePatch 1 old", "postUnpatch 1 old"]);
  faults.hook = (point) => {
    if (point === "commit:end") throw new Error("injected");
  };
  expect((await apply(withCallbacks(2, ALL))).outcome).toBe("failed");
  expect(log.slice(2)).toEqual(["prePatch 2 old", "postUnpatch 2 old"]);
  expect(host["award"]()).toBe("old");
});

test("modules may come while prePatch waits: it is asked once", async () => {
  const { world, host, log } = await shop();
  Object.assign(globalThis, { gate: undefined });
  const patch = withCallbacks(1, { ...ALL, prePatch: "return new Promise((open) => { globalThis.gate = open; });" }, {}, { ...fix(1), "app:src/lazy.ts": { functions: "greet", code: guarded("greet", "", "return 'new';") } });
  const applying = apply(patch);
  while ((globalThis as { gate?: () => void }).gate === undefined) await new Promise((done) => setImmediate(done));
  expect(status().busy).toBe(true);
  expect(codes(await apply(patch))).toEqual(["HF3001"]);
  const lazy = await world.host("lazy.mjs", { names: "greet", body: `export ${guarded("greet", "", "return 'old';")}` });
  expect([host["award"](), lazy["greet"]()]).toEqual(["old", "old"]);
  (globalThis as { gate?: () => void }).gate?.();
  expect(await applying).toMatchObject({ outcome: "applied", pending: [] });
  expect([host["award"](), lazy["greet"]()]).toEqual(["new 1", "new"]);
  expect(log).toEqual(["prePatch 1 old", "postPatch 1 new 1"]);
});

test("what the host has not initialised, or not loaded, is told", async () => {
  const { world } = await shop();
  const late = (key: string, name = "late") => ({ imports: [...IMPORTS, { local: "late", from: { kind: "host", key, name, fixed: true } as const }] });
  expect(codes(await apply(withCallbacks(1, { prePatch: "return $s.late;" }, late("app:src/none.ts"))))).toEqual(["HF2011"]);
  expect(codes(await apply(withCallbacks(2, { prePatch: "return $s.late;" }, late(KEY))))).toEqual(["HF2005"]);
  const loading = world.host("early.mjs", { names: "late", body: "export const wait = await new Promise((open) => { globalThis.open = open; }); export const late = 1;" });
  while ((globalThis as { open?: () => void }).open === undefined) await new Promise((done) => setImmediate(done));
  const result = await apply(withCallbacks(3, { prePatch: "return $s.late;" }, late("app:src/early.ts")));
  expect([codes(result), result.diagnostics[0]?.message]).toEqual([["HF3020"], expect.stringContaining("ReferenceError: Cannot access 'late' before initialization")]);
  (globalThis as { open?: () => void }).open?.();
  await loading;
});

test("callbacks do not choose between evaluations of a module", async () => {
  const { world, log } = await shop();
  await load(`${world.url("shop.mjs")}?twice`);
  expect(codes(await apply(withCallbacks(1, ALL)))).toEqual(["HF3024"]);
  expect(log).toEqual([]);
});

test("each thread runs the callbacks; with oncePerProcess, worker threads run none", async () => {
  const { world, log: own } = await shop();
  const patch = withCallbacks(1, ALL);
  const script = world.write("worker.mjs", `import { parentPort } from "node:worker_threads";
const { log, award } = await import("./shop.mjs");
parentPort.on("message", () => parentPort.postMessage({ log: log.splice(0), award: award() }));
parentPort.postMessage("ready");`);
  const worker = new Worker(script);
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, "message");
  const applied = async (sequence: number, oncePerProcess: boolean): Promise<unknown> => {
    expect(await apply({ ...patch, sequence, callbacks: { ...patch.callbacks, oncePerProcess } } as PatchPayload)).toMatchObject({ outcome: "applied", threads: [{ outcome: "done" }] });
    worker.postMessage("tell");
    return ((await once(worker, "message")) as readonly unknown[])[0];
  };
  expect([await applied(1, true), own.splice(0)]).toEqual([{ log: [], award: "new 1" }, ["prePatch 1 old", "postPatch 1 new 1"]]);
  await rollback();
  own.length = 0;
  expect([await applied(2, false), own]).toEqual([{ log: ["prePatch 1 old", "postPatch 1 new 1"], award: "new 1" }, ["prePatch 1 old", "postPatch 1 new 1"]]);
});

test("a fault in any callback leaves what was there: before the commit it is undone, after it it is told", async () => {
  const { host } = await shop();
  const seen = () => {
    const { history: _, since: __, caveats: ___, ...rest } = status();
    return { award: host["award"](), rest };
  };
  const failAt = (point: string): void => {
    faults.hook = (reached) => {
      if (reached === `callback:${point}`) throw new Error(`fault at ${point}`);
    };
  };
  const before = seen();
  failAt("prePatch");
  expect(codes(await apply(withCallbacks(1, ALL)))).toEqual(["HF3020"]);
  expect(seen()).toEqual(before);
  failAt("postPatch");
  expect(told(await apply(withCallbacks(2, ALL)))).toEqual([expect.stringContaining("fault at postPatch")]);
  expect(host["award"]()).toBe("new 2");
  for (const point of ["preUnpatch", "postUnpatch"]) {
    failAt(point);
    expect(told(await rollback())).toEqual([expect.stringContaining(`fault at ${point}`)]);
    expect(host["award"]()).toBe("old");
    faults.hook = undefined;
    expect(await apply(withCallbacks(point === "preUnpatch" ? 3 : 4, ALL))).toMatchObject({ outcome: "applied" });
  }
});

test("a payload's callbacks are checked like the rest of it", async () => {
  await shop();
  const patch = withCallbacks(1, ALL);
  const result = await apply({ ...patch, callbacks: { ...patch.callbacks, names: ["prePatch", "midPatch"] } } as unknown as PatchPayload);
  expect(result).toMatchObject({ outcome: "refused", diagnostics: [{ code: "HF2002" }] });
});
