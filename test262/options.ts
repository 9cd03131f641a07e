/** The command line of `npm run test262`. */
import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Form } from "./child/run-case.ts";
import { toCount } from "../scripts/count.ts";

export interface Test262Options {
  /** Absolute; a checkout of test262. */
  readonly suite: string;
  readonly filter: readonly string[];
  readonly via: "text";
  readonly form: Form;
  readonly patched: boolean;
  readonly lift: boolean;
  readonly jobs: number;
  /** Milliseconds that one test may take, plain and transformed. */
  readonly timeout: number;
  readonly resume: boolean;
  readonly json: boolean;
}

const ABOUT = `Runs the conformance suite of ECMAScript, test262, plain and transformed, and prints the tests that end differently.`;

const NOTES = `
Scripts are run as CommonJS code: as scripts whose \`require\` gives the runtime (--form script), or as bodies of functions,
as Node.js runs CommonJS files (--form function). Both runs of a test have the same form. docs/fidelity.md tells more.

With --patched, every function is replaced by a recompiled copy of itself before the test runs. Tests that show what is not
promised are listed in test262/not-promised.txt; one listed there that does not differ any more is told too.

Exit code: 0 no outcome differs, 1 error, 2 some do.`;

/** Ends the process for `--help` and wrong options. */
export function parseOptions(argv: readonly string[]): Test262Options {
  const command = new Command("npm run test262 --")
    .description(ABOUT)
    .argument("<dir>", "checkout of test262")
    .option("--filter <glob...>", "globs of tests, or parts of their paths (default: test/language and test/built-ins; of other folders those that begin a filter: test/annexB)", [])
    .addOption(new Option("--via <back end>", "how the tests are transformed").choices(["text"]).default("text"))
    .addOption(new Option("--form <form>", "what scripts are run as").choices(["script", "function"]).default("script"))
    .option("--patched", "replace every function by a recompiled copy of itself first", false)
    .option("--lift", "make functions of classes and object literals patchable too", false)
    .option("--jobs <n>", "processes", toCount, 2)
    .option("--timeout <seconds>", "for each test", toCount, 60)
    .option("--resume", "go on with the results of a run of the same kind that was stopped", false)
    .option("--json", "print one JSON object", false)
    .addHelpText("after", NOTES)
    .showHelpAfterError("(--help tells more)")
    .configureHelp({ helpWidth: 120 });
  command.parse([...argv], { from: "user" });
  const { timeout, ...given } = command.opts<Omit<Test262Options, "suite">>();
  return { ...given, timeout: timeout * 1000, suite: resolve(command.args[0] ?? ".") };
}
