/** What every benchmark does around that which it measures. */
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode, isNodeBinary, type NodeBinary } from "../node-versions.ts";
import { parseOptions, type BenchDescription, type BenchOptions } from "./options.ts";
import { say, type Progress } from "./progress.ts";
import { printReport, type Row } from "./report.ts";

const DIST = fileURLToPath(new URL("../../dist/runtime/index.js", import.meta.url));

export interface Bench {
  readonly options: BenchOptions;
  readonly nodes: readonly NodeBinary[];
  /** What is printed in the end, and what there is of it after Ctrl-C. */
  readonly rows: Row[];
  /** A folder that is there until the end. */
  readonly scratch: string;
}

/** Carries a benchmark out: options, Node versions, scratch folder, report. `name` is `bench:size`. */
export async function runBench(description: BenchDescription, argv: readonly string[], measure: (bench: Bench) => Promise<void>): Promise<void> {
  const options = parseOptions(description, argv);
  if (!existsSync(DIST)) throw new Error("dist/ is missing: run `npm run build` first");
  const bench = description.name.slice(description.name.indexOf(":") + 1);
  const nodes = await findNodes(options.node);
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), `ts-hotfix-bench-${bench}-`)));
  const rows: Row[] = [];
  const print = (): void => printReport({ bench, node: nodes.map(({ version }) => version).join(", "), rows }, options.json);
  const stop = (): never => {
    say("\ninterrupted; what was measured so far:");
    print();
    rmSync(scratch, { recursive: true, force: true });
    process.exit(130);
  };
  process.once("SIGINT", stop);
  try {
    await measure({ options, nodes, rows, scratch });
    print();
  } finally {
    process.removeListener("SIGINT", stop);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Those of the Node versions that can be had; the others are told. */
export async function findNodes(majors: readonly string[]): Promise<readonly NodeBinary[]> {
  const found: NodeBinary[] = [];
  for (const major of majors) {
    const node = await findNode(major);
    if (isNodeBinary(node)) found.push(node);
    else say(`left out: ${node.reason}`);
  }
  if (found.length === 0) throw new Error("no Node version to measure");
  return found;
}

/**
 * Runs contenders in turn, A B C A B C, so that what disturbs the machine disturbs all.
 *
 * @returns for each contender what it gave in each round
 */
export async function inTurn<R>(contenders: Readonly<Record<string, () => Promise<R>>>, rounds: number, progress: Progress, label: string): Promise<Readonly<Record<string, readonly R[]>>> {
  const results: Record<string, R[]> = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      progress.step(`${label} · ${name}`);
      results[name]?.push(await run());
    }
  }
  return results;
}
