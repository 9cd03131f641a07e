/**
 * Patch code of one module: the changed and added functions, cut out of the fixed source's JavaScript, with every
 * name that is not their own reached through the scope object.
 */
import remapping, { type SourceMapInput } from "@jridgewell/remapping";
import MagicString from "magic-string";
import type { Node } from "oxc-parser";
import type { Target } from "../../analyze/analysis.ts";
import { adderName, togetherName } from "../../patch/adder.ts";
import { liftName, SUPER_TEXT } from "../../patch/lift-names.ts";
import { planGuard } from "../../plan/guard.ts";
import { chooseNames, type InjectedNames } from "../../plan/names.ts";
import { applyEdit } from "../../rewrite/text.ts";
import { walk } from "../../syntax/walk.ts";
import { isDefined, rewriteDefines } from "./defines.ts";
import type { JavaScript } from "./javascript.ts";
import { homeOf, writeLifted } from "./lifted.ts";
import { piecesOf, type CodeRequest, type Piece } from "./pieces.ts";
import { writePrivates } from "./privates.ts";
import { findUses, isUrl, type Use } from "./uses.ts";

export interface PatchCode {
  readonly code: string;
  readonly map: string;
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
    if (piece.target) writePrivates(output, piece.target, analysis.parsed, names.scope);
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
