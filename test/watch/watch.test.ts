/** `ts-hotfix watch` beside a server that runs, as somebody edits its sources. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../cli/run-cli.ts";
import { makeStage, ROOT, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

const SHOP = `import { RATE } from "./rate.ts";

export function award(n: number): string {
  return "one " + n * RATE;
}

export class Shop {
  name(): string {
    return "shop";
  }
}
`;
const MAIN = `import { listen } from "ts-hotfix";
import { award } from "./shop.ts";

const socket = process.env["AT"] ?? "app.sock";
await listen(socket);
process.on("message", () => process.send?.(award(1)));
process.send?.("up");
`;

let stage: Stage;
const children: ChildProcess[] = [];
beforeAll(async () => {
  stage = makeStage("watch", { name: "game", type: "module" });
  writeFiles(stage.folder, { "src/shop.ts": SHOP, "src/rate.ts": "export const RATE = 2;\n", "src/main.ts": MAIN });
  const { status, stderr } = await runCli(stage.folder, "transform src --out-dir dist --strip");
  if (status !== 0) throw new Error(stderr);
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  stage.remove();
});

async function startServer(env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["dist/main.js"], { cwd: stage.folder, env: { ...process.env, NODE_ENV: "development", ...env }, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  children.push(child);
  await once(child, "message");
  return child;
}

async function call(server: ChildProcess): Promise<unknown> {
  server.send("call");
  return (await once(server, "message"))[0] as unknown;
}

interface Watching {
  readonly child: ChildProcess;
  readonly events: Record<string, any>[]; // each kind has fields of its own
  /** The next event that nobody has asked for yet; with a kind, whatever says that nothing has changed is passed over: of a folder, each entry is told by itself. */
  next(kind?: string): Promise<Record<string, any>>;
  /** SIGINT, and the exit code. */
  end(): Promise<number | null>;
}

function watch(args: string): Watching {
  const child = spawn(process.execPath, [join(ROOT, "test", "cli", "source-cli.mjs"), "watch", "--json", ...args.split(" ")], { cwd: stage.folder, env: { ...process.env, TS_HOTFIX_KEY: "" }, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const events: Record<string, any>[] = [];
  let asked = 0;
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => events.push(JSON.parse(line)));
  return {
    child,
    events,
    next: async (kind) => {
      for (;;) {
        await expect.poll(() => events.length, { timeout: 55_000, interval: 10 }).toBeGreaterThan(asked);
        const event = events[asked++] ?? {};
        if (kind === undefined || event["event"] !== "as-built") return event;
      }
    },
    end: async () => {
      child.kill("SIGINT");
      return ((await once(child, "exit")) as [number | null])[0];
    },
  };
}

const save = (text: string): void => writeFileSync(stage.path("src/shop.ts"), text);

test("fixed, fixed again, refused, broken, and back as it was", async () => {
  const server = await startServer();
  const watching = watch("--to app.sock");
  expect(await watching.next()).toMatchObject({ schema: 1, command: "watch", event: "watching", sockets: ["app.sock"], modules: 3 });
  expect(await watching.next()).toMatchObject({ event: "as-built", kept: [] });

  save(SHOP.replace("one", "two"));
  expect(await watching.next()).toMatchObject({ event: "apply", outcome: "done", functions: ["src/shop.ts#award"], results: [{ socket: "app.sock", pid: server.pid, outcome: "applied" }] });
  expect(await call(server)).toBe("two 2");

  // as editors do that replace files: another name first
  writeFileSync(stage.path("src/shop.ts~"), SHOP.replace("one", "three"));
  renameSync(stage.path("src/shop.ts~"), stage.path("src/shop.ts"));
  expect(await watching.next()).toMatchObject({ event: "apply", outcome: "done" });
  expect(await call(server)).toBe("three 2");

  save(SHOP.replace('"shop"', '"store"').replace("one", "four"));
  expect(await watching.next()).toMatchObject({ event: "refused", refusals: [{ code: "HF1001", place: { line: 8 }, remedy: expect.stringContaining("top-level function") }] });
  save(SHOP.replace("n * RATE", "n * * RATE"));
  expect(await watching.next()).toMatchObject({ event: "failed", errors: [{ code: "HF0002", place: { line: 4 } }] });
  expect(await call(server)).toBe("three 2");

  // a new folder, whose module comes after the one that imports it
  save(`import { bonus } from "./more/bonus.ts";\n${SHOP.replace("n * RATE", "bonus(n)")}`);
  expect(await watching.next()).toMatchObject({ event: "refused" });
  writeFiles(stage.folder, { "src/more/bonus.ts": "export function bonus(n: number): number {\n  return n + 40;\n}\n" });
  expect(await watching.next()).toMatchObject({ event: "apply", outcome: "done" });
  expect(await call(server)).toBe("one 41");
  save(SHOP);
  expect(await watching.next()).toMatchObject({ event: "rollback", outcome: "done", patch: "base" });
  expect(await call(server)).toBe("one 2");

  // a folder that was taken away and made again is watched again
  rmSync(stage.path("src/more"), { recursive: true });
  expect(await watching.next()).toMatchObject({ event: "as-built" });
  const gift = (n: number): string => `export function gift(n: number): number {\n  return n + ${n};\n}\n`;
  writeFiles(stage.folder, { "src/more/gift.ts": gift(50) });
  expect(await watching.next()).toMatchObject({ event: "as-built" });
  save(`import { gift } from "./more/gift.ts";\n${SHOP.replace("n * RATE", "gift(n)")}`);
  expect(await watching.next("apply")).toMatchObject({ event: "apply", outcome: "done" });
  writeFiles(stage.folder, { "src/more/gift.ts": gift(60) });
  expect(await watching.next("apply")).toMatchObject({ event: "apply", outcome: "done" });
  expect(await call(server)).toBe("one 61");
  save(SHOP);
  rmSync(stage.path("src/more"), { recursive: true });
  expect(await watching.next("rollback")).toMatchObject({ event: "rollback", outcome: "done" });
  expect(await watching.end()).toBe(0);
  expect(watching.events.at(-1)).toMatchObject({ event: "ended" });
  server.kill();
});

test("a file that is still being written is waited for; a process that is started anew gets the patch; what others applied is not taken back; --rollback-on-exit leaves nothing", async () => {
  const first = await startServer({ AT: "second.sock" });
  save(SHOP.replace("one", "two"));
  const watching = watch("--to second.sock --rollback-on-exit --settle 1s");
  expect([await watching.next(), await watching.next()]).toMatchObject([{ event: "watching" }, { event: "apply", outcome: "done" }]);

  // written bit by bit: parses at every step, and means something only at the end
  const file = openSync(stage.path("src/shop.ts"), "w");
  const text = `${SHOP.replace("one", "five")}\nfunction added(): number {\n  return 5;\n}\n`;
  for (const part of [text.slice(0, 34), text.slice(34, text.indexOf("export class")), text.slice(text.indexOf("export class"))]) {
    writeSync(file, part);
    await delay(20);
  }
  closeSync(file);
  expect(await watching.next()).toMatchObject({ event: "apply", outcome: "done" });
  expect(await call(first)).toBe("five 2");

  first.kill("SIGKILL");
  expect(await watching.next()).toMatchObject({ event: "away", diagnostics: [{ code: "HF3012" }] });
  const second = await startServer({ AT: "second.sock" });
  expect(await watching.next()).toMatchObject({ event: "apply", outcome: "done", results: [{ pid: second.pid }] });
  expect(await call(second)).toBe("five 2");
  expect(await watching.end()).toBe(0);
  expect(watching.events.slice(-2)).toMatchObject([{ event: "rollback", outcome: "done" }, { event: "ended" }]);
  expect(await call(second)).toBe("one 2");

  save(SHOP.replace("one", "two"));
  await runCli(stage.folder, "build --out other.hotfix");
  expect((await runCli(stage.folder, "apply other.hotfix --to second.sock")).status).toBe(0);
  save(SHOP);
  const other = watch("--to second.sock --rollback-on-exit");
  expect([await other.next(), await other.next()]).toMatchObject([{ event: "watching" }, { event: "as-built", kept: [{ code: "HF3091" }] }]);
  expect(await other.end()).toBe(0);
  expect(await call(second)).toBe("two 2");
  second.kill();
});

test("production is refused unless allowed; lines for people", async () => {
  const server = await startServer({ NODE_ENV: "production", AT: "production.sock" });
  save(SHOP.replace("one", "two"));
  const refused = await runCli(stage.folder, "watch --to production.sock");
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(/refusal HF3090: production\.sock says that it is production/) });
  expect(await call(server)).toBe("one 2");
  const child = spawn(process.execPath, [join(ROOT, "test", "cli", "source-cli.mjs"), "watch", "--to", "production.sock", "--allow-production"], { cwd: stage.folder, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  await expect.poll(() => stdout, { timeout: 55_000 }).toMatch(/^Watching 3 modules for production\.sock\. Ctrl-C ends\.\nApplied patch [0-9a-f]{12} at production\.sock: 1 function, .*\n {2}src\/shop\.ts#award\n$/);
  save(SHOP.replace("one", "three"));
  await expect.poll(() => stdout, { timeout: 55_000 }).toMatch(/\n {2}\d+ ms after the save\n$/);
  child.kill("SIGINT");
  expect((await once(child, "exit"))[0]).toBe(0);
  expect(stdout).toMatch(/\nThe processes stay at patch [0-9a-f]{12}; `ts-hotfix rollback` takes it back\.\n$/);
  expect(readFileSync(stage.path("dist/hotfix.manifest.sequence.json"), "utf8")).toContain('"sequence"');
  server.kill();
});
