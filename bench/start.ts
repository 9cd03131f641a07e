/** `npm run bench:start`: what being patchable costs a program that starts. */
import { mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTurn, runBench, type Bench } from "./harness/bench.ts";
import { runChild } from "./harness/child.ts";
import { isChosen } from "./harness/options.ts";
import { Progress } from "./harness/progress.ts";
import { judged, SPREAD } from "./harness/report.ts";
import { median, rounded } from "./harness/statistics.ts";
import type { NodeBinary } from "./node-versions.ts";
import { buildServer } from "./start/server.ts";

const GOAL_TIME = 1.03;
const GOAL_HEAP = 40;
const TARGETS = [100, 1_000, 10_000];
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const STARTER = fileURLToPath(new URL("start/starter.mjs", import.meta.url));

const ABOUT = `What being patchable costs a server that starts: a generated one with so many functions, twenty in a module, as Rollup's bundle.

${[
  "Time: from the start of the process until it has answered its first request, over those of the untransformed bundle; the two take turns.",
  "Heap: what the process holds after garbage collection then, less what the untransformed one holds and less what the runtime itself takes (a transformed program of one function), per function. V8 keeps the source text of what it runs: how much of it is ours stands beside it.",
].join(" ")}`;

await runBench({ name: "bench:start", about: ABOUT, rounds: 15, all: undefined }, process.argv.slice(2), async (bench) => {
  const { options, nodes, scratch } = bench;
  mkdirSync(join(scratch, "node_modules"));
  symlinkSync(ROOT, join(scratch, "node_modules", "ts-hotfix"), "dir");
  const sizes = (options.quick ? TARGETS.slice(0, 1) : TARGETS).filter((targets) => isChosen(options, String(targets)));
  const progress = new Progress(nodes.length * sizes.length * options.rounds * 4);
  const one = await buildServer(join(scratch, "one"), 1);
  for (const targets of sizes) {
    const server = await buildServer(join(scratch, String(targets)), targets);
    for (const node of nodes) await measure(targets, { one, server }, node, bench, progress);
  }
  progress.end();
});

interface Servers {
  readonly one: { readonly plain: string; readonly transformed: string };
  readonly server: { readonly plain: string; readonly transformed: string };
}

interface Started {
  readonly ms: number;
  readonly heap: number;
}

async function measure(targets: number, { one, server }: Servers, node: NodeBinary, { options, rows }: Bench, progress: Progress): Promise<void> {
  const name = `node ${node.major} · ${targets} functions`;
  const start = (entry: string) => async (): Promise<Started> => (await runChild(node, STARTER, { entry })) as Started;
  const results = await inTurn({ plain: start(server.plain), transformed: start(server.transformed), onePlain: start(one.plain), one: start(one.transformed) }, options.rounds, progress, name);
  const of = (contender: string, figure: keyof Started): number => median((results[contender] ?? []).map((each) => each[figure]));
  const ratios = (results["plain"] ?? []).map(({ ms }, round) => (results["transformed"]?.[round]?.ms ?? Number.NaN) / ms);
  const heap = of("transformed", "heap") - of("plain", "heap");
  const runtime = of("one", "heap") - of("onePlain", "heap");
  rows.push(
    { case: name, metric: "untransformed", value: rounded(of("plain", "ms")), unit: "ms" },
    judged({ case: name, metric: "time", value: rounded(of("transformed", "ms") / of("plain", "ms")), unit: "ratio" }, GOAL_TIME),
    { case: name, metric: `time${SPREAD}`, value: rounded(Math.max(...ratios) - Math.min(...ratios)), unit: "ratio" },
    judged({ case: name, metric: "heap per function", value: rounded((heap - runtime) / (targets - 1)), unit: "bytes" }, GOAL_HEAP),
    { case: name, metric: "its source text", value: rounded((statSync(server.transformed).size - statSync(server.plain).size) / targets), unit: "bytes" },
    { case: name, metric: "heap of the runtime", value: rounded(runtime / 1024), unit: "KB" },
  );
}
