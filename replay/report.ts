/** What a replay comes to: a table for people, one object for programs. */
import type { Judged } from "./judge.ts";

export interface Summary {
  readonly commits: number;
  readonly fixed: number;
  readonly refused: number;
  readonly wrong: number;
  readonly untestable: number;
  /** Refused commits by code: one with several codes counts for each. */
  readonly codes: Readonly<Record<string, number>>;
  /** Among those that could be judged: the share fixed, of all and of those that touch only functions and constants. Null where there are none. */
  readonly fixedShare: number | null;
  readonly plain: { readonly judged: number; readonly fixed: number; readonly fixedShare: number | null };
  /** Fixed commits whose tests end otherwise without the patch. */
  readonly proven: number;
}

export function summarise(judged: readonly Judged[]): Summary {
  const count = (verdict: string, among: readonly Judged[] = judged): number => among.filter((each) => each.result.verdict === verdict).length;
  const plain = judged.filter((each) => each.plain && each.result.verdict !== "untestable");
  const testable = judged.length - count("untestable");
  const codes: Record<string, number> = {};
  for (const { result } of judged) {
    if (result.verdict !== "refused") continue;
    for (const code of new Set(result.refusals.map((each) => each.code))) codes[code] = (codes[code] ?? 0) + 1;
  }
  return {
    commits: judged.length,
    fixed: count("fixed"),
    refused: count("refused"),
    wrong: count("wrong"),
    untestable: count("untestable"),
    codes: Object.fromEntries(Object.entries(codes).toSorted((a, b) => b[1] - a[1])),
    fixedShare: share(count("fixed"), testable),
    plain: { judged: plain.length, fixed: count("fixed", plain), fixedShare: share(count("fixed", plain), plain.length) },
    proven: judged.filter(({ result }) => result.verdict === "fixed" && result.proving > 0).length,
  };
}

export function printReport(folder: string, judged: readonly Judged[], json: boolean): void {
  const summary = summarise(judged);
  process.stdout.write(json ? `${JSON.stringify({ replay: folder, summary, commits: judged }, undefined, 1)}\n` : `${table(judged)}\n\n${describeSummary(summary)}\n`);
}

export function describeVerdict({ result }: Judged): string {
  switch (result.verdict) {
    case "fixed":
      return `${result.compared} tests, ${result.proving} show the fix${result.unreachable > 0 ? `, ${result.unreachable} use new exports` : ""}`;
    case "refused":
      return [...new Set(result.refusals.map((each) => each.code))].join(" ");
    case "wrong":
      return `${result.differences[0]?.slice(0, 400)}${result.differences.length > 1 ? ` (and ${result.differences.length - 1} more)` : ""}`;
    case "untestable":
      return result.reason.slice(0, 160);
  }
}

function table(judged: readonly Judged[]): string {
  return judged.map((each) => `${each.commit.slice(0, 8)} ${each.result.verdict.padEnd(10)} ${(each.plain ? "plain" : "").padEnd(5)} ${each.subject.slice(0, 60).padEnd(60)} ${describeVerdict(each)}`).join("\n");
}

function describeSummary({ commits, fixed, refused, wrong, untestable, codes, fixedShare, plain, proven }: Summary): string {
  return [
    `commits ${commits}: fixed ${fixed}, refused ${refused}, wrong ${wrong}, untestable ${untestable}`,
    `fixed of what could be judged: ${percent(fixedShare)}; where only functions and constants changed: ${plain.fixed} of ${plain.judged}, ${percent(plain.fixedShare)}`,
    `the commit's tests show the fix in ${proven} of ${fixed}`,
    `codes: ${Object.entries(codes).map(([code, count]) => `${code} ${count}`).join(", ") || "none"}`,
  ].join("\n");
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function percent(value: number | null): string {
  return value === null ? "none" : `${(value * 100).toFixed(1)} %`;
}
