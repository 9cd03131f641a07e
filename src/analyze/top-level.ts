/** A module's statements, sorted by what they are. No judgement about patchability here. */
import type { Class, ExportDefaultDeclaration, ExportNamedDeclaration, Function as FunctionNode, Node, Program, VariableDeclaration } from "oxc-parser";
import { boundNames } from "../syntax/bound-names.ts";
import { isTypeOnly, unwrap } from "../syntax/walk.ts";
import type { Binding, BindingKind, Export, Range } from "./analysis.ts";

export type TopLevel =
  | { readonly is: "function"; readonly name: string; readonly fn: FunctionNode; readonly range: Range; readonly tagAt: readonly number[] }
  | {
      readonly is: "variable";
      readonly names: readonly string[];
      readonly kind: Extract<BindingKind, "const" | "let" | "var" | "using">;
      readonly init: Node | undefined;
      readonly node: Node;
      readonly range: Range;
      readonly tagAt: readonly number[];
    }
  | { readonly is: "binding"; readonly names: readonly string[]; readonly kind: Binding["kind"]; readonly node: Node; readonly range: Range; readonly tagAt: readonly number[] }
  | { readonly is: "default expression"; readonly node: Node; readonly range: Range; readonly tagAt: readonly number[] }
  | { readonly is: "init"; readonly node: Node; readonly range: Range; readonly index: number };

export interface Structure {
  readonly items: readonly TopLevel[];
  readonly sources: readonly SourceUse[];
  readonly exports: readonly Export[];
  readonly firstStatement: number;
}

/** An import or re-export, before it is known which of its names are used. */
export interface SourceUse extends Range {
  readonly specifier: string;
  /** Local, imported. Empty for `import "x"` and re-exports, which always load. */
  readonly names: readonly { readonly local: string; readonly imported: string }[];
  readonly always: boolean;
  /** `import "x"` */
  readonly bare: boolean;
}

export function readStructure(program: Program, text: string): Structure {
  const items: TopLevel[] = [];
  const sources: SourceUse[] = [];
  const exports: Export[] = [];
  let firstStatement: number | undefined;
  for (const [index, statement] of program.body.entries()) {
    if (statement.type === "ExpressionStatement" && typeof statement.directive === "string") continue;
    firstStatement ??= outerStart(statement);
    if (isTypeOnly(statement) || statement.type === "EmptyStatement") continue;
    readStatement(statement, index, { items, sources, exports });
  }
  return { items, sources, exports, firstStatement: firstStatement ?? endOfDirectives(program, text) };
}

/** A decorator before `export` belongs to the statement. */
function outerStart(statement: Node): number {
  const declaration = statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration" ? (statement.declaration as Node | null) : statement;
  const decorators = declaration?.type === "ClassDeclaration" ? declaration.decorators : [];
  return Math.min(statement.start, ...decorators.map((decorator) => decorator.start));
}

function endOfDirectives(program: Program, text: string): number {
  const last = program.body.at(-1);
  return last ? last.end : program.hashbang ? program.hashbang.end + (text.charAt(program.hashbang.end) === "\r" ? 2 : 1) : 0;
}

interface Collected {
  readonly items: TopLevel[];
  readonly sources: SourceUse[];
  readonly exports: Export[];
}

function readStatement(statement: Node, index: number, into: Collected): void {
  switch (statement.type) {
    case "ImportDeclaration":
      into.sources.push({
        start: statement.start,
        end: statement.end,
        specifier: statement.source.value,
        always: statement.specifiers.length === 0,
        bare: statement.specifiers.length === 0,
        names: statement.specifiers
          .filter((specifier) => !(specifier.type === "ImportSpecifier" && specifier.importKind === "type"))
          .map((specifier) => ({
            local: specifier.local.name,
            imported: specifier.type === "ImportNamespaceSpecifier" ? "*" : specifier.type === "ImportDefaultSpecifier" ? "default" : nameOf(specifier.imported),
          })),
      });
      return;
    case "ExportAllDeclaration":
      into.sources.push({ start: statement.start, end: statement.end, specifier: statement.source.value, always: true, bare: false, names: [] });
      into.exports.push(
        statement.exported
          ? { exported: nameOf(statement.exported), local: "*", specifier: statement.source.value }
          : { exported: "*", local: "*", specifier: statement.source.value },
      );
      return;
    case "ExportNamedDeclaration":
      return readNamedExport(statement, index, into);
    case "ExportDefaultDeclaration":
      return readDefaultExport(statement, into);
    case "TSExportAssignment":
      into.exports.push({ exported: "=", local: statement.expression.type === "Identifier" ? statement.expression.name : undefined, specifier: undefined });
      into.items.push({ is: "default expression", node: statement.expression, range: rangeOf(statement), tagAt: [statement.start] });
      return;
    default:
      if (!readDeclaration(statement, [statement.start], rangeOf(statement), into.items)) {
        into.items.push({ is: "init", node: statement, range: rangeOf(statement), index });
      }
  }
}

function readNamedExport(statement: ExportNamedDeclaration, index: number, into: Collected): void {
  if (statement.declaration) {
    const before = into.items.length;
    readDeclaration(statement.declaration, [statement.start, statement.declaration.start], rangeOf(statement), into.items);
    for (const item of into.items.slice(before)) {
      const names = item.is === "function" ? [item.name] : "names" in item ? item.names : [];
      for (const name of names) into.exports.push({ exported: name, local: name, specifier: undefined });
    }
    return;
  }
  const specifier = statement.source?.value;
  const values = statement.specifiers.filter((each) => each.exportKind !== "type");
  if (specifier !== undefined) into.sources.push({ start: statement.start, end: statement.end, specifier, always: true, bare: false, names: [] });
  for (const each of values) into.exports.push({ exported: nameOf(each.exported), local: nameOf(each.local), specifier });
}

function readDefaultExport(statement: ExportDefaultDeclaration, into: Collected): void {
  const node = statement.declaration as Node;
  const range = rangeOf(statement);
  const tagAt = [statement.start, node.start];
  if (node.type === "FunctionDeclaration") {
    into.items.push({ is: "function", name: node.id?.name ?? "default", fn: node, range, tagAt });
    into.exports.push({ exported: "default", local: node.id?.name ?? "default", specifier: undefined });
  } else if (node.type === "ClassDeclaration") {
    into.items.push({ is: "binding", names: node.id ? [node.id.name] : [], kind: "class", node, range, tagAt });
    into.exports.push({ exported: "default", local: node.id?.name, specifier: undefined });
  } else {
    into.items.push({ is: "default expression", node, range, tagAt });
    into.exports.push({ exported: "default", local: node.type === "Identifier" ? node.name : undefined, specifier: undefined });
  }
}

function readDeclaration(node: Node, tagAt: readonly number[], range: Range, items: TopLevel[]): boolean {
  switch (node.type) {
    case "FunctionDeclaration":
      items.push({ is: "function", name: node.id?.name ?? "default", fn: node, range, tagAt });
      return true;
    case "VariableDeclaration":
      readVariables(node, tagAt, items);
      return true;
    case "ClassDeclaration":
    case "TSEnumDeclaration":
      items.push({ is: "binding", names: [(node.id as { name: string }).name], kind: bindingKind(node), node, range, tagAt });
      return true;
    case "TSModuleDeclaration":
      items.push({ is: "binding", names: node.id.type === "Identifier" ? [node.id.name] : [], kind: "namespace", node, range, tagAt });
      return true;
    case "TSImportEqualsDeclaration":
      items.push({ is: "binding", names: [node.id.name], kind: "import =", node, range, tagAt });
      return true;
    default:
      return false;
  }
}

function bindingKind(node: Class | Extract<Node, { type: "TSEnumDeclaration" }>): BindingKind {
  return node.type === "TSEnumDeclaration" ? (node.const ? "const enum" : "enum") : "class";
}

function readVariables(node: VariableDeclaration, tagAt: readonly number[], items: TopLevel[]): void {
  const kind = node.kind === "const" || node.kind === "let" || node.kind === "var" ? node.kind : "using";
  for (const declarator of node.declarations) {
    items.push({
      is: "variable",
      names: boundNames(declarator.id),
      kind,
      init: declarator.init ? unwrap(declarator.init) : undefined,
      node: declarator,
      range: rangeOf(declarator),
      tagAt: [...tagAt, declarator.start],
    });
  }
}

function nameOf(node: Node): string {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" ? String(node.value) : "";
}

function rangeOf(node: Range): Range {
  return { start: node.start, end: node.end };
}
