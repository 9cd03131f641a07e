/** `npm run bench:transform`: how fast the text back end is, beside tools that do work of the same kind. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTurn, runBench, type Bench } from "./harness/bench.ts";
import { runChild } from "./harness/child.ts";
import { isChosen } from "./harness/options.ts";
import { Progress, say } from "./harness/progress.ts";
import { judged, judgedAtLeast, SPREAD, type Row } from "./harness/report.ts";
import { median, rounded } from "./harness/statistics.ts";
import { firstLine } from "./npm-packages.ts";
import { CORPORA, fetchCorpus, fetchPeers, QUICK, type Corpus } from "./transform/corpora.ts";

const CONTENDER = fileURLToPath(new URL("transform/contender.mjs", import.meta.url));
const LIMIT_MS = 900_000;

const GOALS = { "ts.transpileModule": 3, "babel-plugin-istanbul": 8 } as const;
const GOAL_PARSE = 3;

/** Only for what they cost, and left out where they do not install. */
const PEERS = ["ts.transpileModule", "babel-plugin-istanbul", "swc coverage", "oxc-parser"] as const;

const FETCHED: ReadonlySet<string> = new Set(["babel-plugin-istanbul", "swc coverage"]);

const ABOUT = `MB of source that each tool takes in a second of processor time, all with source maps, over sources of packages from npm.

${[
  "ts-hotfix: from the file to the transformed text, with everything that a build needs for the manifest but writing it.",
  "oxc-parser: parsing alone, to the same kind of tree.",
  "Each run is a process of its own that takes all files once to warm up and then once more, which counts; the tools take turns.",
  "Processor time, not the clock's: other programs on the machine count less. What garbage collection does on other threads is in it.",
  "Ratios are of the medians: how many times as fast as the peer; for oxc-parser how many times as long.",
].join(" ")}`;

await runBench({ name: "bench:transform", about: ABOUT, rounds: 3, all: undefined }, process.argv.slice(2), async (bench) => {
  const { quick, rounds } = bench.options;
  const peers = quick ? "" : await fetchPeers();
  const corpora = (quick ? [QUICK] : CORPORA).filter(({ name }) => isChosen(bench.options, name));
  const progress = new Progress(corpora.length * bench.nodes.length * rounds * (PEERS.length + 1));
  for (const corpus of corpora) await measure(corpus, peers, bench, progress);
  progress.end();
});

async function measure(corpus: Corpus, peers: string, { nodes, options, rows, scratch }: Bench, progress: Progress): Promise<void> {
  const { files, bytes, root } = await fetchCorpus(corpus);
  const list = join(scratch, `${corpus.name}.json`);
  writeFileSync(list, JSON.stringify(files));
  for (const node of nodes) {
    const name = `node ${node.major} · ${corpus.name}, ${(bytes / 1e6).toFixed(1)} MB`;
    const missing = new Set<string>();
    const contender = (tool: string) => async (): Promise<number> => {
      try {
        const { seconds } = (await runChild(node, CONTENDER, { tool, list, root, peers }, [], LIMIT_MS)) as { readonly seconds: number };
        return bytes / 1e6 / seconds;
      } catch (error) {
        if (tool !== "swc coverage") throw error;
        if (missing.size === 0) say(`left out: ${tool}, Node ${node.major}: ${firstLine(error)}`);
        missing.add(tool);
        return Number.NaN;
      }
    };
    const tools = ["ts-hotfix", ...PEERS.filter((tool) => !options.quick || !FETCHED.has(tool))];
    const speeds = await inTurn(Object.fromEntries(tools.map((tool) => [tool, contender(tool)])), options.rounds, progress, name);
    const of = (tool: string): number => median(speeds[tool] ?? []);
    for (const tool of tools.filter((each) => !missing.has(each))) rows.push({ case: name, metric: tool, value: rounded(of(tool)), unit: "MB/s" });
    rows.push(...ratios(name, of).filter(({ value }) => !Number.isNaN(value)), { case: name, metric: `ts-hotfix${SPREAD}`, value: rounded(Math.max(...(speeds["ts-hotfix"] ?? [])) - Math.min(...(speeds["ts-hotfix"] ?? []))), unit: "MB/s" });
  }
}

function ratios(name: string, of: (tool: string) => number): readonly Row[] {
  return [
    ...Object.entries(GOALS).map(([tool, goal]) => judgedAtLeast({ case: name, metric: `÷ ${tool}`, value: rounded(of("ts-hotfix") / of(tool)), unit: "ratio" }, goal)),
    judged({ case: name, metric: "time ÷ oxc-parser", value: rounded(of("oxc-parser") / of("ts-hotfix")), unit: "ratio" }, GOAL_PARSE),
  ];
}
