/** What a test runner reported, as outcomes by test. */
import { existsSync, readFileSync } from "node:fs";
import type { Runner } from "./test-command.ts";

export type Outcome = "passed" | "failed" | "skipped" | "missing";

export interface TestOutcome {
  readonly outcome: Outcome;
  /** The first lines of why it failed. */
  readonly error: string | undefined;
}

export type Outcomes = ReadonlyMap<string, TestOutcome>;

/** @param folder of the copy; names of tests do not depend on it */
export function readOutcomes(runner: Runner, report: string, stdout: string, folder: string): Outcomes {
  const found = new Map<string, TestOutcome>();
  const add = (test: string, outcome: Outcome, error?: string): void => {
    // property tests may carry the seed of the run
    const name = test.replaceAll(folder, "").replaceAll(/\bseed\s*[=:]\s*-?\d+/g, "seed").replaceAll(/\s+/g, " ").trim();
    let id = name;
    for (let count = 2; found.has(id); count++) id = `${name} #${count}`;
    found.set(id, { outcome, error: error?.split("\n").slice(0, 12).join("\n") });
  };
  if (runner === "tap" || runner === "ava") readTap(stdout, add);
  else if (existsSync(report)) {
    const json: unknown = JSON.parse(readFileSync(report, "utf8"));
    if (runner === "vitest" || runner === "jest") readJest(json as JestReport, add);
    else for (const { test, outcome, error } of json as readonly { readonly test: string; readonly outcome: Outcome; readonly error?: string }[]) add(test, outcome, error);
  }
  return found;
}

type Add = (test: string, outcome: Outcome, error?: string) => void;

interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly title: string; readonly status: string; readonly failureMessages: readonly string[] | null }[];
  }[];
}

function readJest({ testResults }: JestReport, add: Add): void {
  for (const { name, status, message, assertionResults } of testResults) {
    for (const each of assertionResults) add([name, ...each.ancestorTitles, each.title].join(" > "), ["passed", "failed"].includes(each.status) ? (each.status as Outcome) : "skipped", each.failureMessages?.join("\n"));
    // a file that does not load has no tests
    if (status === "failed" && !assertionResults.some((each) => each.status === "failed")) add(`${name} (file)`, "failed", message);
  }
}

/** Subtests by their indentation; a parent's own line follows them. */
function readTap(text: string, add: Add): void {
  let group = "";
  for (const line of text.split("\n")) {
    const comment = /^\s*# (?:Subtest: )?(.*)$/.exec(line)?.[1];
    if (comment !== undefined && !/^(?:(tests|pass|fail|ok|skip|todo|duration_ms|cancelled|suites)\b|time=|failed \d)/.test(comment)) group = comment;
    const point = /^\s*(not )?ok\b\s*\d*\s*-?\s*(.*?)\s*(?:# (SKIP|TODO|time)\b.*)?$/i.exec(line);
    if (point) add(`${group} > ${point[2] ?? ""}`, point[3] !== undefined && point[3].toLowerCase() !== "time" ? "skipped" : point[1] === undefined ? "passed" : "failed");
  }
}
