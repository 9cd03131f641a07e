/**
 * Patch code of one module: the changed and added functions, cut out of the fixed source's JavaScript, with every
 * name that is not their own reached through the scope object.
 */
import remapping, { type SourceMapInput } from "@jridgewell/remapping";
import MagicString from "magic-string";
import type { Node } from "oxc-parser";
import type { ModuleAnalysis, Range, Target } from "../../analyze/analysis.ts";
import { specifierOf } from "../../analyze/functions.ts";
import { classNames } from "../../analyze/lifted.ts";
import { adderName, togetherName } from "../../patch/adder.ts";
import { liftName, SUPER_TEXT } from "../../patch/lift-names.ts";
import { planGuard } from "../../plan/guard.ts";
import { chooseNames, type InjectedNames } from "../../plan/names.ts";
import { applyEdit } from "../../rewrite/text.ts";
import { valueReferences } from "../../syntax/scopes.ts";
import { walk } from "../../syntax/walk.ts";
import { isPattern } from "./pattern.ts";
import { isDefined, rewriteDefines, type Defines } from "./defines.ts";
import type { JavaScript } from "./javascript.ts";
import { homeOf, writeLifted } from "./lifted.ts";

export interface CodeRequest {
  /** Names of the functions in the patch. */
  readonly functions: readonly string[];
  /** Those of them that the host does not have. */
  readonly added: ReadonlySet<string>;
  /** Names of the variables it adds. */
  readonly variables: readonly AddedVariable[];
  /** Top-level statements go in too: those of a new module. */
  readonly statements: boolean;
  readonly strict: boolean;
  /** Name of the fixed source in the map. */
  readonly file: string;
  /** Text that stands for a name the host's compiler had inlined (`const enum`): its value, as an expression. */
  readonly inlined: ReadonlyMap<string, string>;
  /** Names that the host's build replaced. */
  readonly defines: Defines;
}

export interface AddedVariable {
  readonly name: string;
  /** Assignments are possible: its own initialiser, too, must reach it through the scope. */
  readonly mutable: boolean;
}

export interface PatchCode {
  readonly code: string;
  readonly map: string;
}

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
function isUrl(parent: Node | undefined): boolean {
  return parent?.type === "MemberExpression" && !parent.computed && parent.property.type === "Identifier" && parent.property.name === "url";
}

export function writePatchCode(javascript: JavaScript, request: CodeRequest): PatchCode {
  const { analysis } = javascript;
  const { text } = analysis.parsed;
  const output = new MagicString(text, { filename: analysis.parsed.file });
  const names = { ...chooseNames(analysis.identifiers, (name) => analysis.rebinds.has(name), analysis.scopes.bindsOutside), scope: freeName("$s", analysis.identifiers) };
  const pieces = piecesOf(analysis, request);

  let end = 0;
  for (const piece of pieces) {
    if (piece.start > end) output.remove(end, piece.start);
    end = piece.end;
    if (piece.target?.member) writeLifted(output, piece.target, { analysis, strict: request.strict, scope: names.scope, guard: request.added.has(piece.name) ? planGuard(piece.target, names) : undefined });
    else if (piece.target) writeFunction(output, text, piece.target, names);
  }
  output.remove(end, text.length);
  for (const use of findUses(analysis, request)) if (!use.direct) writeUse(output, use, names);
  for (const piece of pieces) {
    rewriteImportForms(output, piece.node, names, (node) => isDefined(node, analysis, request.defines));
    rewriteDefines(output, piece.node, analysis, request.defines);
  }

  const functions = pieces.flatMap((piece) => (piece.target ? [`${piece.target.slot}: ${piece.target.member ? liftName(piece.target.slot) : localName(piece.target)}`] : []));
  const variables = pieces.filter((piece) => !piece.target);
  for (const piece of variables) writeVariable(output, piece, names);
  const inlined = [...request.inlined].map(([name, value]) => `const ${name} = ${value};\n`).join("");
  output.prepend(`(function (${names.table}, ${names.scope}) {${request.strict ? ' "use strict";' : ""}\n${inlined}${pieces.some(({ target }) => homeOf(target)) ? `${SUPER_TEXT}\n` : ""}`);
  output.append(`return { functions: { ${functions.join(", ")} }, variables: { ${variables.flatMap(variableNames).map((name) => `"${name}": ${adderName(name)}`).join(", ")} } };\n})`);

  const first = output.generateMap({ source: analysis.parsed.file, hires: "boundary" });
  const map = remapping([first as SourceMapInput, javascript.map as SourceMapInput], () => null);
  return { code: output.toString(), map: JSON.stringify({ ...map, sources: [request.file], file: undefined }) };
}

interface Piece extends Range {
  readonly name: string;
  readonly node: Node;
  readonly target: Target | undefined;
  /** `var`: its initialiser may name it (compiled enums do). */
  readonly isVar: boolean;
  /** What a declaration that destructures binds; none for all else. */
  readonly together: readonly string[];
}

/** The parts of the text that go into the patch, in source order. */
export function piecesOf(analysis: ModuleAnalysis, request: CodeRequest): readonly Piece[] {
  const functions = analysis.targets
    .filter((target) => request.functions.includes(target.name))
    .map((target): Piece => {
      const node = target.member?.node ?? target.fn;
      return { name: target.name, node, start: node.start, end: node.end, target, isVar: false, together: [] };
    });
  const variables = analysis.bindings
    .filter((binding) => [binding.name, ...binding.names].some((name) => request.variables.some((each) => each.name === name)))
    .map((binding): Piece => ({ name: binding.name, node: binding.node, start: binding.node.start, end: binding.node.end, target: undefined, isVar: binding.kind === "var", together: isPattern(binding) ? binding.names : [] }));
  const statements = request.statements
    ? analysis.init.map((statement, index): Piece => ({ name: `#${index + 1}`, node: statement.node, start: statement.start, end: statement.end, target: undefined, isVar: false, together: [] }))
    : [];
  return [...functions, ...variables, ...statements].toSorted((a, b) => a.start - b.start);
}

/** `default` is no name for a binding. */
function localName(target: Target): string {
  return target.binding ?? "$default";
}

// const f = (a) => … --> const f = (a) => …;    export default function () {} --> const $default = { default: function () {} }.default;
function writeFunction(output: MagicString, text: string, target: Target, names: InjectedNames): void {
  applyEdit(output, text, planGuard(target, names));
  const { start, end } = target.fn;
  if (target.form === "declaration" && target.binding !== undefined) {
    output.appendLeft(end, "\n");
  } else if (target.binding === undefined) {
    output.prependRight(start, "const $default = { default: ");
    output.appendLeft(end, " }.default;\n");
  } else {
    output.prependRight(start, `const ${target.binding} = `);
    output.appendLeft(end, ";\n");
  }
}

// let hits = new Map() --> const $add_hits = () => { let hits = new Map(); return hits; };
// run(x); --> const $add_1 = () => { run(x); };    export default x + 1 --> const $add_default = () => { return { default: (x + 1) }.default; };
// let { a, b } = f() --> const $all_a = () => { let { a, b } = f(); return { a, b }; }; const $add_a = () => $s["{a, b}"].a; …
function writeVariable(output: MagicString, piece: Piece, { scope }: { readonly scope: string }): void {
  const { together } = piece;
  if (together.length > 0) {
    const all = togetherName(together);
    output.prependRight(piece.start, `const ${adderName(all)} = () => { ${piece.isVar ? "var" : "let"} `);
    output.appendLeft(piece.end, `; return { ${together.join(", ")} }; };\n${together.map((name) => `const ${adderName(name)} = () => ${scope}["${all}"].${name};\n`).join("")}`);
    return;
  }
  if (piece.name === "default" || piece.name.startsWith("#")) {
    const [before, after] = piece.name === "default" ? ["return { default: (", ") }.default;"] : ["", ""];
    output.prependRight(piece.start, `const ${adderName(piece.name)} = () => { ${before}`);
    output.appendLeft(piece.end, `${after} };\n`);
    return;
  }
  const keyword = piece.node.type === "VariableDeclarator" ? (piece.isVar ? "var " : "let ") : "";
  output.prependRight(piece.start, `const ${adderName(piece.name)} = () => { ${keyword}`);
  output.appendLeft(piece.end, `; return ${piece.name}; };\n`);
}

/** The names of the variables that a piece makes. */
function variableNames({ name, together }: Piece): readonly string[] {
  return together.length > 0 ? [togetherName(together), ...together] : [name];
}

interface Use extends ScopeUse {
  readonly at: number;
  readonly end: number;
  /** A call of a function that is in the patch: goes to it without a detour. */
  readonly direct: boolean;
  readonly position: "value" | "callee" | "shorthand";
  /** The anonymous function that an assignment to the name gives its name to. */
  readonly assigned: Range | undefined;
}

function findUses(analysis: ModuleAnalysis, request: CodeRequest): readonly Use[] {
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

function writeUse(output: MagicString, use: Use, names: InjectedNames): void {
  const reached = `${names.scope}.${use.name}`;
  if (use.assigned) {
    // f = () => {} --> $s.f = { f: () => {} }.f
    output.prependRight(use.assigned.start, `{ ${use.name}: `);
    output.appendLeft(use.assigned.end, ` }.${use.name}`);
  }
  switch (use.position) {
    case "callee":
      // f(x) --> (0, $s.f)(x)
      output.update(use.at, use.end, `(0, ${reached})`);
      return;
    case "shorthand":
      // { f } --> { f: $s.f }
      // (`__proto__: x` would set the prototype)
      output.update(use.at, use.end, `${use.name === "__proto__" ? '["__proto__"]' : use.name}: ${reached}`);
      return;
    case "value":
      output.update(use.at, use.end, reached);
  }
}

// import.meta.url --> $s["import.meta.url"]    import.meta --> $s["import.meta"]    import("x") --> (0, $s["import()"])("x")
function rewriteImportForms(output: MagicString, root: Node, names: InjectedNames, isReplaced: (node: Node) => boolean): void {
  walk(root, {
    enter(node, parent) {
      if (isReplaced(node)) return false;
      if (node.type === "ImportExpression") output.update(node.start, node.start + "import".length, `(0, ${names.scope}["import()"])`);
      if (node.type !== "MetaProperty" || node.meta.name !== "import") return true;
      if (parent && isUrl(parent)) output.update(parent.start, parent.end, `${names.scope}["import.meta.url"]`);
      else output.update(node.start, node.end, `${names.scope}["import.meta"]`);
      return true;
    },
  });
}

function freeName(wanted: string, identifiers: ReadonlySet<string>): string {
  let name = wanted;
  for (let suffix = 2; identifiers.has(name); suffix++) name = `${wanted}${suffix}`;
  return name;
}
