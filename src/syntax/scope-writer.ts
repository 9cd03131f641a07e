/** What readers of scopes write: scopes, definitions and references, in the data structures of `@typescript-eslint/scope-manager`. */
import {
  CatchClauseDefinition, ClassNameDefinition, FunctionNameDefinition, ImportBindingDefinition, ParameterDefinition, ScopeManager,
  TSEnumMemberDefinition, TSEnumNameDefinition, TSModuleNameDefinition, TypeDefinition, VariableDefinition, type Scope,
} from "@typescript-eslint/scope-manager";
import type { Node } from "oxc-parser";

export const READ = 1;
export const WRITE = 2;
export const READ_WRITE = 3;

export type Name = Extract<Node, { type: "Identifier" }>;

/** An assignment to a name that nothing declares makes a global in sloppy code. */
export type MaybeGlobal = { readonly node: Node; readonly pattern: Name } | null;

type Definition = Parameters<Scope["defineIdentifier"]>[1];

/** Which names a node declares, and which scope it has, is not asked: weak maps of whole trees cost more than all the rest. */
const FORGETFUL = { get: () => undefined, set: () => {} };

class Manager extends ScopeManager {
  override readonly declaredVariables = FORGETFUL as unknown as ScopeManager["declaredVariables"];
  override readonly nodeToScope = FORGETFUL as unknown as ScopeManager["nodeToScope"];
}

type Nest = { readonly [Method in keyof ScopeManager as Method extends `nest${infer Kind}Scope` ? Kind : never]: true };
type ScopeKind = Exclude<keyof Nest, "Function">;

export class ScopeWriter {
  readonly manager: ScopeManager;

  constructor(options: ConstructorParameters<typeof ScopeManager>[0]) {
    this.manager = new Manager(options);
  }

  get scope(): Scope {
    return this.manager.currentScope as Scope;
  }

  open(kind: ScopeKind, node: Node): Scope {
    const { manager } = this;
    return (manager[`nest${kind}Scope`] as unknown as (this: ScopeManager, node: Node) => Scope).call(manager, node);
  }

  openFunction(node: Node, isMethod: boolean): void {
    // what stands before its body's start cannot mean what the body declares
    if (node.type !== "Program" && "body" in node && node.body !== null) place(node.body as Node);
    this.manager.nestFunctionScope(node as never, isMethod);
  }

  close(node: Node): void {
    const { manager } = this;
    for (let scope = manager.currentScope; scope !== null && scope.block === (node as unknown); scope = manager.currentScope) {
      manager.currentScope = scope.close(manager) as Scope | null;
    }
  }

  define(name: Name, definition: Definition, scope: Scope = this.scope): void {
    place(name);
    scope.defineIdentifier(name as never, definition);
  }

  refer(name: Node, how: number = READ, value: Node | null = null, global: MaybeGlobal = null, init = false): void {
    place(name);
    if (how === READ) this.scope.referenceValue(name as never);
    else this.scope.referenceValue(name as never, how as never, value as never, global as never, init);
  }

  referType(name: Node): void {
    place(name);
    this.scope.referenceType(name as never);
  }

  referEither(name: Node): void {
    place(name);
    this.scope.referenceDualValueType(name as never);
  }
}

/** Readers of scopes look for the places of names here. On every node, as the parser would write it, it is half of what a tree takes. */
function place(node: Node): void {
  (node as { range?: readonly [number, number] }).range ??= [node.start, node.end];
}

/** The definitions of names, by what declares them. */
export const define = {
  parameter: (name: Node, node: Node, rest: boolean): Definition => new ParameterDefinition(name as never, node as never, rest),
  variable: (name: Node, declarator: Node, declaration: Node): Definition => new VariableDefinition(name as never, declarator as never, declaration as never),
  functionName: (name: Node, node: Node): Definition => new FunctionNameDefinition(name as never, node as never),
  className: (name: Node, node: Node): Definition => new ClassNameDefinition(name as never, node as never),
  caught: (name: Node, node: Node): Definition => new CatchClauseDefinition(name as never, node as never),
  imported: (name: Node, node: Node, declaration: Node): Definition => new ImportBindingDefinition(name as never, node as never, declaration as never),
  enumName: (name: Node, node: Node): Definition => new TSEnumNameDefinition(name as never, node as never),
  enumMember: (name: Node, node: Node): Definition => new TSEnumMemberDefinition(name as never, node as never),
  namespace: (name: Node, node: Node): Definition => new TSModuleNameDefinition(name as never, node as never),
  type: (name: Node, node: Node): Definition => new TypeDefinition(name as never, node as never),
};
