/** Parameter lists: what stands in them and whether it can move behind the guard. See docs/guard-matrix.md. */
import type { Node } from "oxc-parser";
import { isThisParameter } from "../syntax/normalise.ts";
import type { Parsed } from "../syntax/parse.ts";
import type { Scope } from "../syntax/scopes.ts";
import { findToken, skipBack, skipForward } from "../syntax/trivia.ts";
import { isTypeOnly, isWrapper, walk } from "../syntax/walk.ts";
import type { Parameter, ParameterList } from "./analysis.ts";
import { isInert } from "./inert.ts";

export interface ParameterContext {
  readonly source: Parsed;
  readonly strict: boolean;
  /** The body says `"use strict"`: an error where parameters are not simple, and none once they have moved. */
  readonly strictBody: boolean;
  readonly generator: boolean;
  readonly arrow: boolean;
  readonly usesArguments: boolean;
  readonly directEval: boolean;
  /** The function's own scope: parameters and the body's declarations. */
  readonly scope: Scope;
}

export function readParameters(params: readonly Node[], context: ParameterContext): ParameterList {
  const read = params.filter((node) => !isThisParameter(node)).map((node) => readParameter(node, context));
  if (!read.some((parameter) => parameter.moves)) return { handling: "stay", list: read };
  const list = read.map((parameter, index) => (parameter.default && !parameter.moves && readsMoved(parameter, read.slice(0, index), context.scope) ? { ...parameter, moves: true } : parameter));
  return { handling: context.generator || movingChangesMeaning(list, context) ? "keep" : "move", list };
}

function readParameter(node: Node, context: ParameterContext): Parameter {
  const rest = node.type === "RestElement";
  const target = rest ? node.argument : node.type === "AssignmentPattern" ? node.left : node;
  const pattern = { start: target.start, end: patternEnd(target, context.source) };
  const shape = target.type === "Identifier" ? "name" : "pattern";
  const initializer = node.type === "AssignmentPattern" ? defaultRange(node.left.end, node.end, context.source) : undefined;
  const inert = node.type === "AssignmentPattern" && isInert(node.right);
  return {
    start: node.start,
    end: node.end,
    shape,
    name: target.type === "Identifier" ? target.name : undefined,
    pattern,
    default: initializer && { ...initializer, inert },
    rest,
    moves: shape === "pattern" || (initializer !== undefined && (!inert || context.arrow)),
  };
}

/** `{ a }: Options` --> the end of `{ a }`; `name?: string` --> the end of `name`. */
function patternEnd(node: Node, source: Parsed): number {
  const annotation = "typeAnnotation" in node ? (node.typeAnnotation as Node | null | undefined) : undefined;
  let end = annotation ? skipBack(source, annotation.start) : node.end;
  if ("optional" in node && node.optional && source.text.charAt(end - 1) === "?") end = skipBack(source, end - 1);
  return end;
}

/** The text behind `=`, parentheses included. */
function defaultRange(from: number, end: number, source: Parsed): { start: number; end: number } {
  return { start: skipForward(source, findToken(source, "=", from) + 1), end };
}

function movingChangesMeaning(list: readonly Parameter[], context: ParameterContext): boolean {
  if (context.directEval || context.strictBody || (!context.strict && context.usesArguments)) return true;
  const inBody = new Set<string>();
  const indexOf = new Map<string, number>();
  for (const variable of context.scope.variables) {
    const asParameter = variable.defs.filter((definition) => definition.type === "Parameter");
    if (variable.defs.length > asParameter.length) inBody.add(variable.name);
    if (asParameter.length > 0) {
      // `let { let } = …` does not parse
      if (variable.name === "let") return true;
      if (variable.defs.length > asParameter.length) return true;
      const at = asParameter[0]?.name.range[0] ?? 0;
      indexOf.set(variable.name, list.findIndex((parameter) => parameter.start <= at && at < parameter.end));
    }
  }
  return list.some((parameter, index) => {
    for (const name of namesRead(parameter, context.scope)) {
      if (inBody.has(name)) return true;
      const other = indexOf.get(name);
      if (other !== undefined && (other > index || (other === index && parameter.shape === "name"))) return true;
    }
    return false;
  });
}

/** A closure as a default is inert, but must be made where the names of the patterns before it are. */
function readsMoved(parameter: Parameter, before: readonly Parameter[], scope: Scope): boolean {
  const bound = scope.variables.flatMap((variable) => variable.defs.filter((each) => each.type === "Parameter").map((each) => ({ name: variable.name, at: each.name.range[0] })));
  const names = namesRead(parameter, scope);
  return before.some((other) => other.shape === "pattern" && bound.some(({ name, at }) => other.start <= at && at < other.end && names.has(name)));
}

/** Names that the parameter's default or pattern reads, nested functions included. */
function namesRead(parameter: Parameter, scope: Scope): ReadonlySet<string> {
  const names = new Set<string>();
  const block = scope.block as unknown as { readonly params: readonly Node[] };
  for (const node of block.params) {
    if (node.start !== parameter.start) continue;
    walk(node, {
      enter(each, parent) {
        // `inherits: P = Schema as P` names no `P` at run time.
        if (isTypeOnly(each) || (each.type.startsWith("TS") && !isWrapper(each))) return false;
        if (each.type === "Identifier" && !isPropertyName(each, parent)) {
          if (each.start !== parameter.pattern.start || parameter.shape === "pattern") names.add(each.name);
        }
        return true;
      },
    });
  }
  // Among them are the names a pattern binds; reading those is as `let` has it, so the caller lets them pass.
  return names;
}

function isPropertyName(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === "MemberExpression") return parent.property === node && !parent.computed;
  return parent?.type === "Property" && parent.key === node && !parent.computed && !parent.shorthand;
}
