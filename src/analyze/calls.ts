/**
 * What a piece of code calls while it is evaluated. Functions that it only makes or hands on (handlers, methods, what it
 * returns) run later, and are not looked into; what it hands to others is written down with whom it is given to.
 */
import type { Node } from "oxc-parser";
import { valueReferences } from "../syntax/scopes.ts";
import { eachChild, isTypeOnly, unwrap } from "../syntax/walk.ts";
import type { ModuleAnalysis } from "./analysis.ts";
import { given, maybe, OWN_METHOD } from "./calls/call.ts";
import { CALLING, KEEPING, QUIET, QUIET_GLOBALS } from "./calls/callees.ts";
import { Cell, Cells, type Through } from "./calls/cells.ts";
import { Contents, type CallNames } from "./calls/contents.ts";
import { isCallee, isChain, isConditional, isGlobal, isPromise, lastName } from "./calls/forms.ts";
import { onlyMade } from "./calls/made.ts";
import { isPlainThis, timeOf, type Time } from "./calls/times.ts";
import { isFunction } from "./functions.ts";
import { classNames } from "./lifted.ts";

/** Lines of {@link import("./calls/call.ts").Call}, sorted. */
export interface Calls {
  readonly evaluated: readonly string[];
  /** Of a class: what its constructor and the initialisers of its fields do. */
  readonly constructor: readonly string[];
  /** Of a class: what making and using an instance may do. */
  readonly constructed: readonly string[];
  /** What runs without being called: accessors, conversions, iterators, traps. */
  readonly implicit: readonly string[];
  /** Names that it holds on to or hands on instead of calling them, at any time. */
  readonly held: readonly string[];
}

export function callNames(analysis: ModuleAnalysis): CallNames {
  return { scopes: analysis.scopes, names: namesOf(analysis), targets: new Set(analysis.targets.map(({ name }) => name)), dynamic: [...new Set(analysis.dynamicImports)] };
}

function namesOf(analysis: ModuleAnalysis): CallNames["names"] {
  const { scopes } = analysis;
  const names = new Map<number, string>();
  for (const variable of scopes.module.variables) {
    for (const { identifier, init } of valueReferences(variable, scopes)) if (init !== true) names.set(identifier.range[0], variable.name);
  }
  for (const [at, name] of classNames(analysis)) names.set(at, name);
  return names;
}

export function readCalls(root: Node, module: CallNames): Calls {
  const reader = new Reader(root, module);
  const { found, held } = reader.read();
  const isClass = root.type === "ClassDeclaration" || root.type === "ClassExpression";
  // Of a function's objects: nobody knows who gets them.
  const implicit = isFunction(root) ? new Set([...found.implicit].map(maybe)) : new Set<string>();
  return {
    evaluated: sorted(found.evaluated, implicit),
    constructor: isClass ? sorted(found.constructor) : [],
    constructed: sorted(found.constructor, found.constructed, found.implicit),
    implicit: sorted(found.implicit),
    held: sorted(held),
  };
}

function sorted(...sets: readonly ReadonlySet<string>[]): readonly string[] {
  const full = sets.filter(({ size }) => size > 0);
  return full.length < 2 ? [...(full[0] ?? [])].toSorted() : [...new Set(full.flatMap((each) => [...each]))].toSorted();
}

type Found = Readonly<Record<Exclude<Time, "later">, Sink>>;

/** Where lines are collected; `unsure`: as perhaps. */
interface Sink {
  readonly cell: Cell;
  readonly unsure: boolean;
}

interface State {
  readonly found: Found;
  readonly at: Time;
  /** It may be passed over. */
  readonly conditional: boolean;
  /** Nobody reads what the expression gives. */
  readonly dropped: boolean;
}

class Reader {
  readonly #root: Node;
  readonly #module: CallNames;
  readonly #cells = new Cells();
  readonly #contents: Contents;
  readonly #made: ReadonlySet<Node>;
  #held = new Set<string>();
  /** Parameters that are held on to, or handed on. */
  readonly #kept = new Set<string>();
  /** What evaluating functions of the code's own does. */
  readonly #evaluated = new Map<Node, Cell>();
  /** Those that have not been looked into. */
  readonly #open: Node[] = [];

  constructor(root: Node, module: CallNames) {
    this.#root = root;
    this.#module = module;
    this.#made = onlyMade(root);
    this.#contents = new Contents(module, root, this.#cells, (code) => this.#evaluate(code));
    if (isFunction(root)) this.#contents.nameParameters(root);
    if (root.type === "ClassDeclaration" || root.type === "ClassExpression") {
      for (const member of root.body.body) if (member.type === "MethodDefinition" && member.kind === "constructor") this.#contents.nameParameters(member.value);
    }
  }

  read(): { readonly found: Readonly<Record<keyof Found, ReadonlySet<string>>>; readonly held: ReadonlySet<string> } {
    const [evaluated, constructor, constructed, implicit] = [new Cell(), new Cell(), new Cell(), new Cell()];
    this.#collectFrom(this.#root, { evaluated, constructor, constructed, implicit });
    const held = this.#held;
    while (this.#contents.followVariables() || this.#open.length > 0) {
      // What functions hold shows where they stand.
      this.#held = new Set();
      for (let code = this.#open.pop(); code; code = this.#open.pop()) {
        const cell = this.#evaluate(code);
        this.#collectFrom(code, { evaluated: cell, constructor: cell, constructed: cell, implicit: cell });
      }
    }
    this.#cells.settle();
    const found = { evaluated: evaluated.lines, constructor: constructor.lines, constructed: constructed.lines, implicit: implicit.lines };
    for (const set of Object.values(found)) this.#settle(set);
    return { found, held };
  }

  /** What calling a function, or using a class, that stands in the code may do. */
  #evaluate(code: Node): Cell {
    const known = this.#evaluated.get(code);
    if (known) return known;
    const cell = new Cell();
    this.#evaluated.set(code, cell);
    this.#open.push(code);
    return cell;
  }

  /** A parameter that is called under a condition, and not kept, is there to be called. */
  #settle(calls: Set<string>): void {
    for (const each of calls) {
      const parameter = /^maybe (?:given )?(#\d+\+?)/.exec(each)?.[1];
      if (parameter === undefined || this.#kept.has(parameter)) continue;
      calls.delete(each);
      calls.add(each.slice(6));
    }
  }

  #collectFrom(node: Node, cells: Readonly<Record<keyof Found, Cell>>): void {
    const sink = (cell: Cell): Sink => ({ cell, unsure: false });
    const found: Found = { evaluated: sink(cells.evaluated), constructor: sink(cells.constructor), constructed: sink(cells.constructed), implicit: sink(cells.implicit) };
    this.#collect(node, undefined, { found, at: "evaluated", conditional: false, dropped: false });
  }

  #collect(node: Node, parent: Node | undefined, state: State): void {
    if (isTypeOnly(node)) return;
    if (state.at !== "later") this.#run(node, parent, state);
    if (node.type === "Identifier") this.#readName(node, parent, state);
    if (node.type === "MemberExpression" && !isCallee(node, parent) && unwrap(node.object).type === "Identifier") {
      const path = this.#contents.pathOf(node);
      if (path !== undefined && !path.includes("*")) this.#held.add(path);
    }
    if (state.at === "constructor" && ((node.type === "ThisExpression" && !isPlainThis(node, parent, this.#root)) || node.type === "Super") && !(node.type === "Super" && parent?.type === "CallExpression")) this.#add(OWN_METHOD, state);
    eachChild(node, this.#descend, parent, state);
  }

  readonly #descend = (part: Node, node: Node, parent: Node | undefined, state: State): void => {
    // list.map(f): called at once, and forgotten
    if (part.type === "Identifier" && node.type === "CallExpression" && CALLING.has(lastName(node.callee) ?? "") && (node.arguments as readonly Node[]).includes(part)) return;
    const at = timeOf(part, node, parent, this.#root, state.at);
    // `${{ toString: f }}`: who knows what becomes of an object that is not put away.
    const passes = at === "implicit" && node.type === "Property" && !isFunction(this.#root) && !(parent && this.#made.has(parent));
    const conditional = state.conditional || isConditional(part, node);
    const dropped = node.type === "ExpressionStatement" || (state.dropped && isChain(part, node));
    const isSame = !passes && at === state.at && conditional === state.conditional && dropped === state.dropped;
    this.#collect(part, node, isSame ? state : { found: passes ? { ...state.found, implicit: { cell: state.found.evaluated.cell, unsure: true } } : state.found, at, conditional, dropped });
  };

  #readName(node: Node, parent: Node | undefined, { at, found }: State): void {
    const parameter = this.#contents.parameterAt(node);
    if (parameter !== undefined && (at === "later" || parent?.type === "ReturnStatement" || parent?.type === "Property" || parent?.type === "ArrayExpression")) this.#kept.add(parameter);
    const name = this.#contents.nameAt(node);
    if (name === undefined || ((parent?.type === "CallExpression" || parent?.type === "NewExpression") && parent.callee === node)) return;
    if (!isCallee(node, parent)) this.#held.add(name);
    const isParent = (parent?.type === "ClassDeclaration" || parent?.type === "ClassExpression") && parent.superClass === node;
    if (at !== "later" && !isParent && !this.#module.targets.has(name)) this.#cells.add(found[at].cell, found[at].unsure ? maybe(`use ${name}`) : `use ${name}`);
  }

  #run(node: Node, parent: Node | undefined, state: State): void {
    switch (node.type) {
      case "CallExpression":
        return this.#load(node, parent, state) ? undefined : this.#call(unwrap(node.callee), node.arguments, state);
      case "NewExpression":
        return this.#construct(node, state);
      case "TaggedTemplateExpression":
        return this.#call(unwrap(node.tag), [node.quasi, ...node.quasi.expressions], state);
      case "AssignmentExpression": {
        // handlers.buy = f
        const path = node.left.type === "MemberExpression" ? this.#contents.pathOf(node.left.object) : undefined;
        if (path !== undefined) this.#give([node.right], `${path}.=`, 0, { ...state, dropped: true });
        return undefined;
      }
      case "Decorator": {
        const expression = unwrap(node.expression);
        this.#lead(this.#contents.of(expression), state);
        return undefined;
      }
      case "ClassDeclaration":
      case "ClassExpression":
        if (node.superClass) this.#extend(node.superClass, node, state);
        return undefined;
      case "ImportExpression":
      case "TSExternalModuleReference":
        return void this.#load(node, parent, state);
      default:
        return undefined;
    }
  }

  /** Making an instance runs the parent's constructor; using it, the parent's methods. */
  #extend(superClass: Node, node: Node, state: State): void {
    const parent = unwrap(superClass);
    if (node !== this.#root) this.#lead(this.#contents.of(parent), state);
    else {
      const name = parent.type === "Identifier" ? (this.#contents.nameAt(parent) ?? parent.name) : undefined;
      this.#add(name === undefined ? OWN_METHOD : `new ${name}`, { ...state, at: "constructor" });
      if (name !== undefined) this.#add(name, { ...state, at: "constructed" });
      else this.#lead(this.#contents.of(parent), { ...state, at: "constructor" });
    }
  }

  #construct(node: Extract<Node, { type: "NewExpression" }>, state: State): void {
    const callee = unwrap(node.callee);
    const path = this.#contents.pathOf(callee);
    if (isPromise(node) && path === undefined) return this.#callAll(node.arguments, state);
    // Its traps run when the proxy is used.
    const [, traps] = node.arguments;
    if (callee.type === "Identifier" && callee.name === "Proxy" && traps) this.#lead(this.#contents.of(traps), { ...state, at: state.at === "evaluated" && (isFunction(this.#root) || this.#made.has(node)) ? "implicit" : state.at });
    if (path !== undefined && this.#made.has(node)) this.#add(`new ${path}`, state);
    else this.#lead(this.#contents.of(callee), state);
    const to = path ?? (callee.type === "Identifier" && QUIET_GLOBALS.has(callee.name) && this.#contents.variableAt(callee) === undefined ? undefined : "?");
    if (to !== undefined) this.#give(node.arguments, to, 0, state);
  }

  /** `const { award } = require("./shop")` */
  #load(node: Node, parent: Node | undefined, state: State): boolean {
    const loaded = this.#contents.loadedBy(node);
    if (loaded === undefined) return false;
    const names = parent?.type === "VariableDeclarator" && parent.id.type === "ObjectPattern" ? parent.id.properties : [];
    const keys = names.map((each) => (each.type === "Property" && !each.computed && each.key.type === "Identifier" ? each.key.name : "*"));
    if (keys.length === 0) this.#add(`use ${loaded}`, state);
    for (const key of keys) this.#add(`use ${loaded}.${key}`, state);
    return true;
  }

  #call(callee: Node, args: readonly Node[], state: State): void {
    if (isFunction(callee) || callee.type === "Super") return;
    const method = lastName(callee);
    if (callee.type === "MemberExpression") {
      if (method === "bind") return;
      const [first, ...rest] = args;
      if ((method === "apply" || method === "construct") && callee.object.type === "Identifier" && callee.object.name === "Reflect" && first) {
        this.#callAll([first], state);
        return this.#give(rest, this.#contents.pathOf(first) ?? "?", 0, state);
      }
      if (method === "call" || method === "apply") {
        this.#callAll([callee.object], state);
        return this.#give(rest, this.#contents.pathOf(callee.object) ?? "?", 0, state);
      }
    }
    this.#runCallee(callee, state);
    if (method !== undefined && CALLING.has(method)) return this.#callAll(args, state);
    const [into, ...values] = args;
    // Object.assign(handlers, { buy }), Object.defineProperty(player, "gold", { get: … })
    const owner = into && isGlobal(callee, this.#contents) ? this.#contents.pathOf(into) : undefined;
    if (owner !== undefined && (method === "assign" || method === "set")) this.#give(values, `${owner}.=`, 0, { ...state, dropped: true });
    if (owner !== undefined && (method === "defineProperty" || method === "defineProperties")) this.#give(values, `${owner}.defineProperty`, 0, { ...state, dropped: true });
    const to = this.#receiverOf(callee);
    if (to !== undefined) this.#give(args, to, 0, state);
  }

  /** What a call does by its callee alone. */
  #runCallee(callee: Node, state: State): void {
    const path = this.#contents.pathOf(callee);
    if (path !== undefined) return this.#add(path, state);
    if (callee.type !== "MemberExpression") return this.#lead(this.#contents.of(callee), state);
    const { object } = callee;
    const quiet = QUIET.has(lastName(callee) ?? "") && !(object.type === "Identifier" && this.#contents.isLocalObject(object));
    // `shop[name]()`, `make().run()`
    if (!quiet && !isGlobal(callee, this.#contents)) this.#lead(this.#contents.of(object), state);
  }

  /** Whom arguments go to; undefined where that is known to call nothing. */
  #receiverOf(callee: Node): string | undefined {
    const path = this.#contents.pathOf(callee);
    if (path !== undefined) return path;
    if (isGlobal(callee, this.#contents)) return undefined;
    if (callee.type === "Identifier") return this.#contents.isLocalFunction(callee) ? undefined : `?.${callee.name}`;
    const parameter = callee.type === "MemberExpression" ? undefined : this.#contents.parameterAt(callee);
    return parameter ?? `?.${lastName(callee) ?? "*"}`;
  }

  #callAll(values: readonly Node[], state: State): void {
    // What stands there as a function is looked into where it stands.
    for (const value of values) if (!isFunction(unwrap(value)) || this.#isApplied(value)) this.#lead(this.#contents.of(value), state);
  }

  /** Those that {@link timeOf} does not know to run at once. */
  #isApplied(value: Node): boolean {
    return value !== unwrap(value);
  }

  #give(args: readonly Node[], to: string, from: number, state: State): void {
    const last = to.split(".").at(-1) ?? "";
    if (to.startsWith("?") && KEEPING.has(last)) return;
    args.forEach((argument, index) => {
      if (argument.type === "TemplateLiteral" || argument.type === "Literal") return;
      this.#lead(this.#contents.of(argument), state, (line) => (line.startsWith("use ") ? undefined : given(line, to, index + from, state.dropped)));
    });
  }

  #add(line: string, state: State): void {
    if (state.at === "later") return;
    const through = throughOf(state.found[state.at], state.conditional);
    this.#cells.add(state.found[state.at].cell, through?.(line) ?? line);
  }

  /** Adds what is found to be in a cell. */
  #lead(cell: Cell | undefined, { found, at, conditional }: State, first?: Through): void {
    if (cell === undefined || at === "later") return;
    const then = throughOf(found[at], conditional);
    this.#cells.link(cell, found[at].cell, { near: first && then ? (line) => andThen(first(line), then) : (first ?? then), far: then });
  }
}

function throughOf({ unsure }: Sink, conditional: boolean): Through | undefined {
  if (unsure) return maybe;
  return conditional ? onCondition : undefined;
}

/** A parameter may be there or not. */
function onCondition(line: string): string {
  return line.startsWith("#") || line.startsWith("given #") ? maybe(line) : line;
}

function andThen(line: string | undefined, through: Through): string | undefined {
  return line === undefined ? undefined : through(line);
}
