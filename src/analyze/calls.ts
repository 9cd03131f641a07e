/**
 * What the code of a module calls while it is evaluated. Functions that it only makes or hands on (handlers, methods, what it
 * returns) run later, and are not looked into; what it hands to others is written down with whom it is given to.
 */
import type { Node } from "oxc-parser";
import { valueReferences } from "../syntax/scopes.ts";
import type { ModuleAnalysis } from "./analysis.ts";
import type { Call } from "./calls/call.ts";
import type { CallNames } from "./calls/contents.ts";
import { CallPool } from "./calls/pool.ts";
import { readCalls } from "./calls/reader.ts";
import { classNames } from "./lifted.ts";

/** Calls of a module's units, in the order in which its analysis and its record have them. Equal calls are the same object. */
export interface ModuleCalls {
  /** What a call of the function calls at once. */
  readonly targets: readonly (readonly Call[])[];
  readonly bindings: readonly BindingCalls[];
  readonly init: readonly (readonly Call[])[];
}

export interface BindingCalls {
  /** What its evaluation calls. */
  readonly evaluated: readonly Call[];
  /** Of a class: what making and using an instance may call. */
  readonly instance: readonly Call[];
  /** Of a class: what making an instance calls, where the instance is not used. */
  readonly construction: readonly Call[];
  /** What its accessors, conversions, iterators and traps call. */
  readonly implicit: readonly Call[];
}

/** All calls of a module: depends on nothing but its analysis. */
export function readModuleCalls(analysis: ModuleAnalysis): ModuleCalls {
  const names = callNames(analysis);
  const evaluatedBy = (node: Node): readonly Call[] => readCalls(node, names).evaluated;
  return {
    targets: analysis.targets.map(({ fn }) => evaluatedBy(fn)),
    bindings: analysis.bindings.map(({ node, kind }) => {
      const { evaluated, constructed, construction, implicit } = readCalls(node, names);
      return { evaluated: kind === "function" ? [] : evaluated, instance: constructed, construction, implicit };
    }),
    init: analysis.init.map(({ node }) => evaluatedBy(node)),
  };
}

function callNames(analysis: ModuleAnalysis): CallNames {
  const { scopes, targets, dynamicImports } = analysis;
  return { scopes, names: topLevelNames(analysis), targets: new Set(targets.map(({ name }) => name)), dynamic: [...new Set(dynamicImports)], pool: new CallPool() };
}

/** Offset → name, of everything that refers to the module's top level. */
export function topLevelNames(analysis: ModuleAnalysis): ReadonlyMap<number, string> {
  const { scopes } = analysis;
  const names = new Map<number, string>();
  for (const variable of scopes.module.variables) {
    for (const { identifier, init } of valueReferences(variable, scopes)) if (init !== true) names.set(identifier.range[0], variable.name);
  }
  for (const [at, name] of classNames(analysis)) names.set(at, name);
  return names;
}
