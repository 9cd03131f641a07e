/**
 * Syntax tree → scopes: what `analyze` of `@typescript-eslint/scope-manager` finds, in one traversal that makes nothing on its
 * way. `test/analyze/scopes.test.ts` holds it to the original.
 */
import type { ScopeManager } from "@typescript-eslint/scope-manager";
import type { Class, Function as FunctionNode, ArrowFunctionExpression, Node, Program } from "oxc-parser";
import { eachPatternName, isPattern, type InPattern, type TakeName } from "./pattern-names.ts";
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
  readonly #writer: ScopeWriter;

  constructor(writer: ScopeWriter) {
    this.#writer = writer;
    this.types = new TypeReader(writer, this.visit);
  }

  readProgram(program: Program): void {
    const { manager } = this.#writer;
    const global = manager.nestGlobalScope(program as never);
    global.defineImplicitVariable("const", { eslintImplicitGlobalSetting: "readonly", isTypeVariable: true, isValueVariable: false });
    if (manager.isGlobalReturn()) {
      this.#writer.scope.isStrict = false;
      this.#writer.openFunction(program, false);
    }
    if (manager.isModule()) this.#writer.open("Module", program);
    if (manager.isImpliedStrict()) this.#writer.scope.isStrict = true;
    this.#visitChildren(program);
    this.#writer.close(program);
  }

  readonly visit = (node: Node): void => {
    switch (node.type) {
      case "Identifier":
        this.#writer.refer(node);
        return this.#visitType(node.typeAnnotation);
      case "JSXIdentifier":
        return this.#writer.refer(node);
      case "MemberExpression":
        this.visit(node.object);
        if (node.computed) this.visit(node.property);
        return;
      case "Property":
        if (node.computed) this.visit(node.key);
        return this.visit(node.value);
      case "CallExpression":
      case "NewExpression":
        this.visit(node.callee);
        for (const argument of node.arguments) this.visit(argument);
        return this.#visitType(node.typeArguments);
      case "AssignmentExpression":
        return this.#visitAssignment(node);
      case "UpdateExpression": {
        const argument = this.#targetOf(node.argument);
        if (isPattern(argument)) eachPatternName(argument, (name) => this.#writer.refer(name, READ_WRITE));
        else this.#visitChildren(node);
        return;
      }
      case "VariableDeclaration":
        return this.#visitVariables(node);
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "TSDeclareFunction":
      case "TSEmptyBodyFunctionExpression":
        return this.#visitFunction(node as AnyFunction);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#visitClass(node);
      case "BlockStatement":
        this.#writer.open("Block", node);
        this.#visitChildren(node);
        return this.#writer.close(node);
      case "ForStatement":
        if (node.init?.type === "VariableDeclaration" && node.init.kind !== "var") this.#writer.open("For", node);
        this.#visitChildren(node);
        return this.#writer.close(node);
      case "ForInStatement":
      case "ForOfStatement":
        return this.#visitForIn(node);
      case "SwitchStatement":
        this.visit(node.discriminant);
        this.#writer.open("Switch", node);
        for (const each of node.cases) this.visit(each);
        return this.#writer.close(node);
      case "CatchClause":
        this.#writer.open("Catch", node);
        if (node.param) this.#declare(node.param, (name) => this.#writer.define(name, define.caught(name, node)));
        this.visit(node.body);
        return this.#writer.close(node);
      case "WithStatement":
        this.visit(node.object);
        this.#writer.open("With", node);
        this.visit(node.body);
        return this.#writer.close(node);
      case "LabeledStatement":
        return this.visit(node.body);
      case "ImportDeclaration":
        for (const specifier of node.specifiers) this.#writer.define(specifier.local, define.imported(specifier.local, specifier, node));
        return;
      case "ExportNamedDeclaration":
        return this.#visitExport(node);
      case "ExportDefaultDeclaration":
        if (node.declaration.type === "Identifier") this.#writer.referEither(node.declaration);
        else this.visit(node.declaration as Node);
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "ExportAllDeclaration":
      case "ImportAttribute":
      case "MetaProperty":
      case "PrivateIdentifier":
      case "Literal":
      case "ThisExpression":
        return;
      default:
        return this.#visitRare(node);
    }
  };

  #visitRare(node: Node): void {
    switch (node.type) {
      case "JSXAttribute":
        if (node.value) this.visit(node.value);
        return;
      case "JSXClosingElement":
        return this.#visitElementName(node.name);
      case "JSXMemberExpression":
        if (node.object.type !== "JSXIdentifier" || node.object.name !== "this") this.visit(node.object);
        return;
      case "JSXOpeningElement":
        this.#visitElementName(node.name);
        this.#visitType(node.typeArguments);
        for (const attribute of node.attributes) this.visit(attribute);
        return;
      case "TaggedTemplateExpression":
        this.visit(node.tag);
        this.visit(node.quasi);
        return this.#visitType(node.typeArguments);
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSTypeAssertion":
        this.visit(node.expression);
        return this.#visitType(node.typeAnnotation);
      case "TSInstantiationExpression":
        this.visit(node.expression);
        return this.#visitType(node.typeArguments);
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration":
        return this.#visitType(node);
      case "TSEnumDeclaration":
        return this.#visitEnum(node);
      case "TSModuleDeclaration":
        if (node.id.type === "Identifier" && node.kind !== "global") this.#writer.define(node.id, define.namespace(node.id, node));
        this.#writer.open("TSModule", node);
        if (node.body) this.visit(node.body as Node);
        return this.#writer.close(node);
      case "TSExportAssignment":
        if (node.expression.type === "Identifier") this.#writer.referEither(node.expression);
        else this.visit(node.expression);
        return;
      case "TSImportEqualsDeclaration": {
        this.#writer.define(node.id, define.imported(node.id, node, node));
        let named: Node = node.moduleReference;
        while (named.type === "TSQualifiedName") named = named.left;
        return this.visit(named);
      }
      default:
        return this.#visitChildren(node);
    }
  }

  #visitChildren(node: Node): void {
    eachChild(node, this.visit, undefined, undefined);
  }

  #visitType(node: Node | null | undefined): void {
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
    for (const { right } of assignments) this.#writer.refer(name, WRITE, right, global, init);
  }

  #assign(pattern: Node, value: Node, node: Node): void {
    this.#eachName(pattern, (name, place) => {
      const global = this.#writer.scope.isStrict ? null : { node, pattern: name };
      this.#writeDefaults(name, place, global, false);
      this.#writer.refer(name, WRITE, value, global, false);
    });
  }

  #visitAssignment(node: Of<"AssignmentExpression">): void {
    const left = this.#targetOf(node.left);
    if (!isPattern(left)) this.visit(left);
    else if (node.operator === "=") this.#assign(left, node.right, node);
    else if (left.type === "Identifier") this.#writer.refer(left, READ_WRITE, node.right);
    this.visit(node.right);
  }

  /** The target inside of type operators. */
  #targetOf(node: Node): Node {
    if (node.type === "TSAsExpression" || node.type === "TSTypeAssertion") this.#visitType(node.typeAnnotation);
    return node.type === "TSAsExpression" || node.type === "TSTypeAssertion" || node.type === "TSNonNullExpression" ? node.expression : node;
  }

  #visitVariables(node: Of<"VariableDeclaration">): void {
    const scope = node.kind === "var" ? this.#writer.scope.variableScope : this.#writer.scope;
    for (const declarator of node.declarations) {
      const { id, init } = declarator;
      this.#eachName(id, (name, place) => {
        this.#writer.define(name, define.variable(name, declarator, node), scope);
        this.#writeDefaults(name, place, null, true);
        if (init) this.#writer.refer(name, WRITE, init, null, true);
      });
      if (init) this.visit(init);
      this.#visitType(annotationOf(id));
    }
  }

  #visitForIn(node: Of<"ForInStatement" | "ForOfStatement">): void {
    const { left, right, body } = node;
    if (left.type === "VariableDeclaration") {
      if (left.kind !== "var") this.#writer.open("For", node);
      this.visit(left);
      eachPatternName((left.declarations[0] as Of<"VariableDeclarator">).id, (name) => this.#writer.refer(name, WRITE, right, null, true));
    } else this.#assign(left, right, node);
    this.visit(right);
    this.visit(body);
    this.#writer.close(node);
  }

  #visitFunction(node: AnyFunction): void {
    if (node.type === "FunctionExpression") {
      if (node.id) this.#openName(node);
    } else if (node.type !== "ArrowFunctionExpression" && node.id) this.#writer.define(node.id, define.functionName(node.id, node));
    this.#writer.openFunction(node, false);
    for (const parameter of node.params as readonly Node[]) {
      this.#visitParameter(parameter, node);
      this.#visitDecorators(parameter);
    }
    this.#visitType(node.returnType);
    this.#visitType(node.typeParameters);
    if (node.body) this.#visitBody(node.body);
    this.#writer.close(node);
  }

  #openName(node: FunctionNode): void {
    if (node.id) (node.id as { range?: readonly [number, number] }).range ??= [node.id.start, node.id.end];
    this.#writer.open("FunctionExpressionName", node);
  }

  #visitParameter(parameter: Node, fn: Node): void {
    this.#declare(parameter, (name, { rest }) => this.#writer.define(name, define.parameter(name, fn, rest)));
    this.#visitType(annotationOf(parameter));
  }

  #visitDecorators(node: Node): void {
    if ("decorators" in node && node.decorators) for (const decorator of node.decorators) this.visit(decorator);
  }

  /** A function's block has no scope of its own. */
  #visitBody(body: Node): void {
    if (body.type === "BlockStatement") this.#visitChildren(body);
    else this.visit(body);
  }

  #visitClass(node: Class): void {
    if (node.type === "ClassDeclaration" && node.id) this.#writer.define(node.id, define.className(node.id, node));
    this.#visitDecorators(node);
    this.#writer.open("Class", node);
    if (node.id) this.#writer.define(node.id, define.className(node.id, node));
    if (node.superClass) this.visit(node.superClass);
    this.#visitType(node.typeParameters);
    this.#visitType(node.superTypeArguments);
    for (const each of node.implements ?? []) this.#visitType(each);
    for (const member of node.body.body) this.#visitMember(member);
    this.#writer.close(node);
  }

  #visitMember(node: Class["body"]["body"][number]): void {
    switch (node.type) {
      case "StaticBlock":
        this.#writer.open("ClassStaticBlock", node);
        this.#visitChildren(node);
        return this.#writer.close(node);
      case "TSIndexSignature":
        return this.#visitType(node);
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
          if (isField) this.#writer.open("ClassFieldInitializer", value);
          this.visit(value);
          if (isField) this.#writer.close(value);
        }
        this.#visitDecorators(node);
        if ("typeAnnotation" in node) this.#visitType(node.typeAnnotation);
      }
    }
  }

  #visitMethod(node: FunctionNode): void {
    if (node.id) this.#openName(node);
    for (const parameter of node.params as readonly Node[]) this.#visitDecorators(parameter);
    this.#writer.openFunction(node, true);
    for (const parameter of node.params as readonly Node[]) this.#visitParameter(parameter, node);
    this.#visitType(node.returnType);
    this.#visitType(node.typeParameters);
    if (node.body) this.#visitChildren(node.body);
    this.#writer.close(node);
  }

  #visitExport(node: Of<"ExportNamedDeclaration">): void {
    if (node.declaration) return this.visit(node.declaration);
    if (node.source) return;
    for (const { local, exportKind } of node.specifiers) {
      if (local.type !== "Identifier") continue;
      if (node.exportKind === "type" || exportKind === "type") this.#writer.referType(local);
      else this.#writer.referEither(local);
    }
  }

  #visitEnum(node: Of<"TSEnumDeclaration">): void {
    this.#writer.define(node.id, define.enumName(node.id, node));
    this.#writer.open("TSEnum", node);
    for (const member of node.body.members) {
      const id: Node = member.id;
      if (id.type === "Literal" && typeof id.value === "string") this.#writer.scope.defineLiteralIdentifier(id as never, define.enumMember(id, member));
      else if (id.type === "Identifier") this.#writer.define(id, define.enumMember(id, member));
      if (member.initializer) this.visit(member.initializer);
    }
    this.#writer.close(node);
  }

  /** Small names are those of HTML: `<div>`. */
  #visitElementName(name: Node): void {
    const first = name.type === "JSXIdentifier" ? name.name.charAt(0) : "";
    if (name.type !== "JSXIdentifier" || first.toUpperCase() === first || name.name === "this") this.visit(name);
  }
}

function annotationOf(node: Node): Node | undefined {
  if (node.type === "AssignmentPattern") return annotationOf(node.left);
  if (node.type === "TSParameterProperty") return annotationOf(node.parameter);
  return "typeAnnotation" in node ? ((node.typeAnnotation as Node | null | undefined) ?? undefined) : undefined;
}
