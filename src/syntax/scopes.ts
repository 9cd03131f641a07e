/** Scopes and references of a parsed file. */
import type { Reference, Scope, Variable } from "@typescript-eslint/scope-manager";
import type { Node } from "oxc-parser";
import type { Parsed } from "./parse.ts";
import { readScopes } from "./scope-reader.ts";
import { isTypeOnly } from "./walk.ts";

export type { Reference, Scope, Variable } from "@typescript-eslint/scope-manager";

export interface Scopes {
  /** The scope that holds the module's own top-level bindings. */
  readonly module: Scope;
  /** References that no binding of the file explains: globals. */
  readonly unresolved: readonly Reference[];
  readonly inTypeQuery: ReadonlySet<number>;
  /** Whether any scope of the file binds the name. */
  binds(name: string): boolean;
  /** Whether the module itself does, beyond what it merely declares (`declare const require: any`). */
  bindsOutside(name: string): boolean;
  /** The scope of a function: its parameters and its body's own declarations. */
  ofFunction(node: Node): Scope | undefined;
  /** The scope of a class: its own name. */
  ofClass(node: Node): Scope | undefined;
  /** The variable that an identifier declares or refers to; undefined for globals, property names and labels. */
  variableAt(identifier: Node): Variable | undefined;
}

export function analyzeScopes(parsed: Parsed): Scopes {
  const esm = parsed.sourceType === "module";
  const { manager, typeQueries } = readScopes(parsed.program, { sourceType: esm ? "module" : "script", globalReturn: !esm, impliedStrict: parsed.language.typed });
  const global = manager.globalScope;
  const module = global?.childScopes[0];
  if (!global || !module) throw new Error(`no module scope in ${parsed.file}`);
  const functions = new Map<unknown, Scope>();
  const classes = new Map<unknown, Scope>();
  for (const scope of manager.scopes) {
    if (scope.type === "function") functions.set(scope.block, scope);
    else if (scope.type === "class") classes.set(scope.block, scope);
  }
  let variables: ReadonlyMap<unknown, Variable> | undefined;
  let bound: ReadonlySet<string> | undefined;
  return {
    module,
    unresolved: global.through,
    inTypeQuery: typeQueries,
    binds: (name) => (bound ??= namesBound(manager.scopes)).has(name),
    bindsOutside: (name) => module.set.get(name)?.defs.some(({ node, parent }) => !isTypeOnly(node as unknown as Node) && (parent == null || !isTypeOnly(parent as unknown as Node))) ?? false,
    ofFunction: (node) => functions.get(node),
    ofClass: (node) => classes.get(node),
    variableAt: (identifier) => (variables ??= variablesOf(manager.scopes)).get(identifier),
  };
}

function namesBound(scopes: readonly Scope[]): ReadonlySet<string> {
  return new Set(scopes.flatMap((scope) => (scope.type === "global" ? [] : [...scope.set.keys()])));
}

function variablesOf(scopes: readonly Scope[]): ReadonlyMap<unknown, Variable> {
  const found = new Map<unknown, Variable>();
  for (const scope of scopes) {
    if (scope.type === "global") continue;
    for (const variable of scope.variables) {
      for (const identifier of variable.identifiers) found.set(identifier, variable);
      for (const { identifier } of variable.references) found.set(identifier, variable);
    }
  }
  return found;
}

/** References that exist at run time: not those of types, and not those of `typeof x` in a type. */
export function valueReferences(variable: Variable, scopes: Scopes): readonly Reference[] {
  return variable.references.filter((reference) => reference.isValueReference && !scopes.inTypeQuery.has(reference.identifier.range[0]));
}

/** Whether the file may run code that it does not show, with its own names: not by a method that is called so. */
export function namesEval({ unresolved }: Scopes): boolean {
  return unresolved.some(({ identifier }) => identifier.name === "eval");
}
