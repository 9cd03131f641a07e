import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import diagnosticsChannel from "node:diagnostics_channel";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { emitHost, guarded, hotfix, load, MODULE_URL, patchOf, SOURCES, World } from "./world.ts";

const { apply, rollback, status } = hotfix;
const KEY = "app:src/shop.ts";
const shop = { names: "award", body: `export ${guarded("award", "", "return 'old';")}` };
const fix = patchOf({ [KEY]: { functions: "award", code: "function award() { return 'new'; }" } });

test("all copies of the package share one runtime, which nothing enumerates", async () => {
  const world = new World();
  cpSync(SOURCES, world.path("copy/src"), { recursive: true });
  world.write("copy/package.json", `{"type":"module"}`);
  world.write("shop.mjs", emitHost("shop.mjs", shop).replace(MODULE_URL, pathToFileURL(world.path("copy/src/runtime/module.ts")).href));
  const { award } = await load<Record<string, any>>(world.url("shop.mjs"));
  expect(status().modules).toMatchObject([{ key: KEY }]);
  await apply(fix);
  expect(award()).toBe("new");

  const copy = await load<typeof hotfix>(world.url("copy/src/runtime/index.ts"));
  expect(copy.status).not.toBe(status);
  expect(copy.status()).toMatchObject({ state: status().state });
  await copy.rollback();
  expect(status().state).toBe("base");
  const property = Object.getOwnPropertyDescriptor(globalThis, Symbol.for("ts-hotfix/runtime/1"));
  expect(property).toMatchObject({ enumerable: false, writable: false });
});

test("a program needs nothing but Node's own modules to be patched", async () => {
  const world = new World();
  cpSync(SOURCES, world.path("copy/src"), { recursive: true });
  world.write("copy/package.json", `{"type":"module"}`);
  world.write("shop.mjs", emitHost("shop.mjs", shop).replace(MODULE_URL, pathToFileURL(world.path("copy/src/runtime/module.ts")).href));
  world.write("main.mjs", `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { award } = await import("./shop.mjs");
    const atStart = loaded.filter((url) => url.startsWith("file:")).map((url) => url.split("/").at(-1));
    const { apply, listen } = await import("./copy/src/runtime/index.ts");
    await (await listen("./s")).close();
    const result = await apply(${JSON.stringify(fix)});
    console.log(JSON.stringify({ answer: award(), atStart, foreign: loaded.filter((url) => !url.startsWith("node:") && !url.includes("/src/runtime/") && !url.includes("/src/patch/") && !url.includes("/src/messages/") && !url.includes("/src/control/") && !url.endsWith("/src/node/require-node.ts") && !url.endsWith("/shop.mjs")) }));`);
  const output = JSON.parse(execFileSync(process.execPath, ["main.mjs"], { cwd: world.folder, encoding: "utf8" }));
  expect(output).toMatchObject({ answer: "new", foreign: [] });
  // starting a program loads what registering takes, and no more
  expect(output.atStart).toEqual(["shop.mjs", "module.ts", "thread.ts", "host.ts", "init.ts", "state.ts", "status.ts", "seat.ts", "board.ts", "file-limit.ts", "channel.ts", "roster.ts"]);
});

test("the program is told on diagnostics channels", async () => {
  const world = new World();
  await world.host("shop.mjs", shop);
  const told: [string, any][] = [];
  for (const name of ["prepare", "commit", "rollback", "refuse"]) {
    const listener = (event: unknown): void => void told.push([name, event]);
    diagnosticsChannel.subscribe(`ts-hotfix:${name}`, listener);
    onTestFinished(() => void diagnosticsChannel.unsubscribe(`ts-hotfix:${name}`, listener));
  }
  const { patch } = await apply(fix);
  await apply({ ...fix, sequence: 0 });
  await rollback();
  await rollback();
  expect(told.map(([name]) => name)).toEqual(["prepare", "commit", "refuse", "prepare", "rollback"]);
  expect(told[0]?.[1]).toEqual({ operation: "apply", patch, from: "base" });
  expect(told[1]?.[1]).toMatchObject({ result: { outcome: "applied", patch } });
  expect(told[2]?.[1]).toMatchObject({ result: { outcome: "refused", diagnostics: [{ code: "HF3003" }] } });
  expect(told[4]?.[1]).toMatchObject({ result: { outcome: "rolled-back", from: patch } });
});

test("an error in patch code shows the patch, and with source maps the fixed source", async () => {
  const world = new World();
  const map = { version: 3, sources: [world.url("src/shop.ts")], sourcesContent: [null], names: [], mappings: ";AAKE" };
  const broken = patchOf({ [KEY]: { functions: "award", map: JSON.stringify(map), code: "function award() { throw new Error('boom'); }" } });
  world.writeHost("shop.mjs", shop);
  world.write("main.mjs", `
    import { award } from "./shop.mjs"; import { apply } from ${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)};
    await apply(${JSON.stringify(broken)});
    try { award(); } catch (error) { console.log(error.stack.split("\\n")[1].trim()); }`);
  const run = (...flags: string[]): string => execFileSync(process.execPath, [...flags, "main.mjs"], { cwd: world.folder, encoding: "utf8" });
  expect(run()).toMatch(/^at award \(hotfix:[0-9a-f]{12}\/src\/shop\.ts:2:26\)/);
  expect(run("--enable-source-maps")).toContain(`${world.path("src/shop.ts")}:6:3)`);
});

test("applying and rolling back many different patches leaves the heap where it was", async () => {
  const world = new World();
  world.writeHost("shop.mjs", shop);
  world.write("main.mjs", `
    import { award } from "./shop.mjs"; import { apply, rollback, status } from ${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)};
    const base = ${JSON.stringify(fix)};
    const filler = "x".repeat(200);
    const cycle = async (n) => {
      const lines = Array.from({ length: 100 }, (_, i) => "function f" + i + "() { return '" + n + filler + "'; }").join("\\n");
      const code = "(($t, $s) => {" + lines + "function award() { return " + n + "; } return { functions: { $award: award }, variables: {} }; })";
      const patch = { ...base, sequence: n, modules: [{ ...base.modules[0], code }] };
      const result = await apply(patch);
      if (result.outcome !== "applied" || award() !== n) throw new Error(JSON.stringify(result));
      if (n % 3 === 0) await rollback();
    };
    const heap = async () => {
      for (let i = 0; i < 4; i++) { await new Promise((done) => setTimeout(done, 10)); gc(); }
      return process.memoryUsage().heapUsed;
    };
    // the history is full and everything is compiled before the first look
    for (let n = 0; n < 150; n++) await cycle(n);
    const before = await heap();
    for (let n = 150; n < 450; n++) await cycle(n);
    console.log((await heap()) - before);`);
  const grown = Number(execFileSync(process.execPath, ["--expose-gc", "--no-compilation-cache", "main.mjs"], { cwd: world.folder, encoding: "utf8" }));
  expect(grown).toBeLessThan(500_000);
}, 60_000);
