/** What may be called through a value: the names, and the code of the functions, that it is made of, as {@link Cells}. */
import type { Node } from "oxc-parser";
import type { Scopes, Variable } from "../../syntax/scopes.ts";
import { children, isTypeOnly, unwrap } from "../../syntax/walk.ts";
import { isFunction, type AnyFunction } from "../functions.ts";
import type { Path } from "./call.ts";
import { QUIET, QUIET_GLOBALS } from "./callees.ts";
import { Cell, type Cells, type Through } from "./cells.ts";
import { lastName } from "./forms.ts";
import type { CallPool } from "./pool.ts";
import { Sources } from "./sources.ts";

/** What belongs to the module as a whole. */
export interface CallNames {
  readonly scopes: Scopes;
  /** Offset → name, of everything that refers to the module's top level. */
  readonly names: ReadonlyMap<number, string>;
  readonly targets: ReadonlySet<string>;
  /** Specifiers that it loads dynamically, in the order of the record. */
  readonly dynamic: readonly string[];
  /** Of all calls of the module. */
  readonly pool: CallPool;
}

export class Contents {
  readonly #module: CallNames;
  readonly #cells: Cells;
  readonly #evaluated: (code: Node) => Cell;
  readonly #parameters = new Map<Variable, Path>();
  /** Undefined: it holds nothing. */
  readonly #values = new Map<Node, Cell | undefined>();
  readonly #paths = new Map<Path, Cell>();
  readonly #variables = new Map<Variable, Cell>();
  readonly #open: Variable[] = [];
  readonly #sources: Sources;

  /** @param evaluated what calling a function, or using a class, does */
  constructor(module: CallNames, root: Node, cells: Cells, evaluated: (code: Node) => Cell) {
    this.#module = module;
    this.#cells = cells;
    this.#evaluated = evaluated;
    this.#sources = new Sources(root, (identifier) => this.variableAt(identifier));
  }

  get pool(): CallPool {
    return this.#module.pool;
  }

  /** From here on the parameters of a function have names. */
  nameParameters(fn: AnyFunction): void {
    for (const variable of this.#module.scopes.ofFunction(fn)?.variables ?? []) {
      const definition = variable.defs.find((each) => each.type === "Parameter");
      const at = definition?.name.range[0] ?? -1;
      const index = fn.params.findIndex((each) => each.start <= at && at < each.end);
      if (index >= 0) this.#parameters.set(variable, this.pool.parameter(index, fn.params[index]?.type === "RestElement"));
      if (variable.name === "arguments" && definition === undefined) this.#parameters.set(variable, this.pool.parameter(0, true));
    }
  }

  get hasParameters(): boolean {
    return this.#parameters.size > 0;
  }

  parameterAt(identifier: Node): Path | undefined {
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
  loadedBy(node: Node): Path | undefined {
    const source = node.type === "ImportExpression" ? node.source : node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "require" ? node.arguments[0] : node.type === "TSExternalModuleReference" ? node.expression : undefined;
    const index = source?.type === "Literal" && typeof source.value === "string" ? this.#module.dynamic.indexOf(source.value) : -1;
    return index < 0 ? undefined : this.pool.loaded(index);
  }

  /** What a value is made of; undefined where that is nothing. To be linked before {@link Cells.settle}. */
  of(expression: Node): Cell | undefined {
    const node = unwrap(expression);
    const known = this.#values.get(node);
    if (known !== undefined || this.#values.has(node)) return known;
    const cell = this.#read(node);
    this.#values.set(node, cell);
    return cell;
  }

  /** Follows the variables that were asked for since; whether there were any. */
  followVariables(): boolean {
    const any = this.#open.length > 0;
    for (let variable = this.#open.pop(); variable; variable = this.#open.pop()) {
      const cell = this.#variables.get(variable);
      if (cell) for (const { node, by } of this.#sources.of(variable)) this.#keep(this.of(node), by && this.unknown(by.method), cell);
    }
    return any;
  }

  /** `console.log`, `Object.freeze`, `structuredClone` */
  isGlobal(callee: Node): boolean {
    const owner = callee.type === "MemberExpression" ? unwrap(callee.object) : callee;
    return owner.type === "Identifier" && QUIET_GLOBALS.has(owner.name) && this.variableAt(owner) === undefined && this.nameAt(owner) === undefined;
  }

  /** A function that a name of the code itself stands for: what it is given shows in its parameters. */
  isLocalFunction(identifier: Node): boolean {
    return this.variableAt(identifier)?.defs.some((each) => each.type === "FunctionName" || (each.type === "Variable" && isInitialised(each.node as unknown as Node, isFunction))) ?? false;
  }

  isLocalObject(identifier: Node): boolean {
    return this.variableAt(identifier)?.defs.some((each) => each.type === "Variable" && isInitialised(each.node as unknown as Node, (init) => init.type === "ObjectExpression")) ?? false;
  }

  #read(node: Node): Cell | undefined {
    if (isTypeOnly(node)) return undefined;
    const loaded = this.loadedBy(node);
    if (loaded !== undefined) return this.#called(loaded);
    if (node.type === "Identifier") return this.#readName(node);
    if (node.type === "MemberExpression") {
      const path = this.pathOf(node);
      return path === undefined ? this.of(node.object) : this.#called(path);
    }
    if (isFunction(node) || node.type === "ClassExpression" || node.type === "ClassDeclaration") {
      const code = this.#evaluated(node);
      // () => () => award()
      const returned = node.type === "ArrowFunctionExpression" && isFunction(unwrap(node.body)) ? this.of(node.body) : undefined;
      if (returned === undefined) return code;
      const cell = new Cell();
      this.#cells.link(code, cell);
      this.#cells.link(returned, cell, { near: this.#maybe, far: this.#maybe });
      return cell;
    }
    if (node.type === "CallExpression" || node.type === "NewExpression") {
      const callee = this.of(node.callee);
      const given = this.#union(node.arguments);
      const by = this.#keeperOf(node);
      if (node.type === "NewExpression" && by === undefined) return this.#join([callee, given]);
      const cell = new Cell();
      if (callee) this.#cells.link(callee, cell, node.type === "NewExpression" ? {} : { near: (call) => this.pool.resultOf(call) });
      this.#keep(given, by, cell);
      return cell;
    }
    return this.#union(children(node));
  }

  readonly #maybe: Through = (call) => this.pool.maybe(call);

  #union(nodes: readonly Node[]): Cell | undefined {
    return this.#join(nodes.map((each) => this.of(each)));
  }

  #join(cells: readonly (Cell | undefined)[]): Cell | undefined {
    const full = cells.filter((each) => each !== undefined);
    if (full.length < 2 || full.every((each) => each === full[0])) return full[0];
    const cell = new Cell();
    for (const each of new Set(full)) this.#cells.link(each, cell);
    return cell;
  }

  /** @param by whom it was given to, and who may have kept it */
  #keep(given: Cell | undefined, by: Path | undefined, into: Cell): void {
    if (given) this.#cells.link(given, into, by === undefined ? {} : { near: (call) => this.pool.kept(call, by) });
  }

  #called(path: Path): Cell {
    const known = this.#paths.get(path);
    if (known) return known;
    const cell = new Cell();
    this.#cells.add(cell, this.pool.plain("call", path));
    this.#paths.set(path, cell);
    return cell;
  }

  #readName(identifier: Node): Cell | undefined {
    const name = this.nameAt(identifier);
    if (name !== undefined) return this.#called(this.pool.named(name));
    const variable = this.variableAt(identifier);
    if (variable === undefined) return undefined;
    const known = this.#variables.get(variable);
    if (known) return known;
    const cell = new Cell();
    const parameter = this.#parameters.get(variable);
    if (parameter !== undefined) this.#cells.add(cell, this.pool.plain("call", parameter));
    this.#variables.set(variable, cell);
    this.#open.push(variable);
    return cell;
  }

  /** Whose result may hold what the call is given; undefined where that is known to hold nothing but it. */
  #keeperOf(node: Extract<Node, { type: "CallExpression" | "NewExpression" }>): Path | undefined {
    const callee = unwrap(node.callee);
    const path = this.pathOf(callee);
    const name = lastName(callee);
    if (path === undefined && (name === undefined || QUIET.has(name))) return undefined;
    // `Object.values(handlers)`, `new Map(handlers)`
    const isKnown = isQuietMethod(callee) || (callee.type === "Identifier" && (this.isLocalFunction(callee) || this.#isGlobalClass(callee)));
    return isKnown ? undefined : (path ?? this.unknown(name));
  }

  /** What nothing is known of but its last name. */
  unknown(name: string | undefined): Path {
    return this.pool.member(this.pool.unknown, name);
  }

  #isGlobalClass(callee: Node): boolean {
    return callee.type === "Identifier" && /^[A-Z]/.test(callee.name) && QUIET_GLOBALS.has(callee.name) && this.nameAt(callee) === undefined;
  }

  /** `shop.stock.add` --> as written, where `shop` is a name of the top level. */
  pathOf(expression: Node): Path | undefined {
    const node = unwrap(expression);
    if (node.type === "Identifier") {
      const name = this.nameAt(node);
      return name === undefined ? undefined : this.pool.named(name);
    }
    const loaded = node.type === "AwaitExpression" ? this.loadedBy(unwrap(node.argument)) : this.loadedBy(node);
    if (loaded !== undefined) return loaded;
    if (node.type !== "MemberExpression") return undefined;
    const path = this.pathOf(node.object);
    return path && this.pool.member(path, node.computed || node.property.type !== "Identifier" ? undefined : node.property.name);
  }
}

function isInitialised(declarator: Node, by: (init: Node) => boolean): boolean {
  return declarator.type === "VariableDeclarator" && declarator.init !== null && by(unwrap(declarator.init));
}

function isQuietMethod(callee: Node): boolean {
  return callee.type === "MemberExpression" && callee.object.type === "Identifier" && QUIET_GLOBALS.has(callee.object.name);
}
