/** What may be called through a value: the names, and the code of the functions, that it is made of. */
import type { Node } from "oxc-parser";
import type { Scopes, Variable } from "../../syntax/scopes.ts";
import { children, isTypeOnly, unwrap } from "../../syntax/walk.ts";
import { isFunction, type AnyFunction } from "../functions.ts";
import { kept, maybe, resultOf } from "./call.ts";
import { QUIET, QUIET_GLOBALS } from "./callees.ts";
import { NOTHING, sequence, type Answer, type Flow, type VariableFlow } from "./flow.ts";
import { Seen } from "./seen.ts";
import { Sources } from "./sources.ts";

/** What belongs to the module as a whole. */
export interface CallNames {
  readonly scopes: Scopes;
  /** Offset → name, of everything that refers to the module's top level. */
  readonly names: ReadonlyMap<number, string>;
  readonly targets: ReadonlySet<string>;
  /** Specifiers that it loads dynamically, in the order of the record. */
  readonly dynamic: readonly string[];
}

/** What evaluating functions, and using classes, does. */
export interface Evaluation {
  /** Lines of {@link Call}. */
  of(node: Node): Iterable<string>;
  /** Whether that is all, and not what is known so far. */
  isComplete(node: Node): boolean;
  /** Another number whenever what is known may be more. */
  epoch(): number;
}

/** So many variables and lines are remembered in answers, for one piece of code. */
const ROOM = 5_000_000;

export class Contents {
  readonly #module: CallNames;
  readonly #evaluation: Evaluation;
  readonly #parameters = new Map<Variable, string>();
  readonly #flows = new Map<Node, Flow>();
  readonly #variables = new Map<Variable, VariableFlow>();
  /** To whole questions. */
  readonly #answers = new Map<Flow, Pick<Answer, "found" | "epoch">>();
  /** Counts what may be found to be more. */
  #unsure = 0;
  #room = ROOM;
  readonly #sources: Sources;

  constructor(module: CallNames, root: Node, evaluation: Evaluation) {
    this.#module = module;
    this.#evaluation = evaluation;
    this.#sources = new Sources(root, (identifier) => this.variableAt(identifier));
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
    const flow = this.#flowOf(node);
    const known = this.#answers.get(flow);
    if (known !== undefined && this.#holds(known.epoch)) {
      if (known.epoch !== undefined) this.#unsure++;
      return known.found;
    }
    const found = new Set<string>();
    const unsure = this.#unsure;
    const epoch = this.#evaluation.epoch();
    this.#gather(flow, found, new Seen());
    this.#answers.set(flow, { found, epoch: unsure === this.#unsure ? undefined : epoch });
    return found;
  }

  /** A function that a name of the code itself stands for: what it is given shows in its parameters. */
  isLocalFunction(identifier: Node): boolean {
    return this.variableAt(identifier)?.defs.some((each) => each.type === "FunctionName" || (each.type === "Variable" && isInitialised(each.node as unknown as Node, isFunction))) ?? false;
  }

  isLocalObject(identifier: Node): boolean {
    return this.variableAt(identifier)?.defs.some((each) => each.type === "Variable" && isInitialised(each.node as unknown as Node, (init) => init.type === "ObjectExpression")) ?? false;
  }

  #gather(flow: Flow, found: Set<string>, seen: Seen): void {
    switch (flow.is) {
      case "nothing":
        return;
      case "name":
        found.add(flow.name);
        return;
      case "variable":
        return this.#gatherVariable(flow, found, seen);
      case "code":
        for (const each of this.#evaluation.of(flow.node)) found.add(each);
        if (!this.#evaluation.isComplete(flow.node)) this.#unsure++;
        if (flow.returned) for (const each of this.of(flow.returned)) found.add(maybe(each));
        return;
      case "call": {
        const callee = new Set<string>();
        const before = seen.size;
        this.#gather(flow.callee, callee, seen);
        seen.backTo(before);
        for (const each of callee) found.add(flow.isNew ? each : resultOf(each));
        return this.#gatherKept(flow.given, flow.keptBy, found, seen);
      }
      case "sequence":
        for (const part of flow.parts) this.#gather(part, found, seen);
    }
  }

  #gatherKept(flow: Flow, by: string | undefined, found: Set<string>, seen: Seen): void {
    if (by === undefined) return this.#gather(flow, found, seen);
    const inside = new Set<string>();
    this.#gather(flow, inside, seen);
    for (const each of inside) found.add(kept(each, by));
  }

  #gatherVariable(flow: VariableFlow, found: Set<string>, seen: Seen): void {
    if (seen.meets(flow.variable)) return;
    const known = this.#answerTo(flow, seen);
    if (known) {
      if (known.epoch !== undefined) this.#unsure++;
      for (const each of known.found) found.add(each);
      return seen.take(known.course);
    }
    if (this.#room <= 0) return this.#follow(flow, found, seen);
    const inside = new Set<string>();
    const unsure = this.#unsure;
    const epoch = this.#evaluation.epoch();
    seen.begin();
    this.#follow(flow, inside, seen);
    const course = seen.end();
    for (const each of inside) found.add(each);
    const isSure = unsure === this.#unsure;
    if (!isSure && epoch !== this.#evaluation.epoch()) return;
    const answer = { found: inside, course, epoch: isSure ? undefined : epoch };
    this.#room -= sizeOf(answer);
    flow.answers.push(answer);
  }

  #answerTo({ answers }: VariableFlow, seen: Seen): Answer | undefined {
    for (let index = 0; index < answers.length; ) {
      const answer = answers[index];
      if (!answer) break;
      if (!this.#holds(answer.epoch)) {
        this.#room += sizeOf(answer);
        answers.splice(index, 1);
      } else if (seen.allows(answer.course)) return answer;
      else index++;
    }
    return undefined;
  }

  #holds(epoch: number | undefined): boolean {
    return epoch === undefined || epoch === this.#evaluation.epoch();
  }

  #follow(flow: VariableFlow, found: Set<string>, seen: Seen): void {
    seen.add(flow.variable);
    if (flow.parameter !== undefined) found.add(flow.parameter);
    flow.sources ??= this.#sources.of(flow.variable).map(({ node, by }) => ({ flow: this.#flowOf(node), by })).filter((source) => source.flow !== NOTHING);
    for (const source of flow.sources) this.#gatherKept(source.flow, source.by, found, seen);
  }

  #flowOf(expression: Node): Flow {
    let flow = this.#flows.get(expression);
    if (flow === undefined) this.#flows.set(expression, (flow = this.#readFlow(unwrap(expression))));
    return flow;
  }

  #readFlow(node: Node): Flow {
    if (isTypeOnly(node)) return NOTHING;
    const loaded = this.loadedBy(node);
    if (loaded !== undefined) return { is: "name", name: loaded };
    if (node.type === "Identifier") return this.#readName(node);
    if (node.type === "MemberExpression") {
      const path = this.pathOf(node);
      return path === undefined ? this.#flowOf(node.object) : { is: "name", name: path };
    }
    // () => () => award()
    if (isFunction(node) || node.type === "ClassExpression" || node.type === "ClassDeclaration") return { is: "code", node, returned: node.type === "ArrowFunctionExpression" && isFunction(unwrap(node.body)) ? node.body : undefined };
    if (node.type === "CallExpression" || node.type === "NewExpression") {
      return { is: "call", callee: this.#flowOf(node.callee), isNew: node.type === "NewExpression", given: sequence(node.arguments.map((each) => this.#flowOf(each))), keptBy: this.#keeperOf(node) };
    }
    return sequence(children(node).map((each) => this.#flowOf(each)));
  }

  #readName(identifier: Node): Flow {
    const name = this.nameAt(identifier);
    if (name !== undefined) return { is: "name", name };
    const variable = this.variableAt(identifier);
    if (variable === undefined) return NOTHING;
    let flow = this.#variables.get(variable);
    if (flow === undefined) this.#variables.set(variable, (flow = { is: "variable", variable, parameter: this.#parameters.get(variable), sources: undefined, answers: [] }));
    return flow;
  }

  /** Whose result may hold what the call is given; undefined where that is known to hold nothing but it. */
  #keeperOf(node: Extract<Node, { type: "CallExpression" | "NewExpression" }>): string | undefined {
    const callee = unwrap(node.callee);
    const by = this.pathOf(callee) ?? (callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier" ? `?.${callee.property.name}` : callee.type === "Identifier" ? `?.${callee.name}` : "?");
    // `[award].map(…)`, `Object.values(handlers)`
    const isKnown = by === "?" || QUIET.has(by.slice(2)) || (callee.type === "MemberExpression" && callee.object.type === "Identifier" && QUIET_GLOBALS.has(callee.object.name)) || (callee.type === "Identifier" && (this.isLocalFunction(callee) || this.#isGlobalClass(callee)));
    return isKnown ? undefined : by;
  }

  #isGlobalClass(callee: Node): boolean {
    return callee.type === "Identifier" && /^[A-Z]/.test(callee.name) && QUIET_GLOBALS.has(callee.name) && this.nameAt(callee) === undefined;
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

function sizeOf({ found, course }: Answer): number {
  return found.size + course.followed.size + course.known.size;
}

function isInitialised(declarator: Node, by: (init: Node) => boolean): boolean {
  return declarator.type === "VariableDeclarator" && declarator.init !== null && by(unwrap(declarator.init));
}
