/** Follows a nested function through its call: everywhere its value goes, by the rules of `rules.ts`. */
import type { Node } from "oxc-parser";
import type { Variable } from "../../syntax/scopes.ts";
import { isWrapper } from "../../syntax/walk.ts";
import { isFunction } from "../functions.ts";
import { argumentRule } from "./argument.ts";
import { followedOf, inside, isItself, iteratorOf, keyOf, outOf, somewhere, staticName, type Followed } from "./followed.ts";
import { followMethod } from "./method.ts";
import { contains, isMember, isUnit, type Nest, type Unit } from "./nest.ts";
import { heldBy, originOf } from "./origin.ts";
import { selvesOf } from "./shapes.ts";
import { verdictOf, worst, type RuleName } from "./rules.ts";

export function fateOf(unit: Unit, nest: Nest): RuleName {
  return new Journey(unit, nest).fate;
}

export class Journey {
  readonly nest: Nest;
  readonly #unit: Unit;
  /** Inside of a journey that asks whether a function schedules itself, the question is not asked again. */
  readonly #asked: boolean;
  readonly #rules: RuleName[] = [];
  readonly #units = new Set<Unit>();
  readonly #objects = new Set<string>();
  readonly #variables = new Map<Variable, Set<string>>();

  constructor(unit: Unit, nest: Nest, from?: Node) {
    this.#unit = unit;
    this.nest = nest;
    this.#asked = from !== undefined;
    if (from === undefined) this.#visit(unit);
    else this.follow(from, followedOf(unit));
  }

  get fate(): RuleName {
    return worst(this.#rules);
  }

  /** It comes to be used by a call that begins later. */
  get isDeferred(): boolean {
    return this.#rules.some((rule) => rule === "deferred" || rule === "timeout" || rule === "registered" || rule === "rearmed");
  }

  end(rule: RuleName): void {
    this.#rules.push(rule);
  }

  #visit(unit: Unit): void {
    if (this.#units.has(unit)) return;
    this.#units.add(unit);
    const parent = this.nest.parentOf(unit);
    if (isMember(unit, parent)) {
      const owner = this.nest.parentOf(this.nest.parentOf(parent as Node) as Node);
      if (owner && isUnit(owner)) this.#visit(owner);
      return;
    }
    if (isFunction(unit) && !unit.generator) {
      const loop = this.nest.longLoopOf(unit);
      if (loop) this.end(loop.rule);
    }
    const followed = followedOf(unit);
    if (!isFunction(unit)) {
      // A constructor of the program's may keep what it makes; so may the class's own code.
      if (unit.superClass !== null && !this.nest.isGlobal(unit.superClass)) this.end("passed");
      for (const self of selvesOf(unit)) this.#followSelf(self, followed);
    }
    const name = "id" in unit && unit.id ? this.nest.variableOf(unit.id) : undefined;
    if (name) this.followVariable(name, followed);
    const ownName = "id" in unit && unit.id ? this.nest.ownNameOf(unit.id) : undefined;
    if (ownName) this.followVariable(ownName, followed);
    if (unit.type !== "FunctionDeclaration" && unit.type !== "ClassDeclaration") this.follow(unit, followed);
  }

  /** Where a name's value goes. */
  followVariable(variable: Variable, followed: Followed): void {
    const { nest } = this;
    if (!nest.isOwn(variable)) return this.end("variable");
    const known = this.#variables.get(variable) ?? new Set();
    if (known.has(keyOf(followed))) return;
    this.#variables.set(variable, known.add(keyOf(followed)));
    for (const read of nest.readsOf(variable)) {
      if (contains(this.#unit, read)) {
        this.#meetItself(read, variable, followed);
        continue;
      }
      this.follow(read, followed);
      for (const unit of nest.capturing(read, variable)) this.#visit(unit);
    }
  }

  /** `const f = () => { …; setTimeout(f, 100); }` */
  #meetItself(read: Node, variable: Variable, followed: Followed): void {
    if (this.#asked) return this.follow(read, followed);
    const own = this.nest.capturing(read, variable).filter((unit) => unit !== this.#unit && contains(this.#unit, unit));
    const value = new Journey(this.#unit, this.nest, read);
    if (value.isDeferred || own.some((unit) => new Journey(unit, this.nest, unit).isDeferred)) return this.end("rearmed");
    if (verdictOf(value.fate) !== "ends") return this.end(value.fate);
    if (isFunction(this.#unit) && this.#unit.async) this.end("recursion");
  }

  /** Where the value of an expression goes. */
  follow(node: Node, followed: Followed): void {
    const { nest } = this;
    const parent = nest.parentOf(node);
    if (!parent) return this.end("elsewhere");
    if (isWrapper(parent)) return this.follow(parent, followed);
    switch (parent.type) {
      case "ChainExpression":
      case "AwaitExpression":
        return this.follow(parent, followed);
      case "ObjectExpression":
        this.#followSelves(parent, followed);
        return this.follow(parent, followed);
      case "ArrayExpression":
        return this.follow(parent, somewhere(followed));
      case "ConditionalExpression":
        return parent.test === node ? this.end("called") : this.follow(parent, followed);
      case "LogicalExpression":
        return parent.operator === "&&" && parent.left === node ? this.end("called") : this.follow(parent, followed);
      case "SequenceExpression":
        return parent.expressions.at(-1) === node ? this.follow(parent, followed) : this.end("called");
      case "Property":
        if (parent.value !== node) return this.end("called");
        // Reading `object.name` calls a getter, and does not hand it out.
        return this.follow(parent, inside(followed, parent.kind === "init" ? staticName(parent.key, parent.computed) : parent.kind));
      case "SpreadElement":
        return followed.is === "iterator" && isItself(followed) ? this.end("called") : this.#followSpread(parent, followed);
      case "ExpressionStatement":
      case "UnaryExpression":
      case "UpdateExpression":
      case "BinaryExpression":
      case "IfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForStatement":
      case "ForInStatement":
      case "SwitchStatement":
      case "SwitchCase":
        return this.end("called");
      case "ForOfStatement":
        if (parent.right === node && followed.path === undefined) this.followNames(parent.left.type === "VariableDeclaration" ? (parent.left.declarations[0]?.id ?? parent.left) : parent.left, followed);
        return this.end("called");
      case "ReturnStatement":
      case "ArrowFunctionExpression":
        return this.#followResult(node, parent, followed);
      case "YieldExpression":
        if (parent.delegate && followed.is === "iterator") return this.end("called");
        return this.end(nest.functionAround(parent) === nest.root ? "returned" : "elsewhere");
      case "VariableDeclarator":
        return this.followNames(parent.id, followed);
      case "AssignmentPattern":
        return this.followNames(parent.left, followed);
      case "AssignmentExpression":
        return this.#followAssignment(node, parent, followed);
      case "PropertyDefinition":
      case "AccessorProperty": {
        const owner = nest.parentOf(nest.parentOf(parent) as Node);
        return parent.value === node && owner && isUnit(owner) ? this.#visit(owner) : this.end("elsewhere");
      }
      case "MemberExpression":
        return parent.object === node ? this.#followMember(parent, followed) : this.end("called");
      case "TemplateLiteral":
        return this.end(nest.parentOf(parent)?.type === "TaggedTemplateExpression" ? "passed" : "called");
      case "TaggedTemplateExpression":
        return this.end("called");
      case "CallExpression":
      case "NewExpression":
        return this.#followCall(node, parent, followed);
      default:
        return this.end("elsewhere");
    }
  }

  /** `{ act: () => …, enlist() { all.push(this); } }` */
  #followSelves(object: Extract<Node, { type: "ObjectExpression" }>, followed: Followed): void {
    const key = `${object.start} ${keyOf(followed)}`;
    if (this.#objects.has(key)) return;
    this.#objects.add(key);
    for (const self of selvesOf(object)) {
      const { method } = this.nest.methodAround(self);
      if (object.properties.some((property) => property.type === "Property" && property.value === method && method.type === "FunctionExpression")) this.#followSelf(self, followed);
    }
  }

  /** `{ act: () => …, start() { setInterval(() => this.act(), 100); } }` */
  #followSelf(self: Node, followed: Followed): void {
    this.follow(self, followed);
    for (const arrow of this.nest.methodAround(self).arrows) if (isUnit(arrow) && arrow !== this.#unit) this.#visit(arrow);
  }

  #followSpread(spread: Node, followed: Followed): void {
    const parent = this.nest.parentOf(spread);
    if (parent?.type === "ObjectExpression") this.follow(parent, followed);
    else if (parent?.type === "ArrayExpression") this.follow(parent, somewhere(followed));
    else if (parent?.type === "CallExpression" || parent?.type === "NewExpression") argumentRule(this, parent, spread, followed);
    else this.end("elsewhere");
  }

  followNames(pattern: Node, followed: Followed): void {
    switch (pattern.type) {
      case "MemberExpression":
        return this.store(pattern.object, "property", pattern.object.type === "Identifier" ? inside(followed, staticName(pattern.property, pattern.computed)) : somewhere(followed));
      case "Identifier": {
        const variable = this.nest.variableOf(pattern);
        return variable ? this.followVariable(variable, followed) : this.end("variable");
      }
      case "AssignmentPattern":
        return this.followNames(pattern.left, followed);
      case "RestElement":
        return this.followNames(pattern.argument, followed);
      case "ArrayPattern":
        for (const element of pattern.elements) if (element && followed.path === undefined) this.followNames(element, followed);
        return;
      case "ObjectPattern":
        for (const property of pattern.properties) {
          const found = property.type === "RestElement" ? followed : outOf(followed, staticName(property.key, property.computed));
          if (found) this.followNames(property.type === "RestElement" ? property : property.value, found);
        }
        return;
      default:
        return this.end("elsewhere");
    }
  }

  #followAssignment(node: Node, assignment: Extract<Node, { type: "AssignmentExpression" }>, followed: Followed): void {
    if (assignment.right !== node) return this.end("called");
    this.followNames(assignment.left, followed);
    this.follow(assignment, followed);
  }

  #followResult(node: Node, parent: Node, followed: Followed): void {
    if (parent.type === "ArrowFunctionExpression" && parent.body !== node) return this.end("elsewhere");
    const fn = parent.type === "ArrowFunctionExpression" ? parent : this.nest.functionAround(parent);
    if (fn === this.nest.root) return this.end("returned");
    const call = this.nest.parentOf(fn);
    if (call?.type === "CallExpression" && call.callee === fn && !fn.generator) return this.follow(call, followed);
    this.end("elsewhere");
  }

  #followMember(member: Extract<Node, { type: "MemberExpression" }>, followed: Followed): void {
    const call = this.nest.parentOf(member);
    const name = staticName(member.property, member.computed);
    this.end("called");
    if (call?.type === "AssignmentExpression" && call.left === member) return;
    if (call?.type === "CallExpression" && call.callee === member) return followMethod(this, call, name, followed);
    const found = outOf(followed, name);
    if (found) this.follow(member, found);
  }

  #followCall(node: Node, call: Extract<Node, { type: "CallExpression" | "NewExpression" }>, followed: Followed): void {
    if (call.callee !== node) return argumentRule(this, call, node, followed);
    // An instance goes on with the methods of its class.
    if (call.type === "NewExpression") return this.follow(call, followed);
    if (followed.is === "generator") return this.follow(call, iteratorOf(followed));
    this.end("called");
  }

  /** Put into an object or collection. */
  store(into: Node, rule: "property" | "collection", followed: Followed): void {
    const origin = originOf(into, this.nest);
    if (origin === "outer") return this.end(rule);
    const held = heldBy(into, this.nest);
    if (origin === "unknown" || held.length === 0 || this.nest.hasSetters) return this.end("elsewhere");
    for (const { holder, deep } of held) {
      const found = deep ? somewhere(followed) : followed;
      if (holder.type === "ObjectExpression") this.#followSelves(holder, found);
      else this.followVariable(this.nest.variableOf(holder) as Variable, found);
    }
  }
}
