/** Guards in trees. */
import type { ArrowFunction, Block, ConciseBody, FunctionDeclaration, FunctionExpression, GetAccessorDeclaration, MethodDeclaration, Node, NodeArray, ParameterDeclaration, SetAccessorDeclaration } from "typescript";
import type { Choice, ExpressionGuard, Fragment, Guard, MovedPart, ParameterEdit } from "../plan/plan.ts";
import { countDirectives, type Rewriting, type TypeScript } from "./tree-rewriting.ts";
import { parseExpression, parseStatements, type Piece, type Surroundings } from "./tree-snippet.ts";

export type FunctionEdit = Guard | Choice | ExpressionGuard;
export type TargetFunction = FunctionDeclaration | FunctionExpression | ArrowFunction | TargetMethod;
export type TargetMethod = MethodDeclaration | GetAccessorDeclaration | SetAccessorDeclaration;

export function isTargetFunction(ts: TypeScript, node: Node): node is FunctionExpression | ArrowFunction {
  return ts.isFunctionExpression(node) || ts.isArrowFunction(node);
}

export function isTargetMethod(ts: TypeScript, node: Node): node is TargetMethod {
  return ts.isMethodDeclaration(node) || ts.isGetAccessorDeclaration(node) || ts.isSetAccessorDeclaration(node);
}

export function guardFunction<F extends TargetFunction>(fn: F, edit: FunctionEdit, rewriting: Rewriting): F {
  const parameters = edit.op === "choice" ? fn.parameters : replaceParameters(fn, edit.parameters, rewriting);
  const body = edit.op === "guard" ? guardBlock(fn, edit, rewriting) : guardExpression(fn, edit, rewriting);
  return updateFunction(fn, parameters, body, rewriting) as F;
}

function updateFunction(fn: TargetFunction, parameters: NodeArray<ParameterDeclaration>, body: ConciseBody, { ts, context: { factory } }: Rewriting): TargetFunction {
  if (ts.isArrowFunction(fn)) return factory.updateArrowFunction(fn, fn.modifiers, fn.typeParameters, parameters, fn.type, fn.equalsGreaterThanToken, body);
  const block = body as Block;
  if (ts.isFunctionExpression(fn)) return factory.updateFunctionExpression(fn, fn.modifiers, fn.asteriskToken, fn.name, fn.typeParameters, parameters, fn.type, block);
  if (ts.isMethodDeclaration(fn)) return factory.updateMethodDeclaration(fn, fn.modifiers, fn.asteriskToken, fn.name, fn.questionToken, fn.typeParameters, parameters, fn.type, block);
  if (ts.isGetAccessorDeclaration(fn)) return factory.updateGetAccessorDeclaration(fn, fn.modifiers, fn.name, parameters, fn.type, block);
  if (ts.isSetAccessorDeclaration(fn)) return factory.updateSetAccessorDeclaration(fn, fn.modifiers, fn.name, parameters, block);
  return factory.updateFunctionDeclaration(fn, fn.modifiers, fn.asteriskToken, fn.name, fn.typeParameters, parameters, fn.type, block);
}

// { … } --> { if (…) return …; … }
function guardBlock(fn: TargetFunction, edit: Guard, rewriting: Rewriting): Block {
  const { ts, context } = rewriting;
  const body = fn.body as Block;
  const { statements } = body;
  const directives = countDirectives(ts, statements);
  const guard = parseStatements(rewriting, fillParts(fn, edit.statements, rewriting), surroundings(fn, ts));
  const all = [...statements.slice(0, directives), ...guard, ...statements.slice(directives)];
  return context.factory.updateBlock(body, ts.setTextRange(context.factory.createNodeArray(all), statements));
}

function guardExpression(fn: TargetFunction, edit: Choice | ExpressionGuard, rewriting: Rewriting): ConciseBody {
  const { ts, context } = rewriting;
  const value = (): Node => fn.body as Node;
  // => value --> => test ? forward : value
  if (edit.op === "choice") return parseExpression(rewriting, [`${edit.test} ? ${edit.forward} : `, value], surroundings(fn, ts));
  // => value --> => { if (…) return …; return value; }
  const returned = beginsWithLine(fn.body as Node, rewriting) ? [" return (", value, ");"] : [" return ", value, ";"];
  const pieces = [...fillParts(fn, edit.statements, rewriting), ...returned];
  return context.factory.createBlock(parseStatements(rewriting, pieces, surroundings(fn, ts)), true);
}

/** A comment before the value must not end the line behind `return`. */
function beginsWithLine(value: Node, { sourceFile }: Rewriting): boolean {
  return value.pos >= 0 && /[\n\r\u2028\u2029]/.test(sourceFile.text.slice(value.pos, value.getStart(sourceFile)));
}

function surroundings(fn: TargetFunction, ts: TypeScript): Surroundings {
  return {
    generator: fn.asteriskToken !== undefined,
    async: fn.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) === true,
  };
}

// { a }: T = f() --> $1 = undefined
function replaceParameters(fn: TargetFunction, edits: readonly ParameterEdit[], rewriting: Rewriting): NodeArray<ParameterDeclaration> {
  if (edits.length === 0) return fn.parameters;
  const { ts, context: { factory }, sourceFile } = rewriting;
  const parameters = fn.parameters.map((parameter) => {
    const edit = edits.find((each) => each.pattern.start === parameter.name.getStart(sourceFile));
    if (!edit) return parameter;
    const name = edit.patternMoves ? factory.createIdentifier(edit.name) : parameter.name;
    // Some default has to stay: it is what `length` counts by.
    const initializer = edit.default && factory.createVoidZero();
    return factory.updateParameterDeclaration(parameter, parameter.modifiers, parameter.dotDotDotToken, name, undefined, undefined, initializer);
  });
  return ts.setTextRange(factory.createNodeArray(parameters), fn.parameters);
}

function fillParts(fn: TargetFunction, fragments: readonly Fragment[], rewriting: Rewriting): readonly Piece[] {
  return fragments.map((fragment) => {
    if (typeof fragment === "string") return fragment;
    if (!("part" in fragment)) throw new Error("a guard refers to nothing but parameters");
    return () => movePart(fn, fragment, rewriting);
  });
}

/** The node as it is, so that what it means and where it stands in the source are kept. Comments around it stay with the parameter. */
function movePart(fn: TargetFunction, part: MovedPart, { ts, sourceFile }: Rewriting): Node {
  for (const parameter of fn.parameters) {
    if (part.part === "pattern" && parameter.name.getStart(sourceFile) === part.start) return ts.setEmitFlags(parameter.name, ts.EmitFlags.NoComments);
    // The plan's range begins with the comments and parentheses behind `=`.
    const { initializer } = parameter;
    if (part.part === "default" && initializer && initializer.pos <= part.start && part.start < initializer.end) {
      return ts.setEmitFlags(initializer, ts.EmitFlags.NoTrailingComments);
    }
  }
  throw new Error(`no parameter at offset ${part.start}`);
}
