/** Whether the end of a function's body cannot be reached, as TypeScript sees it: such functions have the type `never`. */
import type { Node, Program } from "oxc-parser";
import { isFunction } from "../analyze/functions.ts";
import { walk } from "../syntax/walk.ts";

/** @param nevers names of functions that are declared to return `never` */
export function neverEnds(node: Node | null | undefined, nevers: ReadonlySet<string>): boolean {
  const ends = (each: Node | null | undefined): boolean => neverEnds(each, nevers);
  switch (node?.type) {
    case "BlockStatement":
      return node.body.some(ends);
    case "ThrowStatement":
      return true;
    case "IfStatement":
      return ends(node.consequent) && ends(node.alternate);
    case "WhileStatement":
      return isTrue(node.test) && !isLeft(node.body);
    case "DoWhileStatement":
      return (isTrue(node.test) || ends(node.body)) && !isLeft(node.body);
    case "ForStatement":
      return (node.test == null || isTrue(node.test)) && !isLeft(node.body);
    case "SwitchStatement":
      return node.cases.some(({ test }) => test === null) && (node.cases.at(-1)?.consequent ?? []).some(ends) && !node.cases.some((each) => each.consequent.some(isLeft));
    case "TryStatement":
      return ends(node.finalizer) || (ends(node.block) && (node.handler === null || ends(node.handler.body)));
    case "LabeledStatement":
      return ends(node.body) && !isLeft(node.body);
    case "ExpressionStatement":
      return node.expression.type === "CallExpression" && isNever(node.expression.callee, nevers);
    default:
      return false;
  }
}

/** The functions of a module that say themselves that they return `never`: a compiler follows calls of no others. */
export function declaredNevers({ body }: Program): readonly string[] {
  return body.flatMap((statement): readonly string[] => {
    const declaration = statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration" ? (statement.declaration as Node | null) : statement;
    switch (declaration?.type) {
      case "FunctionDeclaration":
      case "TSDeclareFunction":
        return declaration.id && declaration.returnType?.typeAnnotation.type === "TSNeverKeyword" ? [declaration.id.name] : [];
      case "VariableDeclaration":
        return declaration.declarations.flatMap(({ id }) => {
          const type = id.type === "Identifier" ? id.typeAnnotation?.typeAnnotation : undefined;
          return id.type === "Identifier" && type?.type === "TSFunctionType" && type.returnType.typeAnnotation.type === "TSNeverKeyword" ? [id.name] : [];
        });
      default:
        return [];
    }
  });
}

function isNever(callee: Node, nevers: ReadonlySet<string>): boolean {
  if (callee.type === "Identifier") return nevers.has(callee.name);
  return callee.type === "MemberExpression" && callee.object.type === "Identifier" && callee.object.name === "process" && callee.property.type === "Identifier" && ["exit", "abort"].includes(callee.property.name);
}

function isTrue(test: Node): boolean {
  return test.type === "Literal" && test.value === true;
}

/** `break` leads out of it, or perhaps does: by a label. */
function isLeft(root: Node): boolean {
  let left = false;
  let inner = 0;
  walk(root, {
    enter(node) {
      if (isFunction(node)) return false;
      if (isBreakable(node)) inner++;
      if (node.type === "BreakStatement" && (inner === 0 || node.label)) left = true;
      return !left;
    },
    leave(node) {
      if (isBreakable(node)) inner--;
    },
  });
  return left;
}

function isBreakable({ type }: Node): boolean {
  return type === "WhileStatement" || type === "DoWhileStatement" || type === "ForStatement" || type === "ForInStatement" || type === "ForOfStatement" || type === "SwitchStatement";
}
