/** Tables in bundles: declared at the top of each chunk, so that nothing in it can run before them. */
import { createHash } from "node:crypto";
import MagicString, { type SourceMap } from "magic-string";
import { isInCycle } from "./graph.ts";

/** The table of a module in a bundle. The bundler takes it for a global and leaves the name alone. */
export function tableNameOf(key: string): string {
  return `$t_${createHash("sha256").update(key).digest("hex").slice(0, 10)}`;
}

export interface ChunkFacts {
  /** File name → statically imported file names, of all chunks. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  readonly fileName: string;
  readonly format: "es" | "cjs";
}

// 'use strict'; … --> 'use strict'; class $T_1 {} const $t_1 = new $T_1(); …
/** @param tables names of the tables of the chunk's modules */
export function declareChunkTables(code: string, tables: readonly string[], facts: ChunkFacts): { readonly code: string; readonly map: SourceMap } | null {
  const used = tables.filter((name) => code.includes(name));
  if (used.length === 0) return null;
  const hoisted = facts.format === "es" && isInCycle(facts.imports, facts.fileName);
  const declarations = tableDeclarations(code, used, hoisted);
  const output = new MagicString(code);
  output.appendLeft(declarations.at, declarations.code);
  return { code: output.toString(), map: output.generateMap({ hires: "boundary" }) };
}

/** What is to be inserted into a chunk, and where. */
export function tableDeclarations(code: string, tables: readonly string[], hoisted: boolean): { readonly at: number; readonly code: string } {
  const declarations = tables.map((name) => (hoisted ? `function ${name}() {}` : `class ${name.replace("$t", "$T")} {} const ${name} = new ${name.replace("$t", "$T")}();`));
  return { at: afterDirectives(code), code: `${declarations.join(" ")} ` };
}

/** A banner may stand before the directive, which has to stay one. */
function afterDirectives(code: string): number {
  const head = /^(#!.*\n)?((?:\s|\/\/.*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(['"])use strict\3;?\s*)?/.exec(code);
  return head?.[0].length ?? 0;
}

/** Whether code begins with a directive; comments do not count. */
export function beginsStrict(code: string): boolean {
  return /^(?:\s|\/\/.*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(['"])use strict\1/.test(code);
}
