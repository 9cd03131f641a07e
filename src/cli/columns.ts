/** Rows of text under each other. */
import { printable } from "../messages/printable.ts";

const GAP = "  ";

/** Lines whose columns are as wide as they must be. The first row is the heading. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(printable));
  const widths = (clean[0] ?? []).map((_, column) => Math.max(...clean.map((row) => row[column]?.length ?? 0)));
  return clean.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(GAP).trimEnd());
}
