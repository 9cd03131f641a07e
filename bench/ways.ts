/** `npm run bench:ways`: the ways to get a fix into a running server, side by side. */
import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildPatch } from "../src/builder/build.ts";
import { ControlClient } from "../src/control/client.ts";
import { runBench, type Bench } from "./harness/bench.ts";
import { isChosen } from "./harness/options.ts";
import { Progress } from "./harness/progress.ts";
import { median, rounded } from "./harness/statistics.ts";
import type { NodeBinary } from "./node-versions.ts";
import { Visitors } from "./ways/visitors.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const CLI = fileURLToPath(new URL("../bin/ts-hotfix.js", import.meta.url));
const SOURCE = fileURLToPath(new URL("ways/source", import.meta.url));
const HOST = fileURLToPath(new URL("ways/host.mjs", import.meta.url));
const SESSIONS = 1000;
const WAYS = ["ts-hotfix", "restart", "rolling restart", "module reloading", "live editing"] as const;
type Way = (typeof WAYS)[number];

const ABOUT = `A small server with ${SESSIONS} sessions in memory and ten connections that ask all the time gets one fix, in each of the ways there are.

${[
  "ts-hotfix: a patch over the control socket. Restart: the process ends in order and another one starts. Rolling restart: two workers of node:cluster, one after the other.",
  "Module reloading: Vite's module runner, with the handler that its manual shows. Live editing: the inspector's setScriptSource (Node 26 has it switched off).",
  "Fixed after: from the order to the first right answer. Gap: the longest time in which nobody was answered. Captured: whether a reference that the program took at its start leads to the new code.",
  "What a real program needs to start, or to load its data again, comes on top of the restarts.",
].join(" ")}`;

interface Figures {
  readonly fixedAfter: number;
  readonly gap: number;
  readonly failed: number;
  readonly lost: number;
  readonly sessions: number;
  readonly captured: number;
}

await runBench({ name: "bench:ways", about: ABOUT, rounds: 3, all: undefined }, process.argv.slice(2), async (bench) => {
  const { options, nodes } = bench;
  const ways = WAYS.filter((way) => isChosen(options, way));
  const progress = new Progress(nodes.length * ways.length * options.rounds);
  for (const node of nodes) for (const way of ways) if (way !== "live editing" || Number(node.major) < 26) await measure(way, node, bench, progress);
  progress.end();
});

async function measure(way: Way, node: NodeBinary, { options, rows, scratch }: Bench, progress: Progress): Promise<void> {
  const runs: Figures[] = [];
  for (let round = 0; round < options.rounds; round++) {
    progress.step(`node ${node.major} · ${way}`);
    runs.push(await run(way, node, mkdtempSync(join(scratch, "way-")), options.quick ? 100 : 1000));
  }
  const row = (metric: string, figure: keyof Figures, unit: string): void => void rows.push({ case: `node ${node.major} · ${way}`, metric, value: rounded(median(runs.map((each) => each[figure]))), unit });
  row("fixed after", "fixedAfter", "ms");
  row("longest gap", "gap", "ms");
  row("failed requests", "failed", "of them");
  row("connections lost", "lost", "of them");
  row("sessions kept", "sessions", `of ${SESSIONS}`);
  row("captured references fixed", "captured", "1 is yes");
}

async function run(way: Way, node: NodeBinary, folder: string, quietMs: number): Promise<Figures> {
  const program = stage(way, folder);
  let host = start(node, { way, folder: program }, folder, undefined);
  try {
    const port = await portOf(host);
    const visitors = new Visitors(port);
    for (let id = 0; id < SESSIONS; id++) await visitors.ask(`/login?id=${id}`);
    await sleep(quietMs);
    // As with all others, what building takes is no part of it.
    const bytes = way === "ts-hotfix" ? buildFix(folder) : undefined;
    const before = performance.now();
    const isFixed = waitUntilFixed(visitors);
    if (bytes) await applyFix(folder, bytes);
    else if (way === "restart") {
      writeFileSync(join(program, "shop.js"), fixed());
      const ended = once(host, "exit");
      host.kill("SIGTERM");
      await ended;
      host = start(node, { way, folder: program }, folder, port);
    } else await order(host);
    await isFixed;
    const fixedAfter = performance.now() - before;
    const [sessions, captured] = [await visitors.ask("/sessions"), await visitors.ask("/captured")];
    await sleep(quietMs);
    const { failed, lost, longestGap } = await visitors.end();
    return { fixedAfter, gap: longestGap, failed, lost, sessions: Math.min(SESSIONS, Number(sessions)), captured: captured === "20" ? 1 : 0 };
  } finally {
    host.kill("SIGKILL");
  }
}

function fixed(): string {
  return readFileSync(join(SOURCE, "shop.js"), "utf8").replace("level * 3", "level * 2");
}

/** The program's folder, as it is run. */
function stage(way: Way, folder: string): string {
  cpSync(SOURCE, join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "shop", "type": "module" }');
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules", "ts-hotfix"), "dir");
  if (way !== "ts-hotfix") return join(folder, "src");
  execFileSync(process.execPath, [CLI, "transform", "src", "--out-dir", "dist"], { cwd: folder, stdio: "ignore" });
  return join(folder, "dist");
}

function buildFix(folder: string): Uint8Array {
  writeFileSync(join(folder, "src", "shop.js"), fixed());
  const built = buildPatch({ base: join(folder, "dist", "hotfix.manifest.json"), source: folder });
  if (built.outcome !== "built") throw new Error(JSON.stringify(built));
  return built.bytes;
}

async function applyFix(folder: string, bytes: Uint8Array): Promise<void> {
  const { outcome } = await new ControlClient(join(folder, "s")).apply(bytes);
  if (outcome !== "applied") throw new Error(outcome);
}

function start(node: NodeBinary, input: object, folder: string, port: number | undefined): ChildProcess {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  return fork(HOST, [JSON.stringify(input)], { execPath: node.path, stdio: ["ignore", "ignore", "ignore", "ipc"], env: { ...env, TS_HOTFIX_SOCKET: join(folder, "s"), ...(port === undefined ? {} : { PORT: String(port) }) } });
}

async function portOf(host: ChildProcess): Promise<number> {
  const [{ port }] = (await once(host, "message")) as [{ readonly port: number }];
  return port;
}

async function order(host: ChildProcess): Promise<void> {
  const answered = once(host, "message");
  host.send({ text: fixed() });
  const [{ failed }] = (await answered) as [{ readonly failed?: string }];
  if (failed !== undefined) throw new Error(failed);
}

async function waitUntilFixed(visitors: Visitors): Promise<void> {
  const limit = performance.now() + 60_000;
  while ((await visitors.ask("/price")) !== "20") {
    if (performance.now() > limit) throw new Error("not fixed within a minute");
    await sleep(1);
  }
}
