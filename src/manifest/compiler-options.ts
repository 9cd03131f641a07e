/**
 * TypeScript's options that change what emitted code means, or where specifiers lead. The test beside holds the lists against
 * TypeScript's own table, so that a new option of a new version is not overlooked.
 */

/** A patch is refused where the fixed tree has another value: its code would mean something else than a fresh build's. */
export const MEANINGFUL: readonly string[] = [
  "jsx", "jsxFactory", "jsxFragmentFactory", "jsxImportSource", "reactNamespace", "experimentalDecorators", "emitDecoratorMetadata", "useDefineForClassFields",
  "esModuleInterop", "allowSyntheticDefaultImports", "verbatimModuleSyntax", "importsNotUsedAsValues", "preserveValueImports", "isolatedModules", "preserveConstEnums",
  "alwaysStrict", "noImplicitUseStrict", "downlevelIteration",
];

/** They decide where specifiers lead; differences of the answers are judged one by one. */
export const RESOLVING: readonly string[] = [
  "module", "moduleResolution", "moduleDetection", "baseUrl", "paths", "rootDirs", "moduleSuffixes", "customConditions", "resolvePackageJsonExports",
  "resolvePackageJsonImports", "preserveSymlinks", "resolveJsonModule", "allowJs", "rewriteRelativeImportExtensions", "allowArbitraryExtensions",
];

/** Emitted code is written in another way, and means the same. */
export const COSMETIC: readonly string[] = [
  "target", "removeComments", "importHelpers", "noEmitHelpers", "sourceMap", "inlineSourceMap", "inlineSources", "sourceRoot", "mapRoot", "emitBOM", "newLine",
];

/** They decide which files are written, where, and whether. */
export const FILES: readonly string[] = [
  "outFile", "outDir", "out", "rootDir", "tsBuildInfoFile", "declarationDir", "declaration", "stripInternal", "noEmitOnError", "assumeChangesOnlyAffectDirectDependencies",
];
