/** The text back end: carries a plan out on the source text. Adds no line above the end of the file. */
import MagicString, { type SourceMap } from "magic-string";
import type { Edit, ExpressionGuard, Fragment, Guard, Lift, MovedPart, ParameterEdit, Plan } from "../plan/plan.ts";

export interface RewrittenText {
  readonly code: string;
  readonly map: SourceMap;
}

/**
 * @param text the text the plan was made from
 * @param file name of the source in the map
 */
export function applyPlanToText(text: string, plan: Plan, file: string): RewrittenText {
  const output = new MagicString(text, { filename: file });
  for (const edit of plan.edits) applyEdit(output, text, edit);
  return { code: output.toString(), map: output.generateMap({ source: file, includeContent: true, hires: "boundary" }) };
}

export function applyEdit(output: MagicString, text: string, edit: Edit): void {
  switch (edit.op) {
    case "prologue":
      output.appendLeft(edit.at, `${separator(text, edit.at)}${edit.statements}`);
      return;
    case "epilogue":
      output.append(`${text.endsWith("\n") ? "" : "\n"}${edit.statements.map(plainText).join("")}\n`);
      return;
    case "guard":
      return insertGuard(output, text, edit);
    case "choice":
      // => value --> => test ? forward : value
      output.appendLeft(edit.at, `${edit.test} ? ${edit.forward} : `);
      return;
    case "expression guard":
      return insertExpressionGuard(output, edit);
    case "tell":
      output.appendLeft(edit.at, `${text.charAt(edit.at - 1) === ";" ? "" : ";"} ${edit.statements}`);
      return;
    case "class block":
      // class A { … } --> class A { static { … } … }
      output.appendLeft(edit.at, ` static { ${edit.statements} }`);
      return;
    case "annotation":
      output.appendLeft(edit.at, edit.text);
      return;
    case "lift":
      return liftSegment(output, text, edit);
  }
}

/** A directive may end without a semicolon. */
function separator(text: string, at: number): string {
  const before = text.charAt(at - 1);
  return before === "'" || before === '"' ? ";" : "";
}

// { … } --> { if (…) return …; … }
function insertGuard(output: MagicString, text: string, edit: Guard): void {
  output.appendLeft(edit.at, separator(text, edit.at));
  placeFragments(output, edit.at, edit.statements);
  if (edit.receiver) output.appendLeft(edit.receiver.at, edit.receiver.text);
  for (const parameter of edit.parameters) replaceParameter(output, parameter);
}

// => value --> => { if (…) return …; return value; }
function insertExpressionGuard(output: MagicString, edit: ExpressionGuard): void {
  output.appendLeft(edit.body.start, "{");
  placeFragments(output, edit.body.start, edit.statements);
  output.appendRight(edit.body.start, " return ");
  output.appendLeft(edit.body.end, "; }");
  for (const parameter of edit.parameters) replaceParameter(output, parameter);
}

/** Puts texts and moved parts at an offset, in order. A text behind a part travels with it. */
function placeFragments(output: MagicString, at: number, fragments: readonly Fragment[]): void {
  let last: MovedPart | undefined;
  for (const fragment of fragments) {
    if (isPart(fragment)) {
      output.move(fragment.start, fragment.end, at);
      last = fragment;
    } else output.appendLeft(last ? last.end : at, plainText(fragment));
  }
}

// { a }: T = f() --> $1: T = undefined
function replaceParameter(output: MagicString, parameter: ParameterEdit): void {
  if (parameter.patternMoves) output.appendLeft(parameter.pattern.start, parameter.name);
  if (parameter.type !== undefined) output.appendRight(parameter.pattern.end, parameter.type);
  if (parameter.default) output.appendLeft(parameter.default.start, parameter.missing);
}

// a(); b(); --> $module.init(() => { a(); b(); });
function liftSegment(output: MagicString, text: string, edit: Lift): void {
  const first = edit.statements[0];
  const last = edit.statements.at(-1);
  if (!first || !last) return;
  const hoisted = edit.hoisted.length > 0 ? `var ${edit.hoisted.join(", ")}; ` : "";
  output.appendLeft(first.start, `${separator(text, first.start)}${hoisted}${edit.handle}.${edit.method}(${edit.async ? "async " : ""}() => { ${edit.noDirective ? "; " : ""}`);
  output.appendLeft(last.end, " });");
  for (const declaration of edit.vars) {
    // var { a } = b --> ;({ a } = b)
    output.remove(declaration.start, declaration.firstAt);
    if (declaration.parenthesized) {
      output.appendRight(declaration.firstAt, declaration.inList ? ";(" : "(");
      output.appendLeft(declaration.end, ")");
    }
    // var a⏎[b].c --> a;⏎[b].c
    if (declaration.unended) output.appendLeft(declaration.end, ";");
    for (const annotation of declaration.annotations) output.remove(annotation.start, annotation.end);
  }
}

function isPart(fragment: Fragment): fragment is MovedPart {
  return typeof fragment === "object" && "part" in fragment;
}

function plainText(fragment: Fragment): string {
  if (typeof fragment === "string") return fragment;
  return "name" in fragment ? fragment.name : "";
}
