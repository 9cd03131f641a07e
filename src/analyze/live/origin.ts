/** Whose an object is: does it outlive the call that something is stored in it? */
import type { Node } from "oxc-parser";
import type { Variable } from "../../syntax/scopes.ts";
import { unwrap } from "../../syntax/walk.ts";
import { HANDING_OUT, PLAIN_CLASSES } from "./callees.ts";
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
    case "MemberExpression":
      return of(node.object);
    case "ArrayExpression":
    case "ObjectExpression":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return "made";
    case "NewExpression":
      // Any other constructor may have put the new object somewhere.
      return nest.isGlobal(node.callee) && PLAIN_CLASSES.has(node.callee.name) ? "made" : "unknown";
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
      return of(node.right);
    case "SequenceExpression":
      return of(node.expressions.at(-1) as Node);
    default:
      return "unknown";
  }
}

function originOfVariable(variable: Variable, nest: Nest, seen: Set<Variable>): Origin {
  if (seen.has(variable)) return "made";
  seen.add(variable);
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
