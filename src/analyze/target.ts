/** A candidate function → a target, or undefined where no guard could forward its parameters. */
import type { Node } from "oxc-parser";
import type { Parsed } from "../syntax/parse.ts";
import type { Scopes } from "../syntax/scopes.ts";
import type { Forwarding, FunctionKind, Range, Target } from "./analysis.ts";
import type { AnyFunction, Functions } from "./functions.ts";
import { readParameters } from "./parameters.ts";
import type { Uses } from "./uses.ts";

export interface TargetFacts {
  readonly parsed: Parsed;
  readonly scopes: Scopes;
  readonly functions: Functions;
  readonly uses: Uses;
  readonly strict: boolean;
}

export function readTarget(name: string, binding: string | undefined, fn: AnyFunction, range: Range, facts: TargetFacts): Target | undefined {
  const own = facts.functions.facts.get(fn);
  const scope = facts.scopes.ofFunction(fn);
  if (!own || !scope || !fn.body) return undefined;
  const arrow = fn.type === "ArrowFunctionExpression";
  const kind = kindOf(fn);
  const strict = facts.strict || hasDirective(fn, "use strict");
  const parameters = readParameters(fn.params, {
    text: facts.parsed.text,
    strict,
    generator: kind === "generator" || kind === "asyncGenerator",
    arrow,
    usesArguments: own.usesArguments,
    directEval: own.directEval,
    scope,
  });
  if (arrow && parameters.handling === "keep") return undefined;
  const bindsArguments = scope.variables.some((variable) => variable.name === "arguments" && variable.defs.some((each) => each.type !== "Variable" || each.parent?.kind !== "var"));
  if (bindsArguments && parameters.list.some((parameter) => parameter.shape === "pattern")) return undefined;
  return {
    ...range,
    name,
    slot: `$${name}`,
    binding,
    form: arrow ? "arrow" : fn.type === "FunctionDeclaration" ? "declaration" : "expression",
    kind,
    fn,
    node: fn,
    guardAt: guardPosition(fn, facts.parsed.text),
    body: { ...bodyRange(fn, facts.parsed.text), block: fn.body.type === "BlockStatement" },
    forwards: forwardingOf(arrow || bindsArguments, own.usesNewTarget, kind),
    parameters,
    uses: facts.uses.within(range),
    nested: own.nested,
    moduleThis: arrow && own.usesThis,
    directEval: own.directEval,
    withStatement: own.withStatement,
  };
}

function forwardingOf(declaredOnly: boolean, usesNewTarget: boolean, kind: FunctionKind): Forwarding {
  return { arguments: declaredOnly ? "declared" : "all", newTarget: usesNewTarget && kind === "sync" && !declaredOnly };
}

function kindOf(fn: AnyFunction): FunctionKind {
  if (fn.generator) return fn.async ? "asyncGenerator" : "generator";
  return fn.async ? "async" : "sync";
}

function hasDirective(fn: AnyFunction, directive: string): boolean {
  return (
    fn.body?.type === "BlockStatement" &&
    fn.body.body.some((statement) => statement.type === "ExpressionStatement" && statement.directive === directive)
  );
}

function guardPosition(fn: AnyFunction, text: string): number {
  const body = fn.body as Node;
  if (body.type !== "BlockStatement") return bodyRange(fn, text).start;
  const directives = body.body.filter((statement) => statement.type === "ExpressionStatement" && typeof statement.directive === "string");
  return directives.at(-1)?.end ?? body.start + 1;
}

/** An expression body with the parentheses around it. */
function bodyRange(fn: AnyFunction, text: string): Range {
  const body = fn.body as Node;
  if (body.type === "BlockStatement") return { start: body.start, end: body.end };
  let start = body.start;
  for (let at = start - 1; at > fn.start; at--) {
    const char = text.charAt(at);
    if (char === "(") start = at;
    else if (char === ">" && text.charAt(at - 1) === "=") break;
    else if (!/\s/.test(char)) {
      // A comment between `=>` and the body.
      if (text.startsWith("*/", at - 1)) at = text.lastIndexOf("/*", at);
      else if (isLineComment(text, at)) at = text.lastIndexOf("//", at);
      else break;
    }
  }
  return { start, end: fn.end };
}

function isLineComment(text: string, at: number): boolean {
  const line = text.lastIndexOf("\n", at) + 1;
  return text.slice(line, at).includes("//");
}
