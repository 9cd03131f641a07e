/** A target's tree, seen from inside: parents, functions nested in it, and where its names are bound. */
import type { Class, Node } from "oxc-parser";
import { valueReferences, type Reference, type Scope, type Scopes, type Variable } from "../../syntax/scopes.ts";
import { isTypeOnly, walk } from "../../syntax/walk.ts";
import type { Target } from "../analysis.ts";
import { isFunction, type AnyFunction } from "../functions.ts";
import { isLoop, longLoop, type LongLoop } from "./loops.ts";

/** What a change of a target is attributed to: a nested function, or a class with its methods. */
export type Unit = AnyFunction | Class;

export class Nest {
  readonly root: AnyFunction;
  /** In source order, outer ones before those inside. Methods and fields belong to their class. */
  readonly units: readonly Unit[];
  readonly #parents: ReadonlyMap<Node, Node>;
  readonly #scopes: Scopes;
  readonly #resolved = new Map<Node, Variable>();
  readonly #declared = new Map<Node, Variable>();
  readonly #ownNames = new Map<Node, Variable>();
  readonly #loops: readonly Node[];
  readonly #longLoops = new Map<AnyFunction, LongLoop | undefined>();

  constructor(target: Target, scopes: Scopes) {
    this.root = target.fn;
    this.#scopes = scopes;
    const parents = new Map<Node, Node>();
    const units: Unit[] = [];
    const loops: Node[] = [];
    walk(target.fn, {
      enter(node, parent) {
        if (isTypeOnly(node)) return false;
        if (parent) parents.set(node, parent);
        if (isLoop(node)) loops.push(node);
        if (node !== target.fn && isUnit(node) && !isMember(node, parent)) units.push(node);
        return true;
      },
    });
    this.#parents = parents;
    this.units = units;
    this.#loops = loops;
  }

  #readOnce(): void {
    const scope = this.#resolved.size + this.#declared.size === 0 ? this.#scopes.ofFunction(this.root) : undefined;
    if (scope) this.#read(scope);
  }

  #read(scope: Scope): void {
    for (const reference of scope.references) if (reference.resolved) this.#resolved.set(nodeOf(reference), reference.resolved);
    for (const variable of scope.variables) {
      // A class binds its name twice: outside, and for its own body.
      for (const name of variable.identifiers as unknown as readonly Node[]) {
        if (this.#declared.has(name)) this.#ownNames.set(name, variable);
        else this.#declared.set(name, variable);
      }
    }
    for (const child of scope.childScopes) this.#read(child);
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node);
  }

  /** The variable an identifier names or declares; undefined for globals. */
  variableOf(identifier: Node): Variable | undefined {
    this.#readOnce();
    return this.#resolved.get(identifier) ?? this.#declared.get(identifier);
  }

  /** What the name of a class is for its own body. */
  ownNameOf(identifier: Node): Variable | undefined {
    this.#readOnce();
    return this.#ownNames.get(identifier);
  }

  /** A name that no binding of the file explains. */
  isGlobal(node: Node): node is Extract<Node, { type: "Identifier" }> {
    return node.type === "Identifier" && this.variableOf(node) === undefined;
  }

  /** A name bound outside of a function (global ones such as `undefined` aside). */
  isOutside(identifier: Node, fn: AnyFunction): boolean {
    const variable = this.variableOf(identifier);
    return variable !== undefined && !contains(fn, variable.scope.block as unknown as Node);
  }

  /** The loop that keeps calls of a function running, if it has one. */
  longLoopOf(fn: AnyFunction): LongLoop | undefined {
    if (!this.#loops.some((loop) => contains(fn, loop))) return undefined;
    if (!this.#longLoops.has(fn)) this.#longLoops.set(fn, longLoop(fn, (name) => this.isOutside(name, fn)));
    return this.#longLoops.get(fn);
  }

  /** Bound by the call itself. */
  isOwn(variable: Variable): boolean {
    const block = variable.scope.block as unknown as Node;
    return this.root.start <= block.start && block.end <= this.root.end;
  }

  /** Uses of a variable's value. */
  readsOf(variable: Variable): readonly Node[] {
    return valueReferences(variable, this.#scopes).filter((reference) => reference.isRead()).map(nodeOf);
  }

  writesOf(variable: Variable): readonly Node[] {
    return variable.references.filter((reference) => reference.isWrite()).flatMap((reference) => (reference.writeExpr ? [reference.writeExpr as unknown as Node] : []));
  }

  /** Functions and classes around a node, the innermost first, up to where the variable is bound. */
  capturing(node: Node, variable: Variable): readonly Unit[] {
    const block = variable.scope.block as unknown as Node;
    const found: Unit[] = [];
    for (let at = this.parentOf(node); at && at !== block && at !== this.root; at = this.parentOf(at)) if (isUnit(at)) found.push(at);
    return found;
  }

  /** Whether `this` at a node is that of the call. */
  isOwnThis(node: Node): boolean {
    return this.methodAround(node).method === this.root;
  }

  /** The function that `this` at a node belongs to, and the arrow functions between, which capture it. */
  methodAround(node: Node): { readonly method: AnyFunction; readonly arrows: readonly AnyFunction[] } {
    const arrows: AnyFunction[] = [];
    let method = this.functionAround(node);
    for (; method !== this.root && method.type === "ArrowFunctionExpression"; method = this.functionAround(method)) arrows.push(method);
    return { method, arrows };
  }

  /** Assigning to a property of the call's own objects may run a function. */
  get hasSetters(): boolean {
    return [...this.#parents.keys()].some((node) => (node.type === "Property" || node.type === "MethodDefinition") && node.kind === "set");
  }

  /** The function around a node: the target, or one nested in it. */
  functionAround(node: Node): AnyFunction {
    for (let at = this.parentOf(node); at; at = this.parentOf(at)) if (isFunction(at)) return at;
    return this.root;
  }
}

function nodeOf(reference: Reference): Node {
  return reference.identifier as unknown as Node;
}

export function isUnit(node: Node): node is Unit {
  return (isFunction(node) && node.body != null) || node.type === "ClassDeclaration" || node.type === "ClassExpression";
}

/** A method, or the value of a field. */
export function isMember(node: Node, parent: Node | undefined): boolean {
  return (parent?.type === "MethodDefinition" || parent?.type === "PropertyDefinition" || parent?.type === "AccessorProperty") && parent.value === node;
}

export function contains(outer: { readonly start: number; readonly end: number }, inner: { readonly start: number; readonly end: number }): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
