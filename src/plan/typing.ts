/**
 * What guards need beside JavaScript where the emitted text is still TypeScript, so that a strict compiler reports nothing
 * that it did not report of the source. Types only: stripped, the guard is the one of docs/guard-matrix.md.
 */
import type { Node } from "oxc-parser";
import type { ModuleAnalysis, Parameter, Target } from "../analyze/analysis.ts";
import { isFunction } from "../analyze/functions.ts";
import { isThisParameter } from "../syntax/normalise.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import { findToken, skipForward } from "../syntax/trivia.ts";
import { unwrap, walk } from "../syntax/walk.ts";
import { tellInferredGuards } from "./inferred-guards.ts";
import type { InjectedNames } from "./names.ts";
import { declaredNevers, neverEnds } from "./never-ends.ts";
import type { Annotation, Guard, ParameterEdit } from "./plan.ts";

export interface Typing {
  /** The forwarded call with a type that changes no type inferred for the function. */
  result(target: Target, call: string): string;
  receiver(target: Target): Guard["receiver"];
  parameter(target: Target, parameter: Parameter, index: number): Pick<ParameterEdit, "missing" | "type">;
  /** What stands before the comma that drops a receiver: TypeScript 4 takes a mere `0` for a mistake. */
  readonly nothing: string;
  /** What the emitted text loses for a compiler. */
  readonly notices: readonly Diagnostic[];
  /** The default is a function or class without a name, which an assignment would give it one. */
  takesName(target: Target, index: number): boolean;
}

/** @param imported names of imported functions that are declared to return `never` */
export function makeTyping(analysis: ModuleAnalysis, names: InjectedNames, imported: ReadonlySet<string> = new Set()): Typing {
  const { parsed, bindings } = analysis;
  const { text } = parsed;
  const nevers = new Set([...declaredNevers(parsed.program), ...imported]);
  const literals = new Set(bindings.flatMap(({ node }) => (node.type === "VariableDeclarator" && node.init && (annotationOf(node.id) !== undefined || givesType(node.init)) ? [unwrap(node.init)] : [])));

  /** The binding's own annotation or `satisfies` gives the function's parameters and its `this` their types. */
  const hasContext = ({ start, end, fn, form, member }: Target): boolean =>
    member ? member.owner === "object" && literals.has(member.container) : form !== "declaration" && (/:/.test(text.slice(start, fn.start)) || /^\W*(satisfies|as)\b/.test(text.slice(fn.end, Math.max(end, fn.end) + 16)));

  return {
    nothing: "0 as any",
    notices: tellInferredGuards(analysis, hasContext),
    // $t.$f(a) --> ($t.$f(a) as never), which disappears in a union with what the function returns
    result(target, call) {
      // what a context asks for may be more than `void` where a function that is called does not return
      const type = returnsNothing(target, nevers) ? (hasContext(target) ? "any" : "void") : "never";
      if (target.kind === "generator") return `(${call} as Generator<never, ${type}, unknown>)`;
      if (target.kind === "asyncGenerator") return `(${call} as AsyncGenerator<never, ${type}, unknown>)`;
      return `((${call}) as ${type})`;
    },
    // function f(a) --> function f(this: any, a)
    receiver(target) {
      const { fn } = target;
      const params = fn.params as readonly Node[];
      // In a class or literal, `this` has its type.
      if (target.form === "arrow" || target.member || params.some(isThisParameter)) return undefined;
      // A `this` that the context gives a type keeps it.
      if (hasContext(target) && /\bthis\b/.test(text.slice(fn.start, fn.end))) return undefined;
      const from = fn.typeParameters?.end ?? fn.id?.end ?? fn.start;
      const at = findToken(parsed, "(", from) + 1;
      return { at, text: params.length === 0 ? "this: any" : "this: any, " };
    },
    parameter(target, { shape, default: initializer, rest }, index) {
      const node = declaredParameters(target)[index];
      const annotated = node !== undefined && annotationOf(node) !== undefined;
      const missing = `(${names.missing})!`;
      if (annotated || hasContext(target) || rest) return { missing };
      if (shape === "pattern") return { missing, type: ": any" };
      // What a default names of the patterns before it has moved too.
      const reads = target.parameters.list.slice(0, index).some((before) => before.moves && before.shape === "pattern");
      // (a = f()) --> (a = true ? undefined! : f()), whose type is that of f()
      const copy = initializer === undefined || reads ? undefined : oneLine(text.slice(skipForward(parsed, initializer.start), initializer.end));
      return copy === undefined ? { missing, type: ": any" } : { missing: `true ? ${missing} : ${copy}` };
    },
    takesName(target, index) {
      const node = declaredParameters(target)[index];
      if (node?.type !== "AssignmentPattern") return false;
      const { right } = node;
      return isFunction(right) || right.type === "ClassExpression";
    },
  };
}

// let a; --> let a: any;
/**
 * Variables whose type the compiler finds by following assignments: it cannot into the scope accessor. One that is exported
 * where it is declared has the type `any` anyway.
 */
export function annotateVariables({ parsed }: ModuleAnalysis): readonly Annotation[] {
  return parsed.program.body.flatMap((statement) => {
    if (statement.type !== "VariableDeclaration" || statement.declare === true) return [];
    return statement.declarations.flatMap(({ id, init, definite }): Annotation[] => {
      if (id.type !== "Identifier" || id.typeAnnotation || definite === true) return [];
      if (init?.type === "ArrayExpression" && init.elements.length === 0) return [{ op: "annotation", at: id.end, text: ": any[]" }];
      const isOpen = init === null || (init.type === "Literal" && init.value === null && init.raw === "null") || (init.type === "Identifier" && init.name === "undefined");
      return isOpen && statement.kind !== "const" ? [{ op: "annotation", at: id.end, text: ": any" }] : [];
    });
  });
}

/** `{ … } satisfies Table`, but not `{ … } as const` */
function givesType(init: Node): boolean {
  if (init.type === "TSSatisfiesExpression" || init.type === "TSTypeAssertion") return true;
  return init.type === "TSAsExpression" && !(init.typeAnnotation.type === "TSTypeReference" && init.typeAnnotation.typeName.type === "Identifier" && init.typeAnnotation.typeName.name === "const");
}

function declaredParameters({ fn }: Target): readonly Node[] {
  return (fn.params as readonly Node[]).filter((node) => !isThisParameter(node));
}

function annotationOf(node: Node): Node | undefined {
  const holder = node.type === "AssignmentPattern" ? node.left : node;
  return "typeAnnotation" in holder ? ((holder.typeAnnotation as Node | null | undefined) ?? undefined) : undefined;
}

/** Undefined where a line break means something. */
function oneLine(text: string): string | undefined {
  if (!/[\r\n]/.test(text)) return text;
  return /\/\/|`|\\[\r\n]/.test(text) ? undefined : text.replaceAll(/\s*[\r\n]\s*/g, " ");
}

/**
 * Without annotation and without `return value` the compiler infers `void`, except for expressions and arrows whose end
 * cannot be reached: those never return.
 */
function returnsNothing({ fn, form, body, member }: Target, nevers: ReadonlySet<string>): boolean {
  if (fn.returnType || !body.block) return false;
  let returns = false;
  let returnsValue = false;
  const block = fn.body as Node;
  walk(block, {
    enter(node) {
      if (isFunction(node) || node.type === "ClassDeclaration" || node.type === "ClassExpression") return false;
      if (node.type === "ReturnStatement") returns = true;
      if (node.type === "ReturnStatement" && node.argument) returnsValue = true;
      return !returnsValue;
    },
  });
  if (returnsValue) return false;
  return form === "declaration" || member?.owner === "class" || returns || !neverEnds(block, nevers);
}
