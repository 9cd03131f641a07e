/**
 * What a piece of code calls while it is evaluated. Functions that it only makes or hands on (handlers, methods, what it
 * returns) run later, and are not looked into; what it hands to others is written down with whom it is given to.
 */
import type { Node } from "oxc-parser";
import { valueReferences } from "../syntax/scopes.ts";
import { eachChild, isTypeOnly, unwrap } from "../syntax/walk.ts";
import type { ModuleAnalysis } from "./analysis.ts";
import { maybe, OWN_METHOD } from "./calls/call.ts";
import { CALLING } from "./calls/callees.ts";
import { Cell, Cells } from "./calls/cells.ts";
import { Contents, type CallNames } from "./calls/contents.ts";
import { Effects, type Found, type Sink, type State } from "./calls/effects.ts";
import { isCallee, isChain, isConditional, lastName } from "./calls/forms.ts";
import { onlyMade } from "./calls/made.ts";
import { isPlainThis, timeOf } from "./calls/times.ts";
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

class Reader {
  readonly #root: Node;
  readonly #module: CallNames;
  readonly #cells = new Cells();
  readonly #contents: Contents;
  readonly #made: ReadonlySet<Node>;
  readonly #effects: Effects;
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
    this.#effects = new Effects(root, this.#contents, this.#cells, this.#made);
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
    const state: State = { found, at: "evaluated", conditional: false, dropped: false };
    if (this.#collect(node, undefined, state)) eachChild(node, this.#descend, undefined, state);
  }

  /** Whether anything in it counts. */
  #collect(node: Node, parent: Node | undefined, state: State): boolean {
    if (isTypeOnly(node)) return false;
    if (state.at !== "later") this.#effects.run(node, parent, state);
    if (node.type === "Identifier") this.#readName(node, parent, state);
    if (node.type === "MemberExpression" && !isCallee(node, parent) && unwrap(node.object).type === "Identifier") {
      const path = this.#contents.pathOf(node);
      if (path !== undefined && !path.includes("*")) this.#held.add(path);
    }
    if (state.at === "constructor" && ((node.type === "ThisExpression" && !isPlainThis(node, parent, this.#root)) || node.type === "Super") && !(node.type === "Super" && parent?.type === "CallExpression")) this.#effects.add(OWN_METHOD, state);
    return true;
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
    const own = isSame ? state : { found: passes ? { ...state.found, implicit: { cell: state.found.evaluated.cell, unsure: true } } : state.found, at, conditional, dropped };
    if (this.#collect(part, node, own)) eachChild(part, this.#descend, node, own);
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
}
