/** What local names may hold, or have been filled with. */
import type { Node } from "oxc-parser";
import type { Variable } from "../../syntax/scopes.ts";
import { unwrap, walk } from "../../syntax/walk.ts";
import { isFunction, type AnyFunction } from "../functions.ts";
import { FILLING } from "./callees.ts";

export interface Source {
  readonly node: Node;
  /** The method that it was given to, and that may have kept it. */
  readonly by?: { readonly method: string | undefined };
}

export class Sources {
  readonly #root: Node;
  readonly #variableAt: (identifier: Node) => Variable | undefined;
  #parents: Map<Node, Node> | undefined;

  constructor(root: Node, variableAt: (identifier: Node) => Variable | undefined) {
    this.#root = root;
    this.#variableAt = variableAt;
  }

  /** Everything that a local name may hold, or have been filled with. */
  of(variable: Variable): readonly Source[] {
    return [
      ...variable.defs.flatMap((definition): readonly Node[] => {
        const node = definition.node as unknown as Node;
        if (definition.type === "Parameter") return isFunction(node) ? this.#argumentsOf(node) : [];
        return definition.type === "FunctionName" || definition.type === "ClassName" ? [node] : [];
      }).map((node) => ({ node })),
      ...argumentsOwner(variable).flatMap((fn) => this.#argumentsOf(fn)).map((node) => ({ node })),
      ...variable.references.flatMap((reference): readonly Source[] => {
        if (reference.writeExpr) return [{ node: reference.writeExpr as unknown as Node }];
        return this.#filledAt(reference.identifier as unknown as Node);
      }),
    ];
  }

  /** `list.push(f)`, `handlers.buy = f`, `Object.assign(handlers, { buy })` */
  #filledAt(name: Node): readonly Source[] {
    let node = name;
    for (let parent = this.#parentOf(node); parent; parent = this.#parentOf(node)) {
      if (parent.type === "CallExpression" || parent.type === "NewExpression") {
        const { callee } = parent;
        if (callee !== node) return parent.arguments.filter((each) => each !== node).map((each) => ({ node: each }));
        const method = callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier" ? callee.property.name : undefined;
        return node === name ? [] : parent.arguments.map((each) => (method !== undefined && FILLING.has(method) ? { node: each } : { node: each, by: { method } }));
      }
      if (parent.type === "AssignmentExpression") return parent.left === node && node !== name ? [{ node: parent.right }] : [];
      if (unwrap(parent) === parent && !(parent.type === "MemberExpression" && parent.object === node)) return [];
      node = parent;
    }
    return [];
  }

  /** What a function of the code's own is called with. */
  #argumentsOf(fn: AnyFunction): readonly Node[] {
    let node: Node = fn;
    let parent = this.#parentOf(node);
    while (parent && unwrap(parent) !== parent) [node, parent] = [parent, this.#parentOf(parent)];
    if (parent?.type === "CallExpression" || parent?.type === "NewExpression") return beside(parent, node);
    const id = parent?.type === "VariableDeclarator" && parent.id.type === "Identifier" ? parent.id : fn.type === "ArrowFunctionExpression" ? null : fn.id;
    const variable = id && this.#variableAt(id);
    return (variable ? variable.references : []).flatMap(({ identifier }) => {
      const name = identifier as unknown as Node;
      const call = this.#parentOf(name);
      return call?.type === "CallExpression" || call?.type === "NewExpression" ? beside(call, name) : [];
    });
  }

  #parentOf(node: Node): Node | undefined {
    if (this.#parents === undefined) {
      const parents = new Map<Node, Node>();
      walk(this.#root, { enter: (each, parent) => void (parent && parents.set(each, parent)) });
      this.#parents = parents;
    }
    return this.#parents.get(node);
  }
}

/** The function whose `arguments` it is. */
function argumentsOwner({ name, defs, scope }: Variable): readonly AnyFunction[] {
  const block = scope.block as unknown as Node;
  return name === "arguments" && defs.length === 0 && isFunction(block) ? [block] : [];
}

/** The other arguments, and what the method belongs to. */
function beside(call: Extract<Node, { type: "CallExpression" | "NewExpression" }>, fn: Node): readonly Node[] {
  const callee = unwrap(call.callee);
  return [...(callee.type === "MemberExpression" ? [callee.object] : []), ...call.arguments.filter((each) => each !== fn)];
}
