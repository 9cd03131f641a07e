/** Scopes and references of a parsed file. */
import { analyze, type Reference, type Scope, type Variable } from "@typescript-eslint/scope-manager";
import type { Node } from "oxc-parser";
import type { Parsed } from "./parse.ts";

export type { Reference, Scope, Variable } from "@typescript-eslint/scope-manager";

export interface Scopes {
  /** The scope that holds the module's own top-level bindings. */
  readonly module: Scope;
  /** References that no binding of the file explains: globals. */
  readonly unresolved: readonly Reference[];
  /** Whether any scope of the file binds the name. */
  binds(name: string): boolean;
  /** The scope of a function: its parameters and its body's own declarations. */
  ofFunction(node: Node): Scope | undefined;
}

export function analyzeScopes(parsed: Parsed): Scopes {
  const esm = parsed.sourceType === "module";
  const manager = analyze(parsed.program as unknown as Parameters<typeof analyze>[0], {
    sourceType: esm ? "module" : "script",
    globalReturn: !esm,
    impliedStrict: parsed.language.typed,
    jsxPragma: null,
    jsxFragmentName: null,
    lib: [],
  });
  const global = manager.globalScope;
  const module = global?.childScopes[0];
  if (!global || !module) throw new Error(`no module scope in ${parsed.file}`);
  const functions = new Map<unknown, Scope>();
  for (const scope of manager.scopes) if (scope.type === "function") functions.set(scope.block, scope);
  return { module, unresolved: global.through, binds: (name) => manager.scopes.some((scope) => scope.type !== "global" && scope.set.has(name)), ofFunction: (node) => functions.get(node) };
}

/** References that exist at run time: not those of types. */
export function valueReferences(variable: Variable): readonly Reference[] {
  return variable.references.filter((reference) => reference.isValueReference);
}
