/** `const enum`s leave nothing behind in the host: patch code brings its own copy of their members. */
import type { LoadedTree } from "./load.ts";
import { compileToJavaScript } from "./javascript.ts";

/** An expression with the enum's members; undefined for a name that is no `const enum`. */
export function enumText(tree: LoadedTree, key: string, name: string): string | undefined {
  const module = tree.modules.get(key);
  const binding = module?.analysis.bindings.find((each) => each.kind === "const enum" && each.names.includes(name));
  if (!module || !binding) return undefined;
  const { analysis } = compileToJavaScript(module.analysis, tree.manifest.environment.compiler);
  const compiled = analysis.bindings.find((each) => each.names.includes(name))?.node;
  if (compiled?.type !== "VariableDeclarator" || !compiled.init) return undefined;
  // `var E = function (E) { …; return E; }(E || {})` --> without a look at what is to be declared.
  return analysis.parsed.text.slice(compiled.init.start, compiled.init.end).replace(/\([\w$]+ \|\| \{\}\)$/, "({})");
}
