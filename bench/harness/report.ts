/** What every benchmark prints: one JSON object, or a table of its rows. */
import picocolors from "picocolors";

export interface Row {
  readonly case: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** The value should be at most this. */
  readonly goal?: number;
  /** The goal is the least, not the most. */
  readonly atLeast?: true;
  readonly ok?: boolean;
}

export interface Report {
  readonly bench: string;
  /** Versions measured, `22.21.1, 24.11.0`. */
  readonly node: string;
  readonly rows: readonly Row[];
}

/** A row's metric with this ending is shown beside the metric it belongs to. */
export const SPREAD = ", spread";

/** A row that is judged: at most the goal. */
export function judged(row: Omit<Row, "goal" | "ok">, goal: number): Row {
  return { ...row, goal, ok: row.value <= goal };
}

/** A row that is judged the other way round: at least the goal. */
export function judgedAtLeast(row: Omit<Row, "goal" | "ok" | "atLeast">, goal: number): Row {
  return { ...row, goal, atLeast: true, ok: row.value >= goal };
}

export function printReport(report: Report, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${renderTable(report)}\n`);
}

/** One line per case, one column per metric. A `*` marks a value that misses its goal. */
export function renderTable({ bench, node, rows }: Report): string {
  const metrics = [...new Set(rows.map(({ metric }) => metric))].filter((metric) => !metric.endsWith(SPREAD));
  const cases = [...new Set(rows.map((row) => row.case))];
  const found = new Map(rows.map((row) => [`${row.case}\n${row.metric}`, row]));
  const lines = [
    ["", ...metrics.map((metric) => headingOf(metric, rows))],
    ...cases.map((each) => [each, ...metrics.map((metric) => renderCell(found.get(`${each}\n${metric}`), found.get(`${each}\n${metric}${SPREAD}`)))]),
  ];
  const missed = rows.filter(({ ok }) => ok === false).length;
  const judgedRows = rows.filter(({ ok }) => ok !== undefined).length;
  const verdict = judgedRows === 0 ? [] : ["", missed === 0 ? `All ${judgedRows} goals met.` : `* ${missed} of ${judgedRows} goals missed.`];
  return [`${bench}, Node ${node}`, "", ...align(lines).map(paint), ...verdict].join("\n");
}

function headingOf(metric: string, rows: readonly Row[]): string {
  const own = rows.filter((each) => each.metric === metric);
  const row = own.find((each) => each.goal !== undefined) ?? own[0];
  // where cases have goals of their own, no heading can tell them
  const isOne = new Set(own.flatMap((each) => each.goal ?? [])).size === 1;
  const goal = row?.goal === undefined || !isOne ? "" : ` ${row.atLeast ? "≥" : "≤"} ${row.goal}`;
  return `${metric}${row === undefined || row.unit === "ratio" ? "" : ` (${row.unit})`}${goal}`;
}

function renderCell(row: Row | undefined, spread: Row | undefined): string {
  if (row === undefined) return "";
  const digits = row.unit === "ratio" ? 2 : 1;
  const around = spread === undefined ? "" : ` ±${(spread.value / 2).toFixed(digits)}`;
  return `${row.value.toFixed(digits)}${around}${row.ok === undefined ? "" : row.ok ? " " : "*"}`;
}

function align(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 2))).join(""));
}

function paint(line: string): string {
  return process.stdout.isTTY ? line.replaceAll(/\S+( ±\S+)?\*/g, (cell) => picocolors.red(cell)) : line;
}
