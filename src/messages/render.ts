/** Turns diagnostics into text for people. */
import type { Diagnostic, Place, Severity } from "./diagnostic.ts";
import { printable } from "./printable.ts";

/** Colours, or functions that change nothing. Those of picocolors fit. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly green: (text: string) => string;
}

const same = (text: string): string => text;
export const PLAIN: Paint = { bold: same, dim: same, red: same, yellow: same, cyan: same, green: same };

export interface RenderOptions {
  readonly paint?: Paint;
  /** Text of a source file, if it is there to be shown. */
  readonly readSource?: (file: string) => string | undefined;
}

const LINES_AROUND = 2;

/**
 * Code, severity, place, message, code frame and remedy, over several lines without a line break at the end.
 *
 * @example
 * src/shop.ts:12:3 refusal HF1004: …
 *   > 12 |   class Shop {
 *        |   ^^^^^
 *   Make it a top-level function.
 */
export function renderDiagnostic(diagnostic: Diagnostic, { paint = PLAIN, readSource }: RenderOptions = {}): string {
  const { code, severity, message, remedy, place } = diagnostic;
  const where = place === undefined ? "" : `${paint.cyan(`${printable(place.file)}:${place.line}:${place.column}`)} `;
  const lines = [`${where}${colourOf(severity, paint)(severity)} ${paint.bold(code)}: ${printable(message)}`];
  const source = place === undefined ? undefined : readSource?.(place.file);
  if (place !== undefined && source !== undefined) lines.push(codeFrame(source, place, paint));
  lines.push(`  ${paint.dim(printable(remedy))}`);
  return lines.join("\n");
}

export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  return diagnostics.map((each) => renderDiagnostic(each, options)).join("\n");
}

/** The lines around a place, its own marked and underlined. */
export function codeFrame(source: string, place: Place, paint: Paint = PLAIN): string {
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
  const first = Math.max(1, place.line - LINES_AROUND);
  const last = Math.min(lines.length, place.line + LINES_AROUND);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = (lines[number - 1] ?? "").replaceAll("\t", " ");
    const isPlace = number === place.line;
    frame.push(`  ${isPlace ? paint.red(">") : " "} ${paint.dim(`${String(number).padStart(width)} |`)} ${text}`.trimEnd());
    if (!isPlace) continue;
    const end = place.endLine === place.line ? place.endColumn : text.length + 1;
    const marks = "^".repeat(Math.max(1, Math.min(end, text.length + 1) - place.column));
    frame.push(`    ${paint.dim(`${" ".repeat(width)} |`)} ${" ".repeat(place.column - 1)}${paint.red(marks)}`);
  }
  return frame.join("\n");
}

function colourOf(severity: Severity, paint: Paint): (text: string) => string {
  return severity === "notice" ? paint.yellow : paint.red;
}
