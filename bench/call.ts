/** `npm run bench:call`: what a call costs in a transformed program, patched and not. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BUILDS, CASES, type Case, type State } from "./call/cases.ts";
import { Stage } from "./call/stage.ts";
import { findNodes } from "./harness/bench.ts";
import { runChild } from "./harness/child.ts";
import { compare, type Comparison } from "./harness/compare.ts";
import { undisturbed } from "./harness/undisturbed.ts";
import { isChosen, parseOptions, type BenchOptions } from "./harness/options.ts";
import { Progress, say } from "./harness/progress.ts";
import { judged, printReport, SPREAD, type Row } from "./harness/report.ts";
import { rounded } from "./harness/statistics.ts";
import type { NodeBinary } from "./node-versions.ts";
import { fetchPackages } from "./npm-packages.ts";

const GOAL = 1.03;
/** Runs of one process at most, where something else slows the machine down. */
const RETRIES = 3;
const REWIRE = "babel-plugin-rewire";
const PEERS = ["@babel/core@7.28.5", "babel-plugin-rewire@1.2.0"];
const PLAYER = fileURLToPath(new URL("call/player.mjs", import.meta.url));
const RUNTIME = fileURLToPath(new URL("../dist/runtime/index.js", import.meta.url));

const ABOUT = `What a call costs in a transformed program: small hot loops, as ratios to the same program built without us.

${[
  "Each state (unpatched, after the 1st and the 5th of several different patches, rolled back) has a process of its own:",
  "it warms the loop up unpatched, applies its patches while the loop goes on, warms it up again and measures for 0.2 s, of which the best 15 ms count.",
  "Its counterpart runs the untransformed build of the same bodies. The two take turns; the ratio is that of the medians.",
  "Runs in a moment in which the machine is slow are repeated.",
  "Needs `npm run build`: the runtime is the one in dist/.",
  "About eight minutes per Node version on a quiet machine, thrice that on a busy one; Ctrl-C prints what is there.",
].join(" ")}`;

const ALL = "also the 50th patch, further loops (arrow, destructured, module state, generator, callback), the table of import cycles, patches that leave the loop or its callees to the host, and the loops as babel-plugin-rewire makes calls of them that can be replaced (unpatched); five times as long";

await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<void> {
  const options = parseOptions({ name: "bench:call", about: ABOUT, rounds: 3, all: ALL }, argv);
  if (!existsSync(RUNTIME)) throw new Error("dist/ is missing: run `npm run build` first");
  const nodes = await findNodes(options.node);
  const cases = CASES.filter((each) => (options.all || options.case.length > 0 || each.core) && isChosen(options, each.name));
  const stage = new Stage();
  const rows: Row[] = [];
  const print = (): void => printReport({ bench: "call", node: nodes.map(({ version }) => version).join(", "), rows }, options.json);
  process.once("SIGINT", () => {
    say("\ninterrupted; what was measured so far:");
    print();
    stage.remove();
    process.exit(130);
  });
  try {
    await measureAll(cases, nodes, stage, options, rows);
    print();
  } finally {
    stage.remove();
  }
}

async function measureAll(cases: readonly Case[], nodes: readonly NodeBinary[], stage: Stage, options: BenchOptions, rows: Row[]): Promise<void> {
  const chosen = cases.map((each) => ({ ...each, states: each.states.filter((state) => options.all || state.core) }));
  const pairs = chosen.reduce((sum, { states }) => sum + states.length, 0);
  const progress = new Progress(pairs * nodes.length * options.rounds * 2);
  const peers = options.all ? await fetchPackages("call-peers", PEERS) : undefined;
  for (const node of nodes) {
    for (const each of chosen) {
      const name = `node ${node.major} · ${each.name}`;
      for (const [index, state] of each.states.entries()) {
        const comparison = await compareState(each, state, node, stage, options, () => progress.step(`${name} · ${state.name}`));
        if (index === 0) rows.push({ case: name, metric: "untransformed", value: rounded(comparison.baseline), unit: "ns" });
        rows.push(
          judged({ case: name, metric: state.name, value: rounded(comparison.ratio), unit: "ratio" }, GOAL),
          { case: name, metric: `${state.name}${SPREAD}`, value: rounded(comparison.spread), unit: "ratio" },
        );
      }
      if (peers !== undefined && each.build === BUILDS[0] && each.scope === "all") {
        const comparison = await compareRewired(each, peers, node, stage, options, () => progress.step(`${name} · ${REWIRE}`));
        rows.push({ case: name, metric: REWIRE, value: rounded(comparison.ratio), unit: "ratio" }, { case: name, metric: `${REWIRE}${SPREAD}`, value: rounded(comparison.spread), unit: "ratio" });
      }
    }
  }
  progress.end();
}

interface Played {
  readonly ns: number;
  /** Time of a fixed piece of work in between. */
  readonly machine: number;
  readonly result: number;
}

type Play = (entry: string, more: object) => Promise<number>;

async function compareState(each: Case, state: State, node: NodeBinary, stage: Stage, options: BenchOptions, told: () => void): Promise<Comparison> {
  const { build, scope } = each;
  const patches: string[] = [];
  for (let patch = 1; patch <= state.patches; patch++) patches.push(await stage.patch(build, scope, patch));
  const counterpart = await stage.untransformed(build, scope, state.rolledBack ? 0 : state.patches);
  const transformed = await stage.transformed(build);
  const durations = durationsOf(state.patches, options);
  return await withPlayer(`${build.name}, ${each.loop.name}, ${state.name}`, each, node, options, async (play) => await compare(
    () => play(counterpart, { ...durations, patches: [], rolledBack: false, warmMs: durations.warmMs * 2 }),
    () => play(transformed, { ...durations, patches, rolledBack: state.rolledBack }),
    options.rounds,
    told,
  ));
}

async function compareRewired(each: Case, peers: string, node: NodeBinary, stage: Stage, options: BenchOptions, told: () => void): Promise<Comparison> {
  const plain = await stage.untransformed(each.build, "all", 0);
  const rewired = await stage.rewired(each.build, peers);
  const input = { ...durationsOf(0, options), patches: [], rolledBack: false };
  return await withPlayer(`${each.loop.name}, ${REWIRE}`, each, node, options, async (play) => await compare(() => play(plain, input), () => play(rewired, input), options.rounds, told));
}

function durationsOf(patches: number, { quick }: BenchOptions): { readonly warmMs: number; readonly betweenMs: number; readonly sliceMs: number; readonly slices: number } {
  return quick ? { warmMs: 150, betweenMs: 15, sliceMs: 15, slices: 6 } : { warmMs: 300, betweenMs: patches > 5 ? 15 : 80, sliceMs: 15, slices: 14 };
}

/** Demands that all that is played computes the same. */
async function withPlayer(name: string, { loop }: Case, node: NodeBinary, { quick }: BenchOptions, use: (play: Play) => Promise<Comparison>): Promise<Comparison> {
  const results = new Set<number>();
  const comparison = await use(async (entry, more) => {
    const played = await undisturbed(node.version, quick ? 1 : RETRIES, async () => (await runChild(node, PLAYER, { entry, run: loop.run, size: loop.size, ...more })) as Played);
    results.add(played.result);
    return played.ns;
  });
  if (results.size > 1) throw new Error(`${name}: the two programs compute different results: ${[...results].join(", ")}`);
  return comparison;
}
