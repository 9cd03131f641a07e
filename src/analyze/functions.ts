/** Every function of a module in one traversal: facts about each, and why those that are no targets are none. */
import type { ArrowFunctionExpression, Function as FunctionNode, Node, Program } from "oxc-parser";
import { isTypeOnly, unwrap, walk } from "../syntax/walk.ts";
import type { NonTarget, NonTargetReason, Range } from "./analysis.ts";

export type AnyFunction = FunctionNode | ArrowFunctionExpression;

export interface FunctionFacts {
  /** `this`, as its own or in arrow functions inside it. */
  readonly usesThis: boolean;
  readonly usesArguments: boolean;
  readonly usesNewTarget: boolean;
  readonly directEval: boolean;
  readonly withStatement: boolean;
  readonly nested: readonly (Range & { readonly node: Node })[];
}

export interface Functions {
  readonly facts: ReadonlyMap<Node, FunctionFacts>;
  readonly nonTargets: readonly TaggableNonTarget[];
  readonly identifiers: ReadonlySet<string>;
  readonly importMeta: boolean;
  /** Literal specifiers of `import()` and `require()`. */
  readonly dynamicImports: readonly string[];
}

export interface TaggableNonTarget extends NonTarget {
  /** Offsets a tag's comment may stand before. */
  readonly tagAt: readonly number[];
}

interface Frame {
  readonly node: Node;
  readonly arrow: boolean;
  usesThis: boolean;
  usesArguments: boolean;
  usesNewTarget: boolean;
  directEval: boolean;
  withStatement: boolean;
  readonly nested: (Range & { readonly node: Node })[];
}

/**
 * @param candidates functions that may be targets, by node; they do not occur among the non-targets
 */
export function readFunctions(program: Program, candidates: ReadonlySet<Node>): Functions {
  const facts = new Map<Node, FunctionFacts>();
  const nonTargets: TaggableNonTarget[] = [];
  const identifiers = new Set<string>();
  const ancestors: Node[] = [];
  const frames: Frame[] = [];
  const dynamicImports: string[] = [];
  let importMeta = false;

  /** The frames that share `arguments` and `new.target` with this place: arrows, up to the function they stand in. */
  const shared = (): Frame[] => {
    const own = frames.findLastIndex((frame) => !frame.arrow);
    return frames.slice(Math.max(own, 0));
  };

  walk(program, {
    enter(node, parent) {
      if (isTypeOnly(node) && node.type !== "TSEmptyBodyFunctionExpression") {
        addTypeNames(node, identifiers);
        return false;
      }
      ancestors.push(node);
      const specifier = specifierOf(node);
      if (specifier !== undefined) dynamicImports.push(specifier);
      switch (node.type) {
        case "Identifier":
        case "JSXIdentifier":
          identifiers.add(node.name);
          if (node.name === "arguments") for (const frame of shared()) frame.usesArguments = true;
          break;
        case "ThisExpression":
          for (const frame of shared()) frame.usesThis = true;
          break;
        case "MetaProperty":
          if (node.meta.name === "import") importMeta = true;
          else for (const frame of shared()) frame.usesNewTarget = true;
          break;
        case "CallExpression":
          if (isEval(node.callee)) for (const frame of frames) frame.directEval = true;
          break;
        case "WithStatement":
          for (const frame of frames) frame.withStatement = true;
          break;
        case "StaticBlock":
          nonTargets.push({ start: node.start, end: node.end, node, name: `${pathName(ancestors)}static block`, reason: "static block", tagAt: [node.start] });
          break;
      }
      if (isFunction(node)) {
        if (!candidates.has(node)) {
          for (const frame of frames) frame.nested.push({ start: node.start, end: node.end, node });
          nonTargets.push(describe(node, parent, ancestors, frames.some((frame) => isFunction(frame.node))));
        }
      }
      if (isFunction(node) || node.type === "StaticBlock" || isFieldValue(node, parent)) {
        frames.push({
          node,
          arrow: node.type === "ArrowFunctionExpression",
          usesThis: false,
          usesArguments: false,
          usesNewTarget: false,
          directEval: false,
          withStatement: false,
          nested: [],
        });
      }
      return true;
    },
    leave(node) {
      if (ancestors.at(-1) !== node) return;
      ancestors.pop();
      const frame = frames.at(-1);
      if (frame?.node !== node) return;
      frames.pop();
      if (isFunction(node)) facts.set(node, frame);
    },
  });
  return { facts, nonTargets, identifiers, importMeta, dynamicImports };
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
function isFieldValue(node: Node, parent: Node | undefined): boolean {
  return (parent?.type === "PropertyDefinition" || parent?.type === "AccessorProperty") && parent.value === node;
}

export function isFunction(node: Node): node is AnyFunction {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
}

function describe(node: AnyFunction, parent: Node | undefined, ancestors: readonly Node[], inFunction: boolean): TaggableNonTarget {
  const reason = reasonOf(node, parent, ancestors, inFunction);
  const own = node.type === "ArrowFunctionExpression" ? undefined : node.id?.name;
  const path = pathName(ancestors.slice(0, -1));
  const name = `${path}${own ?? (path === "" || path.endsWith(" > ") ? "callback" : "")}`.replace(/\.$/, "").replace(/ > $/, "");
  const tagAt = [node.start];
  for (let depth = ancestors.length - 2; depth >= 0; depth--) {
    const ancestor = ancestors[depth];
    if (!ancestor || !OWNS_TAG.has(ancestor.type)) break;
    tagAt.push(ancestor.start);
  }
  return { start: node.start, end: node.end, node, name, reason, tagAt };
}

/** Between a function and the place its JSDoc stands. */
const OWNS_TAG: ReadonlySet<string> = new Set([
  "MethodDefinition", "PropertyDefinition", "Property", "VariableDeclarator", "VariableDeclaration", "ExportNamedDeclaration",
  "ExportDefaultDeclaration", "CallExpression", "ExpressionStatement", "AssignmentExpression", "TSAsExpression", "TSSatisfiesExpression",
  "ReturnStatement", "TSExportAssignment",
]);

function reasonOf(node: AnyFunction, parent: Node | undefined, ancestors: readonly Node[], inFunction: boolean): NonTargetReason {
  if (parent?.type === "MethodDefinition" && parent.value === node) {
    if (parent.kind === "constructor") return "constructor";
    return parent.kind === "method" ? "method" : "accessor";
  }
  if (parent?.type === "PropertyDefinition" || parent?.type === "AccessorProperty") return "field";
  if (inFunction) return "nested function";
  if (parent?.type === "Property") return "object member";
  for (const ancestor of ancestors.toReversed().slice(1)) {
    switch (ancestor.type) {
      case "CallExpression":
      case "NewExpression":
        return ancestors.some((each) => each.type === "VariableDeclarator") ? "computed value" : "callback at init";
      case "VariableDeclarator":
        return node.type !== "FunctionDeclaration" && isReassignable(ancestors) ? "reassignable binding" : "computed value";
      case "TSModuleBlock":
        return "namespace member";
      case "BlockStatement":
        return node.type === "FunctionDeclaration" ? "function in a block" : "callback at init";
      case "ExportDefaultDeclaration":
      case "TSExportAssignment":
        return "default expression";
    }
  }
  return node.type === "FunctionDeclaration" ? "function in a block" : "callback at init";
}

function isReassignable(ancestors: readonly Node[]): boolean {
  return ancestors.some((each) => each.type === "VariableDeclaration" && each.kind !== "const");
}

/** `Player.levelUp`, `award > refund`, `commands.trade` */
function pathName(ancestors: readonly Node[]): string {
  let path = "";
  for (const node of ancestors) {
    switch (node.type) {
      case "ClassDeclaration":
      case "ClassExpression":
        path += node.id ? `${node.id.name}.` : path === "" ? "class." : "";
        break;
      case "VariableDeclarator":
        if (node.id.type === "Identifier") path += `${node.id.name}.`;
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
        if (node.id) path = `${path.replace(/\.$/, " > ")}${node.id.name} > `;
        else path = path.replace(/\.$/, " > ");
        break;
      case "ArrowFunctionExpression":
        path = path.replace(/\.$/, " > ");
        break;
      case "MethodDefinition":
      case "PropertyDefinition":
      case "Property":
        path += `${keyName(node.key)}.`;
        break;
      case "TSModuleDeclaration":
        if (node.id.type === "Identifier") path += `${node.id.name}.`;
        break;
      case "CallExpression":
        path += `${calleeName(node.callee)}(…) > `;
        break;
    }
  }
  return path;
}

function keyName(key: Node): string {
  if (key.type === "Identifier") return key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  return key.type === "Literal" ? String(key.value) : "[computed]";
}

function calleeName(callee: Node): string {
  if (callee.type === "Identifier") return callee.name;
  if (callee.type === "MemberExpression" && !callee.computed) return `${calleeName(callee.object)}.${keyName(callee.property)}`;
  return callee.type === "ThisExpression" ? "this" : "…";
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
