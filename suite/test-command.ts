/** Which test runner a command starts, and the command that also reports each test's outcome to a file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type Runner = "vitest" | "jest" | "mocha" | "node" | "ava" | "tap";

export interface TestCommand {
  readonly runner: Runner;
  /** For a shell. */
  readonly text: string;
}

const MOCHA_REPORTER = fileURLToPath(new URL("child/mocha-reporter.cjs", import.meta.url));
const NODE_REPORTER = fileURLToPath(new URL("child/node-reporter.mjs", import.meta.url));

/** `npm test` --> the script, with our reporter behind or in it. */
export function reportingCommand(folder: string, text: string, report: string): TestCommand {
  const steps = expandScript(folder, text).split(/\s*&&\s*/);
  const found = steps.map((step) => ({ step, runner: runnerOf(step) }));
  const at = found.findLastIndex(({ runner }) => runner !== "tap");
  const runner = found[at]?.runner ?? "tap";
  return { runner, text: steps.map((step, index) => (index === at ? withReporter(runner, step, quote(report)) : step)).join(" && ") };
}

function expandScript(folder: string, text: string): string {
  const script = /^\s*(?:npm|pnpm|yarn)\s+(?:run\s+|run-script\s+)?([\w:.-]+)(?:\s+--)?(.*)$/.exec(text);
  const { scripts = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly scripts?: Readonly<Record<string, string>> };
  const body = script?.[1] === undefined ? undefined : scripts[script[1]];
  return body === undefined ? text : expandScript(folder, `${body}${script?.[2] ?? ""}`);
}

function runnerOf(step: string): Runner {
  if (/(^|[\s/])(node|tsx)\s(?:[^|;]*\s)?--test(\s|$)/.test(step)) return "node";
  for (const runner of ["vitest", "jest", "mocha", "ava"] as const) if (new RegExp(`(^|[\\s/])(?:_|ts-)?${runner}(\\.[cm]?js)?(\\s|$)`).test(step)) return runner;
  return "tap";
}

function withReporter(runner: Runner, step: string, report: string): string {
  switch (runner) {
    case "vitest":
      return `${/\bvitest\s+(run|--run|typecheck)\b|\s--run\b/.test(step) ? step : step.replace(/\bvitest(?=\s|$)/, "vitest run")} --reporter=json --outputFile=${report}`;
    case "jest":
      return `${step} --json --outputFile=${report}`;
    case "mocha":
      return `${step} --reporter ${quote(MOCHA_REPORTER)}`;
    case "node":
      return step.replace(/--test(?=\s|$)/, `--test --test-reporter=${quote(NODE_REPORTER)} --test-reporter-destination=${report}`);
    case "ava":
      return `${step} --tap`;
    case "tap":
      return step;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
