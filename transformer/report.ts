/** Our diagnostics as the compiler's. */
import type ts from "typescript";
import type { Diagnostic } from "../src/messages/diagnostic.ts";

/** What ts-patch hands to a transformer, as far as it is used. */
export interface TransformerExtras {
  readonly ts: typeof ts;
  /** `tsc` where the compiler's command line runs, otherwise the library that was loaded. */
  readonly library: string;
  readonly addDiagnostic: (diagnostic: ts.Diagnostic) => number;
}

/** Says something with the compiler's voice. */
export function report(each: Diagnostic, program: ts.Program, extras: TransformerExtras): void {
  const { ts } = extras;
  const file = each.place && program.getSourceFile(each.place.file);
  const offset = (line: number, column: number): number => (file ? ts.getPositionOfLineAndCharacter(file, line - 1, column - 1) : 0);
  const start = each.place && file ? offset(each.place.line, each.place.column) : undefined;
  const end = each.place && file ? offset(each.place.endLine, each.place.endColumn) : undefined;
  const { DiagnosticCategory } = ts;
  tell(
    {
      category: each.severity === "notice" ? DiagnosticCategory.Message : DiagnosticCategory.Error,
      // The compiler prints every code with `TS` before it, so the message says whose it is.
      code: Number(each.code.slice(2)),
      source: "ts-hotfix",
      file,
      start,
      length: start === undefined || end === undefined ? undefined : Math.max(end - start, 1),
      messageText: `${each.code}: ${each.message} ${each.remedy}`,
    },
    program,
    extras,
  );
}

/** One line for people, without code and place. */
export function reportLine(text: string, program: ts.Program, extras: TransformerExtras): void {
  if (extras.library === "tsc") extras.ts.sys.write(`${text}${extras.ts.sys.newLine}`);
  else tell({ category: extras.ts.DiagnosticCategory.Message, code: 0, source: "ts-hotfix", file: undefined, start: undefined, length: undefined, messageText: text }, program, extras);
}

/** `tsc` fails a build for any diagnostic, be it a mere message, so those are printed without its help. */
function tell(each: ts.Diagnostic, program: ts.Program, { ts, library, addDiagnostic }: TransformerExtras): void {
  if (each.category !== ts.DiagnosticCategory.Message || library !== "tsc") {
    addDiagnostic(each);
    return;
  }
  const host = { getCurrentDirectory: () => program.getCurrentDirectory(), getCanonicalFileName: (name: string) => name, getNewLine: () => ts.sys.newLine };
  ts.sys.write(ts.formatDiagnostic(each, host));
}
