/** `npm run bench:compile`: what being patchable costs a build. */
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { GeneratedTree } from "./build/tree.ts";
import { inTurn, runBench, type Bench } from "./harness/bench.ts";
import { runChild } from "./harness/child.ts";
import { isChosen } from "./harness/options.ts";
import { Progress } from "./harness/progress.ts";
import { judged, SPREAD } from "./harness/report.ts";
import { median, rounded } from "./harness/statistics.ts";
import type { NodeBinary } from "./node-versions.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const TSPC = join(ROOT, "node_modules", "ts-patch", "bin", "tspc.js");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const BUNDLER = fileURLToPath(new URL("compile/bundler.mjs", import.meta.url));
const LIMIT_MS = 900_000;

const ABOUT = `What being patchable costs a build of a generated project of 100,000 lines in 500 modules.

${[
  "tsc: processor seconds of tspc with the transformer, over those of plain tsc, both type-checking and with source maps.",
  "Rollup: the same of a bundle with the plugin and without, types stripped by oxc-transform, with source maps.",
  "Each run is a process of its own; with and without take turns, after one run of each that does not count.",
].join(" ")}`;

interface Tool {
  readonly name: string;
  readonly goal: number;
  /** Processor seconds. */
  readonly run: (node: NodeBinary, folder: string, transformed: boolean) => Promise<number>;
}

const TOOLS: readonly Tool[] = [
  {
    name: "tsc", goal: 1.08,
    run: async (node, folder, transformed) => await timed(node, [transformed ? TSPC : TSC, "-p", transformed ? "tsconfig.hotfix.json" : "tsconfig.json"], folder),
  },
  {
    name: "Rollup", goal: 1.2,
    run: async (node, folder, transformed) => ((await runChild(node, BUNDLER, { folder, transformed }, [], LIMIT_MS)) as { readonly seconds: number }).seconds,
  },
];

await runBench({ name: "bench:compile", about: ABOUT, rounds: 5, all: undefined }, process.argv.slice(2), async (bench) => {
  const { quick, rounds } = bench.options;
  const tree = new GeneratedTree(quick ? { modules: 5, lines: 500 } : { modules: 500, lines: 100_000 }, bench.scratch);
  const tools = TOOLS.filter(({ name }) => isChosen(bench.options, name));
  const progress = new Progress(bench.nodes.length * tools.length * (rounds + 1) * 2);
  prepare(tree, quick);
  for (const node of bench.nodes) for (const tool of tools) await measure(tool, node, tree, bench, progress);
  progress.end();
});

function prepare({ folder }: GeneratedTree, noCheck: boolean): void {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules", "ts-hotfix"), "dir");
  const compilerOptions = { module: "nodenext", target: "es2022", strict: true, sourceMap: true, rootDir: "src", types: [], noCheck };
  const write = (name: string, more: object): void => writeFileSync(join(folder, name), JSON.stringify({ compilerOptions: { ...compilerOptions, ...more }, include: ["src"] }));
  write("tsconfig.json", { outDir: "plain" });
  write("tsconfig.hotfix.json", { outDir: "transformed", plugins: [{ transform: "ts-hotfix/transformer" }] });
}

async function measure({ name, goal, run }: Tool, node: NodeBinary, tree: GeneratedTree, { options, rows }: Bench, progress: Progress): Promise<void> {
  const label = `node ${node.major} · ${name}, ${tree.files.length} modules, ${tree.lines} lines`;
  const contenders = { plain: async () => await run(node, tree.folder, false), transformed: async () => await run(node, tree.folder, true) };
  if (!options.quick) await inTurn(contenders, 1, progress, `${label} · warming up`);
  const { plain = [], transformed = [] } = await inTurn(contenders, options.rounds, progress, label);
  const ratios = plain.map((seconds, round) => (transformed[round] ?? Number.NaN) / seconds);
  rows.push(
    { case: label, metric: "without", value: rounded(median(plain)), unit: "s" },
    { case: label, metric: "with", value: rounded(median(transformed)), unit: "s" },
    judged({ case: label, metric: `${name}, ratio`, value: rounded(median(transformed) / median(plain)), unit: "ratio" }, goal),
    { case: label, metric: `${name}, ratio${SPREAD}`, value: rounded(Math.max(...ratios) - Math.min(...ratios)), unit: "ratio" },
  );
}

/** Processor seconds of a command that must succeed; it tells them itself when it ends. */
async function timed(node: NodeBinary, args: readonly string[], folder: string): Promise<number> {
  const tell = fileURLToPath(new URL("compile/tell.cjs", import.meta.url));
  const { stderr } = await promisify(execFile)(node.path, ["--require", tell, ...args], { cwd: folder, maxBuffer: 1 << 28, timeout: LIMIT_MS });
  const told = /cpu (\d+)\s*$/.exec(stderr)?.[1];
  if (told === undefined) throw new Error(`${args.join(" ")}: ${stderr}`);
  return Number(told) / 1e6;
}
