/** What of a module goes into a patch, and the parts of its text that this is. */
import type { Node } from "oxc-parser";
import type { ModuleAnalysis, Range, Target } from "../../analyze/analysis.ts";
import type { Defines } from "./defines.ts";
import { isPattern } from "./pattern.ts";

export interface CodeRequest {
  /** Names of the functions in the patch. */
  readonly functions: readonly string[];
  /** Those of them that the host does not have. */
  readonly added: ReadonlySet<string>;
  /** Names of the variables it adds. */
  readonly variables: readonly AddedVariable[];
  /** Top-level statements go in too: those of a new module. */
  readonly statements: boolean;
  readonly strict: boolean;
  /** Name of the fixed source in the map. */
  readonly file: string;
  /** Text that stands for a name the host's compiler had inlined (`const enum`): its value, as an expression. */
  readonly inlined: ReadonlyMap<string, string>;
  /** Names that the host's build replaced. */
  readonly defines: Defines;
}

export interface AddedVariable {
  readonly name: string;
  /** Assignments are possible: its own initialiser, too, must reach it through the scope. */
  readonly mutable: boolean;
}

export interface Piece extends Range {
  readonly name: string;
  readonly node: Node;
  readonly target: Target | undefined;
  /** `var`: its initialiser may name it (compiled enums do). */
  readonly isVar: boolean;
  /** What a declaration that destructures binds; none for all else. */
  readonly together: readonly string[];
}

/** The parts of the text that go into the patch, in source order. */
export function piecesOf(analysis: ModuleAnalysis, request: CodeRequest): readonly Piece[] {
  const functions = analysis.targets
    .filter((target) => request.functions.includes(target.name))
    .map((target): Piece => {
      const node = target.member?.node ?? target.fn;
      return { name: target.name, node, start: node.start, end: node.end, target, isVar: false, together: [] };
    });
  const variables = analysis.bindings
    .filter((binding) => [binding.name, ...binding.names].some((name) => request.variables.some((each) => each.name === name)))
    .map((binding): Piece => ({ name: binding.name, node: binding.node, start: binding.node.start, end: binding.node.end, target: undefined, isVar: binding.kind === "var", together: isPattern(binding) ? binding.names : [] }));
  const statements = request.statements
    ? analysis.init.map((statement, index): Piece => ({ name: `#${index + 1}`, node: statement.node, start: statement.start, end: statement.end, target: undefined, isVar: false, together: [] }))
    : [];
  return [...functions, ...variables, ...statements].toSorted((a, b) => a.start - b.start);
}
