/** Offsets → lines and columns. */
import type { Place } from "../messages/diagnostic.ts";

/** Of the text that was asked about last: places are asked for one file after the other, many of each. */
let latest: { readonly text: string; readonly starts: readonly number[] } = { text: "", starts: [0] };

/** Start offset of every line; `\r\n`, `\n`, `\r`, U+2028 and U+2029 end a line. */
export function lineStarts(text: string): readonly number[] {
  if (latest.text === text) return latest.starts;
  const starts = [0];
  for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  latest = { text, starts };
  return starts;
}

/** Line and column (both from 1) of an offset. */
export function positionAt(starts: readonly number[], offset: number): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

export function placeAt(file: string, text: string, start: number, end: number): Place {
  const starts = lineStarts(text);
  const from = positionAt(starts, start);
  const to = positionAt(starts, end);
  return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
