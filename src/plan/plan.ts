/**
 * What is to be done to a module's text. One plan serves both back ends: each edit says where it stands in the
 * source and which text comes there; `rewrite/text.ts` and `rewrite/tree.ts` carry it out.
 */
import type { Range } from "../analyze/analysis.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";

export interface Plan {
  /** Sorted by position. Empty for a module that has nothing to patch or to reach. */
  readonly edits: readonly Edit[];
  /** The name of the patch table in the module. */
  readonly table: string;
  /** Errors, and notices of what lifting leaves in place. */
  readonly diagnostics: readonly Diagnostic[];
}

export type Edit = Prologue | Epilogue | Guard | Choice | ExpressionGuard | Lift | Tell | ClassBlock | Annotation;

/** Statements before the module's first, on its line. */
export interface Prologue {
  readonly op: "prologue";
  readonly at: number;
  readonly statements: string;
}

/** Declarations behind the module's last statement. */
export interface Epilogue {
  readonly op: "epilogue";
  readonly statements: readonly Fragment[];
}

/** `{ … }` --> `{ guard; … }` */
export interface Guard {
  readonly op: "guard";
  readonly fn: FunctionAnchor;
  readonly at: number;
  readonly statements: readonly Fragment[];
  readonly parameters: readonly ParameterEdit[];
  /** TypeScript alone: a declared `this`, which the guard hands on. */
  readonly receiver?: { readonly at: number; readonly text: string };
}

/** `=> value` --> `=> test ? forward : value` */
export interface Choice {
  readonly op: "choice";
  readonly fn: FunctionAnchor;
  readonly at: number;
  readonly test: string;
  readonly forward: string;
}

/** `=> value` --> `=> { guard; return value; }`, where parameters have to move */
export interface ExpressionGuard {
  readonly op: "expression guard";
  readonly fn: FunctionAnchor;
  readonly body: Range;
  readonly statements: readonly Fragment[];
  readonly parameters: readonly ParameterEdit[];
}

/** `statement; statement;` --> `$module.init(() => { statement; statement; });` */
export interface Lift {
  readonly op: "lift";
  readonly statements: readonly Range[];
  /** The first of them is a string: at the start of a function it would be a directive. */
  readonly noDirective: boolean;
  /** Method of the module handle: run in place, or keep for `runInit()`. */
  readonly method: "init" | "defer";
  readonly handle: string;
  readonly async: boolean;
  /** `var`s of the statements: declared before the segment, assigned in it. */
  readonly hoisted: readonly string[];
  readonly vars: readonly VarEdit[];
}

/** `class Player { … }` --> `class Player { … } $module.made("Player");` */
export interface Tell {
  readonly op: "tell";
  /** End of the statement that declares it. */
  readonly at: number;
  readonly statements: string;
}

/** `class Purse { … }` --> `class Purse { static { … } … }` */
export interface ClassBlock {
  readonly op: "class block";
  /** Behind the `{`. */
  readonly at: number;
  /** Of the class. */
  readonly end: number;
  readonly statements: string;
}

/** `let a;` --> `let a: any;`, where the text stays TypeScript */
export interface Annotation {
  readonly op: "annotation";
  readonly at: number;
  readonly text: string;
}

/** `var a = 1, { b } = c` --> `a = 1, { b } = c` */
export interface VarEdit extends Range {
  readonly firstAt: number;
  readonly annotations: readonly Range[];
  readonly parenthesized: boolean;
  readonly inList: boolean;
  readonly unended: boolean;
}

/** Finds a target in a tree: its own start (`function`, `async`, `(`) and end. */
export interface FunctionAnchor extends Range {}

/** `{ a }: T = f()` --> `$1: T = undefined`; the statements of the guard take the parts over. */
export interface ParameterEdit extends Range {
  readonly index: number;
  /** The placeholder, or the parameter's own name when only its default moves. */
  readonly name: string;
  /** The pattern moves too. */
  readonly patternMoves: boolean;
  readonly rest: boolean;
  readonly pattern: Range;
  readonly default: Range | undefined;
  /** What stands in the place of a default that moved: an expression for `undefined`. */
  readonly missing: string;
  /** TypeScript alone: the annotation of a parameter that has none, `: any`. */
  readonly type?: string;
}

/** A piece of emitted text. */
export type Fragment = string | MovedPart | Reference;

/** A parameter's pattern or default, moved here from the list. */
export interface MovedPart extends Range {
  readonly part: "pattern" | "default";
  readonly parameter: number;
}

/** One of the module's own names, tied to an occurrence in the source: compilers may rename it. */
export interface Reference {
  readonly name: string;
  readonly occurrence: number;
}
