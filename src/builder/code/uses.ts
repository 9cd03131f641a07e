/** What patch code names beyond itself: names of its module, globals, `import()` and `import.meta`. */
import type { Node } from "oxc-parser";
import type { ModuleAnalysis, Range } from "../../analyze/analysis.ts";
import { specifierOf } from "../../analyze/functions.ts";
import { classNames } from "../../analyze/lifted.ts";
import { valueReferences } from "../../syntax/scopes.ts";
import { walk } from "../../syntax/walk.ts";
import { isDefined } from "./defines.ts";
import type { JavaScript } from "./javascript.ts";
import { homeOf } from "./lifted.ts";
import { piecesOf, type CodeRequest } from "./pieces.ts";

/** A name that patch code reaches through the scope object, and where. */
export interface ScopeUse {
  readonly name: string;
  /** The function or variable it stands in. */
  readonly within: string;
}

/** Names that the chosen functions and variables reach through the scope. Calls of chosen functions do not count. */
export function scopeUses(javascript: JavaScript, request: CodeRequest): readonly ScopeUse[] {
  const homes = piecesOf(javascript.analysis, request).flatMap(({ target }) => homeOf(target)?.use ?? []);
  return [...findUses(javascript.analysis, request).filter((use) => !use.direct).map(({ name, within }) => ({ name, within })), ...homes];
}

/** What every CommonJS file has. */
export const COMMONJS_NAMES: ReadonlySet<string> = new Set(["require", "module", "exports", "__filename", "__dirname"]);

/** Names that no binding of the module explains; `typeof name` may name anything. */
export function globalUses(javascript: JavaScript, request: CodeRequest): readonly ScopeUse[] {
  const at = new Map(javascript.analysis.scopes.unresolved.map(({ identifier }) => [identifier.range[0], String(identifier.name)]));
  return piecesOf(javascript.analysis, request).flatMap((piece) => {
    const found: ScopeUse[] = [];
    // `typeof window !== "undefined" && window.x`: the code knows that there may be none.
    const asked = new Set<string>();
    walk(piece.node, {
      enter(node, parent) {
        const name = node.type === "Identifier" ? at.get(node.start) : undefined;
        if (name === undefined) return;
        if (parent?.type === "UnaryExpression" && parent.operator === "typeof") asked.add(name);
        else found.push({ name, within: piece.name });
      },
    });
    return found.filter(({ name }) => !asked.has(name));
  });
}

/** The functions and variables that contain a class with fields. */
export function withClassFields(javascript: JavaScript, request: CodeRequest): readonly string[] {
  return piecesOf(javascript.analysis, request).flatMap((piece) => {
    let found = false;
    walk(piece.node, {
      enter(node) {
        if (node.type === "PropertyDefinition") found = true;
        return !found;
      },
    });
    return found ? [piece.name] : [];
  });
}

/** `import()`, `import.meta` or `import.meta.url` in a function or variable. */
export interface ImportForm {
  readonly form: "import()" | "import.meta" | "import.meta.url";
  /** Of a dynamic import, where it is a literal. */
  readonly specifier: string | undefined;
  readonly within: string;
}

export function importForms(javascript: JavaScript, request: CodeRequest): readonly ImportForm[] {
  return piecesOf(javascript.analysis, request).flatMap((piece) => {
    const found: ImportForm[] = [];
    walk(piece.node, {
      enter(node, parent) {
        if (isDefined(node, javascript.analysis, request.defines)) return false;
        if (node.type === "ImportExpression") {
          found.push({ form: "import()", specifier: specifierOf(node), within: piece.name });
        } else if (node.type === "MetaProperty" && node.meta.name === "import") {
          found.push({ form: isUrl(parent) ? "import.meta.url" : "import.meta", specifier: undefined, within: piece.name });
        }
        return true;
      },
    });
    return found;
  });
}

/** The member expression in `import.meta.url`. */
export function isUrl(parent: Node | undefined): boolean {
  return parent?.type === "MemberExpression" && !parent.computed && parent.property.type === "Identifier" && parent.property.name === "url";
}

export interface Use extends ScopeUse {
  readonly at: number;
  readonly end: number;
  /** A call of a function that is in the patch: goes to it without a detour. */
  readonly direct: boolean;
  readonly position: "value" | "callee" | "shorthand";
  /** The anonymous function that an assignment to the name gives its name to. */
  readonly assigned: Range | undefined;
}

export function findUses(analysis: ModuleAnalysis, request: CodeRequest): readonly Use[] {
  const names = new Map<number, string>();
  for (const variable of analysis.scopes.module.variables) {
    for (const reference of valueReferences(variable, analysis.scopes)) names.set(reference.identifier.range[0], variable.name);
  }
  if (analysis.parsed.sourceType === "commonjs") {
    for (const { identifier } of analysis.scopes.unresolved) if (COMMONJS_NAMES.has(String(identifier.name))) names.set(identifier.range[0], String(identifier.name));
  }
  const classes = classNames(analysis);
  const chosen = new Set(request.functions);
  return piecesOf(analysis, request).flatMap((piece) => {
    const own = ownName(piece.node);
    // A name that a pattern binds is its own in it; one that the rest can assign is not named there.
    const bound = new Set(piece.together.flatMap((name) => analysis.scopes.module.set.get(name)?.identifiers.map((each) => each.range[0]) ?? []));
    const selfContained = request.variables.some((each) => each.name === piece.name && !each.mutable);
    const uses: Use[] = [];
    const shorthands = new Set<Node>();
    walk(piece.node, {
      enter(node, parent) {
        if (node.type === "Property" && node.shorthand) shorthands.add(node.value.type === "AssignmentPattern" ? node.value.left : node.value);
        if (node.type !== "Identifier" || (parent?.type === "Property" && parent.shorthand && parent.key === node && parent.value !== (node as Node))) return;
        const name = names.get(node.start) ?? (piece.target?.member && classes.get(node.start)) ?? (node.name === own?.name && isOwnName(node, own, analysis) ? piece.name : undefined);
        if (name === undefined || isDeclaredName(node, piece.node) || (selfContained && name === piece.name) || bound.has(node.start) || piece.together.includes(name)) return;
        if (request.inlined.has(name)) return;
        const position = shorthands.has(node) ? "shorthand" : positionOf(node, parent);
        uses.push({
          name,
          within: piece.name,
          at: node.start,
          end: node.end,
          position,
          direct: position === "callee" && chosen.has(name) && !analysis.reassignsUnseen,
          assigned: namedFunction(node, parent),
        });
      },
    });
    return uses;
  });
}

/** The inner name of `const f = function g() { … }`: inside, `g` is the host's function. */
function ownName(node: Node): { readonly name: string; readonly node: Node } | undefined {
  return node.type === "FunctionExpression" && node.id ? { name: node.id.name, node } : undefined;
}

function isOwnName(node: Node, own: { readonly name: string; readonly node: Node }, analysis: ModuleAnalysis): boolean {
  const scope = analysis.scopes.ofFunction(own.node)?.upper;
  return scope?.type === "function-expression-name" && (scope.set.get(own.name)?.references.some((reference) => reference.identifier.range[0] === node.start) ?? false);
}

/** The name in a declaration is not a use. */
function isDeclaredName(node: Node, piece: Node): boolean {
  return "id" in piece && (piece.id as Node | null) === node;
}

function positionOf(node: Node, parent: Node | undefined): Use["position"] {
  if (parent?.type === "CallExpression" && parent.callee === node) return "callee";
  if (parent?.type === "TaggedTemplateExpression" && parent.tag === node) return "callee";
  return "value";
}

// f = () => {}    { f = () => {} } = …    [f = () => {}] = …
function namedFunction(node: Node, parent: Node | undefined): Range | undefined {
  if (parent?.type !== "AssignmentExpression" && parent?.type !== "AssignmentPattern") return undefined;
  return (parent.left as Node) === node && isAnonymous(parent.right) ? { start: parent.right.start, end: parent.right.end } : undefined;
}

function isAnonymous(node: Node): boolean {
  if (node.type === "ArrowFunctionExpression") return true;
  return (node.type === "FunctionExpression" || node.type === "ClassExpression") && node.id === null;
}
