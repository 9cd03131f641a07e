/** `npm run bench:programs`: what being patchable costs whole programs, patched and not. */
import { fileURLToPath } from "node:url";
import { runBench, type Bench } from "./harness/bench.ts";
import { runChild } from "./harness/child.ts";
import { isChosen } from "./harness/options.ts";
import { Progress, say } from "./harness/progress.ts";
import { judged, SPREAD, type Row } from "./harness/report.ts";
import { median, rounded } from "./harness/statistics.ts";
import { undisturbed } from "./harness/undisturbed.ts";
import type { NodeBinary } from "./node-versions.ts";
import { PROGRAMS, QUICK, type WholeProgram } from "./programs/programs.ts";
import { stageProgram, type StagedProgram } from "./programs/stage.ts";

const PLAYER = fileURLToPath(new URL("programs/player.mjs", import.meta.url));
const RETRIES = 2;
const LIMIT_MS = 300_000;

interface State {
  readonly name: string;
  /** Patches applied since the state before. */
  readonly patches: number;
  readonly rollBack: boolean;
  /** Goals: of the geometric mean, of the worst program. */
  readonly geomean: number;
  readonly worst: number;
}

/** One after the other, in one process. */
const STATES: readonly State[] = [
  { name: "unpatched", patches: 0, rollBack: false, geomean: 1.01, worst: 1.03 },
  { name: "1st patch", patches: 1, rollBack: false, geomean: 1.02, worst: 1.05 },
  { name: "10th patch", patches: 9, rollBack: false, geomean: 1.02, worst: 1.05 },
  { name: "rolled back", patches: 0, rollBack: true, geomean: 1.02, worst: 1.05 },
];
/** With classes and the option `lift`, unpatched. */
const LIFTED_GEOMEAN = 1.02;

const ABOUT = `What being patchable costs whole programs from npm, as ratios to the same bundle built without us.

${[
  "A patch replaces every function of the program by a recompiled copy of itself; ten different ones are applied one after the other.",
  "A process warms up and measures, is patched, warms up and measures, and so on up to the rollback; in each state the best slice counts.",
  "Its counterpart runs the untransformed bundle for as long and measures at the same moments; the two take turns, and a ratio is that of medians. Both must compute the same.",
  "Programs made of classes are built with the option lift; their methods are patched too.",
].join(" ")}`;

await runBench({ name: "bench:programs", about: ABOUT, rounds: 5, all: undefined }, process.argv.slice(2), async (bench) => {
  const { options, nodes, scratch, rows } = bench;
  const programs = (options.quick ? QUICK : PROGRAMS).filter(({ name }) => isChosen(options, name));
  const states = options.quick ? STATES.slice(0, 2) : STATES;
  const progress = new Progress(programs.length * nodes.length * options.rounds * 2);
  const ratios = new Map<string, number[]>();
  for (const program of programs) {
    say(`${program.name}: building it, and its patches`);
    const staged = await stageProgram(program, scratch, states.reduce((sum, { patches }) => sum + patches, 0));
    if (staged.left > 0) say(`${program.name}: ${staged.left} functions cannot be patched`);
    for (const node of nodes) await measure(program, staged, states, node, bench, progress, ratios);
  }
  progress.end();
  for (const node of nodes) for (const kind of ["functions", "classes"] as const) for (const summary of ["geometric mean", "worst"] as const) rows.push(...summarise(node, kind, summary, ratios));
});

interface Played {
  readonly measured: readonly { readonly ns: number; readonly machine: number }[];
  readonly result: number;
}

async function measure(program: WholeProgram, staged: StagedProgram, states: readonly State[], node: NodeBinary, { options, rows }: Bench, progress: Progress, ratios: Map<string, number[]>): Promise<void> {
  const { quick, rounds } = options;
  const name = `node ${node.major} · ${program.name}, ${staged.functions} functions`;
  const durations = quick ? { warmMs: 30, betweenMs: 10, sliceMs: 10, slices: 3 } : { warmMs: 700, betweenMs: 150, sliceMs: 40, slices: 12 };
  const files = [...staged.patches];
  const steps = states.map(({ patches, rollBack }) => ({ patches: files.splice(0, patches), rollBack }));
  const idle = steps.map(({ patches }) => ({ patches: patches.map(() => ""), rollBack: false }));
  const play = async (entry: string, its: typeof steps): Promise<readonly number[]> => {
    progress.step(name);
    const played = await undisturbed(node.version, quick ? 1 : RETRIES, async () => {
      const { measured, result } = (await runChild(node, PLAYER, { entry, steps: its, ...durations }, [], LIMIT_MS)) as Played;
      return { measured, result, machine: Math.max(...measured.map(({ machine }) => machine)) };
    });
    results.add(played.result);
    return played.measured.map(({ ns }) => ns / 1e6);
  };
  const results = new Set<number>();
  const plain: (readonly number[])[] = [];
  const transformed: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(await play(staged.plain, idle));
    transformed.push(await play(staged.transformed, steps));
  }
  if (results.size > 1) throw new Error(`${name}: the two bundles compute different results`);
  rows.push({ case: name, metric: "untransformed", value: rounded(median(plain.map(([first = Number.NaN]) => first))), unit: "ms" });
  for (const [index, state] of states.entries()) {
    const of = (all: readonly (readonly number[])[]): number[] => all.map((each) => each[index] ?? Number.NaN);
    const single = of(plain).map((each, round) => (of(transformed)[round] ?? Number.NaN) / each);
    const ratio = median(of(transformed)) / median(of(plain));
    const key = `${node.major} ${program.lift === true ? "classes" : "functions"} ${state.name}`;
    ratios.set(key, [...(ratios.get(key) ?? []), ratio]);
    rows.push({ case: name, metric: state.name, value: rounded(ratio), unit: "ratio" }, { case: name, metric: `${state.name}${SPREAD}`, value: rounded(Math.max(...single) - Math.min(...single)), unit: "ratio" });
  }
}

function summarise({ major }: NodeBinary, kind: "functions" | "classes", summary: "geometric mean" | "worst", ratios: ReadonlyMap<string, readonly number[]>): readonly Row[] {
  return STATES.flatMap(({ name, geomean, worst }): readonly Row[] => {
    const of = ratios.get(`${major} ${kind} ${name}`);
    if (of === undefined) return [];
    const value = summary === "worst" ? Math.max(...of) : Math.exp(of.reduce((sum, each) => sum + Math.log(each), 0) / of.length);
    const row: Row = { case: `node ${major} · ${summary}, ${kind}`, metric: name, value: rounded(value), unit: "ratio" };
    if (kind === "functions") return [judged(row, summary === "worst" ? worst : geomean)];
    return [name === "unpatched" && summary === "geometric mean" ? judged(row, LIFTED_GEOMEAN) : row];
  });
}
