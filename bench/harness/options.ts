/** The options that every benchmark takes. */
import { Command } from "commander";
import { toCount } from "../../scripts/count.ts";

export interface BenchOptions {
  readonly json: boolean;
  readonly rounds: number;
  /** Major versions. */
  readonly node: readonly string[];
  /** Only cases whose name holds one of these. Empty: all. */
  readonly case: readonly string[];
  readonly quick: boolean;
  readonly all: boolean;
}

/** What a benchmark says about itself. */
export interface BenchDescription {
  /** `bench:call` */
  readonly name: string;
  readonly about: string;
  readonly rounds: number;
  /** What `--all` adds. Undefined: there is no such option. */
  readonly all: string | undefined;
}

const NOTES = `
Output:
  A table; a * marks a value that misses its goal, ± is half of what lies between the best and the worst round.
  With --json one object {"bench", "node", "rows": [{"case", "metric", "value", "unit", "goal"?, "atLeast"?, "ok"?}]}. A case starts
  with its Node version ("node 24 · …"); "node" lists the exact versions. "<metric>, spread" is highest minus lowest ratio
  of single rounds.

Exit code 0, also where a goal is missed: a benchmark is no test. 1 for an error.`;

/** Ends the process for `--help` and wrong options. */
export function parseOptions({ name, about, rounds, all }: BenchDescription, argv: readonly string[]): BenchOptions {
  const command = new Command(`npm run ${name} --`)
    .description(about)
    .option("--json", "print one JSON object", false)
    .option("--rounds <n>", "times that each pair of processes is run", toCount, rounds)
    .option("--node <versions>", "Node versions to measure, fetched from npm where they are not there", toList, ["22", "24", "26"])
    .option("--case <names>", "only cases whose name holds one of these", toList, [])
    .option("--quick", "one round of short samples: shows that it works, not how fast it is", false)
    .addHelpText("after", NOTES)
    .showHelpAfterError("(--help tells more)")
    .configureHelp({ helpWidth: 120 });
  if (all !== undefined) command.option("--all", all, false);
  const options = command.parse([...argv], { from: "user" }).opts<Omit<BenchOptions, "all"> & { readonly all?: boolean }>();
  return { ...options, rounds: options.quick ? 1 : options.rounds, all: options.all === true };
}

/** Whether `--case` lets a case through. */
export function isChosen(options: BenchOptions, name: string): boolean {
  return options.case.length === 0 || options.case.some((part) => name.includes(part));
}

function toList(text: string): readonly string[] {
  return text.split(",").map((each) => each.trim()).filter((each) => each !== "");
}
