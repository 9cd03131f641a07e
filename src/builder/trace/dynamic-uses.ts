/** What a module names of another one that it imports dynamically: `import()`, `require`, `import x = require`. */
import type { Node } from "oxc-parser";
import type { ModuleAnalysis } from "../../analyze/analysis.ts";
import { specifierOf } from "../../analyze/functions.ts";
import { valueReferences, type Variable } from "../../syntax/scopes.ts";
import { unwrap, walk } from "../../syntax/walk.ts";

/**
 * The exports it names; undefined where it does anything else with the namespace, such as to list its keys or to hand it on.
 *
 * @param isIt whether a specifier names the module
 */
export function dynamicUses(analysis: ModuleAnalysis, isIt: (specifier: string) => boolean): ReadonlySet<string> | undefined {
  const parents = new Map<Node, Node>();
  const imports: Node[] = [];
  walk(analysis.parsed.program, {
    enter(node, parent) {
      if (parent) parents.set(node, parent);
      const specifier = specifierOf(node);
      if (specifier !== undefined && isIt(specifier)) imports.push(node);
    },
  });
  const names = new Set<string>();
  const variables = new Set<Variable>();
  return imports.every(follow) ? names : undefined;

  /** Whether nothing but names of exports is asked of an expression's value. */
  function follow(node: Node): boolean {
    const parent = parents.get(node);
    switch (parent?.type) {
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
      case "ChainExpression":
      case "AwaitExpression":
      case "LogicalExpression":
        return follow(parent);
      case "ConditionalExpression":
        return parent.test === node || follow(parent);
      case "MemberExpression":
        return parent.object === node && followMember(parent);
      case "VariableDeclarator":
        return followNames(parent.id);
      case "AssignmentExpression":
        // loaded ??= await import("./shop.js")
        return (parent.left === node || followNames(parent.left)) && follow(parent);
      case "TSImportEqualsDeclaration":
        return followNames(parent.id);
      case "ExpressionStatement":
      case "UnaryExpression":
      case "IfStatement":
        return true;
      default:
        return false;
    }
  }

  function followMember(member: Extract<Node, { type: "MemberExpression" }>): boolean {
    const name = nameOf(member.property, member.computed);
    if (name === undefined) return false;
    const call = parents.get(member);
    if (call?.type === "CallExpression" && call.callee === member && (name === "catch" || name === "finally")) return follow(call);
    if (call?.type !== "CallExpression" || call.callee !== member || name !== "then") {
      names.add(name);
      return true;
    }
    // import("./shop.js").then((shop) => shop.sell())
    const callback = call.arguments[0] && unwrap(call.arguments[0]);
    if (callback?.type !== "ArrowFunctionExpression" && callback?.type !== "FunctionExpression") return false;
    const [parameter, ...more] = callback.params;
    return more.length === 0 && (parameter === undefined || followNames(parameter)) && (callback.type === "ArrowFunctionExpression" || !/\barguments\b/.test(textOf(callback)));
  }

  function followNames(pattern: Node): boolean {
    if (pattern.type === "Identifier") {
      const variable = analysis.scopes.variableAt(pattern);
      return variable !== undefined && followVariable(variable);
    }
    if (pattern.type !== "ObjectPattern") return false;
    return pattern.properties.every((property) => {
      const name = property.type === "RestElement" ? undefined : nameOf(property.key, property.computed);
      if (name !== undefined) names.add(name);
      return name !== undefined;
    });
  }

  function followVariable(variable: Variable): boolean {
    if (variables.has(variable)) return true;
    variables.add(variable);
    if (variable.scope === analysis.scopes.module && analysis.exports.some((each) => each.local === variable.name)) return false;
    return valueReferences(variable, analysis.scopes).every((reference) => !reference.isRead() || follow(reference.identifier as unknown as Node));
  }

  function textOf({ start, end }: Node): string {
    return analysis.parsed.text.slice(start, end);
  }
}

function nameOf(key: Node, computed: boolean): string | undefined {
  if (!computed && key.type === "Identifier") return key.name;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}
