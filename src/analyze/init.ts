/** Top-level statements that are no declarations, and which of them have to stay where they are. */
import type { Node, VariableDeclaration } from "oxc-parser";
import type { Parsed } from "../syntax/parse.ts";
import { firstFrom } from "../syntax/ordered.ts";
import type { Scopes } from "../syntax/scopes.ts";
import { skipBack } from "../syntax/trivia.ts";
import { walk } from "../syntax/walk.ts";
import type { InitStatement, VarDeclaration } from "./analysis.ts";
import { isEval, isFunction } from "./functions.ts";
import { once } from "./once.ts";
import { isRedeclared } from "./redeclared.ts";
import { boundNames } from "../syntax/bound-names.ts";
import type { TopLevel } from "./top-level.ts";
import type { Uses } from "./uses.ts";

export interface InitFacts {
  readonly parsed: Parsed;
  readonly scopes: Scopes;
  readonly uses: Uses;
  /** By itself, whatever a compiler makes of it. */
  readonly strict: boolean;
  /** The name `eval` occurs. */
  readonly namesEval: boolean;
  /** Names in export lists. */
  readonly exported: ReadonlySet<string>;
}

export function readInit(items: readonly TopLevel[], facts: InitFacts): readonly InitStatement[] {
  const exporting = namesOfCommonJs(facts);
  return items.flatMap((item) => {
    if (item.is !== "init") return [];
    const { start, end } = item.range;
    const found = inspect(item.node, facts);
    const touchesExports = (exporting[firstFrom(exporting, start)]?.start ?? end) < end;
    const leaks = found.functionInBlock && !facts.strict;
    const staysBecause = touchesExports ? "export" : found.eval ? "eval" : leaks ? "leaking function" : found.returns ? "return" : found.using ? "using" : found.forInInitialiser ? "for-in initialiser" : found.with && found.vars.length > 0 ? "with" : found.loopNames.some((name) => facts.exported.has(name)) ? "exported loop variable" : found.vars.length > 0 && isRedeclared(item.node) ? "redeclared name" : undefined;
    const uses = once(() => facts.uses.within(item.range));
    return [{
      start,
      end,
      name: "init",
      node: item.node,
      get uses() {
        return uses();
      },
      index: item.index,
      awaits: found.awaits,
      vars: found.vars,
      staysBecause,
    }];
  });
}

/** Where the file names `module` or `exports`, and means those of CommonJS. */
function namesOfCommonJs({ parsed, scopes }: InitFacts): readonly { readonly start: number }[] {
  if (parsed.sourceType !== "commonjs") return [];
  const named = scopes.unresolved.filter(({ identifier: { name } }) => name === "module" || name === "exports");
  return named.map(({ identifier }) => ({ start: identifier.range[0] })).toSorted((a, b) => a.start - b.start);
}

interface Inspection {
  readonly awaits: boolean;
  readonly eval: boolean;
  readonly returns: boolean;
  readonly functionInBlock: boolean;
  readonly using: boolean;
  readonly forInInitialiser: boolean;
  readonly with: boolean;
  /** What `for (var … of …)` declares: of an assignment there, TypeScript tells no importer. */
  readonly loopNames: readonly string[];
  readonly vars: readonly VarDeclaration[];
}

/** What the statement itself does, functions and classes inside it aside. */
function inspect(statement: Node, { parsed: source, namesEval }: InitFacts): Inspection {
  const found = { awaits: false, eval: false, returns: false, functionInBlock: false, using: false, forInInitialiser: false, with: false, loopNames: [] as string[], vars: [] as VarDeclaration[] };
  walk(statement, {
    enter(node, parent) {
      if (node.type === "FunctionDeclaration") found.functionInBlock = true;
      if (node.type === "CallExpression" && isEval(node.callee)) found.eval = true;
      if (isFunction(node) || node.type === "StaticBlock") {
        if (namesEval && hasDirectEval(node)) found.eval = true;
        return false;
      }
      if (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await)) found.awaits = true;
      if (node.type === "ReturnStatement") found.returns = true;
      if (node.type === "WithStatement") found.with = true;
      if (node.type === "VariableDeclaration" && node.kind === "var") {
        found.vars.push(readVar(node, parent, source));
        if ((parent?.type === "ForInStatement" || parent?.type === "ForOfStatement") && parent.left === node) found.loopNames.push(...node.declarations.flatMap(({ id }) => boundNames(id)));
        if (parent?.type === "ForInStatement" && node.declarations[0]?.init) found.forInInitialiser = true;
      }
      if (node.type === "VariableDeclaration" && (node.kind === "using" || node.kind === "await using")) {
        found.using = true;
        if (node.kind === "await using") found.awaits = true;
      }
      return true;
    },
  });
  return found;
}

function hasDirectEval(fn: Node): boolean {
  let found = false;
  walk(fn, {
    enter(node) {
      if (node.type === "CallExpression" && isEval(node.callee)) found = true;
      return !found;
    },
  });
  return found;
}

const LISTS: ReadonlySet<string> = new Set(["Program", "BlockStatement", "SwitchCase", "StaticBlock"]);
const LOOPS: ReadonlySet<string> = new Set(["ForStatement", "ForInStatement", "ForOfStatement"]);

function readVar(node: VariableDeclaration, parent: Node | undefined, source: Parsed): VarDeclaration {
  const first = node.declarations[0];
  const pattern = first?.id.type === "ObjectPattern" || first?.id.type === "ArrayPattern";
  // `for (async of …)` and `for (let of …)` do not parse.
  const keyword = parent?.type === "ForOfStatement" && first?.id.type === "Identifier" && (first.id.name === "async" || first.id.name === "let");
  const inHead = parent !== undefined && LOOPS.has(parent.type) && (parent as { body?: unknown }).body !== node;
  return {
    start: node.start,
    end: node.declarations.at(-1)?.end ?? node.end,
    names: node.declarations.flatMap((declarator) => boundNames(declarator.id)),
    firstAt: first?.start ?? node.start,
    annotations: node.declarations.flatMap((declarator) => {
      const { id } = declarator;
      const annotation = "typeAnnotation" in id ? id.typeAnnotation : undefined;
      if (!annotation) return [];
      // `var x!: T`: the mark goes too.
      const before = skipBack(source, annotation.start);
      return [{ start: source.text.charAt(before - 1) === "!" ? before - 1 : annotation.start, end: annotation.end }];
    }),
    parenthesized: (pattern && !inHead) || keyword,
    inList: parent === undefined || LISTS.has(parent.type),
    unended: !inHead && source.text.charAt(node.end - 1) !== ";",
  };
}
