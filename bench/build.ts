/** `npm run bench:build`: how long a patch build takes, from the command to its end. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { GeneratedTree } from "./build/tree.ts";
import { parseOptions } from "./harness/options.ts";
import { say } from "./harness/progress.ts";
import { judged, printReport, SPREAD, type Row } from "./harness/report.ts";
import { median, rounded } from "./harness/statistics.ts";

const GOAL_SECONDS = 1;
const CLI = fileURLToPath(new URL("../bin/ts-hotfix.js", import.meta.url));
const SIZES = [
  { modules: 100, lines: 20_000 },
  { modules: 1_000, lines: 200_000 },
];

const ABOUT = "Wall time of `ts-hotfix build` after a one-line fix in a generated project, its first run (disk and code caches cold) aside. Beside it that of `ts-hotfix --version`, which builds nothing.";

await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<void> {
  const options = parseOptions({ name: "bench:build", about: ABOUT, rounds: 9, all: undefined }, argv);
  if (!existsSync(join(CLI, "../../dist"))) throw new Error("dist/ is missing: run `npm run build` first");
  const rows: Row[] = [];
  for (const size of options.quick ? SIZES.slice(0, 1) : SIZES) {
    const tree = new GeneratedTree(size);
    const remove = (): never => {
      tree.remove();
      process.exit(130);
    };
    process.once("SIGINT", remove);
    try {
      tree.writeManifest();
      const name = `${size.modules} modules, ${tree.lines} lines`;
      const builds: number[] = [];
      const starts: number[] = [];
      for (let round = -1; round < options.rounds; round++) {
        const expected = tree.fix(round + 1);
        say(`${name}: round ${round + 1} of ${options.rounds}`);
        const build = await timed(["build", "--base", tree.manifest, "--source", tree.folder, "--out", join(tree.folder, "fix.hotfix"), "--json"], expected);
        const start = await timed(["--version"], "");
        if (round < 0) continue;
        builds.push(build);
        starts.push(start);
      }
      rows.push(judged({ case: name, metric: "build", value: rounded(median(builds)), unit: "s" }, GOAL_SECONDS));
      rows.push({ case: name, metric: `build${SPREAD}`, value: rounded(Math.max(...builds) - Math.min(...builds)), unit: "s" });
      rows.push({ case: name, metric: "command alone", value: rounded(median(starts)), unit: "s" });
    } finally {
      process.removeListener("SIGINT", remove);
      tree.remove();
    }
  }
  printReport({ bench: "build", node: process.versions.node, rows }, options.json);
}

/** Seconds; checks that the command did what it was to do. */
async function timed(args: readonly string[], expected: string): Promise<number> {
  const begin = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { maxBuffer: 1 << 28 });
  const seconds = (performance.now() - begin) / 1000;
  if (!stdout.includes(expected)) throw new Error(`the patch does not hold ${expected}: ${stdout}`);
  return seconds;
}
