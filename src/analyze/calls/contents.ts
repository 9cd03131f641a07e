/** What may be called through a value: the names, and the code of the functions, that it is made of. */
import type { Node } from "oxc-parser";
import type { Scopes, Variable } from "../../syntax/scopes.ts";
import { children, isTypeOnly, unwrap, walk } from "../../syntax/walk.ts";
import { isFunction, type AnyFunction } from "../functions.ts";
import { kept, maybe, resultOf } from "./call.ts";
import { FILLING, QUIET, QUIET_GLOBALS } from "./callees.ts";

/** What belongs to the module as a whole. */
export interface CallNames {
  readonly scopes: Scopes;
  /** Offset → name, of everything that refers to the module's top level. */
  readonly names: ReadonlyMap<number, string>;
  readonly targets: ReadonlySet<string>;
  /** Specifiers that it loads dynamically, in the order of the record. */
  readonly dynamic: readonly string[];
}

/** Lines of {@link Call} for what evaluating a function, or using a class, does. */
export type Evaluate = (node: Node) => Iterable<string>;

interface Source {
  readonly node: Node;
  /** Whom it was given to, and who may have kept it. */
  readonly by?: string;
}

export class Contents {
  readonly #module: CallNames;
  readonly #root: Node;
  readonly #evaluate: Evaluate;
  readonly #parameters = new Map<Variable, string>();
  #parents: Map<Node, Node> | undefined;

  constructor(module: CallNames, root: Node, evaluate: Evaluate) {
    this.#module = module;
    this.#root = root;
    this.#evaluate = evaluate;
  }

  /** From here on the parameters of a function have names. */
  nameParameters(fn: AnyFunction): void {
    for (const variable of this.#module.scopes.ofFunction(fn)?.variables ?? []) {
      const definition = variable.defs.find((each) => each.type === "Parameter");
      const at = definition?.name.range[0] ?? -1;
      const index = fn.params.findIndex((each) => each.start <= at && at < each.end);
      if (index >= 0) this.#parameters.set(variable, `#${index}${fn.params[index]?.type === "RestElement" ? "+" : ""}`);
      if (variable.name === "arguments" && definition === undefined) this.#parameters.set(variable, "#0+");
    }
  }

  /** `#0` */
  parameterAt(identifier: Node): string | undefined {
    if (this.#parameters.size === 0) return undefined;
    const variable = this.variableAt(identifier);
    return variable && this.#parameters.get(variable);
  }

  nameAt(identifier: Node): string | undefined {
    return this.#module.names.get(identifier.start);
  }

  variableAt(identifier: Node): Variable | undefined {
    return this.nameAt(identifier) === undefined ? this.#module.scopes.variableAt(identifier) : undefined;
  }

  /** `require("./shop")` */
  loadedBy(node: Node): string | undefined {
    const source = node.type === "ImportExpression" ? node.source : node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "require" ? node.arguments[0] : node.type === "TSExternalModuleReference" ? node.expression : undefined;
    const index = source?.type === "Literal" && typeof source.value === "string" ? this.#module.dynamic.indexOf(source.value) : -1;
    return index < 0 ? undefined : `@${index}`;
  }

  of(node: Node): ReadonlySet<string> {
    const found = new Set<string>();
    this.#gather(node, found, new Set());
    return found;
  }

  /** A function that a name of the code itself stands for: what it is given shows in its parameters. */
  isLocalFunction(identifier: Node): boolean {
    return this.variableAt(identifier)?.defs.some((each) => each.type === "FunctionName" || (each.type === "Variable" && isInitialised(each.node as unknown as Node, isFunction))) ?? false;
  }

  isLocalObject(identifier: Node): boolean {
    return this.variableAt(identifier)?.defs.some((each) => each.type === "Variable" && isInitialised(each.node as unknown as Node, (init) => init.type === "ObjectExpression")) ?? false;
  }

  #gather(expression: Node, found: Set<string>, seen: Set<Variable>): void {
    const node = unwrap(expression);
    if (isTypeOnly(node)) return;
    const loaded = this.loadedBy(node);
    if (loaded !== undefined) found.add(loaded);
    else if (node.type === "Identifier") this.#gatherName(node, found, seen);
    else if (node.type === "MemberExpression") {
      const path = this.pathOf(node);
      if (path === undefined) this.#gather(node.object, found, seen);
      else found.add(path);
    } else if (isFunction(node) || node.type === "ClassExpression" || node.type === "ClassDeclaration") {
      for (const each of this.#evaluate(node)) found.add(each);
      // () => () => award()
      if (node.type === "ArrowFunctionExpression" && isFunction(unwrap(node.body))) for (const each of this.of(node.body)) found.add(maybe(each));
    } else if (node.type === "CallExpression" || node.type === "NewExpression") {
      const callee = new Set<string>();
      this.#gather(node.callee, callee, new Set(seen));
      for (const each of callee) found.add(node.type === "CallExpression" ? resultOf(each) : each);
      this.#gatherArguments(node, found, seen);
    } else for (const child of children(node)) this.#gather(child, found, seen);
  }

  /** What is given to a call may come back with its result. */
  #gatherArguments(node: Extract<Node, { type: "CallExpression" | "NewExpression" }>, found: Set<string>, seen: Set<Variable>): void {
    const callee = unwrap(node.callee);
    const by = this.pathOf(callee) ?? (callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier" ? `?.${callee.property.name}` : callee.type === "Identifier" ? `?.${callee.name}` : "?");
    // `[award].map(…)`, `Object.values(handlers)`
    const isKnown = by === "?" || QUIET.has(by.slice(2)) || (callee.type === "MemberExpression" && callee.object.type === "Identifier" && QUIET_GLOBALS.has(callee.object.name)) || (callee.type === "Identifier" && (this.isLocalFunction(callee) || this.#isGlobalClass(callee)));
    const given = new Set<string>();
    for (const each of node.arguments) this.#gather(each, given, seen);
    for (const each of given) found.add(isKnown ? each : kept(each, by));
  }

  #isGlobalClass(callee: Node): boolean {
    return callee.type === "Identifier" && /^[A-Z]/.test(callee.name) && QUIET_GLOBALS.has(callee.name) && this.nameAt(callee) === undefined;
  }

  #gatherName(identifier: Node, found: Set<string>, seen: Set<Variable>): void {
    const name = this.nameAt(identifier);
    if (name !== undefined) found.add(name);
    const variable = this.variableAt(identifier);
    if (variable === undefined || seen.has(variable)) return;
    seen.add(variable);
    const parameter = this.#parameters.get(variable);
    if (parameter !== undefined) found.add(parameter);
    for (const { node, by } of this.#sourcesOf(variable)) {
      const inside = new Set<string>();
      this.#gather(node, inside, seen);
      for (const each of inside) found.add(by === undefined ? each : kept(each, by));
    }
  }

  /** Everything that a local name may hold, or have been filled with. */
  #sourcesOf(variable: Variable): readonly Source[] {
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
        const method = callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier" ? callee.property.name : "*";
        return node === name ? [] : parent.arguments.map((each) => (FILLING.has(method) ? { node: each } : { node: each, by: `?.${method}` }));
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
    const variable = id && this.variableAt(id);
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

  /** `shop.stock.add` --> as written, where `shop` is a name of the top level; `*` for what is computed. */
  pathOf(expression: Node): string | undefined {
    const node = unwrap(expression);
    if (node.type === "Identifier") return this.nameAt(node);
    const loaded = node.type === "AwaitExpression" ? this.loadedBy(unwrap(node.argument)) : this.loadedBy(node);
    if (loaded !== undefined) return loaded;
    if (node.type !== "MemberExpression") return undefined;
    const path = this.pathOf(node.object);
    return path === undefined ? undefined : `${path}.${node.computed || node.property.type !== "Identifier" ? "*" : node.property.name}`;
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

function isInitialised(declarator: Node, by: (init: Node) => boolean): boolean {
  return declarator.type === "VariableDeclarator" && declarator.init !== null && by(unwrap(declarator.init));
}
