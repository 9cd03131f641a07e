/** `ts-hotfix manifest --show FILE`: a manifest for people. */
import type { Answer, ComputedImport, OutsideFact, SpecifierFact, TargetFact } from "../manifest/manifest.ts";
import { displayKey } from "../manifest/module-key.ts";
import { printable } from "../messages/printable.ts";
import { columns } from "./columns.ts";
import { environmentRows } from "./manifest-environment.ts";
import type { ManifestValues, ModuleValues } from "./manifest-values.ts";
import { count } from "./result.ts";
import type { Terminal } from "./terminal.ts";

const INDENT = "  ";

/** All of a manifest but its modules' targets. */
export function printManifest(terminal: Terminal, values: ManifestValues): void {
  const { paint, print } = terminal;
  printHeading(terminal, values);
  const section = (title: string, rows: readonly (readonly string[])[]): void => {
    if (rows.length === 0) return;
    print(`\n${paint.bold(title)}`);
    for (const row of columns(rows.map((each) => each.map(oneLine)))) print(`${INDENT}${row}`);
  };
  section("Environment", environmentRows(values.environment));
  section("Packages", Object.entries(values.packages));
  section("Entries", values.entries.map((key) => [displayKey(key, values.package)]));
  section("Files outside", Object.entries(values.outside).map(([key, { why }]) => [displayKey(key, values.package), REASONS[why]]));
  print(`\n${paint.bold("Modules")}`);
  const rows = columns(values.modules.map((module) => headRow(module, values.package).map(oneLine)));
  for (const [index, module] of values.modules.entries()) {
    print(`${INDENT}${paint.cyan(rows[index] ?? "")}`);
    for (const line of moduleLines(module, values.package)) print(`${INDENT}${INDENT}${line}`);
  }
  const { modules, targets, bytes } = values.totals;
  print(`\n${count(modules, "module")}, ${count(targets, "target")}, ${count(bytes, "byte")}.`);
}

/** The chosen modules, each in full. */
export function printModules(terminal: Terminal, values: ManifestValues): void {
  printHeading(terminal, values);
  for (const module of values.modules) {
    terminal.print("");
    printModule(terminal, module, values.package);
  }
}

function printHeading({ paint, print }: Terminal, { file, package: name, build, schema, versions, environment }: ManifestValues): void {
  print(paint.bold(oneLine(`${file}: \`${name}\`, build ${build}`)));
  print(oneLine(`schema ${schema}, emitted form ${versions.form}, patches of schema ${versions.patch}, written by ${environment.generator}`));
}

const REASONS: Readonly<Record<OutsideFact["why"], string>> = {
  excluded: "the build left it as it is",
  dropped: "the bundler dropped it",
  unloaded: "the program had not loaded it",
  data: "data",
};

function headRow({ key, format, targets, init, stored }: ModuleValues, home: string): readonly string[] {
  return [displayKey(key, home), format, count(targets.length, "target"), `init ${describeInit(init)}`, `text ${describeStored(stored)}`];
}

function moduleLines({ scope, specifiers, computed }: ModuleValues, home: string): readonly string[] {
  const rows = [
    ...specifiers.map((each) => specifierRow(each, home)),
    ...computed.map(computedRow),
  ];
  return [...(scope.length === 0 ? [] : [oneLine(`scope: ${scope.join(", ")}`)]), ...columns(rows.map((row) => row.map(oneLine)))];
}

function printModule({ paint, print }: Terminal, module: ModuleValues, home: string): void {
  const { fingerprint, content, format, readAs, importMeta, targets, scope, mutable, privates, init, specifiers, computed, stored, text } = module;
  print(paint.cyan(oneLine(displayKey(module.key, home))));
  const part = (title: string, rows: readonly (readonly string[])[]): void => {
    if (rows.length === 0) return;
    print(`${INDENT}${title}`);
    for (const row of columns(rows.map((each) => each.map(oneLine)))) print(`${INDENT}${INDENT}${row}`);
  };
  const facts = [
    ["fingerprint", fingerprint],
    ["content", content],
    ["format", `${format}; a text that does not tell is read as ${readAs === "module" ? "a module" : "CommonJS"}`],
    ["import.meta", { all: "all of it", url: "its URL", none: "not offered" }[importMeta]],
    ["init", describeInit(init)],
    ["text", describeStored(stored)],
  ];
  for (const row of columns(facts)) print(`${INDENT}${row}`);
  part("targets", targets.map(targetRow));
  part("scope", scope.map((name) => [name, mutable.includes(name) ? "can be assigned" : ""]));
  part("private names", Object.entries(privates).map(([name, names]) => [name, names.join(", ")]));
  part("specifiers", specifiers.map((each) => specifierRow(each, home)));
  part("computed imports", computed.map(computedRow));
  if (text !== undefined) print(text === null ? `${INDENT}${paint.dim("The repository here does not have the blob.")}` : `\n${printable(text).trimEnd()}`);
}

function targetRow({ name, slot, kind, form, forwards, parameters }: TargetFact): readonly string[] {
  const carried = [
    forwards.arguments === "all" ? "all arguments" : "declared arguments",
    ...(forwards.newTarget ? ["new.target"] : []),
    ...(forwards.sloppyThis === true ? ["a sloppy `this`"] : []),
  ];
  const list = `${count(parameters.count, "parameter")}${parameters.rest ? " and the rest" : ""}`;
  const place = { stay: "stay", move: "moved behind the guard", keep: "kept, evaluated twice" }[parameters.handling];
  return [name, slot, kind, form, `forwards ${carried.join(", ")}`, `${list}: ${place}`];
}

function specifierRow({ specifier, how, answer }: SpecifierFact, home: string): readonly string[] {
  return [specifier, how.join(", "), describeAnswer(answer, home)];
}

function describeAnswer(answer: Answer, home: string): string {
  switch (answer.is) {
    case "module":
      return `module ${displayKey(answer.key, home)}${answer.instance === undefined ? "" : `, instance ${answer.instance}`}`;
    case "file":
      return `file ${displayKey(answer.key, home)}${answer.bundled === true ? ", bundled" : ""}`;
    case "package":
      return ["package", answer.bundled === true ? "bundled" : undefined, answer.file, answer.format].filter((part) => part !== undefined).join(", ");
    case "builtin":
      return "builtin";
  }
}

function computedRow({ line, call, pattern }: ComputedImport): readonly string[] {
  return [`line ${line}`, `${call}()`, pattern ?? "anything"];
}

/** `2 + 1`: segments of two statements and of one */
function describeInit(init: readonly number[]): string {
  return init.length === 0 ? "none" : init.join(" + ");
}

function describeStored(stored: ModuleValues["stored"]): string {
  return stored === "embedded" ? "embedded" : `git blob ${stored.blob}`;
}

/** Names may hold line breaks. */
function oneLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
