/** The command line of `npm run suite`. */
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { toCount } from "../scripts/count.ts";

export type Via = "text" | "tspc" | "rollup";

export interface SuiteOptions {
  /** Absolute; the package whose tests run. */
  readonly folder: string;
  /** Globs of the sources, relative to the folder. */
  readonly src: readonly string[];
  /** Globs of sources that are left alone. */
  readonly exclude: readonly string[];
  readonly test: string;
  readonly via: Via;
  /** With Rollup: all modules in one chunk, as in a server's bundle. */
  readonly merged: boolean;
  readonly init: "auto" | "explicit";
  readonly lift: boolean;
  readonly patched: boolean;
  /** How often each tree runs its tests; a test that ends differently by itself is not compared. */
  readonly runs: number;
  /** Globals that patch code may name beside those of Node.js. */
  readonly global: readonly string[];
  readonly json: boolean;
  /** Keep the scratch folder. */
  readonly keep: boolean;
  /** Milliseconds that one run of the tests may take. */
  readonly timeout: number;
}

const ABOUT = "Runs a package's own tests on an untouched copy and on a transformed one, and compares them test by test.";

const NOTES = `
COMMAND runs the tests as in the package's folder: 'npx vitest run', 'npm test', 'mocha test/*.js', 'node --test', 'tape test.js'.
Outcomes are read from vitest, jest, mocha, ava and node --test by their reporters or ours, from anything else as TAP.

With --patched every function is replaced by a recompiled copy of itself before the first test, in each process, thread and
context where modules register. Functions that the builder refuses keep their own code and are told.

Exit code: 0 all equal, 1 error, 2 some test differs.`;

/** Ends the process for `--help` and wrong options. */
export function parseOptions(argv: readonly string[]): SuiteOptions {
  const append = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  const command = new Command("npm run suite --")
    .description(ABOUT)
    .argument("<dir>", "folder of the package, with what its tests need installed")
    .addOption(new Option("--src <glob>", "source files, relative to DIR; repeatable").argParser(append).makeOptionMandatory())
    .addOption(new Option("--exclude <glob>", "sources to leave alone, such as tests among them; repeatable").argParser(append).default([], "none"))
    .requiredOption("--test <command>", "what runs the tests")
    .addOption(new Option("--via <back end>", "how sources are transformed").choices(["text", "tspc", "rollup"]).default("text"))
    .option("--merged", "with --via rollup: all sources in one chunk, whose functions every source exports again", false)
    .addOption(new Option("--init <mode>", "of the transformer").choices(["auto", "explicit"]).default("auto"))
    .option("--lift", "make functions of classes and object literals patchable too", false)
    .option("--patched", "run with every function patched by a copy of itself", false)
    .option("--runs <n>", "run each tree so often", toCount, 1)
    .addOption(new Option("--global <name>", "a global that the sources name beside those of Node.js; repeatable").argParser(append).default([], "none"))
    .option("--timeout <seconds>", "for one run of the tests", toCount, 1200)
    .option("--json", "print one JSON object", false)
    .option("--keep", "keep the scratch folder, for a look", false)
    .addHelpText("after", NOTES)
    .showHelpAfterError("(--help tells more)")
    .configureHelp({ helpWidth: 120 });
  command.parse([...argv], { from: "user" });
  const { timeout, ...given } = command.opts<Omit<SuiteOptions, "folder">>();
  return { ...given, timeout: timeout * 1000, folder: resolve(command.args[0] ?? ".") };
}
