/** `npm run bench:programs`: what being patchable costs whole programs, patched and not. */
import { fileURLToPath } from "node:url";
import { runBench, type Bench } from "./harness/bench.ts";
import { runChild } from "./harness/child.ts";
import { compare } from "./harness/compare.ts";
import { isChosen } from "./harness/options.ts";
import { Progress, say } from "./harness/progress.ts";
import { judged, SPREAD, type Row } from "./harness/report.ts";
import { rounded } from "./harness/statistics.ts";
import { undisturbed } from "./harness/undisturbed.ts";
import type { NodeBinary } from "./node-versions.ts";
import { PROGRAMS, QUICK } from "./programs/programs.ts";
import { stageProgram, type StagedProgram } from "./programs/stage.ts";

const PLAYER = fileURLToPath(new URL("programs/player.mjs", import.meta.url));
const RETRIES = 2;
const LIMIT_MS = 300_000;

const STATES = [
  { name: "unpatched", patches: 0, rolledBack: false, geomean: 1.01, worst: 1.03 },
  { name: "1st patch", patches: 1, rolledBack: false, geomean: 1.02, worst: 1.05 },
  { name: "10th patch", patches: 10, rolledBack: false, geomean: 1.02, worst: 1.05 },
  { name: "rolled back", patches: 10, rolledBack: true, geomean: 1.02, worst: 1.05 },
] as const;

const ABOUT = `What being patchable costs whole programs from npm, as ratios to the same bundle built without us.

${[
  "A patch replaces every function of the program by a recompiled copy of itself; ten different ones are applied one after the other.",
  "Each state has a process of its own: it warms up unpatched, applies its patches while the program goes on, warms up again and measures; the best slice counts.",
  "Its counterpart runs the untransformed bundle; the two take turns, and the ratio is that of the medians. Both must compute the same.",
].join(" ")}`;

await runBench({ name: "bench:programs", about: ABOUT, rounds: 3, all: undefined }, process.argv.slice(2), async (bench) => {
  const { options, nodes, scratch, rows } = bench;
  const programs = (options.quick ? [QUICK] : PROGRAMS).filter(({ name }) => isChosen(options, name));
  const states = options.quick ? STATES.slice(0, 2) : STATES;
  const progress = new Progress(programs.length * nodes.length * states.length * options.rounds * 2);
  const ratios = new Map<string, number[]>();
  for (const program of programs) {
    const staged = await stageProgram(program, scratch, Math.max(...states.map(({ patches }) => patches)));
    if (staged.left > 0) say(`${program.name}: ${staged.left} functions cannot be patched`);
    for (const node of nodes) await measure(`node ${node.major} · ${program.name}, ${staged.functions} functions`, staged, node, bench, progress, ratios);
  }
  progress.end();
  for (const node of nodes) for (const summary of ["geometric mean", "worst"] as const) rows.push(...summarise(node, summary, ratios));
});

async function measure(name: string, staged: StagedProgram, node: NodeBinary, { options, rows }: Bench, progress: Progress, ratios: Map<string, number[]>): Promise<void> {
  const { quick, rounds } = options;
  const durations = quick ? { warmMs: 50, betweenMs: 10, sliceMs: 10, slices: 3 } : { warmMs: 700, betweenMs: 150, sliceMs: 40, slices: 12 };
  for (const [index, state] of (quick ? STATES.slice(0, 2) : STATES).entries()) {
    const results = new Set<number>();
    const play = async (entry: string, more: object): Promise<number> => {
      const played = await undisturbed(node.version, quick ? 1 : RETRIES, async () => (await runChild(node, PLAYER, { entry, ...durations, ...more }, [], LIMIT_MS)) as { readonly ns: number; readonly machine: number; readonly result: number });
      results.add(played.result);
      return played.ns / 1e6;
    };
    const comparison = await compare(
      () => play(staged.plain, { patches: [], rolledBack: false, warmMs: durations.warmMs + (state.patches * durations.betweenMs) / 2 }),
      () => play(staged.transformed, { patches: staged.patches.slice(0, state.patches), rolledBack: state.rolledBack }),
      rounds,
      () => progress.step(`${name} · ${state.name}`),
    );
    if (results.size > 1) throw new Error(`${name}, ${state.name}: the two bundles compute different results`);
    const key = `${node.major} ${state.name}`;
    ratios.set(key, [...(ratios.get(key) ?? []), comparison.ratio]);
    if (index === 0) rows.push({ case: name, metric: "untransformed", value: rounded(comparison.baseline), unit: "ms" });
    rows.push({ case: name, metric: state.name, value: rounded(comparison.ratio), unit: "ratio" }, { case: name, metric: `${state.name}${SPREAD}`, value: rounded(comparison.spread), unit: "ratio" });
  }
}

function summarise({ major }: NodeBinary, summary: "geometric mean" | "worst", ratios: ReadonlyMap<string, readonly number[]>): readonly Row[] {
  return STATES.flatMap(({ name, geomean, worst }): readonly Row[] => {
    const of = ratios.get(`${major} ${name}`);
    if (of === undefined) return [];
    const value = summary === "worst" ? Math.max(...of) : Math.exp(of.reduce((sum, each) => sum + Math.log(each), 0) / of.length);
    return [judged({ case: `node ${major} · ${summary}`, metric: name, value: rounded(value), unit: "ratio" }, summary === "worst" ? worst : geomean)];
  });
}
