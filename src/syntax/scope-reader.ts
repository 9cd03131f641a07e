/**
 * Syntax tree → scopes: what `analyze` of `@typescript-eslint/scope-manager` finds, in one traversal that makes nothing on its
 * way. `test/analyze/scopes.test.ts` holds it to the original.
 */
import type { ScopeManager } from "@typescript-eslint/scope-manager";
import type { Class, Function as FunctionNode, ArrowFunctionExpression, Node, Program } from "oxc-parser";
import { annotationOf, eachPatternName, isPattern, type InPattern, type TakeName } from "./pattern-names.ts";
import { define, READ_WRITE, ScopeWriter, WRITE, type MaybeGlobal, type Name } from "./scope-writer.ts";
import { TypeReader } from "./type-reader.ts";
import { eachChild } from "./walk.ts";

export interface ReadScopes {
  readonly manager: ScopeManager;
  /** Offsets of the names in `typeof x`, where that is a type. */
  readonly typeQueries: ReadonlySet<number>;
}

export function readScopes(program: Program, options: ConstructorParameters<typeof ScopeManager>[0]): ReadScopes {
  const writer = new ScopeWriter(options);
  const reader = new ScopeReader(writer);
  reader.readProgram(program);
  return { manager: writer.manager, typeQueries: reader.types.typeQueries };
}

type AnyFunction = FunctionNode | ArrowFunctionExpression;
type Of<Type extends Node["type"]> = Extract<Node, { type: Type }>;

class ScopeReader {
  readonly types: TypeReader;
  readonly writer: ScopeWriter;

  constructor(writer: ScopeWriter) {
    this.writer = writer;
    this.types = new TypeReader(writer, this.visit);
  }

  readProgram(program: Program): void {
    const { manager } = this.writer;
    const global = manager.nestGlobalScope(program as never);
    global.defineImplicitVariable("const", { eslintImplicitGlobalSetting: "readonly", isTypeVariable: true, isValueVariable: false });
    if (manager.isGlobalReturn()) {
      this.writer.scope.isStrict = false;
      this.writer.openFunction(program, false);
    }
    if (manager.isModule()) this.writer.open("Module", program);
    if (manager.isImpliedStrict()) this.writer.scope.isStrict = true;
    this.children(program);
    this.writer.close(program);
  }

  /** Small, as the stack holds one for each level of the tree. */
  readonly visit = (node: Node): void => {
    const read = READERS.get(node.type);
    if (read === undefined) eachChild(node, this.visit, undefined, undefined);
    else read.call(this, node as never);
  };

  name(node: Name): void {
    this.writer.refer(node);
    this.type(node.typeAnnotation);
  }

  maybe(node: Node | null | undefined): void {
    if (node) this.visit(node);
  }

  call(node: Of<"CallExpression" | "NewExpression">): void {
    this.visit(node.callee);
    for (const argument of node.arguments) this.visit(argument);
    this.type(node.typeArguments);
  }

  update(node: Of<"UpdateExpression">): void {
    const argument = this.#targetOf(node.argument);
    if (isPattern(argument)) eachPatternName(argument, (name) => this.writer.refer(name, READ_WRITE));
    else this.children(node);
  }

  catchClause(node: Of<"CatchClause">): void {
    this.writer.open("Catch", node);
    if (node.param) this.#declare(node.param, (name) => this.writer.define(name, define.caught(name, node)));
    this.visit(node.body);
    this.writer.close(node);
  }

  typed(node: Of<"TSAsExpression" | "TSSatisfiesExpression" | "TSTypeAssertion">): void {
    this.visit(node.expression);
    this.type(node.typeAnnotation);
  }

  /** A name alone may mean a type or a value. */
  eitherOr(node: Node): void {
    if (node.type === "Identifier") this.writer.referEither(node);
    else this.visit(node);
  }

  block(node: Node): void {
    this.writer.open("Block", node);
    eachChild(node, this.visit, undefined, undefined);
    this.writer.close(node);
  }

  children(node: Node): void {
    eachChild(node, this.visit, undefined, undefined);
  }

  type(node: Node | null | undefined): void {
    if (node) this.types.visit(node);
  }

  /** Names of a pattern are declared, and their defaults are values that they are given. */
  #declare(pattern: Node, take: (name: Name, place: InPattern) => void): void {
    this.#eachName(pattern, (name, place) => {
      take(name, place);
      this.#writeDefaults(name, place, null, true);
    });
  }

  #eachName(pattern: Node, take: TakeName): void {
    for (const expression of eachPatternName(pattern, take)) this.visit(expression);
  }

  #writeDefaults(name: Name, { assignments }: InPattern, global: MaybeGlobal, init: boolean): void {
    for (const { right } of assignments) this.writer.refer(name, WRITE, right, global, init);
  }

  #assign(pattern: Node, value: Node, node: Node): void {
    this.#eachName(pattern, (name, place) => {
      const global = this.writer.scope.isStrict ? null : { node, pattern: name };
      this.#writeDefaults(name, place, global, false);
      this.writer.refer(name, WRITE, value, global, false);
    });
  }

  assignment(node: Of<"AssignmentExpression">): void {
    const left = this.#targetOf(node.left);
    if (!isPattern(left)) this.visit(left);
    else if (node.operator === "=") this.#assign(left, node.right, node);
    else if (left.type === "Identifier") this.writer.refer(left, READ_WRITE, node.right);
    this.visit(node.right);
  }

  /** The target inside of type operators. */
  #targetOf(node: Node): Node {
    if (node.type === "TSAsExpression" || node.type === "TSTypeAssertion") this.type(node.typeAnnotation);
    return node.type === "TSAsExpression" || node.type === "TSTypeAssertion" || node.type === "TSNonNullExpression" ? node.expression : node;
  }

  variables(node: Of<"VariableDeclaration">): void {
    const scope = node.kind === "var" ? this.writer.scope.variableScope : this.writer.scope;
    for (const declarator of node.declarations) {
      const { id, init } = declarator;
      this.#eachName(id, (name, place) => {
        this.writer.define(name, define.variable(name, declarator, node), scope);
        this.#writeDefaults(name, place, null, true);
        if (init) this.writer.refer(name, WRITE, init, null, true);
      });
      if (init) this.visit(init);
      this.type(annotationOf(id));
    }
  }

  forIn(node: Of<"ForInStatement" | "ForOfStatement">): void {
    const { left, right, body } = node;
    if (left.type === "VariableDeclaration") {
      if (left.kind !== "var") this.writer.open("For", node);
      this.visit(left);
      eachPatternName((left.declarations[0] as Of<"VariableDeclarator">).id, (name) => this.writer.refer(name, WRITE, right, null, true));
    } else this.#assign(left, right, node);
    this.visit(right);
    this.visit(body);
    this.writer.close(node);
  }

  fn(node: AnyFunction): void {
    if (node.type === "FunctionExpression") {
      if (node.id) this.#openName(node);
    } else if (node.type !== "ArrowFunctionExpression" && node.id) this.writer.define(node.id, define.functionName(node.id, node));
    this.writer.openFunction(node, false);
    for (const parameter of node.params as readonly Node[]) {
      this.#visitParameter(parameter, node);
      this.#visitDecorators(parameter);
    }
    this.type(node.returnType);
    this.type(node.typeParameters);
    // a function's block has no scope of its own
    if (node.body?.type === "BlockStatement") eachChild(node.body as Node, this.visit, undefined, undefined);
    else this.maybe(node.body);
    this.writer.close(node);
  }

  #openName(node: FunctionNode): void {
    if (node.id) (node.id as { range?: readonly [number, number] }).range ??= [node.id.start, node.id.end];
    this.writer.open("FunctionExpressionName", node);
  }

  #visitParameter(parameter: Node, fn: Node): void {
    this.#declare(parameter, (name, { rest }) => this.writer.define(name, define.parameter(name, fn, rest)));
    this.type(annotationOf(parameter));
  }

  #visitDecorators(node: Node): void {
    if ("decorators" in node && node.decorators) for (const decorator of node.decorators) this.visit(decorator);
  }

  cls(node: Class): void {
    if (node.type === "ClassDeclaration" && node.id) this.writer.define(node.id, define.className(node.id, node));
    this.#visitDecorators(node);
    this.writer.open("Class", node);
    if (node.id) this.writer.define(node.id, define.className(node.id, node));
    if (node.superClass) this.visit(node.superClass);
    this.type(node.typeParameters);
    this.type(node.superTypeArguments);
    for (const each of node.implements ?? []) this.type(each);
    for (const member of node.body.body) this.#visitMember(member);
    this.writer.close(node);
  }

  #visitMember(node: Class["body"]["body"][number]): void {
    switch (node.type) {
      case "StaticBlock":
        this.writer.open("ClassStaticBlock", node);
        this.children(node);
        return this.writer.close(node);
      case "TSIndexSignature":
        return this.type(node);
      case "MethodDefinition":
        if (node.computed) this.visit(node.key);
        if (node.value.type === "FunctionExpression") this.#visitMethod(node.value);
        else this.visit(node.value);
        return this.#visitDecorators(node);
      default: {
        const isField = node.type === "PropertyDefinition" || node.type === "AccessorProperty";
        if (node.computed) this.visit(node.key);
        const { value } = node;
        if (value) {
          if (isField) this.writer.open("ClassFieldInitializer", value);
          this.visit(value);
          if (isField) this.writer.close(value);
        }
        this.#visitDecorators(node);
        if ("typeAnnotation" in node) this.type(node.typeAnnotation);
      }
    }
  }

  #visitMethod(node: FunctionNode): void {
    if (node.id) this.#openName(node);
    for (const parameter of node.params as readonly Node[]) this.#visitDecorators(parameter);
    this.writer.openFunction(node, true);
    for (const parameter of node.params as readonly Node[]) this.#visitParameter(parameter, node);
    this.type(node.returnType);
    this.type(node.typeParameters);
    if (node.body) this.children(node.body);
    this.writer.close(node);
  }

  exported(node: Of<"ExportNamedDeclaration">): void {
    if (node.declaration) return this.visit(node.declaration);
    if (node.source) return;
    for (const { local, exportKind } of node.specifiers) {
      if (local.type !== "Identifier") continue;
      if (node.exportKind === "type" || exportKind === "type") this.writer.referType(local);
      else this.writer.referEither(local);
    }
  }

  enumeration(node: Of<"TSEnumDeclaration">): void {
    this.writer.define(node.id, define.enumName(node.id, node));
    this.writer.open("TSEnum", node);
    for (const member of node.body.members) {
      const id: Node = member.id;
      if (id.type === "Literal" && typeof id.value === "string") this.writer.scope.defineLiteralIdentifier(id as never, define.enumMember(id, member));
      else if (id.type === "Identifier") this.writer.define(id, define.enumMember(id, member));
      if (member.initializer) this.visit(member.initializer);
    }
    this.writer.close(node);
  }

  /** Small names are those of HTML: `<div>`. */
  elementName(name: Node): void {
    const first = name.type === "JSXIdentifier" ? name.name.charAt(0) : "";
    if (name.type !== "JSXIdentifier" || first.toUpperCase() === first || name.name === "this") this.visit(name);
  }
}

/** How nodes are read that are more than their children. */
const READERS = new Map<string, (this: ScopeReader, node: never) => void>(Object.entries({
  Identifier: ScopeReader.prototype.name,
  JSXIdentifier(node) {
    this.writer.refer(node);
  },
  MemberExpression(node) {
    this.visit(node.object);
    if (node.computed) this.visit(node.property);
  },
  Property(node) {
    if (node.computed) this.visit(node.key);
    this.visit(node.value);
  },
  CallExpression: ScopeReader.prototype.call,
  NewExpression: ScopeReader.prototype.call,
  AssignmentExpression: ScopeReader.prototype.assignment,
  UpdateExpression: ScopeReader.prototype.update,
  VariableDeclaration: ScopeReader.prototype.variables,
  FunctionDeclaration: ScopeReader.prototype.fn,
  FunctionExpression: ScopeReader.prototype.fn,
  ArrowFunctionExpression: ScopeReader.prototype.fn,
  TSDeclareFunction: ScopeReader.prototype.fn,
  TSEmptyBodyFunctionExpression: ScopeReader.prototype.fn,
  ClassDeclaration: ScopeReader.prototype.cls,
  ClassExpression: ScopeReader.prototype.cls,
  BlockStatement: ScopeReader.prototype.block,
  ForStatement(node) {
    if (node.init?.type === "VariableDeclaration" && node.init.kind !== "var") this.writer.open("For", node);
    this.children(node);
    this.writer.close(node);
  },
  ForInStatement: ScopeReader.prototype.forIn,
  ForOfStatement: ScopeReader.prototype.forIn,
  SwitchStatement(node) {
    this.visit(node.discriminant);
    this.writer.open("Switch", node);
    for (const each of node.cases) this.visit(each);
    this.writer.close(node);
  },
  CatchClause: ScopeReader.prototype.catchClause,
  WithStatement(node) {
    this.visit(node.object);
    this.writer.open("With", node);
    this.visit(node.body);
    this.writer.close(node);
  },
  LabeledStatement(node) {
    this.visit(node.body);
  },
  ImportDeclaration(node) {
    for (const specifier of node.specifiers) this.writer.define(specifier.local, define.imported(specifier.local, specifier, node));
  },
  ExportNamedDeclaration: ScopeReader.prototype.exported,
  ExportDefaultDeclaration(node) {
    this.eitherOr(node.declaration as Node);
  },
  TSExportAssignment(node) {
    this.eitherOr(node.expression);
  },
  BreakStatement: nothing,
  ContinueStatement: nothing,
  ExportAllDeclaration: nothing,
  ImportAttribute: nothing,
  MetaProperty: nothing,
  PrivateIdentifier: nothing,
  Literal: nothing,
  ThisExpression: nothing,
  JSXAttribute(node) {
    this.maybe(node.value);
  },
  JSXClosingElement(node) {
    this.elementName(node.name);
  },
  JSXMemberExpression(node) {
    if (node.object.type !== "JSXIdentifier" || node.object.name !== "this") this.visit(node.object);
  },
  JSXOpeningElement(node) {
    this.elementName(node.name);
    this.type(node.typeArguments);
    for (const attribute of node.attributes) this.visit(attribute);
  },
  TaggedTemplateExpression(node) {
    this.visit(node.tag);
    this.visit(node.quasi);
    this.type(node.typeArguments);
  },
  TSAsExpression: ScopeReader.prototype.typed,
  TSSatisfiesExpression: ScopeReader.prototype.typed,
  TSTypeAssertion: ScopeReader.prototype.typed,
  TSInstantiationExpression(node) {
    this.visit(node.expression);
    this.type(node.typeArguments);
  },
  TSInterfaceDeclaration: ScopeReader.prototype.type,
  TSTypeAliasDeclaration: ScopeReader.prototype.type,
  TSEnumDeclaration: ScopeReader.prototype.enumeration,
  TSModuleDeclaration(node) {
    if (node.id.type === "Identifier" && node.kind !== "global") this.writer.define(node.id, define.namespace(node.id, node));
    this.writer.open("TSModule", node);
    this.maybe(node.body as Node | null | undefined);
    this.writer.close(node);
  },
  TSImportEqualsDeclaration(node) {
    this.writer.define(node.id, define.imported(node.id, node, node));
    let named: Node = node.moduleReference;
    while (named.type === "TSQualifiedName") named = named.left;
    this.visit(named);
  },
} satisfies { readonly [Type in Node["type"]]?: (this: ScopeReader, node: Of<Type>) => void }));

function nothing(): void {}
