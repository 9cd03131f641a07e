/** `const enum`s leave nothing behind in the host: patch code brings its own copy of their members. */
import type { LoadedTree } from "../load/load.ts";
import { compileToJavaScript } from "../code/javascript.ts";
import { followImport } from "../world/follow.ts";

/** An expression with the enum's members; undefined for a name that is no `const enum`. */
export function enumText(tree: LoadedTree, key: string, name: string): string | undefined {
  return textOf(tree, key, name, ["const enum"]);
}

function textOf(tree: LoadedTree, key: string, name: string, kinds: readonly string[]): string | undefined {
  const module = tree.fixed.modules.get(key);
  const binding = module?.analysis.bindings.find((each) => kinds.includes(each.kind) && each.names.includes(name));
  if (!module || !binding) return undefined;
  const { analysis } = compileToJavaScript(module.analysis, tree.manifest.environment);
  const compiled = analysis.bindings.find((each) => each.names.includes(name))?.node;
  if (compiled?.type !== "VariableDeclarator" || !compiled.init) return undefined;
  // `var E = function (E) { …; return E; }(E || {})` --> without a look at what is to be declared.
  const own = analysis.parsed.text.slice(compiled.init.start, compiled.init.end).replace(/\([\w$]+ \|\| \{\}\)$/, "({})");
  const others = binding.uses.filter((used) => used !== name).map((used) => [used, memberSource(tree, key, used)] as const);
  if (others.length === 0) return own;
  // Members computed from other enums bring those.
  if (others.some(([, text]) => text === undefined)) return undefined;
  return `(() => { ${others.map(([used, text]) => `const ${used} = ${text};`).join(" ")} return ${own}; })()`;
}

function memberSource(tree: LoadedTree, key: string, name: string): string | undefined {
  const imported = tree.fixed.modules.get(key)?.outline.imports.find((each) => each.local === name);
  const target = imported && followImport(tree.fixed, imported.from, imported.imported);
  if (target) return target.kind === "binding" ? textOf(tree, target.key, target.name, ["const enum", "enum"]) : undefined;
  return textOf(tree, key, name, ["const enum", "enum"]);
}
