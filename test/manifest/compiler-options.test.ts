/** The lists of compiler options against TypeScript's own table. */
import ts from "typescript";
import { expect, test } from "vitest";
import { COSMETIC, FILES, MEANINGFUL, RESOLVING } from "../../src/manifest/compiler-options.ts";

interface Declared {
  readonly name: string;
  readonly affectsEmit?: true;
  readonly affectsModuleResolution?: true;
}

// not part of the published types
const { optionDeclarations } = ts as unknown as { readonly optionDeclarations: readonly Declared[] };

/** They decide which files a program has, or how it is checked. */
const OF_THE_PROGRAM = new Set(["checkJs", "typeRoots", "noResolve", "forceConsistentCasingInFileNames", "maxNodeModuleJsDepth"]);

test("every option that changes what is emitted, or where specifiers lead, stands in one list", () => {
  const known = [...MEANINGFUL, ...RESOLVING, ...COSMETIC, ...FILES];
  const needed = optionDeclarations.filter(({ affectsEmit, affectsModuleResolution }) => affectsEmit === true || affectsModuleResolution === true).map(({ name }) => name);
  expect(needed.filter((name) => !known.includes(name) && !OF_THE_PROGRAM.has(name))).toEqual([]);
  expect(known.filter((name, at) => known.indexOf(name) !== at)).toEqual([]);
});
