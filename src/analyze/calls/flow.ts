/** What a value is made of, as far as calls need to know: the syntax tree boiled down once, so that it can be followed often. */
import type { Node } from "oxc-parser";
import type { Variable } from "../../syntax/scopes.ts";
import type { Course } from "./seen.ts";

export type Flow =
  | typeof NOTHING
  /** A line of the record. */
  | { readonly is: "name"; readonly name: string }
  | VariableFlow
  /** A function or class; `returned`: the function that an arrow function gives. */
  | { readonly is: "code"; readonly node: Node; readonly returned: Node | undefined }
  /** `keptBy`: who may keep what it is given; undefined where nobody does. */
  | { readonly is: "call"; readonly callee: Flow; readonly isNew: boolean; readonly given: Flow; readonly keptBy: string | undefined }
  | { readonly is: "sequence"; readonly parts: readonly Flow[] };

/** A local name. */
export interface VariableFlow {
  readonly is: "variable";
  readonly variable: Variable;
  /** `#0` */
  readonly parameter: string | undefined;
  /** Everything that it may hold, or have been filled with; made when it is first asked for. */
  sources: readonly SourceFlow[] | undefined;
  readonly answers: Answer[];
}

/** What following a variable has led to; the same for everybody that has seen the same of what was asked for on the way. */
export interface Answer {
  readonly found: ReadonlySet<string>;
  readonly course: Course;
  /** What evaluating functions did at that time; undefined: it asked for nothing that may be found to be more. */
  readonly epoch: number | undefined;
}

export interface SourceFlow {
  readonly flow: Flow;
  /** Whom it was given to, and who may have kept it. */
  readonly by: string | undefined;
}

export const NOTHING = { is: "nothing" } as const;

/** `parts` in order, without those that hold nothing. */
export function sequence(parts: readonly Flow[]): Flow {
  const full = parts.filter((part) => part !== NOTHING);
  return full.length > 1 ? { is: "sequence", parts: full } : (full[0] ?? NOTHING);
}
