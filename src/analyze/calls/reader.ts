/** What one declaration or statement calls. */
import type { Node } from "oxc-parser";
import { eachChild, isTypeOnly } from "../../syntax/walk.ts";
import { isFunction } from "../functions.ts";
import { Budget } from "./budget.ts";
import { ANYTHING, OWN_METHOD, parameterOf, type Call, type Path } from "./call.ts";
import { CALLING } from "./callees.ts";
import { Cell, Cells } from "./cells.ts";
import { Contents, type CallNames } from "./contents.ts";
import { Effects, type Found, type Sink, type State } from "./effects.ts";
import { isChain, isConditional, lastName } from "./forms.ts";
import { onlyMade } from "./made.ts";
import { isPlainThis, timeOf } from "./times.ts";

export interface Calls {
  readonly evaluated: readonly Call[];
  /** Of a class: what its constructor and the initialisers of its fields do. */
  readonly construction: readonly Call[];
  /** Of a class: what making and using an instance may do. */
  readonly constructed: readonly Call[];
  /** What runs without being called: accessors, conversions, iterators, traps. */
  readonly implicit: readonly Call[];
}

export function readCalls(root: Node, module: CallNames): Calls {
  const found = new Reader(root, module).read();
  // It is not known who gets a function's objects.
  const implicit = isFunction(root) ? new Set([...found.implicit].map((call) => module.pool.maybe(call))) : new Set<Call>();
  return {
    evaluated: [...found.evaluated.union(implicit)],
    construction: isClass(root) ? [...found.constructor] : [],
    constructed: [...found.constructor.union(found.constructed).union(found.implicit)],
    implicit: [...found.implicit],
  };
}

function isClass(node: Node): node is Extract<Node, { type: "ClassDeclaration" | "ClassExpression" }> {
  return node.type === "ClassDeclaration" || node.type === "ClassExpression";
}

type Collected<T> = Readonly<Record<keyof Found, T>>;

class Reader {
  readonly #root: Node;
  readonly #module: CallNames;
  readonly #budget: Budget;
  readonly #cells: Cells;
  readonly #contents: Contents;
  readonly #made: ReadonlySet<Node>;
  readonly #effects: Effects;
  /** Parameters that are held on to, or handed on. */
  readonly #kept = new Set<Path["root"]>();
  /** What runs later shows which parameters are kept, and nothing else: of a function, going through it once is enough. */
  #seesKept: boolean;
  /** What evaluating functions of the code's own does. */
  readonly #evaluated = new Map<Node, Cell>();
  /** Those that have not been looked into. */
  readonly #open: Node[] = [];

  constructor(root: Node, module: CallNames) {
    this.#root = root;
    this.#module = module;
    this.#budget = new Budget(root.end - root.start);
    this.#cells = new Cells(this.#budget);
    this.#made = onlyMade(root);
    this.#contents = new Contents(module, root, this.#cells, (code) => this.#evaluate(code));
    this.#effects = new Effects(root, this.#contents, this.#cells, this.#made);
    if (isFunction(root)) this.#contents.nameParameters(root);
    if (isClass(root)) for (const member of root.body.body) if (member.type === "MethodDefinition" && member.kind === "constructor") this.#contents.nameParameters(member.value);
    this.#seesKept = this.#contents.hasParameters;
  }

  read(): Collected<ReadonlySet<Call>> {
    const cells = { evaluated: new Cell(), constructor: new Cell(), constructed: new Cell(), implicit: new Cell() };
    this.#collectFrom(this.#root, cells);
    const isSeen = !this.#budget.isSpent;
    this.#seesKept &&= isClass(this.#root);
    while (this.#contents.followVariables() || this.#open.length > 0) {
      for (let code = this.#open.pop(); code && !this.#budget.isSpent; code = this.#open.pop()) {
        const cell = this.#evaluate(code);
        this.#collectFrom(code, { evaluated: cell, constructor: cell, constructed: cell, implicit: cell });
      }
      if (this.#budget.isSpent) break;
    }
    this.#cells.settle();
    const isComplete = (cell: Cell): boolean => !this.#budget.isSpent || (isSeen && !cell.isFed);
    const settled = (cell: Cell): ReadonlySet<Call> => (isComplete(cell) ? this.#settle(cell.calls) : cell.calls.add(ANYTHING));
    return { evaluated: settled(cells.evaluated), constructor: settled(cells.constructor), constructed: settled(cells.constructed), implicit: settled(cells.implicit) };
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
  #settle(calls: Set<Call>): ReadonlySet<Call> {
    for (const each of calls) {
      const parameter = each.is === "maybe" ? parameterOf(each.call) : undefined;
      if (each.is !== "maybe" || parameter === undefined || this.#kept.has(parameter)) continue;
      calls.delete(each);
      calls.add(each.call);
    }
    return calls;
  }

  #collectFrom(node: Node, cells: Collected<Cell>): void {
    const sink = (cell: Cell): Sink => ({ cell, unsure: false });
    const found: Found = { evaluated: sink(cells.evaluated), constructor: sink(cells.constructor), constructed: sink(cells.constructed), implicit: sink(cells.implicit) };
    const state: State = { found, at: "evaluated", conditional: false, dropped: false };
    if (this.#collect(node, undefined, state)) eachChild(node, this.#descend, undefined, state);
  }

  /** Whether anything in it counts. */
  #collect(node: Node, parent: Node | undefined, state: State): boolean {
    if (isTypeOnly(node) || !this.#budget.spend(1)) return false;
    if (state.at !== "later") this.#effects.run(node, parent, state);
    if (node.type === "Identifier") this.#readName(node, parent, state);
    if (state.at === "constructor" && ((node.type === "ThisExpression" && !isPlainThis(node, parent, this.#root)) || node.type === "Super") && !(node.type === "Super" && parent?.type === "CallExpression")) this.#effects.add(OWN_METHOD, state);
    return true;
  }

  readonly #descend = (part: Node, node: Node, parent: Node | undefined, state: State): void => {
    // list.map(f): called at once, and forgotten
    if (part.type === "Identifier" && node.type === "CallExpression" && CALLING.has(lastName(node.callee) ?? "") && (node.arguments as readonly Node[]).includes(part)) return;
    const at = timeOf(part, node, parent, this.#root, state.at);
    if (at === "later" && !this.#seesKept) return;
    // `${{ toString: f }}`: an object that is not stored may be used by anything.
    const passes = at === "implicit" && node.type === "Property" && !isFunction(this.#root) && !(parent && this.#made.has(parent));
    const conditional = state.conditional || isConditional(part, node);
    const dropped = node.type === "ExpressionStatement" || (state.dropped && isChain(part, node));
    const isSame = !passes && at === state.at && conditional === state.conditional && dropped === state.dropped;
    const own = isSame ? state : { found: passes ? { ...state.found, implicit: { cell: state.found.evaluated.cell, unsure: true } } : state.found, at, conditional, dropped };
    if (this.#collect(part, node, own)) eachChild(part, this.#descend, node, own);
  };

  #readName(node: Node, parent: Node | undefined, { at, found }: State): void {
    const parameter = this.#contents.parameterAt(node);
    if (parameter !== undefined && (at === "later" || parent?.type === "ReturnStatement" || parent?.type === "Property" || parent?.type === "ArrayExpression")) this.#kept.add(parameter.root);
    const name = this.#contents.nameAt(node);
    if (at === "later" || name === undefined || ((parent?.type === "CallExpression" || parent?.type === "NewExpression") && parent.callee === node)) return;
    const isParent = parent !== undefined && isClass(parent) && parent.superClass === node;
    if (isParent || this.#module.targets.has(name)) return;
    const { pool } = this.#module;
    const use = pool.plain("use", pool.named(name));
    this.#cells.add(found[at].cell, found[at].unsure ? pool.maybe(use) : use);
  }
}
