/** Whose an object is: does it outlive the call that something is stored in it? */
import type { Node } from "oxc-parser";
import type { Variable } from "../../syntax/scopes.ts";
import { unwrap } from "../../syntax/walk.ts";
import { HANDING_OUT, PLAIN_CLASSES } from "./callees.ts";
import { staticName } from "./followed.ts";
import type { Nest } from "./nest.ts";

/** `made`: by this call, and by nothing that could have kept it. `outer`: the program had it. */
export type Origin = "made" | "outer" | "unknown";

export function originOf(expression: Node, nest: Nest, seen: Set<Variable> = new Set()): Origin {
  const node = unwrap(expression);
  const of = (each: Node): Origin => originOf(each, nest, seen);
  switch (node.type) {
    case "ChainExpression":
      return of(node.expression);
    case "AwaitExpression":
      return of(node.argument);
    case "ThisExpression":
      return nest.isOwnThis(node) ? "outer" : "unknown";
    case "Identifier": {
      const variable = nest.variableOf(node);
      return variable === undefined || !nest.isOwn(variable) ? "outer" : originOfVariable(variable, nest, seen);
    }
    case "MemberExpression": {
      const whole = of(node.object);
      return whole === "made" ? originOfPart(node, nest, seen) : whole;
    }
    case "ArrayExpression":
    case "ObjectExpression":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return "made";
    case "NewExpression":
      // Any other constructor may have put the new object somewhere; what is stored in a proxy is stored behind it.
      if (!nest.isGlobal(node.callee) || !PLAIN_CLASSES.has(node.callee.name)) return "unknown";
      return WRAPPING.has(node.callee.name) && node.arguments.length > 0 ? "unknown" : "made";
    case "CallExpression": {
      const callee = unwrap(node.callee);
      const handsOut = callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier" && HANDING_OUT.has(callee.property.name);
      return handsOut && of(callee.object) === "outer" ? "outer" : "unknown";
    }
    case "ConditionalExpression":
      return either(of(node.consequent), of(node.alternate));
    case "LogicalExpression":
      return either(of(node.left), of(node.right));
    case "AssignmentExpression":
      // a = (b = {}): it is held by both.
      return either(of(node.right), node.left.type === "Identifier" || node.left.type === "MemberExpression" ? of(node.left) : "unknown");
    case "SequenceExpression":
      return of(node.expressions.at(-1) as Node);
    default:
      return "unknown";
  }
}

const WRAPPING: ReadonlySet<string> = new Set(["Proxy", "Object"]);

/** A new object may hold what is not new: `const s = { handlers: [] }` makes both, `const s = { player }` does not. */
function originOfPart(member: Extract<Node, { type: "MemberExpression" }>, nest: Nest, seen: Set<Variable>): Origin {
  const name = staticName(member.property, member.computed);
  const variable = member.object.type === "Identifier" ? nest.variableOf(member.object) : undefined;
  const [definition, ...more] = variable?.defs ?? [];
  const node = definition?.node as unknown as Node | undefined;
  if (!variable || name === undefined || more.length > 0 || node?.type !== "VariableDeclarator" || node.id.type !== "Identifier" || node.init?.type !== "ObjectExpression") return "unknown";
  const { init } = node;
  const property = init.properties.find((each) => each.type === "Property" && each.kind === "init" && staticName(each.key, each.computed) === name);
  const plain = init.properties.every((each) => each.type === "Property" && staticName(each.key, each.computed) !== undefined && (each === property || staticName(each.key, each.computed) !== name));
  if (property?.type !== "Property" || !plain || nest.writesOf(variable).some((each) => each !== init) || !nest.readsOf(variable).every((read) => leaves(read, name, nest))) return "unknown";
  return originOf(property.value, nest, seen);
}

/** Whether a use of an object leaves one of its properties as it is: `object.name`, not assigned. */
function leaves(read: Node, name: string, nest: Nest): boolean {
  const member = nest.parentOf(read);
  if (member?.type !== "MemberExpression" || member.object !== read) return false;
  const named = staticName(member.property, member.computed);
  if (named === undefined || named !== name) return named !== undefined;
  const user = nest.parentOf(member);
  return user?.type === "MemberExpression" || user?.type === "CallExpression" || user?.type === "VariableDeclarator" || user?.type === "ReturnStatement" || user?.type === "BinaryExpression" || (user?.type === "ForOfStatement" && user.right === member);
}

/** A name, or an object literal, that holds what is stored in an object; `deep`: holds the object, or may. */
export interface Holder {
  readonly holder: Extract<Node, { type: "Identifier" | "ObjectExpression" }>;
  readonly deep: boolean;
}

/** All that an object of the call's own is known by, where its origin is `made`. */
export function heldBy(expression: Node, nest: Nest): readonly Holder[] {
  const found: Holder[] = [];
  const seen = new Set<Variable>();
  const look = (each: Node, deep: boolean): void => {
    const node = unwrap(each);
    switch (node.type) {
      case "ChainExpression":
        return look(node.expression, deep);
      case "AwaitExpression":
        return look(node.argument, deep);
      case "MemberExpression":
        return look(node.object, true);
      case "ConditionalExpression":
        look(node.consequent, deep);
        return look(node.alternate, deep);
      case "LogicalExpression":
        look(node.left, deep);
        return look(node.right, deep);
      case "AssignmentExpression":
        look(node.left, deep);
        return look(node.right, deep);
      case "SequenceExpression":
        return look(node.expressions.at(-1) as Node, deep);
      case "ObjectExpression":
        found.push({ holder: node, deep });
        return;
      case "Identifier": {
        const variable = nest.variableOf(node);
        if (!variable || seen.has(variable)) return;
        seen.add(variable);
        found.push({ holder: node, deep });
        for (const { node: declared } of variable.defs) if (declared.type === "VariableDeclarator" && declared.init) look(declared.init as unknown as Node, deep);
        for (const write of nest.writesOf(variable)) look(write, deep);
      }
    }
  };
  look(expression, false);
  return found;
}

function originOfVariable(variable: Variable, nest: Nest, seen: Set<Variable>): Origin {
  if (seen.has(variable)) return "made";
  seen.add(variable);
  // `arguments`
  if (variable.defs.length === 0) return variable.scope.block as unknown as Node === nest.root ? "outer" : "unknown";
  const origins = variable.defs.map((definition): Origin => {
    const node = definition.node as unknown as Node;
    if (definition.type === "FunctionName" || definition.type === "ClassName") return "made";
    if (definition.type === "Parameter") return node === nest.root ? "outer" : "unknown";
    if (definition.type !== "Variable" || node.type !== "VariableDeclarator") return "unknown";
    if (node.init === null) return loopSource(node, nest, seen);
    const origin = originOf(node.init, nest, seen);
    return node.id.type === "Identifier" || origin === "outer" ? origin : "unknown";
  });
  return [...origins, ...nest.writesOf(variable).map((each) => originOf(each, nest, seen))].reduce(either, "made");
}

/** `for (const player of players.values())`; a `let` without initialiser is what is assigned to it. */
function loopSource(declarator: Node, nest: Nest, seen: Set<Variable>): Origin {
  const loop = nest.parentOf(nest.parentOf(declarator) ?? declarator);
  if (loop?.type !== "ForOfStatement") return "made";
  return originOf(loop.right, nest, seen) === "outer" ? "outer" : "unknown";
}

function either(a: Origin, b: Origin): Origin {
  if (a === "outer" || b === "outer") return "outer";
  return a === "unknown" || b === "unknown" ? "unknown" : "made";
}
