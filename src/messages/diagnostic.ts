/**
 * Refusals and other expected outcomes are values of this shape; exceptions are for misuse and bugs.
 * Plain data: `--json` prints it as it is, {@link ./render.ts} turns it into text for people.
 */
import { catalogue, type Code, type MessageValues } from "./catalogue.ts";

export type Severity = "error" | "refusal" | "notice";

/** A place in a source file. Lines and columns count from 1, columns in UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly remedy: string;
  readonly place?: Place;
}

/** Makes a diagnostic from the catalogue's text and the values it names. */
export function diagnostic<C extends Code>(code: C, severity: Severity, values: MessageValues[C], place?: Place): Diagnostic {
  const entry = catalogue[code];
  const message = fill(entry.message, values);
  const remedy = fill(entry.remedy, values);
  return place === undefined ? { code, severity, message, remedy } : { code, severity, message, remedy, place };
}

function fill(text: string, values: object): string {
  const known = values as Readonly<Record<string, string | number>>;
  return text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => (name in known ? String(known[name]) : hole));
}

/** Thrown where a caller broke a rule or a diagnostic must end an operation. Carries the diagnostics. */
export class HotfixError extends Error {
  override readonly name = "HotfixError";
  readonly code: Code;
  readonly diagnostics: readonly Diagnostic[];

  constructor(first: Diagnostic, ...more: readonly Diagnostic[]) {
    super([first, ...more].map((each) => `${each.code}: ${each.message}`).join("\n"));
    this.code = first.code;
    this.diagnostics = [first, ...more];
  }
}
