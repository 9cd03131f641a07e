/** A copy of the web application that runs, is used, gets its fix over the control socket and loses it again. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { buildPatch } from "../../src/builder/build.ts";
import { ControlClient } from "../../src/control/client.ts";
import type { Stage } from "./stage.ts";

export interface Seen {
  readonly requests: number;
  /** Those that did not get an answer of the application's. */
  readonly failed: number;
  /** Answers to the exploit. */
  readonly before: object;
  readonly after: object;
  readonly rolledBack: object;
  readonly init: object;
  /** Of an error that the application threw, undefined where it has no such page. */
  readonly stack: string;
}

/** A negative quantity: the price is paid to the player. */
const EXPLOIT = "/buy?player=cheater&item=sword&quantity=-10";

/** @param argv of the server, for Node.js */
export async function fixLive(stage: Stage, argv: readonly string[], manifest = "dist/hotfix.manifest.json"): Promise<Seen> {
  mkdirSync(stage.path("run"), { recursive: true });
  const socket = stage.path("run", "app.sock");
  const child = spawn(process.execPath, ["--enable-source-maps", ...argv], { cwd: stage.folder, env: { ...process.env, PORT: "0", WEBAPP_SOCKET: socket }, stdio: ["pipe", "pipe", "pipe"] });
  try {
    const origin = `http://127.0.0.1:${await portOf(child)}`;
    const ask = async (method: string, path: string): Promise<object> => (await (await fetch(`${origin}${path}`, { method })).json()) as object;
    const traffic = startTraffic(ask);
    await traffic.goesOn();
    const before = await ask("POST", EXPLOIT);
    const stack = String(await ask("GET", "/fail"));
    cpSync(stage.path("fix"), stage.folder, { recursive: true });
    // a program that nothing has built writes it down soon
    for (const end = Date.now() + 60_000; !existsSync(stage.path(manifest)) && Date.now() < end; ) await sleep(20);
    const built = buildPatch({ base: stage.path(manifest), source: stage.folder });
    if (built.outcome !== "built") throw new Error(JSON.stringify(built, undefined, 1));
    const client = new ControlClient(socket);
    demand((await client.apply(built.bytes)).outcome, "applied");
    await traffic.goesOn();
    const after = await ask("POST", EXPLOIT);
    demand((await client.rollback("base")).outcome, "rolled-back");
    await traffic.goesOn();
    const rolledBack = await ask("POST", EXPLOIT);
    const init = await ask("GET", "/init");
    return { ...(await traffic.stop()), before, after, rolledBack, init, stack };
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    }
  }
}

function demand(outcome: string, expected: string): void {
  if (outcome !== expected) throw new Error(`not ${expected}: ${outcome}`);
}

async function portOf(child: ChildProcess): Promise<number> {
  if (!child.stdout || !child.stderr) throw new Error("no output");
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += String(chunk)));
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, "line"), once(child, "exit").then(() => Promise.reject(new Error(`the server ended: ${said}`)))])) as [string];
  return (JSON.parse(line) as { port: number }).port;
}

interface Traffic {
  /** When some more requests have been answered. */
  goesOn(): Promise<void>;
  stop(): Promise<{ readonly requests: number; readonly failed: number }>;
}

function startTraffic(ask: (method: string, path: string) => Promise<object>): Traffic {
  const end = new AbortController();
  const count = { requests: 0, failed: 0 };
  const player = async (name: number): Promise<void> => {
    while (!end.signal.aborted) {
      const answer = await ask("POST", `/buy?player=p${name}&item=potion&quantity=1`).catch((error: unknown) => ({ error }));
      count.requests++;
      if (!("ok" in answer)) count.failed++;
      await sleep(5);
    }
  };
  const players = [1, 2, 3].map(player);
  return {
    async goesOn() {
      const enough = count.requests + 10;
      while (count.requests < enough) await sleep(5);
    },
    async stop() {
      end.abort();
      await Promise.all(players);
      return count;
    },
  };
}
