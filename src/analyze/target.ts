/** A candidate function → a target, or undefined where no guard could forward its parameters. */
import type { Node } from "oxc-parser";
import type { Parsed } from "../syntax/parse.ts";
import type { Scopes } from "../syntax/scopes.ts";
import { skipBack } from "../syntax/trivia.ts";
import type { Forwarding, FunctionKind, Range, Target } from "./analysis.ts";
import type { AnyFunction, Functions } from "./functions.ts";
import { once } from "./once.ts";
import { readParameters } from "./parameters.ts";
import type { Uses } from "./uses.ts";

export interface TargetFacts {
  readonly parsed: Parsed;
  readonly scopes: Scopes;
  readonly functions: Functions;
  readonly uses: Uses;
  readonly strict: boolean;
}

/** What emitting asks for. */
export type BareTarget = Omit<Target, "uses" | "nested">;

export function readTarget(name: string, binding: string | undefined, fn: AnyFunction, range: Range, facts: TargetFacts): Target | undefined {
  const bare = readBareTarget(name, binding, fn, range, facts);
  return bare && complete(bare, () => facts.uses.within(range), facts);
}

/** With what is for those who compare modules, and found when they do. */
export function complete(bare: BareTarget, usesOf: () => readonly string[], { functions }: TargetFacts): Target {
  const uses = once(usesOf);
  const nested = once(() => functions.facts.get(bare.fn)?.nested() ?? []);
  return {
    ...bare,
    get uses() {
      return uses();
    },
    get nested() {
      return nested();
    },
  };
}

export function readBareTarget(name: string, binding: string | undefined, fn: AnyFunction, range: Range, facts: TargetFacts): BareTarget | undefined {
  const own = facts.functions.facts.get(fn);
  const scope = facts.scopes.ofFunction(fn);
  if (!own || !scope || !fn.body) return undefined;
  const arrow = fn.type === "ArrowFunctionExpression";
  const kind = kindOf(fn);
  const strictBody = hasDirective(fn, "use strict");
  const strict = facts.strict || strictBody;
  const parameters = readParameters(fn.params, {
    source: facts.parsed,
    strict,
    strictBody,
    generator: kind === "generator" || kind === "asyncGenerator",
    arrow,
    usesArguments: own.usesArguments,
    directEval: own.directEval,
    scope,
  });
  if (arrow && parameters.handling === "keep") return undefined;
  const bindsArguments = scope.variables.some((variable) => variable.name === "arguments" && variable.defs.some((each) => each.type !== "Variable" || each.parent?.kind !== "var"));
  // Only declared parameters could be forwarded, and neither patterns nor filled-in defaults are what was passed.
  if (bindsArguments && parameters.list.some((parameter) => parameter.shape === "pattern" || parameter.default)) return undefined;
  return {
    ...range,
    name,
    slot: `$${name}`,
    binding,
    form: arrow ? "arrow" : fn.type === "FunctionDeclaration" ? "declaration" : "expression",
    kind,
    fn,
    node: fn,
    guardAt: guardPosition(fn, facts.parsed),
    body: { ...bodyRange(fn, facts.parsed), block: fn.body.type === "BlockStatement" },
    forwards: { ...forwardingOf(arrow || bindsArguments, own.usesNewTarget, kind), ...(strict || arrow ? {} : { sloppyThis: true }) },
    parameters,
    moduleThis: arrow && own.usesThis,
    directEval: own.directEval,
    withStatement: own.withStatement,
    member: undefined,
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

function guardPosition(fn: AnyFunction, source: Parsed): number {
  const body = fn.body as Node;
  if (body.type !== "BlockStatement") return bodyRange(fn, source).start;
  const directives = body.body.filter((statement) => statement.type === "ExpressionStatement" && typeof statement.directive === "string");
  return directives.at(-1)?.end ?? body.start + 1;
}

/** An expression body with the parentheses around it: from the token behind `=>`. */
function bodyRange(fn: AnyFunction, source: Parsed): Range {
  const body = fn.body as Node;
  if (body.type === "BlockStatement") return { start: body.start, end: body.end };
  let start = body.start;
  for (let before = skipBack(source, start); source.text.charAt(before - 1) === "("; before = skipBack(source, start)) start = before - 1;
  return { start, end: fn.end };
}
