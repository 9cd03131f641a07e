/** What a single call, construction or assignment in evaluated code does. */
import type { Node } from "oxc-parser";
import { unwrap } from "../../syntax/walk.ts";
import { isFunction } from "../functions.ts";
import { ASSIGNED, OWN_METHOD, parameterOf, type Call, type Path } from "./call.ts";
import { CALLING, KEEPING, QUIET, QUIET_GLOBALS } from "./callees.ts";
import type { Cell, Cells, Through } from "./cells.ts";
import type { Contents } from "./contents.ts";
import { isPromise, lastName } from "./forms.ts";
import type { CallPool } from "./pool.ts";
import type { Time } from "./times.ts";

export type Found = Readonly<Record<Exclude<Time, "later">, Sink>>;

/** Where calls are collected; `unsure`: as perhaps. */
export interface Sink {
  readonly cell: Cell;
  readonly unsure: boolean;
}

export interface State {
  readonly found: Found;
  readonly at: Time;
  /** It may be passed over. */
  readonly conditional: boolean;
  /** Nobody reads what the expression gives. */
  readonly dropped: boolean;
}

export class Effects {
  readonly #root: Node;
  readonly #contents: Contents;
  readonly #cells: Cells;
  readonly #made: ReadonlySet<Node>;
  readonly #pool: CallPool;

  /** @param made what is made and put away */
  constructor(root: Node, contents: Contents, cells: Cells, made: ReadonlySet<Node>) {
    this.#root = root;
    this.#contents = contents;
    this.#cells = cells;
    this.#made = made;
    this.#pool = contents.pool;
  }

  /** What a node does by itself, not by what stands in it. */
  run(node: Node, parent: Node | undefined, state: State): void {
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
        if (path !== undefined) this.#give([node.right], this.#pool.member(path, ASSIGNED), 0, { ...state, dropped: true });
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
      const path = name === undefined ? undefined : this.#pool.named(name);
      this.add(path === undefined ? OWN_METHOD : this.#pool.plain("new", path), { ...state, at: "constructor" });
      if (path !== undefined) this.add(this.#pool.plain("call", path), { ...state, at: "constructed" });
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
    if (path !== undefined && this.#made.has(node)) this.add(this.#pool.plain("new", path), state);
    else this.#lead(this.#contents.of(callee), state);
    const to = path ?? (callee.type === "Identifier" && QUIET_GLOBALS.has(callee.name) && this.#contents.variableAt(callee) === undefined ? undefined : this.#pool.unknown);
    if (to !== undefined) this.#give(node.arguments, to, 0, state);
  }

  /** `const { award } = require("./shop")` */
  #load(node: Node, parent: Node | undefined, state: State): boolean {
    const loaded = this.#contents.loadedBy(node);
    if (loaded === undefined) return false;
    const names = parent?.type === "VariableDeclarator" && parent.id.type === "ObjectPattern" ? parent.id.properties : [];
    const keys = names.map((each) => (each.type === "Property" && !each.computed && each.key.type === "Identifier" ? each.key.name : undefined));
    if (keys.length === 0) this.add(this.#pool.plain("use", loaded), state);
    for (const key of keys) this.add(this.#pool.plain("use", this.#pool.member(loaded, key)), state);
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
        return this.#give(rest, this.#contents.pathOf(first) ?? this.#pool.unknown, 0, state);
      }
      if (method === "call" || method === "apply") {
        this.#callAll([callee.object], state);
        return this.#give(rest, this.#contents.pathOf(callee.object) ?? this.#pool.unknown, 0, state);
      }
    }
    this.#runCallee(callee, state);
    if (method !== undefined && CALLING.has(method)) return this.#callAll(args, state);
    const [into, ...values] = args;
    // Object.assign(handlers, { buy }), Object.defineProperty(player, "gold", { get: … })
    const owner = into && this.#contents.isGlobal(callee) ? this.#contents.pathOf(into) : undefined;
    if (owner !== undefined && (method === "assign" || method === "set")) this.#give(values, this.#pool.member(owner, ASSIGNED), 0, { ...state, dropped: true });
    if (owner !== undefined && (method === "defineProperty" || method === "defineProperties")) this.#give(values, this.#pool.member(owner, "defineProperty"), 0, { ...state, dropped: true });
    const to = this.#receiverOf(callee);
    if (to !== undefined) this.#give(args, to, 0, state);
  }

  /** What a call does by its callee alone. */
  #runCallee(callee: Node, state: State): void {
    const path = this.#contents.pathOf(callee);
    if (path !== undefined) return this.add(this.#pool.plain("call", path), state);
    if (callee.type !== "MemberExpression") return this.#lead(this.#contents.of(callee), state);
    const { object } = callee;
    const quiet = QUIET.has(lastName(callee) ?? "") && !(object.type === "Identifier" && this.#contents.isLocalObject(object));
    // `shop[name]()`, `make().run()`
    if (!quiet && !this.#contents.isGlobal(callee)) this.#lead(this.#contents.of(object), state);
  }

  /** Whom arguments go to; undefined where that is known to call nothing. */
  #receiverOf(callee: Node): Path | undefined {
    const path = this.#contents.pathOf(callee);
    if (path !== undefined) return path;
    if (this.#contents.isGlobal(callee)) return undefined;
    if (callee.type === "Identifier") return this.#contents.isLocalFunction(callee) ? undefined : this.#contents.unknown(callee.name);
    const parameter = callee.type === "MemberExpression" ? undefined : this.#contents.parameterAt(callee);
    return parameter ?? this.#contents.unknown(lastName(callee));
  }

  #callAll(values: readonly Node[], state: State): void {
    // What stands there as a function is looked into where it stands.
    for (const value of values) if (!isFunction(unwrap(value)) || this.#isApplied(value)) this.#lead(this.#contents.of(value), state);
  }

  /** Those that {@link timeOf} does not know to run at once. */
  #isApplied(value: Node): boolean {
    return value !== unwrap(value);
  }

  #give(args: readonly Node[], to: Path, from: number, state: State): void {
    if (to.root.is === "unknown" && KEEPING.has(to.members.at(-1) ?? "")) return;
    args.forEach((argument, index) => {
      if (argument.type === "TemplateLiteral" || argument.type === "Literal") return;
      this.#lead(this.#contents.of(argument), state, (call) => (call.is === "use" ? undefined : this.#pool.given(call, to, index + from, state.dropped)));
    });
  }

  add(call: Call, state: State): void {
    if (state.at === "later") return;
    const through = this.#throughOf(state.found[state.at], state.conditional);
    this.#cells.add(state.found[state.at].cell, through?.(call) ?? call);
  }

  /** Adds what is found to be in a cell. */
  #lead(cell: Cell | undefined, { found, at, conditional }: State, first?: Through): void {
    if (cell === undefined || at === "later") return;
    const then = this.#throughOf(found[at], conditional);
    this.#cells.link(cell, found[at].cell, { near: first && then ? (call) => andThen(first(call), then) : (first ?? then), far: then });
  }

  #throughOf({ unsure }: Sink, conditional: boolean): Through | undefined {
    if (unsure) return this.#maybe;
    return conditional ? this.#onCondition : undefined;
  }

  readonly #maybe: Through = (call) => this.#pool.maybe(call);

  /** A parameter may be there or not. */
  readonly #onCondition: Through = (call) => (parameterOf(call) === undefined ? call : this.#pool.maybe(call));
}

function andThen(call: Call | undefined, through: Through): Call | undefined {
  return call && through(call);
}
