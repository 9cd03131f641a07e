/** What every rule of the tree back end works with. */
import type { SourceFile, Statement, TransformationContext } from "typescript";

/** The compiler as a value: adapters hand over the copy that runs. */
export type TypeScript = typeof import("typescript");

export interface Rewriting {
  readonly ts: TypeScript;
  readonly context: TransformationContext;
  readonly sourceFile: SourceFile;
}

/** Directives stay first, whatever is put before the statements behind them. */
export function countDirectives(ts: TypeScript, statements: readonly Statement[]): number {
  const first = statements.findIndex((statement) => !(ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)));
  return first === -1 ? statements.length : first;
}
