/** What an operation came to on this thread, before it is told. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { EvaluationError } from "./brought.ts";
import { errorReport, type ErrorReport } from "./result.ts";

export type Ending =
  | { readonly outcome: "done" }
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly outcome: "failed"; readonly diagnostics: readonly Diagnostic[]; readonly error: ErrorReport };

export function commitFailed(error: unknown): Ending {
  if (!(error instanceof EvaluationError)) return { outcome: "failed", diagnostics: [diagnostic("HF3004", "error", { detail: messageOf(error) })], error: errorReport(error) };
  const { module, message, cause } = error;
  return { outcome: "failed", diagnostics: [diagnostic("HF3028", "error", { module, detail: message })], error: errorReport(cause) };
}

export function refused(diagnostics: readonly Diagnostic[]): Ending {
  return { outcome: "refused", diagnostics };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
