/** `npm run bench:after`: how soon a busy server is as fast as before, after a commit and after a rollback. */
import { fileURLToPath } from "node:url";
import { runBench, type Bench } from "./harness/bench.ts";
import { runChild } from "./harness/child.ts";
import { isChosen } from "./harness/options.ts";
import { Progress } from "./harness/progress.ts";
import { judged, judgedAtLeast } from "./harness/report.ts";
import { median, rounded } from "./harness/statistics.ts";
import type { NodeBinary } from "./node-versions.ts";
import { RuntimeProgram } from "./runtime/program.ts";

const SERVER = fileURLToPath(new URL("after/server.mjs", import.meta.url));
const FUNCTIONS = [1, 100];
const GOAL_THROUGHPUT = 0.98;
const GOAL_PAUSE_MS = 20;

const ABOUT = `What a commit leaves behind: V8 throws away code that a patch makes wrong, and compiles it anew while requests come.

${[
  "A server of 1,000 functions, busy all the time with requests that call fifty of them, is patched and ten seconds later rolled back.",
  "Throughput: requests per millisecond that its thread worked (other programs on the machine do not count), over that of the five seconds before; in the first second, and in the nine behind it.",
  "98 % after: the end of the last half second that was slower than 98 % of before.",
  "Pause: the longest turn of the event loop in the ten seconds from the call on, by the clock; CPU: by the thread's own work in it (from Node 23.9 on).",
  "p50, p99: of the turns. The case `nothing` is ten seconds in which nothing is done: what it shows is the machine's.",
].join(" ")}`;

type Figures = Readonly<Record<"first" | "late" | "back" | "pause" | "pauseBefore" | "work" | "workBefore" | "p50" | "p99" | "p99Before", number>>;
type Served = Readonly<Record<"idle" | "applied" | "rolledBack", Figures>>;

await runBench({ name: "bench:after", about: ABOUT, rounds: 3, all: undefined }, process.argv.slice(2), async (bench) => {
  const { options, nodes } = bench;
  const functions = FUNCTIONS.filter((count) => isChosen(options, `${count} functions`));
  const progress = new Progress(nodes.length * functions.length * options.rounds);
  const program = new RuntimeProgram();
  try {
    for (const count of functions) {
      const payload = program.patch(count);
      for (const node of nodes) await measure(count, { entry: program.entry, payload }, node, bench, progress);
    }
    progress.end();
  } finally {
    program.remove();
  }
});

async function measure(count: number, input: { readonly entry: string; readonly payload: string }, node: NodeBinary, { options, rows }: Bench, progress: Progress): Promise<void> {
  const name = `node ${node.major} · ${count} functions`;
  const durations = options.quick ? { warmMs: 200, beforeMs: 200, afterMs: 400, binMs: 20 } : { warmMs: 6000, beforeMs: 5000, afterMs: 10_000, binMs: 100 };
  const served: Served[] = [];
  for (let round = 0; round < options.rounds; round++) {
    progress.step(name);
    served.push((await runChild(node, SERVER, { ...input, ...durations })) as Served);
  }
  for (const [phase, told] of [["idle", "nothing"], ["applied", "patched"], ["rolledBack", "rolled back"]] as const) {
    const of = (figure: keyof Figures): number => rounded(median(served.map((each) => each[phase][figure])));
    const row = (metric: string, value: number, unit: string) => ({ case: `${name}, ${told}`, metric, value, unit });
    const isJudged = phase !== "idle";
    const late = row("then", of("late"), "ratio");
    const work = row("pause, CPU", of("work"), "ms");
    rows.push(
      row("1st second", of("first"), "ratio"),
      isJudged ? judgedAtLeast(late, GOAL_THROUGHPUT) : late,
      row("98 % after", of("back"), "ms"),
      isJudged ? judged(work, GOAL_PAUSE_MS) : work,
      row("pause", of("pause"), "ms"), row("pause before", of("pauseBefore"), "ms"),
      row("p99", of("p99"), "ms"), row("p99 before", of("p99Before"), "ms"),
    );
  }
}
