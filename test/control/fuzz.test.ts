/** Messages that nobody should send. The seed is fixed: a failure comes again. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ControlClient } from "../../src/control/client.ts";
import { encodePatch } from "../../src/patch/file.ts";
import { guarded, hotfix, patchOf, SOURCES, World } from "../runtime/world.ts";

const MESSAGES = 10_000;
const AT_ONCE = 24;
const KEY = "app:src/shop.ts";
const fix = Buffer.from(encodePatch(patchOf({ [KEY]: { functions: "award", code: "function award() { return 'new'; }" } })));

/** mulberry32 */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Below = ReturnType<typeof random>;
const one = <T>(of: Below, ...list: readonly T[]): T => list[of(list.length)] as T;
const noise = (of: Below, size: number): Buffer => Buffer.from(Array.from({ length: size }, () => of(256)));

const ROUTES = ["/v1/apply", "/v1/prepare", "/v1/rollback", "/v1/prepare-rollback", "/v1/commit", "/v1/abort", "/v1/confirm", "/v1/status", "/v2/apply", "/v1/__proto__", "/v1/apply?by=", "/v1/prepare?holdFor=1", "/v1/apply?threads=%ff&by=%", "*", "http://host/v1/status", "//", "/v1/apply?".padEnd(9000, "x")];

function body(of: Below): Buffer {
  switch (of(8)) {
    case 0: return Buffer.alloc(0);
    case 1: return noise(of, of(2000));
    case 2: return Buffer.from("[".repeat(of(60_000)));
    case 3: return Buffer.from(`{"to":${'{"a":'.repeat(of(5000))}`);
    case 4: return Buffer.from(one(of, '{"to":null}', '{"to":{}}', '{"ticket":"x"}', '{"ticket":["x"]}', '{"__proto__":{"ticket":"x"}}', '{"to":"previous"}', "null", "[]", '"x"', "1e999"));
    case 5: return Buffer.from(`{"to":"${"\\ud800".repeat(of(2000))}"}`);
    case 6: { // a patch with a bit the other way round
      const damaged = Buffer.from(fix);
      const at = of(damaged.length);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << of(8));
      return damaged;
    }
    default: return fix.subarray(0, of(fix.length));
  }
}

/** A request whose frame is in order, or not. */
function message(of: Below): Buffer {
  const content = body(of);
  if (of(2) === 0) return Buffer.concat([Buffer.from(`POST ${one(of, ...ROUTES.slice(0, 8))} HTTP/1.1\r\nhost: h\r\ncontent-length: ${content.length}\r\n\r\n`), content]);
  const size = one<string | number>(of, content.length, content.length, content.length, content.length + of(50), of(content.length + 1), -1, 1e9, "1e3", "0x10", "9".repeat(30));
  const head = one(of,
    `${one(of, "POST", "POST", "POST", "GET", "PUT", "DELETE", "post", "\0", "OPTIONS")} ${one(of, ...ROUTES)} HTTP/${one(of, "1.1", "1.1", "1.1", "1.0", "2.0", "9")}\r\nhost: h\r\ncontent-length: ${size}\r\n`,
    `POST ${one(of, ...ROUTES)} HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n`,
    `POST ${one(of, ...ROUTES)} HTTP/1.1\r\nhost: h\r\ncontent-length: ${size}\r\ntransfer-encoding: chunked\r\n`,
    `GET /v1/status HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\nupgrade: websocket\r\nconnection: upgrade\r\n`,
    `GET /v1/status HTTP/1.1\r\n${`x-${of(9)}: ${"y".repeat(of(300))}\r\n`.repeat(of(200))}`,
    `GET /v1/status HTTP/1.1\r\nhost: h\r\nhost: i\r\nconnection: ${one(of, "close", "keep-alive", "\x7f")}\r\n`,
  );
  const isChunked = head.includes("chunked");
  const chunk = isChunked ? [Buffer.from(`${one(of, content.length.toString(16), "zz", "-1", "ffffffffffff")}\r\n`), content, Buffer.from("\r\n0\r\n\r\n")] : [content];
  return Buffer.concat([Buffer.from(`${head}${one(of, "\r\n", "\r\n", "\r\n", "\n", "")}`), ...chunk]);
}

/** Sends some messages over one connection, one after the other or at once, in pieces or whole, and leaves in some way. */
async function visit(path: string, of: Below, messages: number): Promise<void> {
  const socket = connect(path);
  const closed = new Promise<void>((done) => socket.on("error", () => {}).on("close", () => done()));
  if (of(10) === 0) socket.pause();
  else socket.resume();
  const bytes = Buffer.concat(Array.from({ length: messages }, () => (of(10) === 0 ? noise(of, of(500)) : message(of))));
  const whole = of(8) === 0 ? bytes.subarray(0, of(bytes.length + 1)) : bytes;
  if (of(6) === 0) {
    for (let from = 0; from < whole.length && !socket.destroyed; from += 1 + of(4000)) {
      socket.write(whole.subarray(from, from + 1 + of(4000)));
      await new Promise((done) => setImmediate(done));
    }
  } else socket.write(whole);
  // one alone may wait for its answer: what follows it in the same connection would mostly end it
  const farewell = messages === 1 ? of(16) : of(4);
  if (farewell === 0) socket.destroy();
  else if (farewell === 1) socket.end();
  else if (farewell === 2) socket.write("", () => socket.destroy());
  const patience = setTimeout(() => socket.destroy(), 20 + of(60));
  await closed;
  clearTimeout(patience);
}

test(`${MESSAGES} malformed, cut off, oversized and interleaved messages: no crash, no leak, it still answers`, async () => {
  const world = new World();
  world.writeHost("shop.mjs", { names: "award", body: `export ${guarded("award", "", "return 'old';")}` });
  world.write("server.mjs", `import "./shop.mjs";
const { listen } = await import(${JSON.stringify(new URL("runtime/index.ts", SOURCES).href)});
process.on("uncaughtException", (error) => { console.error(error); process.exit(70); });
process.on("unhandledRejection", (error) => { console.error(error); process.exit(71); });
process.on("message", async () => {
  for (let each = 0; each < 3; each++) { gc(); await new Promise((done) => setTimeout(done, 20)); }
  process.send({ heap: process.memoryUsage().heapUsed, external: process.memoryUsage().external, handles: process.getActiveResourcesInfo().filter((name) => name.startsWith("Pipe")).length });
});
await listen("app.sock", { requestTimeout: 400, bodyLimit: 200_000 }); process.send("up");`);
  const child = spawn(process.execPath, ["--expose-gc", "--disable-warning=HotfixWarning", "server.mjs"], { cwd: world.folder, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let complaints = "";
  child.stderr?.on("data", (data) => void (complaints += data));
  await once(child, "message");
  const path = world.path("app.sock");
  const client = new ControlClient(path, { timeout: 5000 });
  const measure = async (): Promise<{ heap: number; external: number; handles: number }> => {
    child.send("measure");
    const [measured] = await once(child, "message");
    return measured;
  };
  const fuzz = async (seed: number, count: number): Promise<void> => {
    const of = random(seed);
    let sent = 0;
    const visitor = async (): Promise<void> => {
      while (sent < count) {
        const messages = of(2) === 0 ? 1 : 1 + of(12);
        sent += messages;
        await visit(path, of, messages);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, visitor));
  };

  await fuzz(1, 2000); // code is compiled, caches are filled
  await client.rollback("base").catch(() => {});
  const before = await measure();
  await fuzz(2, MESSAGES);
  await client.rollback("base").catch(() => {});
  // connections that were left half open are dropped by their deadlines
  await expect.poll(async () => (await measure()).handles, { timeout: 15_000, interval: 250 }).toBeLessThanOrEqual(before.handles + 1);
  const after = await measure();
  expect({ exit: child.exitCode, complaints }).toEqual({ exit: null, complaints: "" });
  // some of it went as far as the runtime
  expect((await client.status()).history.length).toBeGreaterThan(0);
  expect((after.heap - before.heap) / 1e6).toBeLessThan(2);
  expect((after.external - before.external) / 1e6).toBeLessThan(2);
  expect(await client.apply(fix)).toMatchObject({ outcome: expect.stringMatching(/^(applied|unchanged)$/) });
  expect(await client.status()).toMatchObject({ busy: false, modules: [{ patched: ["src/shop.ts#award"] }] });
}, 120_000);

// only root may become somebody else
test.runIf(process.getuid?.() === 0)("another user's process cannot connect, even where it may enter the directory", async () => {
  const world = new World();
  chmodSync(world.folder, 0o755);
  const socket = await hotfix.listen(world.path("app.sock"));
  onTestFinished(() => socket.close());
  const attempt = (uid: number): string => {
    const script = `const s = require("net").connect(${JSON.stringify(world.path("app.sock"))}); s.on("connect", () => { console.log("connected"); s.destroy(); }).on("error", (error) => console.log(error.code));`;
    return spawnSync(process.execPath, ["-e", script], { uid, gid: uid, cwd: "/", encoding: "utf8" }).stdout.trim();
  };
  // it can run at all, and is kept out by the mode alone
  expect(attempt(0)).toBe("connected");
  expect(attempt(65_534)).toBe("EACCES");
  chmodSync(world.path("app.sock"), 0o666);
  expect(attempt(65_534)).toBe("connected");
});
