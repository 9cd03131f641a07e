/** The init entry: runs of top-level statements, lifted into segments. */
import type { InitStatement, ModuleAnalysis } from "../analyze/analysis.ts";
import { isOrderFreeDeclaration, namesOf } from "../analyze/inert.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { placeAt } from "../syntax/place.ts";
import type { InjectedNames } from "./names.ts";
import type { Lift } from "./plan.ts";

export type InitMode = "auto" | "explicit";

/** The package whose `runInit` marks the host's main module. */
const RUNTIME = "ts-hotfix";

export function planInit(analysis: ModuleAnalysis, mode: InitMode, names: InjectedNames): readonly Lift[] {
  return segmentsOf(analysis, mode).map((segment) => ({
    op: "lift",
    statements: segment.map(({ start, end }) => ({ start, end })),
    noDirective: isString(segment[0]),
    method: mode === "auto" ? "init" : "defer",
    handle: names.module,
    async: segment.some((statement) => statement.awaits),
    hoisted: [...new Set(segment.flatMap((statement) => statement.vars.flatMap((declaration) => declaration.names)))],
    vars: segment.flatMap((statement) => statement.vars.map(({ start, end, firstAt, annotations, parenthesized, inList, unended }) => ({ start, end, firstAt, annotations, parenthesized, inList, unended }))),
  }));
}

function isString(statement: InitStatement | undefined): boolean {
  const node = statement?.node;
  return node?.type === "ExpressionStatement" && node.expression.type === "Literal" && typeof node.expression.value === "string";
}

/** Runs of neighbouring statements that are lifted together. */
export function segmentsOf(analysis: ModuleAnalysis, mode: InitMode): readonly (readonly InitStatement[])[] {
  // The host's main calls runInit(): its statements are the program's own order and stay in place.
  if (mode === "explicit" && importsRunInit(analysis)) return [];
  const segments: InitStatement[][] = [];
  let previous: InitStatement | undefined;
  for (const statement of analysis.init) {
    if (statement.staysBecause !== undefined || (mode === "auto" && statement.awaits)) continue;
    if (previous && previous.index === statement.index - 1) segments.at(-1)?.push(statement);
    else segments.push([statement]);
    previous = statement;
  }
  return segments;
}

function importsRunInit(analysis: ModuleAnalysis): boolean {
  return analysis.imports.some((each) => each.specifier === RUNTIME && (each.imported === "runInit" || each.imported === "*"));
}

/**
 * Explicit init changes when statements run. A declaration below a lifted statement that could tell the
 * difference is an error (HF0011); one above whose initialiser has effects of its own is told (HF0012).
 */
export function checkExplicitInit(analysis: ModuleAnalysis): readonly Diagnostic[] {
  const lifted = segmentsOf(analysis, "explicit").flat();
  const firstLifted = Math.min(...lifted.map((statement) => statement.start));
  const names = namesOf(analysis);
  const { file, text } = analysis.parsed;
  const stays = lifted.length === 0 ? [] : analysis.init.filter((statement) => statement.staysBecause !== undefined && statement.start > firstLifted);
  const reordered = stays.map((statement) => diagnostic("HF0014", "error", { reason: statement.staysBecause ?? "" }, placeAt(file, text, statement.start, statement.end)));
  return reordered.concat(analysis.bindings.flatMap((binding): Diagnostic[] => {
    if (isOrderFreeDeclaration(binding.node, names)) return [];
    const place = placeAt(file, text, binding.start, binding.end);
    if (binding.start > firstLifted) return [diagnostic("HF0011", "error", { name: binding.name }, place)];
    return [diagnostic("HF0012", "notice", { name: binding.name }, place)];
  }));
}
