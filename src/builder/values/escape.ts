/**
 * Escape: whether code only reads a constant, so that a copy with another value may stand in its place unseen. Every use
 * is followed to where its value ends up; what is not on the list of harmless ends is an escape. docs/changed-values.md
 * has the list for people.
 */
import type { Node } from "oxc-parser";
import { valueReferences, type Variable } from "../../syntax/scopes.ts";
import { children, unwrap } from "../../syntax/walk.ts";
import { keyName } from "./closed-form.ts";
import { followArgument } from "./escape-argument.ts";
import { followMethod } from "./escape-method.ts";
import { anyOf, childOf, FREE, hasFreeChildren, listShape, objectShape, signatureOf, type Shape } from "./shape.ts";
import type { WorldModule } from "../world/module.ts";

/** Where a value gets out of sight. */
export interface Escape {
  readonly module: WorldModule;
  readonly node: Node;
  /** `is returned`, `is changed`. */
  readonly how: string;
}

/** What following needs to know of the tree. */
export interface Program {
  /** The function that a name of a module stands for, in whatever module, if nothing can assign to the name. */
  functionNamed(module: WorldModule, identifier: Node): { readonly module: WorldModule; readonly node: Node } | undefined;
}

/** Of one use. A value that is wrapped again and again in a loop of calls has no end. */
const MOST_SHAPES = 8;

/** Follows one constant through the modules that name it. */
export class Follower {
  readonly program: Program;
  /** Uses, and the shapes with which they have been followed. */
  readonly #visited = new Map<Node, Set<string>>();

  constructor(program: Program) {
    this.program = program;
  }

  /** The first escape among the uses of a variable, declarations and exports aside. */
  variable(module: WorldModule, variable: Variable, shape: Shape): Escape | undefined {
    if (shape.kind === "free") return undefined;
    for (const reference of valueReferences(variable, module.analysis.scopes)) {
      const node = reference.identifier as unknown as Node;
      if (reference.isWriteOnly()) continue;
      const known = this.#visited.get(node) ?? new Set<string>();
      const signature = signatureOf(shape);
      if (known.has(signature)) continue;
      if (known.size >= MOST_SHAPES) return { module, node, how: "is used in ways too involved to follow" };
      this.#visited.set(node, known.add(signature));
      const escape = this.value(module, node, shape);
      if (escape) return escape;
    }
    return undefined;
  }

  /** Follows the value of an expression into what surrounds it. */
  value(module: WorldModule, node: Node, shape: Shape): Escape | undefined {
    if (shape.kind === "free") return undefined;
    const parent = parentOf(module, node);
    const flows = (into: Node, as: Shape): Escape | undefined => this.value(module, into, as);
    const escapes = (how: string): Escape => ({ module, node, how });
    switch (parent?.type) {
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
      case "ChainExpression":
      case "AwaitExpression":
        return flows(parent, shape);
      case "MemberExpression":
        return (parent.object as Node) === node ? this.#member(module, parent, shape) : undefined;
      case "TemplateLiteral":
        return parentOf(module, parent)?.type === "TaggedTemplateExpression" ? escapes("is handed to a function") : undefined;
      case "UnaryExpression":
      case "ExpressionStatement":
      case "IfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForStatement":
      case "ForInStatement":
      case "ExportSpecifier":
      case "ExportDefaultDeclaration":
        return undefined;
      case "BinaryExpression":
        return isIdentityTest(parent, node) ? escapes("is compared with another object") : undefined;
      case "ConditionalExpression":
        return (parent.test as Node) === node ? undefined : flows(parent, shape);
      case "LogicalExpression":
        return flows(parent, shape);
      case "SequenceExpression":
        return parent.expressions.at(-1) === node ? flows(parent, shape) : undefined;
      case "ForOfStatement":
        return this.#loop(module, parent, shape, node);
      case "SpreadElement":
        return this.#spread(module, parent, shape);
      case "Property": {
        if ((parent.value as Node) !== node) return undefined;
        const object = parentOf(module, parent);
        const key = keyName(parent.key, parent.computed);
        return object?.type === "ObjectExpression" ? flows(object, key === undefined ? objectShape([], [shape]) : objectShape([[key, shape]], [FREE])) : escapes("is given away");
      }
      case "ArrayExpression":
        return flows(parent, { ...listShape("array", [shape]), entries: new Map<string, Shape>() });
      case "VariableDeclarator":
        return this.pattern(module, parent.id, shape);
      case "AssignmentPattern":
        return this.pattern(module, parent.left, shape);
      case "CallExpression":
        if ((parent.callee as Node) !== node) return followArgument(this, module, parent, node, shape);
        return shape.kind === "function" && !shape.stateful ? undefined : escapes("is called with a `this` of its own");
      case "NewExpression":
        return (parent.callee as Node) === node ? escapes("is called with `new`") : followArgument(this, module, parent, node, shape);
      case "ReturnStatement":
        return escapes("is returned");
      case "ArrowFunctionExpression":
        return (parent.body as Node) === node ? escapes("is returned") : undefined;
      case "AssignmentExpression":
        return escapes("is stored in a variable or property");
      case "YieldExpression":
        return escapes("is yielded");
      default:
        return escapes("is given away");
    }
  }

  /** Follows what a pattern takes out of a value. */
  pattern(module: WorldModule, pattern: Node, shape: Shape): Escape | undefined {
    if (shape.kind === "free") return undefined;
    switch (pattern.type) {
      case "Identifier": {
        const outer = parentOf(module, pattern);
        const place = outer?.type === "AssignmentPattern" ? parentOf(module, outer) : outer;
        if (place?.type === "TSParameterProperty") return { module, node: pattern, how: "is stored in a property" };
        const variable = module.analysis.scopes.variableAt(pattern);
        if (variable === undefined) return { module, node: pattern, how: "is stored in a global" };
        // Another constant of the module: it is followed for itself.
        return variable.scope === module.analysis.scopes.module ? undefined : this.variable(module, variable, shape);
      }
      case "AssignmentPattern":
        return this.pattern(module, pattern.left, shape);
      case "ObjectPattern":
        return first(pattern.properties as readonly Node[], (property) => {
          if (property.type === "RestElement") return this.pattern(module, property.argument, objectShape([], shape.children ? [shape.children] : []));
          return property.type === "Property" ? this.pattern(module, property.value, childOf(shape, keyName(property.key, property.computed))) : undefined;
        });
      case "ArrayPattern":
        return first(pattern.elements as readonly (Node | null)[], (element, index) => {
          if (element === null) return undefined;
          if (element.type === "RestElement") return this.pattern(module, element.argument, anyOf(shape));
          return this.pattern(module, element, shape.kind === "map" ? anyOf(shape) : childOf(shape, String(index)));
        });
      case "RestElement":
        // Where in the list it stands, nobody asks.
        return this.pattern(module, pattern.argument, { ...listShape("array", [shape]), entries: new Map<string, Shape>() });
      default:
        return { module, node: pattern, how: "is stored in a property" };
    }
  }

  #member(module: WorldModule, member: Extract<Node, { type: "MemberExpression" }>, shape: Shape): Escape | undefined {
    if (isWritten(module, member)) return { module, node: member, how: "is changed" };
    const key = member.property.type === "PrivateIdentifier" ? undefined : keyName(member.property, member.computed);
    const call = calledWith(module, member);
    if (call) return followMethod(this, module, call, key, shape);
    if (shape.kind === "function" && key !== "name" && key !== "length") return { module, node: member, how: `has its \`${key ?? "properties"}\` looked at` };
    const builtIn = shape.kind !== "object" && shape.kind !== "mixed" && !member.computed;
    return this.value(module, member, builtIn ? FREE : childOf(shape, key));
  }

  #loop(module: WorldModule, loop: Extract<Node, { type: "ForOfStatement" }>, shape: Shape, node: Node): Escape | undefined {
    if ((loop.right as Node) !== node || hasFreeChildren(shape)) return undefined;
    const element = shape.kind === "map" ? anyOf(shape) : childOf(shape, undefined);
    const [declarator] = loop.left.type === "VariableDeclaration" ? loop.left.declarations : [];
    return this.pattern(module, declarator?.id ?? loop.left, element);
  }

  #spread(module: WorldModule, spread: Node, shape: Shape): Escape | undefined {
    if (hasFreeChildren(shape)) return undefined;
    const into = parentOf(module, spread);
    if (into?.type === "ObjectExpression") return this.value(module, into, objectShape([], shape.children ? [shape.children] : []));
    if (into?.type === "ArrayExpression") return this.value(module, into, anyOf(shape));
    return { module, node: spread, how: "is handed to a function" };
  }
}

/** `a.x = 1`, `a.x++`, `delete a.x`, `[a.x] = …` */
function isWritten(module: WorldModule, member: Node): boolean {
  const parent = parentOf(module, member);
  switch (parent?.type) {
    case "TSNonNullExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSTypeAssertion":
      return isWritten(module, parent);
    case "AssignmentExpression":
    case "AssignmentPattern":
      return (parent.left as Node) === member;
    case "UpdateExpression":
    case "ArrayPattern":
    case "RestElement":
      return true;
    case "UnaryExpression":
      return parent.operator === "delete";
    case "ForOfStatement":
    case "ForInStatement":
      return (parent.left as Node) === member;
    case "Property":
      return parentOf(module, parent)?.type === "ObjectPattern" && (parent.value as Node) === member;
    default:
      return false;
  }
}

/** The call in `a.x()`, `a?.x!()`. */
function calledWith(module: WorldModule, member: Node): Extract<Node, { type: "CallExpression" }> | undefined {
  const parent = parentOf(module, member);
  if (parent?.type === "CallExpression" && unwrap(parent.callee) === member) return parent;
  return parent?.type === "TSNonNullExpression" || parent?.type === "ChainExpression" ? calledThrough(module, parent) : undefined;
}

function calledThrough(module: WorldModule, wrapper: Node): Extract<Node, { type: "CallExpression" }> | undefined {
  const parent = parentOf(module, wrapper);
  return parent?.type === "CallExpression" && (parent.callee as Node) === wrapper ? parent : undefined;
}

/** `==` and `===` with anything but `null` and `undefined` tell one object from another. */
function isIdentityTest(test: Extract<Node, { type: "BinaryExpression" }>, node: Node): boolean {
  if (!["==", "===", "!=", "!=="].includes(test.operator)) return false;
  const other = unwrap((test.left as Node) === node ? test.right : test.left);
  return !((other.type === "Literal" && (other.value === null || typeof other.value !== "object")) || (other.type === "Identifier" && other.name === "undefined"));
}

function first<T>(list: readonly T[], find: (each: T, index: number) => Escape | undefined): Escape | undefined {
  for (const [index, each] of list.entries()) {
    const escape = find(each, index);
    if (escape) return escape;
  }
  return undefined;
}

const parents = new WeakMap<object, ReadonlyMap<Node, Node>>();

/** The node around a node of a module. */
export function parentOf({ analysis }: WorldModule, node: Node): Node | undefined {
  const { program } = analysis.parsed;
  let known = parents.get(program);
  if (known === undefined) {
    const found = new Map<Node, Node>();
    const visit = (each: Node): void => {
      for (const child of children(each)) {
        found.set(child, each);
        visit(child);
      }
    };
    visit(program);
    known = found;
    parents.set(program, known);
  }
  return known.get(node);
}
