/** One traversal for everybody: visits nodes in source order with their ancestors. */
import { visitorKeys, type Node } from "oxc-parser";

export interface Visitor {
  /** Returning `false` skips the node's children. */
  enter(node: Node, parent: Node | undefined): boolean | void;
  leave?(node: Node, parent: Node | undefined): void;
}

const KEYS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(visitorKeys));
const NONE: readonly string[] = [];

type Fields = Readonly<Record<string, Node | readonly (Node | null)[] | null | undefined>>;

export function walk(root: Node, visitor: Visitor, parent?: Node): void {
  if (visitor.enter(root, parent) !== false) eachChild(root, walkOn, visitor, undefined);
  visitor.leave?.(root, parent);
}

function walkOn(node: Node, parent: Node, visitor: Visitor): void {
  walk(node, visitor, parent);
}

export function children(node: Node): readonly Node[] {
  const found: Node[] = [];
  eachChild(node, addTo, found, undefined);
  return found;
}

function addTo(node: Node, _parent: Node, found: Node[]): void {
  found.push(node);
}

/**
 * In the order of the source. Every tree is walked a dozen times: what these fields hold is not looked at twice, and nothing is made on
 * the way. Hence the indices, and what is handed on instead of being closed over.
 */
export function eachChild<First, Second>(node: Node, take: (child: Node, node: Node, first: First, second: Second) => void, first: First, second: Second): void {
  const fields = node as unknown as Fields;
  const keys = KEYS.get(node.type) ?? NONE;
  for (let at = 0; at < keys.length; at++) {
    const value = fields[keys[at] as string];
    if (value === null || value === undefined) continue;
    if (!Array.isArray(value)) {
      take(value as Node, node, first, second);
      continue;
    }
    for (let index = 0; index < value.length; index++) if (value[index] !== null) take(value[index] as Node, node, first, second);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** Types, and declarations that leave nothing behind at run time. */
export function isTypeOnly(node: Node): boolean {
  switch (node.type) {
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSDeclareFunction":
    case "TSTypeAnnotation":
    case "TSTypeParameterDeclaration":
    case "TSTypeParameterInstantiation":
    case "TSClassImplements":
    case "TSIndexSignature":
    case "TSEmptyBodyFunctionExpression":
    case "TSAbstractMethodDefinition":
    case "TSAbstractPropertyDefinition":
    case "TSAbstractAccessorProperty":
    case "TSNamespaceExportDeclaration":
      return true;
    case "VariableDeclaration":
    case "ClassDeclaration":
    case "FunctionDeclaration":
    case "TSEnumDeclaration":
    case "PropertyDefinition":
      return node.declare === true;
    case "TSModuleDeclaration":
      return node.declare === true || !isInstantiated(node);
    case "MethodDefinition":
      return node.value.type === "TSEmptyBodyFunctionExpression";
    case "ExportNamedDeclaration":
      return node.exportKind === "type" || (node.declaration != null && isTypeOnly(node.declaration));
    case "ExportDefaultDeclaration":
      return isTypeOnly(node.declaration as Node);
    case "ExportAllDeclaration":
      return node.exportKind === "type";
    case "ImportDeclaration":
      return node.importKind === "type";
    case "TSImportEqualsDeclaration":
      return node.importKind === "type";
    default:
      return false;
  }
}

/** A namespace with nothing but types inside leaves nothing behind. */
function isInstantiated(node: Extract<Node, { type: "TSModuleDeclaration" }>): boolean {
  const body = node.body as Node | null | undefined;
  if (!body) return false;
  if (body.type === "TSModuleDeclaration") return isInstantiated(body);
  if (body.type !== "TSModuleBlock") return true;
  return body.body.some((statement) => !isTypeOnly(statement));
}

/** What stands around an expression and leaves its value as it is. */
export type Wrapper = Extract<Node, { type: "ParenthesizedExpression" | "TSAsExpression" | "TSSatisfiesExpression" | "TSNonNullExpression" | "TSTypeAssertion" | "TSInstantiationExpression" }>;

/** Parentheses, `as`, `satisfies`, `!`, `<T>` in front and behind. */
export function isWrapper(node: Node): node is Wrapper {
  switch (node.type) {
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
      return true;
    default:
      return false;
  }
}

/** The expression inside its wrappers. */
export function unwrap(node: Node): Node {
  return isWrapper(node) ? unwrap(node.expression) : node;
}
