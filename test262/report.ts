/** What came out, in numbers and names. */
import type { CaseList } from "./cases.ts";
import { REASONS, type NotPromised } from "./not-promised.ts";
import { describeOutcome, isEqual } from "./outcome.ts";
import type { Compared, Result } from "./results.ts";

export interface Report {
  /** Runs: a script is run sloppy and strict. */
  readonly total: number;
  readonly equal: number;
  /** Of the equal ones, those that pass; the others fail in the same way. */
  readonly passed: number;
  readonly differ: readonly { readonly test: string; readonly plain: string; readonly transformed: string }[];
  /** Differences that fall under what is not promised, by reason. */
  readonly notPromised: Readonly<Record<string, readonly string[]>>;
  /** Listed as not promised, and equal. */
  readonly promisedAgain: readonly string[];
  /** Runs that gave no two outcomes. */
  readonly broken: readonly { readonly test: string; readonly reason: string }[];
  /** Runs of code without functions that could be replaced: they were not run, with `--patched`. */
  readonly idle: number;
  /** Files that were not run, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Why runs fail that end equally: phase and error. */
  readonly failing: Readonly<Record<string, number>>;
  /** Functions that were replaced, with `--patched`. */
  readonly targets: number;
  /** Seconds of processor time that the runs of a folder took. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Functions that the builder would not replace, by code. */
  readonly left: Readonly<Record<string, number>>;
}

export function makeReport({ cases, skipped }: CaseList, results: readonly Result[], notPromised: NotPromised): Report {
  const compared = results.filter((result) => "plain" in result);
  const equal = compared.filter(({ plain, other }) => isEqual(plain, other));
  const different = compared.filter((result) => !equal.includes(result));
  const excused = different.filter(({ id }) => notPromised.reasonOf(id) !== undefined);
  return {
    total: cases.length,
    equal: equal.length,
    passed: equal.filter(({ plain }) => plain.ended === "passed").length,
    differ: different.filter((result) => !excused.includes(result)).map(({ id, plain, other }) => ({ test: id, plain: describeOutcome(plain), transformed: describeOutcome(other) })),
    notPromised: Object.fromEntries(Object.keys(REASONS).flatMap((reason) => {
      const ids = excused.filter(({ id }) => notPromised.reasonOf(id) === reason).map(({ id }) => id);
      return ids.length > 0 ? [[reason, ids]] : [];
    })),
    promisedAgain: promisedAgain(equal, different, notPromised),
    broken: results.flatMap((result) => ("broken" in result ? [{ test: result.id, reason: result.broken }] : [])),
    idle: results.filter((result) => "idle" in result).length,
    skipped: countBy(skipped.map(({ reason }) => reason)),
    failing: countBy(equal.flatMap(({ plain }) => (plain.ended === "passed" ? [] : [`${plain.phase} ${plain.error}`]))),
    targets: compared.reduce((sum, { targets }) => sum + targets, 0),
    seconds: timeByFolder(compared),
    left: countBy(results.flatMap((result) => ("left" in result ? result.left : []))),
  };
}

/** Of a path that stands for two runs, one must differ. */
function promisedAgain(equal: readonly Compared[], different: readonly Compared[], notPromised: NotPromised): readonly string[] {
  const pathOf = ({ id }: Compared): string => id.replace(/ \(strict\)$/, "");
  const shown = new Set(different.map(pathOf));
  return [...new Set(equal.filter(({ id }) => notPromised.reasonOf(id) !== undefined).map(pathOf))].filter((path) => !shown.has(path));
}

// test/built-ins/Array/from/a.js --> test/built-ins/Array
function timeByFolder(compared: readonly Compared[]): Readonly<Record<string, number>> {
  const times = new Map<string, number>();
  for (const { id, time } of compared) {
    const folder = id.split("/").slice(0, -1).slice(0, 3).join("/");
    times.set(folder, (times.get(folder) ?? 0) + time / 1000);
  }
  return Object.fromEntries([...times].toSorted(([, a], [, b]) => b - a).map(([folder, seconds]) => [folder, Math.round(seconds)]));
}

function countBy(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a));
}

export function isClean(report: Report): boolean {
  return report.differ.length === 0 && report.broken.length === 0 && report.promisedAgain.length === 0;
}

export function renderReport(report: Report): string {
  const { total, equal, passed, targets } = report;
  const lines = [
    ...report.differ.map(({ test, plain, transformed }) => `${test}\n  plain        ${plain}\n  transformed  ${transformed}`),
    ...report.broken.map(({ test, reason }) => `${test}\n  could not be run: ${reason}`),
    ...report.promisedAgain.map((path) => `${path}\n  is listed in not-promised.txt and ends equally`),
    ...section("Not promised", Object.entries(report.notPromised).map(([reason, ids]) => [`${REASONS[reason] ?? reason}`, ids.length])),
    ...section("Skipped files", Object.entries(report.skipped)),
    ...section("Fail in the same way", Object.entries(report.failing)),
    ...section("Functions that were not replaced", Object.entries(report.left)),
    `${total} runs: ${equal} equal (${passed} pass), ${report.differ.length} differ, ${Object.values(report.notPromised).flat().length} not promised, ${report.broken.length} broken${targets > 0 ? `, ${report.idle} without functions that can be; ${targets} functions replaced` : ""}`,
  ];
  return lines.join("\n");
}

function section(title: string, entries: readonly (readonly [string, number])[]): readonly string[] {
  return entries.length === 0 ? [] : [`${title}:`, ...entries.map(([key, count]) => `  ${String(count).padStart(6)}  ${key}`)];
}
