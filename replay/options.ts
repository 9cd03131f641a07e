/** The command line of `npm run replay`. */
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { toCount } from "../scripts/count.ts";
import { parseTestCommand, type TestCommand } from "./test-command.ts";

export interface ReplayOptions {
  /** Absolute; the package whose history is replayed: a git repository or a folder in one. */
  readonly folder: string;
  /** Glob of the sources, relative to the folder. */
  readonly src: string;
  readonly test: TestCommand;
  /** Source file that the package's own name stands for. Default: `src/index.*` or `index.*`. */
  readonly entry?: string;
  /** Stands for `tsconfig.json` in the package; relative to it. */
  readonly tsconfig?: string;
  /** As `git log` takes it. */
  readonly commits: string;
  /** Stop after so many commits with a verdict other than untestable. */
  readonly limit: number;
  /** A difference counts that shows in so many runs. */
  readonly attempts: number;
  /** Build although closures and loops with old code go on. */
  readonly acceptLive: boolean;
  /** Build although values stay that old functions computed at start. */
  readonly acceptComputed: boolean;
  /** Functions of classes and object literals can be patched too. */
  readonly lift: boolean;
  readonly json: boolean;
  /** Keep the scratch folder. */
  readonly keep: boolean;
  /** Milliseconds that one process may take. */
  readonly timeout: number;
}

const ABOUT = `Replays the bug fixes of a git repository as hot fixes.

Each commit that changes sources and tests is tried, newest first: a process loads its parent, transformed, and runs
the parent's tests; a patch is built from the commit and applied to that process; then the commit's tests run in it.`;

const NOTES = `
COMMAND names the test API and the test files: 'vitest src/**/*.test.ts', 'jest tests/**', 'mocha test/**/*-test.ts' or
'node test/*.mjs' (plain programs that fail by throwing). It is not spawned: the tests run inside the patched process, with
the assertion library found in DIR/node_modules. What tests need must be installed there.

Verdicts: fixed       every test ends as in a fresh process of the commit
          refused     the builder (or the runtime) says no, with codes
          wrong       some test ends differently, or a reference, an iterator or a listener was lost
          untestable  nothing to judge: no change at run time, tests that do not run here, …

Exit code: 0 no wrong verdict, 1 error, 2 some verdict is wrong.`;

/** Ends the process for `--help` and wrong options. */
export function parseOptions(argv: readonly string[]): ReplayOptions {
  const command = new Command("npm run replay --")
    .description(ABOUT)
    .argument("<dir>", "folder of the package: a git repository or a folder in one")
    .requiredOption("--src <glob>", "source files, relative to DIR; tests among them are left out")
    .requiredOption("--test <command>", "test API and test files", toTestCommand)
    .option("--entry <file>", "source that the package's own name stands for in tests (default: src/index.* or index.*)")
    .option("--tsconfig <file>", "what is read in place of the package's tsconfig.json, if it is there")
    .option("--commits <range>", "commits as `git log` takes them", "HEAD")
    .option("--limit <n>", "stop after so many commits that could be judged", toCount, 40)
    .option("--timeout <seconds>", "for each of a commit's processes", toCount, 300)
    .option("--attempts <n>", "a difference counts that shows in so many runs: tests wait for timers", toCount, 3)
    .option("--accept-live", "build although closures and loops with old code go on, as `ts-hotfix build --accept-live` does", false)
    .option("--accept-computed", "build although values stay that old functions computed at start, as `ts-hotfix build --accept-computed` does", false)
    .option("--lift", "make functions of classes and object literals patchable too", false)
    .option("--json", "print one JSON object", false)
    .option("--keep", "keep the scratch folder, for a look", false)
    .addHelpText("after", NOTES)
    .showHelpAfterError("(--help tells more)")
    .configureHelp({ helpWidth: 120 });
  command.parse([...argv], { from: "user" });
  const { timeout, ...given } = command.opts<Omit<ReplayOptions, "folder">>();
  return { ...given, timeout: timeout * 1000, folder: resolve(command.args[0] ?? ".") };
}

function toTestCommand(text: string): TestCommand {
  const command = parseTestCommand(text);
  if (typeof command === "string") throw new InvalidArgumentError(command);
  return command;
}
