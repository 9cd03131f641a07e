/** Types → scopes: type parameters, and references that mean types, or values in `typeof x`. */
import type { Node } from "oxc-parser";
import { eachPatternName } from "./pattern-names.ts";
import { define, type ScopeWriter } from "./scope-writer.ts";
import { eachChild } from "./walk.ts";

type Of<Type extends Node["type"]> = Extract<Node, { type: Type }>;

type FunctionType = Of<"TSFunctionType" | "TSConstructorType" | "TSCallSignatureDeclaration" | "TSConstructSignatureDeclaration" | "TSMethodSignature">;

export class TypeReader {
  readonly typeQueries: Set<number> = new Set();
  readonly #writer: ScopeWriter;
  readonly #visitValue: (node: Node) => void;

  /** @param visitValue reads an expression inside of a type: a computed key */
  constructor(writer: ScopeWriter, visitValue: (node: Node) => void) {
    this.#writer = writer;
    this.#visitValue = visitValue;
  }

  readonly visit = (node: Node): void => {
    switch (node.type) {
      case "Identifier":
        return this.#writer.referType(node);
      case "MemberExpression":
        return this.visit(node.object);
      case "TSQualifiedName":
        return this.visit(node.left);
      case "TSFunctionType":
      case "TSConstructorType":
      case "TSCallSignatureDeclaration":
      case "TSConstructSignatureDeclaration":
        return this.#visitFunction(node);
      case "TSMethodSignature":
        if (node.computed) this.#visitValue(node.key);
        return this.#visitFunction(node);
      case "TSPropertySignature":
        if (node.computed) this.#visitValue(node.key);
        return this.#visitMaybe(node.typeAnnotation);
      case "TSConditionalType":
        this.#writer.open("ConditionalType", node);
        for (const part of [node.checkType, node.extendsType, node.trueType]) this.visit(part);
        this.#writer.close(node);
        return this.visit(node.falseType);
      case "TSImportType":
        return this.#visitMaybe(node.typeArguments);
      case "TSIndexSignature":
        for (const parameter of node.parameters) if (parameter.type === "Identifier") this.#visitMaybe(parameter.typeAnnotation);
        return this.#visitMaybe(node.typeAnnotation);
      case "TSInferType":
        return this.#visitInfer(node);
      case "TSInterfaceDeclaration":
        this.#openParameters(node);
        for (const each of node.extends) this.visit(each);
        this.visit(node.body);
        return node.typeParameters ? this.#writer.close(node) : undefined;
      case "TSTypeAliasDeclaration":
        this.#openParameters(node);
        this.visit(node.typeAnnotation);
        return node.typeParameters ? this.#writer.close(node) : undefined;
      case "TSMappedType":
        this.#writer.open("MappedType", node);
        this.#writer.define(node.key, define.type(node.key, node));
        for (const part of [node.constraint, node.nameType, node.typeAnnotation]) this.#visitMaybe(part);
        return this.#writer.close(node);
      case "TSNamedTupleMember":
        return this.visit(node.elementType);
      case "TSTypeParameter":
        this.#writer.define(node.name, define.type(node.name, node));
        this.#visitMaybe(node.constraint);
        return this.#visitMaybe(node.default);
      case "TSTypePredicate":
        if (node.parameterName.type !== "TSThisType") this.#writer.refer(node.parameterName);
        return this.#visitMaybe(node.typeAnnotation);
      case "TSTypeQuery":
        return this.#visitQuery(node);
      default:
        return eachChild(node, this.visit, undefined, undefined);
    }
  };

  #visitMaybe(node: Node | null | undefined): void {
    if (node) this.visit(node);
  }

  #openParameters(node: Of<"TSInterfaceDeclaration" | "TSTypeAliasDeclaration">): void {
    this.#writer.define(node.id, define.type(node.id, node));
    if (!node.typeParameters) return;
    this.#writer.open("Type", node);
    this.visit(node.typeParameters);
  }

  #visitFunction(node: FunctionType): void {
    this.#writer.open("FunctionType", node);
    this.#visitMaybe(node.typeParameters);
    for (const parameter of node.params as readonly Node[]) {
      let isRead = false;
      eachPatternName(parameter, (name, { rest }) => {
        this.#writer.define(name, define.parameter(name, node, rest));
        if (!name.typeAnnotation) return;
        this.visit(name.typeAnnotation);
        isRead = true;
      });
      if (!isRead && "typeAnnotation" in parameter) this.#visitMaybe(parameter.typeAnnotation as Node | null | undefined);
    }
    this.#visitMaybe(node.returnType);
    this.#writer.close(node);
  }

  /** It belongs to the conditional type, whatever function type or mapped type in it says `infer`. */
  #visitInfer({ typeParameter }: Of<"TSInferType">): void {
    const { scope } = this.#writer;
    let outer = scope;
    while (outer.type === "functionType" || outer.type === "mappedType") outer = outer.upper;
    this.#writer.define(typeParameter.name, define.type(typeParameter.name, typeParameter), outer.type === "conditionalType" ? outer : scope);
    this.#visitMaybe(typeParameter.constraint);
  }

  #visitQuery({ exprName, typeArguments }: Of<"TSTypeQuery">): void {
    let name: Node = exprName;
    while (name.type === "TSQualifiedName") name = name.left;
    if (exprName.type === "TSImportType") this.visit(exprName);
    if (name.type === "Identifier") {
      this.typeQueries.add(name.start);
      this.#writer.refer(name);
    }
    this.#visitMaybe(typeArguments);
  }
}
