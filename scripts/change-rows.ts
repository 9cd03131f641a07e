/**
 * The kinds of change that a module can undergo, as far as anybody must know of them: `docs/changes.md` has a row for
 * each, and each row a fixture. The table is written first and filled after; a kind that is missing here is a gap.
 */

/** What can become of a declaration, statement or member. */
export const LIFE = ["added", "removed", "changed", "renamed", "moved to another module", "reordered"] as const;

export interface Kind {
  readonly what: string;
  /** Those of {@link LIFE} that it cannot undergo, or that are told elsewhere, with the reason. */
  readonly not?: Readonly<Partial<Record<(typeof LIFE)[number], string>>>;
  /** What else can happen to it. */
  readonly also?: readonly string[];
}

const MEMBER = { "moved to another module": "a member goes where its class goes" } as const;
const NO_NAME = { renamed: "it has no name" } as const;
const EXPORT = { "moved to another module": "removed here, added there" } as const;
const IMPORT = { "moved to another module": "removed here, added there" } as const;
const ONE = { renamed: "its name is a matter of the importer", reordered: "there is one" } as const;
const AS_FUNCTION = { added: "as for a function", removed: "as for a function", renamed: "as for a function", "moved to another module": "as for a function", reordered: "as for a function" } as const;

export const SECTIONS: readonly (readonly [title: string, kinds: readonly Kind[]])[] = [
  ["Functions", [
    { what: "function", also: [
      "parameter added", "parameter removed", "default of a parameter changed", "becomes async", "becomes a generator", "becomes an arrow function",
      "becomes a class", "becomes a computed value", "becomes a variable", "gains a directive", "gains `new.target`", "gains `import.meta`", "gains a direct `eval`", "gains `with`", "body, with `arguments.callee`", "body, with `import.source()`", "body, with the `this` of a module that may be CommonJS", "body, with an assignment to a constant",
      "gains a class with fields", "gains a name that nothing explains", "overloads changed", "exported", "no longer exported", "excluded by a tag, changed", "assigned, changed", "loop without end changed",
    ] },
    { what: "async function", not: AS_FUNCTION, also: ["becomes a plain function"] },
    { what: "generator", not: AS_FUNCTION, also: ["becomes a plain function", "parameter list changed", "loop without end changed"] },
    { what: "async generator", not: AS_FUNCTION },
    { what: "arrow function in a `const`", also: ["parameter added", "parameter removed", "becomes a declaration", "becomes a function expression"] },
    { what: "function expression in a `const`", not: AS_FUNCTION },
    { what: "function in a `let` or `var`", not: { renamed: "as for a variable", "moved to another module": "as for a variable", reordered: "as for a variable" } },
    { what: "function computed by a call", not: { removed: "as for a constant", renamed: "as for a constant", "moved to another module": "as for a constant", reordered: "as for a constant" } },
    { what: "function in an object literal", not: { renamed: "one key removed, one added", "moved to another module": "goes where its object goes", reordered: "as parts of a constant" } },
    { what: "function in a block", not: { removed: "as for a statement", renamed: "as for a statement", "moved to another module": "as for a statement", reordered: "as for a statement" } },
    { what: "callback of a top-level statement", not: { ...NO_NAME, "moved to another module": "as for a statement", reordered: "as for a statement" } },
    { what: "nested function", not: { renamed: "its function changed", "moved to another module": "its function changed", reordered: "its function changed" }, also: ["class nested in a function changed"] },
    { what: "name of a local", not: { added: "the function changed", removed: "the function changed", renamed: "is the change", "moved to another module": "it is local", reordered: "the function changed" } },
    { what: "JSX", not: { ...AS_FUNCTION, ...NO_NAME } },
  ]],
  ["Constants and variables", [
    { what: "constant", also: ["becomes a variable", "type changed", "written otherwise"] },
    { what: "constant of closed form", also: ["parts reordered"] },
    { what: "constant with another initialiser", not: { "moved to another module": "as a constant of closed form" } },
    { what: "`let` or `var`", also: ["gains or loses its initialiser", "becomes `const`", "`var` becomes `let`", "type changed"] },
    { what: "destructuring declaration" },
    { what: "`using` declaration", not: { renamed: "one removed, one added", "moved to another module": "one removed, one added", reordered: "as a constant with another initialiser" } },
  ]],
  ["Classes", [
    { what: "class", not: { changed: "told by what of it changed" }, also: [
      "heritage changed", "becomes a function", "types changed", "decorator added, changed or removed", "decorator of a member added, changed or removed",
      "decorator of a parameter added, changed or removed", "decorator's function changed",
    ] },
    { what: "method", not: MEMBER, also: ["becomes async", "becomes static", "static, changed", "private, changed", "with a computed name, changed", "formatted otherwise"] },
    { what: "accessor", not: { ...MEMBER, renamed: "as for a method", reordered: "as for a method" }, also: ["becomes a field"] },
    { what: "constructor", not: { ...MEMBER, ...NO_NAME, reordered: "as for a method" }, also: ["parameter becomes a property"] },
    { what: "field", not: MEMBER, also: ["static, changed", "function in it changed", "`declare` or optional without value"] },
    { what: "static block", not: { ...MEMBER, ...NO_NAME, reordered: "as for fields" } },
  ]],
  ["With the option `lift`", [
    { what: "lifted method", not: MEMBER, also: [
      "static, changed", "parameters changed", "async or generator, changed", "with `super`", "with a private name", "becomes async or sync", "becomes static", "becomes an accessor",
      "decorated, changed", "with a computed name, changed", "declared twice, changed", "of a class inside a function", "excluded by a tag, changed", "picked",
    ] },
    { what: "lifted accessor", not: { ...MEMBER, reordered: "as for a method" } },
    { what: "lifted function of an object literal", not: { renamed: "one removed, one added", "moved to another module": "goes where its object goes", reordered: "as parts of a constant" }, also: [
      "with `super`", "added together with data", "changed together with data", "changed together with data of a literal that is handed on", "changed together with data that a timer reads", "unchanged, data beside it changed", "with a computed key, changed", "that calls itself by its own name, changed",
      "arrow function becomes a method", "of a `let` or `var`, changed",
    ] },
    { what: "class or literal with lifted functions", not: { removed: "as without", changed: "told by what of it changed", "moved to another module": "as without", reordered: "as without" }, also: [
      "heritage changed", "field added", "function in a field changed", "constructor changed", "static block changed", "types, comments and formatting",
    ] },
  ]],
  ["Enums and namespaces", [
    { what: "enum", not: { changed: "told by what of it changed" }, also: ["member added", "member removed", "member changed", "members reordered", "becomes a `const enum`", "declared in parts, unchanged"] },
    { what: "`const enum`", also: ["becomes an enum"] },
    { what: "namespace", not: { changed: "told by what of it changed" }, also: ["function changed", "variable changed", "member added or removed", "only types"] },
  ]],
  ["Top-level statements", [
    { what: "top-level statement", not: NO_NAME, also: ["formatted otherwise", "function moved across it", "declaration moved across it", "`await` added", "initialiser awaits"] },
    { what: "directive", not: { added: "told by which", removed: "told by which", changed: "told by which", ...NO_NAME, "moved to another module": "removed here, added there", reordered: "their order means nothing" },
      also: ["`\"use strict\"` added or removed, sloppy code", "`\"use strict\"` added or removed, code already strict", "other than `\"use strict\"` added, changed or removed"] },
  ]],
  ["Imports", [
    { what: "named import", not: IMPORT, also: ["changed to a re-export of the same", "of what is not there"] },
    { what: "default import", not: { ...IMPORT, ...ONE }, also: ["of an anonymous export, by a changed function", "of the value of a variable", "of the variable itself"] },
    { what: "namespace import", not: { ...IMPORT, ...ONE }, also: ["module gains an export"] },
    { what: "import of a builtin or package", not: { ...IMPORT, renamed: "as for a named import", reordered: "packages are taken as loaded" } },
    { what: "side-effect import", not: { ...IMPORT, ...NO_NAME, changed: "one removed, one added" } },
    { what: "JSON import", not: { ...IMPORT, removed: "as for a named import", renamed: "as for a named import", reordered: "it has no effects" } },
    { what: "dynamic import", not: { ...IMPORT, ...NO_NAME, changed: "one removed, one added", reordered: "its function changed" } },
    { what: "`import x = require(…)`", not: { ...IMPORT, removed: "as for a constant with another initialiser", renamed: "one removed, one added", reordered: "as for a constant with another initialiser" } },
    { what: "`require`", not: { ...IMPORT, removed: "as for a constant with another initialiser", renamed: "as for a constant", reordered: "as for a constant with another initialiser" } },
    { what: "type import", not: { added: "one row", removed: "one row", changed: "one row", renamed: "one row", "moved to another module": "one row", reordered: "one row" }, also: ["added, changed or removed"] },
  ]],
  ["Exports", [
    { what: "export", not: EXPORT },
    { what: "default export", not: { ...EXPORT, ...ONE, changed: "told by what it is" }, also: ["function changed", "anonymous function changed", "class changed", "expression changed", "value changed", "another name", "expression gets a name"] },
    { what: "re-export", not: EXPORT },
    { what: "`export *`", not: { ...EXPORT, ...NO_NAME, reordered: "two that clash export nothing, in any order" } },
    { what: "`export * as`", not: { ...EXPORT, removed: "as for a re-export", renamed: "as for a re-export", reordered: "as for a re-export" } },
    { what: "`export =`", not: { ...EXPORT, ...ONE, added: "changes what kind of module it is", removed: "changes what kind of module it is" } },
    { what: "`exports.name =`", not: { added: "one row", removed: "one row", changed: "one row", renamed: "one row", "moved to another module": "one row", reordered: "as for a statement" }, also: ["added, changed or removed"] },
    { what: "type export", not: { added: "one row", removed: "one row", changed: "one row", renamed: "one row", "moved to another module": "one row", reordered: "one row" }, also: ["added, changed or removed"] },
  ]],
  ["Types and text", [
    { what: "interface or type alias" },
    { what: "annotation, assertion, type argument", not: { added: "one row", removed: "one row", changed: "one row", renamed: "it has no name", "moved to another module": "one row", reordered: "one row" }, also: ["added, changed or removed"] },
    { what: "ambient declaration", not: { added: "one row", removed: "one row", changed: "one row", renamed: "one row", "moved to another module": "one row", reordered: "one row" }, also: ["added, changed or removed"] },
    { what: "comment", not: { added: "one row", removed: "one row", changed: "one row", renamed: "it has no name", "moved to another module": "one row", reordered: "one row" }, also: ["added, changed or removed"] },
    { what: "formatting", not: { added: "one row", removed: "one row", changed: "one row", renamed: "it has no name", "moved to another module": "one row", reordered: "one row" }, also: ["parentheses, quotes, semicolons, line breaks"] },
  ]],
  ["Modules and their surroundings", [
    { what: "module", not: { changed: "everything above", "moved to another module": "moved to another folder: renamed", reordered: "as for imports" }, also: ["added, awaits"] },
    { what: "excluded file", not: { added: "nothing that is patched reaches it", removed: "as changed", renamed: "as changed", "moved to another module": "it is a file", reordered: "it is a file" } },
    { what: "compiler settings", not: { added: "as changed", removed: "as changed", renamed: "as changed", "moved to another module": "they are no code", reordered: "their order means nothing" } },
    { what: "lock file", not: { added: "as changed", removed: "as changed", renamed: "as changed", "moved to another module": "it is no code", reordered: "as changed" } },
  ]],
];

/** What can happen to a kind, in the order of the page. */
export function waysOf({ not = {}, also = [] }: Kind): readonly string[] {
  return [...LIFE.filter((how) => !(how in not)), ...also];
}
