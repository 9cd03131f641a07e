/** `npm run matrix`: the cells of docs/guard-matrix.md that no transform fixture has. Exit code 1 if there are any. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "../src/analyze/analysis.ts";
import { analyzeText, isAnalysis } from "../src/analyze/analyze.ts";
import { backEndsOf, readCases, type TransformCase } from "../test/harness/transform-case.ts";

const FUNCTION_KINDS = ["sync", "async", "generator", "asyncGenerator"] as const;
const ARROW_KINDS = ["sync", "async"] as const;

const uncovered = missingCells();
for (const cell of uncovered) console.log(cell);
console.log(`${expectedCells().length - uncovered.length} of ${expectedCells().length} cells have a fixture`);
process.exitCode = uncovered.length > 0 ? 1 : 0;

export function missingCells(): readonly string[] {
  const covered = new Set(readCases().flatMap(cellsOf));
  return expectedCells().filter((cell) => !covered.has(cell));
}

/** format / strictness / shape / kind / parameters */
function expectedCells(): readonly string[] {
  const functions = (shape: string, places: readonly string[]): readonly string[] =>
    places.flatMap((place) =>
      FUNCTION_KINDS.flatMap((kind) =>
        // Parameters of generators cannot move.
        (kind === "sync" || kind === "async" ? ["stay", "move", "keep"] : ["stay", "keep"]).map((handling) => `${place}/${shape}/${kind}/${handling}`),
      ),
    );
  const arrows = (shape: string, places: readonly string[]): readonly string[] =>
    places.flatMap((place) => ARROW_KINDS.flatMap((kind) => ["stay", "move"].map((handling) => `${place}/${shape}/${kind}/${handling}`)));
  const everywhere = ["esm/strict", "cjs/strict", "cjs/sloppy"];
  return [
    ...functions("declaration", [...everywhere, "cycle/strict"]),
    ...functions("default", ["esm/strict"]),
    ...functions("anonymous default", ["esm/strict"]),
    ...functions("expression", everywhere),
    ...arrows("arrow block", everywhere),
    ...arrows("arrow expression", everywhere),
  ];
}

function cellsOf(each: TransformCase): readonly string[] {
  return each.files.flatMap((file) => {
    const analysis = analyzeText(join(each.folder, file), readFileSync(join(each.folder, file), "utf8"));
    if (!isAnalysis(analysis)) return [];
    const place = each.name.startsWith("import-cycle") ? "cycle" : each.expected.format === "cjs" ? "cjs" : "esm";
    // TypeScript makes strict code of every file; the text back end leaves it as it is.
    const strictness = analysis.strict || !backEndsOf(each).includes("text") ? "strict" : "sloppy";
    const defaults = new Set(analysis.exports.filter((exported) => exported.exported === "default").map((exported) => exported.local));
    return analysis.targets.map((target) => `${place}/${strictness}/${shapeOf(target, defaults)}/${target.kind}/${target.parameters.handling}`);
  });
}

function shapeOf(target: Target, defaults: ReadonlySet<string | undefined>): string {
  if (target.form === "arrow") return target.body.block ? "arrow block" : "arrow expression";
  if (target.form === "expression") return "expression";
  if (target.binding === undefined) return "anonymous default";
  return defaults.has(target.name) ? "default" : "declaration";
}
