/** The tree back end: carries a plan out on a TypeScript syntax tree, in a `before` transformer. */
import type { ClassDeclaration, ClassLikeDeclaration, FunctionDeclaration, Node, SourceFile, Statement, TransformationContext, VariableStatement } from "typescript";
import type { Fragment, Lift, Plan, Reference } from "../plan/plan.ts";
import { guardFunction, isTargetFunction, isTargetMethod, type FunctionEdit, type TargetFunction } from "./tree-function.ts";
import { liftStatements } from "./tree-lift.ts";
import { Occurrences } from "./tree-reference.ts";
import { countDirectives, type Rewriting, type TypeScript } from "./tree-rewriting.ts";
import { parseStatements, type Piece } from "./tree-snippet.ts";

/**
 * @param ts the TypeScript that made the tree; nodes of another copy would not fit into it
 * @param plan made from the tree's own text
 */
export function applyPlanToTree(ts: TypeScript, context: TransformationContext, sourceFile: SourceFile, plan: Plan): SourceFile {
  if (plan.edits.length === 0) return sourceFile;
  const rewriting = { ts, context, sourceFile };
  const functions = new Map<string, FunctionEdit>();
  const lifts = new Map<number, Lift>();
  const tells = new Map<number, string>();
  const blocks = new Map<number, string>();
  const before: Statement[] = [];
  const after: Statement[] = [];
  for (const edit of plan.edits) {
    switch (edit.op) {
      case "prologue":
        before.push(...parseStatements(rewriting, [edit.statements]));
        break;
      case "epilogue":
        after.push(...parseStatements(rewriting, fillReferences(edit.statements, rewriting)));
        break;
      case "tell":
        tells.set(edit.at, `${tells.get(edit.at) ?? ""}${edit.statements}`);
        break;
      case "class block":
        blocks.set(edit.end, edit.statements);
        break;
      case "annotation":
        break; // types were checked before trees are changed
      case "lift":
        if (edit.statements[0]) lifts.set(edit.statements[0].start, edit);
        break;
      default:
        functions.set(anchorKey(edit.fn.start, edit.fn.end), edit);
    }
  }
  const { statements } = sourceFile;
  const directives = countDirectives(ts, statements);
  const body = rewriteStatements(statements.slice(directives), { functions, blocks, lifts, tells }, rewriting);
  const all = [...statements.slice(0, directives), ...before, ...body, ...after];
  return context.factory.updateSourceFile(sourceFile, ts.setTextRange(context.factory.createNodeArray(all), statements));
}

/** By what they are found by. */
interface Edits {
  readonly functions: ReadonlyMap<string, FunctionEdit>;
  /** By the end of the class. */
  readonly blocks: ReadonlyMap<number, string>;
  readonly lifts: ReadonlyMap<number, Lift>;
  readonly tells: ReadonlyMap<number, string>;
}

function rewriteStatements(statements: readonly Statement[], edits: Edits, rewriting: Rewriting): readonly Statement[] {
  const { ts, sourceFile } = rewriting;
  const { lifts, tells } = edits;
  const rewritten: Statement[] = [];
  for (let index = 0; index < statements.length; index++) {
    const statement = statements[index];
    if (!statement) continue;
    const lift = statement.pos < 0 ? undefined : lifts.get(statement.getStart(sourceFile));
    if (lift) {
      rewritten.push(...liftStatements(statements.slice(index, index + lift.statements.length), lift, rewriting));
      index += lift.statements.length - 1;
    } else if (ts.isFunctionDeclaration(statement)) rewritten.push(rewriteDeclaration(statement, edits, rewriting));
    else if (ts.isVariableStatement(statement)) rewritten.push(rewriteVariables(statement, edits, rewriting));
    else if (ts.isClassDeclaration(statement)) rewritten.push(rewriteMembers(statement, edits, rewriting) as Statement);
    else rewritten.push(statement);
    const tell = statement.pos < 0 ? undefined : tells.get(statement.end);
    if (tell !== undefined) rewritten.push(...parseStatements(rewriting, [tell]));
  }
  return rewritten;
}

function rewriteDeclaration(statement: FunctionDeclaration, { functions }: Edits, rewriting: Rewriting): FunctionDeclaration {
  const edit = statement.body && functions.get(anchorKey(declarationStart(statement, rewriting), statement.end));
  return edit ? guardFunction(statement, edit, rewriting) : statement;
}

/** Where `async` or `function` stands, behind `export default` and a JSDoc comment. */
function declarationStart(statement: FunctionDeclaration, { ts, sourceFile }: Rewriting): number {
  const exported = statement.modifiers?.findLast((modifier) => modifier.kind !== ts.SyntaxKind.AsyncKeyword);
  const own = statement.modifiers?.find((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword);
  if (own) return own.getStart(sourceFile);
  if (!exported) return statement.getStart(sourceFile);
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, sourceFile.text, undefined, exported.end);
  scanner.scan();
  return scanner.getTokenStart();
}

/** Functions under declarators, behind parentheses and type operators. */
function rewriteVariables(statement: VariableStatement, edits: Edits, rewriting: Rewriting): VariableStatement {
  const { ts, context, sourceFile } = rewriting;
  const { factory } = context;
  const visit = (node: Node): Node => {
    if (isTargetFunction(ts, node)) return editOf(node) ?? node;
    if (ts.isClassExpression(node) || ts.isObjectLiteralExpression(node)) return rewriteMembers(node, edits, rewriting);
    return isWrapper(ts, node) ? ts.visitEachChild(node, visit, context) : node;
  };
  const editOf = (node: Exclude<TargetFunction, FunctionDeclaration>): Node | undefined => {
    const edit = node.pos < 0 ? undefined : edits.functions.get(anchorKey(node.getStart(sourceFile), node.end));
    return edit && guardFunction(node, edit, rewriting);
  };
  const list = statement.declarationList;
  const declarations = list.declarations.map((declaration) => {
    if (!declaration.initializer) return declaration;
    const initializer = ts.visitNode(declaration.initializer, visit, ts.isExpression);
    return factory.updateVariableDeclaration(declaration, declaration.name, declaration.exclamationToken, declaration.type, initializer);
  });
  if (declarations.every((declaration, index) => declaration === list.declarations[index])) return statement;
  const array = ts.setTextRange(factory.createNodeArray(declarations), list.declarations);
  return factory.updateVariableStatement(statement, statement.modifiers, factory.updateVariableDeclarationList(list, array));
}

/** Functions of a class, and those of an object literal at any depth of nested ones. */
function rewriteMembers(container: Node, { functions, blocks }: Edits, rewriting: Rewriting): Node {
  const { ts, context, sourceFile } = rewriting;
  const visit = (node: Node): Node => {
    if (isTargetMethod(ts, node) || isTargetFunction(ts, node)) {
      const edit = node.pos < 0 ? undefined : functions.get(anchorKey(node.getStart(sourceFile), node.end));
      return edit ? guardFunction(node, edit, rewriting) : node;
    }
    return ts.isPropertyAssignment(node) || ts.isObjectLiteralExpression(node) || isWrapper(ts, node) ? ts.visitEachChild(node, visit, context) : node;
  };
  const rewritten = ts.visitEachChild(container, visit, context);
  const block = container.pos < 0 ? undefined : blocks.get(container.end);
  return block !== undefined && ts.isClassLike(rewritten) ? addBlock(rewritten, block, rewriting) : rewritten;
}

// class A { … } --> class A { static { … } … }
function addBlock(cls: ClassLikeDeclaration, text: string, rewriting: Rewriting): Node {
  const { ts, context: { factory } } = rewriting;
  const [snippet] = parseStatements(rewriting, [`class $ { static { ${text} } }`]);
  const members = ts.setTextRange(factory.createNodeArray([...(snippet as ClassDeclaration).members, ...cls.members]), cls.members);
  return ts.isClassDeclaration(cls)
    ? factory.updateClassDeclaration(cls, cls.modifiers, cls.name, cls.typeParameters, cls.heritageClauses, members)
    : factory.updateClassExpression(cls, cls.modifiers, cls.name, cls.typeParameters, cls.heritageClauses, members);
}

function isWrapper(ts: TypeScript, node: Node): boolean {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isExpressionWithTypeArguments(node)
  );
}

function fillReferences(fragments: readonly Fragment[], rewriting: Rewriting): readonly Piece[] {
  const occurrences = new Occurrences(rewriting);
  return fragments.map((fragment) => {
    if (typeof fragment === "string") return fragment;
    if ("part" in fragment) throw new Error("only a guard moves parts of parameters");
    return makeReference(fragment, occurrences, rewriting);
  });
}

/**
 * TypeScript renames imports and exported bindings (`db` --> `db_js_1.db`, `count` --> `exports.count`) by what an
 * identifier of the source stands for, so the new identifier is tied to one.
 */
function makeReference({ name, occurrence }: Reference, occurrences: Occurrences, { ts, context }: Rewriting): () => Node {
  const original = occurrences.find(name, occurrence);
  return () => {
    const identifier = context.factory.createIdentifier(name);
    return original ? ts.setOriginalNode(identifier, original) : identifier;
  };
}

function anchorKey(start: number, end: number): string {
  return `${start}-${end}`;
}
