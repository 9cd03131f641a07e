/** Every function of a module in one traversal: facts about each, and names and specifiers that occur anywhere. */
import type { ArrowFunctionExpression, Function as FunctionNode, Node, Program } from "oxc-parser";
import { eachChild, isTypeOnly, unwrap, walk } from "../syntax/walk.ts";
import type { Range } from "./analysis.ts";

export type AnyFunction = FunctionNode | ArrowFunctionExpression;

export interface FunctionFacts {
  /** `this`, as its own or in arrow functions inside it. */
  readonly usesThis: boolean;
  readonly usesArguments: boolean;
  readonly usesNewTarget: boolean;
  readonly directEval: boolean;
  readonly withStatement: boolean;
  /** Functions inside it, those aside that may be targets. */
  nested(): readonly (Range & { readonly node: Node })[];
}

export interface Functions {
  /** Of those that may be targets. */
  readonly facts: ReadonlyMap<Node, FunctionFacts>;
  readonly identifiers: ReadonlySet<string>;
  readonly importMeta: boolean;
  /** Literal specifiers of `import()` and `require()`. */
  readonly dynamicImports: readonly string[];
}

/** A function that is being read, or what else has a `this` of its own. */
interface Frame {
  readonly arrow: boolean;
  usesThis: boolean;
  usesArguments: boolean;
  usesNewTarget: boolean;
  directEval: boolean;
  withStatement: boolean;
}

/**
 * @param candidates functions that may be targets, by node
 */
export function readFunctions(program: Program, candidates: ReadonlySet<Node>): Functions {
  const facts = new Map<Node, FunctionFacts>();
  const others: (Range & { readonly node: Node })[] = [];
  const identifiers = new Set<string>();
  const dynamicImports: string[] = [];
  let importMeta = false;
  let frame = newFrame(false);

  const visit = (node: Node, parent: Node): void => {
    switch (node.type) {
      case "Identifier":
      case "JSXIdentifier":
        identifiers.add(node.name);
        if (node.name === "arguments") frame.usesArguments = true;
        break;
      case "ThisExpression":
        frame.usesThis = true;
        return;
      case "Literal":
        return;
      case "MetaProperty":
        if (node.meta.name === "import") importMeta = true;
        else frame.usesNewTarget = true;
        break;
      case "CallExpression":
        if (isEval(node.callee)) frame.directEval = true;
        break;
      case "WithStatement":
        frame.withStatement = true;
        break;
      default:
        if (isTypeOnly(node) && node.type !== "TSEmptyBodyFunctionExpression") return addTypeNames(node, identifiers);
    }
    const specifier = specifierOf(node);
    if (specifier !== undefined) dynamicImports.push(specifier);
    if (isFunction(node) || node.type === "StaticBlock" || isFieldValue(node, parent)) readFrame(node);
    else eachChild(node, visit, undefined, undefined);
  };

  const readFrame = (node: Node): void => {
    const outer = frame;
    const inner = newFrame(node.type === "ArrowFunctionExpression");
    const isCandidate = candidates.has(node);
    if (!isCandidate && isFunction(node)) others.push({ start: node.start, end: node.end, node });
    const from = others.length;
    frame = inner;
    eachChild(node, visit, undefined, undefined);
    frame = outer;
    const to = others.length;
    if (isCandidate) facts.set(node, { ...inner, nested: () => others.slice(from, to) });
    handOut(inner, outer);
  };

  visit(program, program);
  return { facts, identifiers, importMeta, dynamicImports };
}

function newFrame(arrow: boolean): Frame {
  return { arrow, usesThis: false, usesArguments: false, usesNewTarget: false, directEval: false, withStatement: false };
}

/** An arrow's `this`, `arguments` and `new.target` are those of the function around it. */
function handOut(inner: Frame, outer: Frame): void {
  outer.directEval ||= inner.directEval;
  outer.withStatement ||= inner.withStatement;
  if (!inner.arrow) return;
  outer.usesThis ||= inner.usesThis;
  outer.usesArguments ||= inner.usesArguments;
  outer.usesNewTarget ||= inner.usesNewTarget;
}

/** Injected names are names of types too, and begin so. */
function addTypeNames(types: Node, identifiers: Set<string>): void {
  walk(types, {
    enter(node) {
      if (node.type === "Identifier" && node.name.startsWith("$")) identifiers.add(node.name);
    },
  });
}

/** A direct `eval`; compilers erase what TypeScript puts around it. */
export function isEval(callee: Node): boolean {
  const inner = unwrap(callee);
  return inner.type === "Identifier" && inner.name === "eval";
}

/** A field's initialiser has a `this` and no `arguments` of its own; its computed key has not. */
function isFieldValue(node: Node, parent: Node): boolean {
  return (parent.type === "PropertyDefinition" || parent.type === "AccessorProperty") && parent.value === node;
}

export function isFunction(node: Node): node is AnyFunction {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
}

/** What `import("./shop.js")`, `require("./shop")` and `import shop = require("./shop")` name. */
export function specifierOf(node: Node): string | undefined {
  switch (node.type) {
    case "ImportExpression":
      return textOf(node.source);
    case "CallExpression":
      return node.callee.type === "Identifier" && node.callee.name === "require" && node.arguments[0] ? textOf(node.arguments[0]) : undefined;
    case "TSExternalModuleReference":
      return node.expression.value;
    default:
      return undefined;
  }
}

function textOf(node: Node): string | undefined {
  if (node.type === "TemplateLiteral" && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? undefined;
  return node.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
}
