/** Runs of top-level statements → segments of the init entry, in trees. */
import type { BindingElement, BindingName, Expression, Identifier, Node, ObjectLiteralElementLike, Statement, VariableDeclarationList } from "typescript";
import type { Lift } from "../plan/plan.ts";
import type { Rewriting } from "./tree-rewriting.ts";

// a(); var b = c(); --> var b; $module.init(() => { a(); b = c(); });
export function liftStatements(statements: readonly Statement[], edit: Lift, rewriting: Rewriting): readonly Statement[] {
  const { ts, context: { factory } } = rewriting;
  const bare = new Map<string, Identifier>();
  const lifted = assignVars(statements, edit, bare, rewriting);
  const body = edit.noDirective ? [factory.createEmptyStatement(), ...lifted] : lifted;
  const modifiers = edit.async ? [factory.createModifier(ts.SyntaxKind.AsyncKeyword)] : undefined;
  const arrow = factory.createToken(ts.SyntaxKind.EqualsGreaterThanToken);
  const segment = factory.createArrowFunction(modifiers, undefined, [], undefined, arrow, factory.createBlock(body, true));
  const method = factory.createPropertyAccessExpression(factory.createIdentifier(edit.handle), edit.method);
  const call = factory.createExpressionStatement(factory.createCallExpression(method, undefined, [segment]));
  if (edit.hoisted.length === 0) return [call];
  const declarations = edit.hoisted.map((name) => factory.createVariableDeclaration(bare.get(name) ?? name));
  return [factory.createVariableStatement(undefined, factory.createVariableDeclarationList(declarations)), call];
}

/** @param bare takes the names that stand without a value: nothing of their declarations stays in place */
function assignVars(statements: readonly Statement[], edit: Lift, bare: Map<string, Identifier>, rewriting: Rewriting): readonly Statement[] {
  if (edit.vars.length === 0) return statements;
  const { ts, context, sourceFile } = rewriting;
  const starts = new Set(edit.vars.map((declaration) => declaration.start));
  const isHoisted = (list: VariableDeclarationList): boolean => starts.has(list.getStart(sourceFile));
  const visit = (node: Node): Node | undefined => {
    if (ts.isFunctionLike(node)) return node;
    if (ts.isVariableStatement(node) && isHoisted(node.declarationList)) {
      // var a = 1, b; --> a = 1;
      const value = assignmentsOf(node.declarationList, bare, rewriting);
      const statement = value ? context.factory.createExpressionStatement(value) : context.factory.createEmptyStatement();
      return ts.setTextRange(statement, node);
    }
    // for (var i = 0; …) --> for (i = 0; …)
    if (ts.isVariableDeclarationList(node) && isHoisted(node)) return assignmentsOf(node, bare, rewriting);
    if ((ts.isForInStatement(node) || ts.isForOfStatement(node)) && ts.isVariableDeclarationList(node.initializer) && isHoisted(node.initializer)) {
      return assignHead(node, node.initializer, visit, rewriting);
    }
    return ts.visitEachChild(node, visit, context);
  };
  return statements.map((statement) => visit(statement) as Statement);
}

// for (var { a } of list) … --> for ({ a } of list) …
function assignHead(node: Node, head: VariableDeclarationList, visit: (node: Node) => Node | undefined, rewriting: Rewriting): Node {
  const { ts, context } = rewriting;
  return ts.visitEachChild(
    node,
    (child) => {
      const name = head.declarations[0]?.name;
      if (child !== head || !name) return visit(child);
      const target = targetOf(name, rewriting);
      // `for (async of …)` and `for (let of …)` are not what they look like.
      return ts.isIdentifier(target) && /^(async|let)$/.test(target.text) ? context.factory.createParenthesizedExpression(target) : target;
    },
    context,
  );
}

function assignmentsOf(list: VariableDeclarationList, bare: Map<string, Identifier>, rewriting: Rewriting): Expression | undefined {
  const { ts, context: { factory } } = rewriting;
  const assignments = list.declarations.flatMap((declaration): Expression[] => {
    const { name, initializer } = declaration;
    if (!initializer) {
      if (ts.isIdentifier(name)) bare.set(name.text, name);
      return [];
    }
    // A comment behind `=` belongs to the token.
    const equals = ts.setTextRange(factory.createToken(ts.SyntaxKind.EqualsToken), { pos: initializer.pos - 1, end: initializer.pos });
    return [ts.setTextRange(factory.createBinaryExpression(targetOf(name, rewriting), equals, initializer), declaration)];
  });
  return assignments.length === 0 ? undefined : assignments.reduce((left, right) => factory.createComma(left, right));
}

/** A pattern that declares → a pattern that assigns. */
function targetOf(name: BindingName, rewriting: Rewriting): Expression {
  const { ts, context: { factory } } = rewriting;
  if (ts.isIdentifier(name)) return name;
  if (ts.isObjectBindingPattern(name)) {
    return ts.setTextRange(factory.createObjectLiteralExpression(name.elements.map((element) => propertyOf(element, rewriting))), name);
  }
  const elements = name.elements.map((element) => {
    if (!ts.isBindingElement(element)) return element;
    return element.dotDotDotToken ? factory.createSpreadElement(targetOf(element.name, rewriting)) : valueOf(element, rewriting);
  });
  return ts.setTextRange(factory.createArrayLiteralExpression(elements), name);
}

function propertyOf(element: BindingElement, rewriting: Rewriting): ObjectLiteralElementLike {
  const { ts, context: { factory } } = rewriting;
  if (element.dotDotDotToken) return factory.createSpreadAssignment(targetOf(element.name, rewriting));
  if (!element.propertyName && ts.isIdentifier(element.name)) return factory.createShorthandPropertyAssignment(element.name, element.initializer);
  return factory.createPropertyAssignment(element.propertyName ?? "", valueOf(element, rewriting));
}

function valueOf(element: BindingElement, rewriting: Rewriting): Expression {
  const target = targetOf(element.name, rewriting);
  return element.initializer ? rewriting.context.factory.createAssignment(target, element.initializer) : target;
}
