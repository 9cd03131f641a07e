/** `npm run bench:build`: how long a patch build takes, from the command to its end. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { GeneratedTree, type TreeSize } from "./build/tree.ts";
import { runBench, type Bench } from "./harness/bench.ts";
import { isChosen } from "./harness/options.ts";
import { say } from "./harness/progress.ts";
import { judged, SPREAD } from "./harness/report.ts";
import { median, rounded } from "./harness/statistics.ts";
import type { NodeBinary } from "./node-versions.ts";

const GOAL_SECONDS = 1;
/** Modules of the largest tree that the goal is for; beyond it a build should grow with what changed. */
const GOAL_MODULES = 1_000;
const CLI = fileURLToPath(new URL("../bin/ts-hotfix.js", import.meta.url));
const SIZES = [
  { modules: 100, lines: 20_000 },
  { modules: 1_000, lines: 200_000 },
  { modules: 5_000, lines: 1_000_000 },
];

const QUICK = { modules: 10, lines: 1_000 };

const ABOUT = "Wall time of `ts-hotfix build` after a one-line fix in a generated project, its first run (disk and code caches cold) aside. Beside it that of `ts-hotfix --version`, which builds nothing.";

await runBench({ name: "bench:build", about: ABOUT, rounds: 9, all: undefined }, process.argv.slice(2), async (bench) => {
  const sizes = (bench.options.quick ? [QUICK] : SIZES).filter(({ modules }) => isChosen(bench.options, `${modules} modules`));
  for (const size of sizes) {
    const tree = new GeneratedTree(size, bench.scratch);
    tree.writeManifest();
    for (const node of bench.nodes) await measure(tree, size, node, bench);
    tree.remove();
  }
});

async function measure(tree: GeneratedTree, { modules }: TreeSize, node: NodeBinary, { options, rows }: Bench): Promise<void> {
  const name = `node ${node.major} · ${modules} modules, ${tree.lines} lines`;
  const builds: number[] = [];
  const starts: number[] = [];
  for (let round = -1; round < options.rounds; round++) {
    const expected = tree.fix(round + 1);
    say(`${name}: round ${round + 1} of ${options.rounds}`);
    const build = await timed(node, ["build", "--base", tree.manifest, "--source", tree.folder, "--out", join(tree.folder, "fix.hotfix"), "--json"], expected);
    const start = await timed(node, ["--version"], "");
    if (round < 0) continue;
    builds.push(build);
    starts.push(start);
  }
  const build = { case: name, metric: "build", value: rounded(median(builds)), unit: "s" };
  rows.push(modules <= GOAL_MODULES ? judged(build, GOAL_SECONDS) : build);
  rows.push({ case: name, metric: `build${SPREAD}`, value: rounded(Math.max(...builds) - Math.min(...builds)), unit: "s" });
  rows.push({ case: name, metric: "command alone", value: rounded(median(starts)), unit: "s" });
}

/** Seconds; checks that the command did what it was to do. */
async function timed(node: NodeBinary, args: readonly string[], expected: string): Promise<number> {
  const begin = performance.now();
  const { stdout } = await promisify(execFile)(node.path, [CLI, ...args], { maxBuffer: 1 << 28 });
  const seconds = (performance.now() - begin) / 1000;
  if (!stdout.includes(expected)) throw new Error(`the patch does not hold ${expected}: ${stdout}`);
  return seconds;
}
