/** `npm run bench:runtime`: what applying a patch costs a running process: pauses, threads that stand still, memory, time. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findNodes } from "./harness/bench.ts";
import { runChild } from "./harness/child.ts";
import { isChosen, parseOptions, type BenchOptions } from "./harness/options.ts";
import { Progress, say } from "./harness/progress.ts";
import { judged, printReport, type Row } from "./harness/report.ts";
import { median, rounded } from "./harness/statistics.ts";
import type { NodeBinary } from "./node-versions.ts";
import { RuntimeProgram } from "./runtime/program.ts";

const RUNTIME = fileURLToPath(new URL("../dist/runtime/index.js", import.meta.url));
const THREADS = 8;
/** Of one process. */
const LIMIT_MS = 600_000;

const GOAL_PAUSE_MS = 1;
const GOAL_HELD_MS = 5;
const GOAL_HEAP_MB = 1;

const ABOUT = `What applying a patch costs a running process. The host is a generated server of 1,000 functions built with the transformer, the patches are the builder's; thousands of different ones are had by another number in each function.

${[
  "Pause: a server works in every turn of its event loop; the longest time between two turns, from the call of apply() until three turns after its result.",
  "Idle: the same for as long a time without an apply, in turn with it. Over idle: difference of the two.",
  "CPU: the longest that the thread itself worked between two turns, garbage collection on it included; 0 where Node (before 23.9) does not tell. On a machine that is not quiet, pauses are other programs' time.",
  "GC: the longest garbage collection in the same time.",
  "setScriptSource: the same changes in the untransformed program by V8's own live editing, through the inspector (Node 22 and 24; Node 26 has it switched off).",
  "Held: how long the worker that stood longest at the barrier stood there, its own commit included.",
  "Heap, RSS: growth over all cycles of different patches, each applied and rolled back, after garbage collection; V8's compilation cache keeps scripts, so once without it and once with it.",
  "Socket: from the client's file to the result, the host in another process.",
  "Each figure is the median of the rounds, each round a fresh process. Needs `npm run build`.",
].join(" ")}`;

interface Task {
  readonly name: string;
  readonly script: string;
  readonly input: object;
  readonly flags: readonly string[];
  /** Major versions of Node that can do it; undefined: all. */
  readonly only?: readonly string[];
  /** What a run printed, as rows without their case. */
  readonly rows: (figures: Figures) => readonly Omit<Row, "case">[];
}

type Figures = Readonly<Record<string, number>>;

await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<void> {
  const options = parseOptions({ name: "bench:runtime", about: ABOUT, rounds: 3, all: undefined }, argv);
  if (!existsSync(RUNTIME)) throw new Error("dist/ is missing: run `npm run build` first");
  const nodes = await findNodes(options.node);
  const program = new RuntimeProgram();
  const rows: Row[] = [];
  const print = (): void => printReport({ bench: "runtime", node: nodes.map(({ version }) => version).join(", "), rows }, options.json);
  process.once("SIGINT", () => {
    say("\ninterrupted; what was measured so far:");
    print();
    program.remove();
    process.exit(130);
  });
  try {
    const tasks = tasksFor(program, options).filter(({ name }) => isChosen(options, name));
    const progress = new Progress(tasks.length * nodes.length * options.rounds);
    for (const node of nodes) {
      for (const task of tasks.filter(({ only }) => only?.includes(node.major) !== false)) rows.push(...(await measure(task, node, options.rounds, progress)));
    }
    progress.end();
    print();
  } finally {
    program.remove();
  }
}

async function measure({ name, script, input, flags, rows }: Task, node: NodeBinary, rounds: number, progress: Progress): Promise<readonly Row[]> {
  const runs: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    progress.step(`node ${node.major} · ${name}`);
    runs.push(flatten(await runChild(node, fileURLToPath(new URL(`runtime/${script}.mjs`, import.meta.url)), input, flags, LIMIT_MS)));
  }
  const figures = Object.fromEntries(Object.keys(runs[0] ?? {}).map((key) => [key, rounded(median(runs.map((run) => run[key] ?? Number.NaN)))]));
  return rows(figures).map((row) => ({ case: `node ${node.major} · ${name}`, ...row }));
}

/** `{ pause: { p50 } }` --> `{ "pause p50" }` */
function flatten(printed: unknown): Figures {
  return Object.fromEntries(Object.entries(printed as Record<string, number | Figures>).flatMap(([key, value]) => (typeof value === "number" ? [[key, value]] : Object.entries(value).map(([part, each]) => [`${key} ${part}`, each]))));
}

function tasksFor(program: RuntimeProgram, { quick }: BenchOptions): readonly Task[] {
  const { entry } = program;
  const patches = new Map((quick ? [1, 100] : [1, 100, 1000]).map((functions) => [functions, program.patch(functions)]));
  const heaps = quick ? [10] : [10, 500];
  const pauses = [...patches].flatMap(([functions, payload]) =>
    heaps.map((heapMb): Task => ({
      name: `pause, ${functions} functions, ${heapMb} MB`, script: "pause", flags: ["--max-old-space-size=2048"],
      input: { entry, payload, heapMb, applies: quick ? 30 : functions > 100 ? 100 : 300 },
      rows: (of) => pauseRows(of, functions === 100),
    })));
  // V8 can edit functions in place, up to Node 24; what it edits must stay a script of the same form
  const edits = [...patches.keys()].flatMap((functions) =>
    heaps.map((heapMb): Task => ({
      name: `V8's setScriptSource, ${functions} functions, ${heapMb} MB`, script: "live-edit", flags: ["--max-old-space-size=2048"], only: ["22", "24"],
      input: { entry: program.untransformed, functions, heapMb, applies: quick ? 5 : 30 },
      rows: (of) => pauseRows(of, false),
    })));
  const payload = patches.get(100) ?? "";
  const barriers = [false, true].map((isBusy): Task => ({
    name: `barrier, ${THREADS} ${isBusy ? "busy" : "idle"} threads`, script: "barrier", flags: [],
    input: { entry, payload, threads: THREADS, isBusy, applies: quick ? 10 : 100 },
    rows: (of) => [
      ms("held p50", of["p50"]), isBusy ? ms("held p99", of["p99"]) : goal(ms("held p99", of["p99"]), GOAL_HELD_MS),
      ms("held max", of["max"]), ms("apply p50", of["time"]),
    ],
  }));
  const cycles = quick ? 300 : 10_000;
  const memory = ["--no-compilation-cache", "--compilation-cache"].map((flag): Task => ({
    name: `${cycles} cycles, ${flag === "--no-compilation-cache" ? "no" : "with"} compilation cache`, script: "cycles", flags: ["--expose-gc", flag],
    input: { entry, payload: patches.get(1), cycles },
    rows: (of) => [
      flag === "--no-compilation-cache" ? goal(mb("heap", of["heap"]), GOAL_HEAP_MB) : mb("heap", of["heap"]),
      mb("RSS", of["rss"]), ms("cycle", of["time"]),
    ],
  }));
  const socket: Task = {
    name: "socket, 100 functions", script: "socket", flags: [], input: { entry, payload, applies: quick ? 10 : 100 },
    rows: (of) => [ms("apply p50", of["p50"]), ms("apply p99", of["p99"])],
  };
  return [...pauses, ...edits, ...barriers, ...memory, socket];
}

function pauseRows(of: Figures, isJudged: boolean): readonly Omit<Row, "case">[] {
  const over = ms("over idle p99", difference(of, "p99"));
  return [
    ms("pause p50", of["pause p50"]), ms("pause p99", of["pause p99"]),
    ms("idle p50", of["idle p50"]), ms("idle p99", of["idle p99"]),
    isJudged ? goal(over, GOAL_PAUSE_MS) : over,
    ms("CPU p50", of["work p50"]), ms("CPU p99", of["work p99"]), ms("idle CPU p99", of["idleWork p99"]),
    ms("GC p99", of["gc p99"]), ms("idle GC p99", of["idleGc p99"]), ms("apply p50", of["time p50"]),
  ];
}

function difference(of: Figures, part: string): number {
  return rounded(Math.max(0, (of[`pause ${part}`] ?? Number.NaN) - (of[`idle ${part}`] ?? Number.NaN)));
}

function ms(metric: string, value: number | undefined): Omit<Row, "case"> {
  return { metric, value: value ?? Number.NaN, unit: "ms" };
}

function mb(metric: string, value: number | undefined): Omit<Row, "case"> {
  return { metric, value: value ?? Number.NaN, unit: "MB" };
}

function goal(row: Omit<Row, "case">, most: number): Omit<Row, "case"> {
  const { case: _, ...rest } = judged({ case: "", ...row }, most);
  return rest;
}
