/** What a commit changes in the sources, by kind of declaration, and whether it changes anything that runs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync, type Loader } from "esbuild";
import type { Node } from "oxc-parser";
import type { Binding } from "../src/analyze/analysis.ts";
import { unwrap } from "../src/syntax/walk.ts";
import type { WorldModule } from "../src/builder/world/module.ts";
import { worldModule } from "../src/builder/world/source-module.ts";
import { isModule, type Project } from "../src/transform/project.ts";
import type { Tree } from "./stage.ts";

/** `constant`: a `const` with a literal, deeply. `initialiser`: every other variable. */
export type Touched = "function" | "constant" | "initialiser" | "class" | "enum" | "namespace" | "statement" | "removed module" | "new module";

/** Source files that mean something else at run time, by a compiler that is not ours. */
export function changedAtRunTime(base: Tree, fix: Tree): readonly string[] {
  const all = [...new Set([...base.sources, ...fix.sources])].toSorted();
  return all.filter((file) => {
    const [before, after] = [textOf(base, file), textOf(fix, file)];
    return before !== after && runTimeText(file, before) !== runTimeText(file, after);
  });
}

/** Undefined where there is no such file. */
function textOf({ folder }: Tree, file: string): string | undefined {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** The code without types, comments and spaces. */
function runTimeText(file: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const loader = (/\.[cm]?([jt]sx?)$/.exec(file)?.[1] ?? "ts") as Loader;
  try {
    return transformSync(text, { loader, minifyWhitespace: true, legalComments: "none", tsconfigRaw: {} }).code;
  } catch {
    return text;
  }
}

/** @param files changed source files */
export function kindsTouched(base: Project, fix: Project, files: readonly string[], baseTree: Tree, fixTree: Tree): readonly Touched[] {
  const found = new Set<Touched>();
  for (const file of files) {
    const before = readModule(base, baseTree, file);
    const after = readModule(fix, fixTree, file);
    if (before === undefined && after !== undefined) found.add("new module");
    else if (after === undefined) found.add("removed module");
    else if (before !== undefined) for (const kind of kindsBetween(before, after)) found.add(kind);
  }
  return [...found].toSorted();
}

/** Names that modules of the parent export in the commit and did not before. */
export function newExports(base: Project, fix: Project, files: readonly string[], baseTree: Tree, fixTree: Tree): ReadonlySet<string> {
  const names = (module: WorldModule | undefined): readonly string[] => module?.summary.exports.map((each) => each.exported) ?? [];
  return new Set(files.flatMap((file) => {
    const before = readModule(base, baseTree, file);
    const old = new Set(names(before));
    return before ? names(readModule(fix, fixTree, file)).filter((name) => !old.has(name)) : [];
  }));
}

function readModule(project: Project, tree: Tree, file: string): WorldModule | undefined {
  if (!tree.sources.includes(file)) return undefined;
  const module = project.module(join(tree.folder, file));
  return isModule(module) ? worldModule(project, module) : undefined;
}

function* kindsBetween(before: WorldModule, after: WorldModule): Generator<Touched> {
  const functions = (module: WorldModule): readonly string[] => module.summary.targets.map((target) => `${target.name} ${target.kind} ${target.form} ${target.hash}`);
  if (functions(before).toSorted().join("\n") !== functions(after).toSorted().join("\n")) yield "function";
  for (const [one, other] of [[before, after], [after, before]] as const) {
    const known = new Set(other.summary.bindings.map((binding) => `${binding.kind} ${binding.names.join()} ${binding.hash}`));
    for (const [index, binding] of one.analysis.bindings.entries()) {
      const record = one.summary.bindings[index];
      if (record && !known.has(`${record.kind} ${record.names.join()} ${record.hash}`)) yield kindOf(binding);
    }
  }
  if (before.summary.init.map((each) => each.hash).join() !== after.summary.init.map((each) => each.hash).join()) yield "statement";
}

function kindOf(binding: Binding): Touched {
  if (binding.kind === "class") return "class";
  if (binding.kind === "enum" || binding.kind === "const enum") return "enum";
  if (binding.kind === "namespace") return "namespace";
  const { node } = binding;
  return binding.kind === "const" && node.type === "VariableDeclarator" && node.init && isLiteral(node.init) ? "constant" : "initialiser";
}

function isLiteral(expression: Node): boolean {
  const node = unwrap(expression);
  switch (node.type) {
    case "Literal":
      return true;
    case "Identifier":
      return node.name === "undefined";
    case "TemplateLiteral":
      return node.expressions.every(isLiteral);
    case "UnaryExpression":
      return isLiteral(node.argument);
    case "BinaryExpression":
      return isLiteral(node.left) && isLiteral(node.right);
    case "ArrayExpression":
      return node.elements.every((element) => element === null || isLiteral(element));
    case "ObjectExpression":
      return node.properties.every((property) => property.type === "Property" && !property.computed && property.kind === "init" && isLiteral(property.value));
    default:
      return false;
  }
}
