/** Methods that are known everywhere to call a function they are given before they return, and to forget it. */

/** With each element. */
export const ITERATING: ReadonlySet<string> = new Set(["every", "filter", "find", "findIndex", "findLast", "findLastIndex", "flatMap", "forEach", "map", "some"]);
/** With what was made so far, and each element. */
export const FOLDING: ReadonlySet<string> = new Set(["reduce", "reduceRight"]);
/** With two elements. */
export const SORTING: ReadonlySet<string> = new Set(["sort", "toSorted"]);

export const CALLING_METHODS: ReadonlySet<string> = new Set([...ITERATING, ...FOLDING, ...SORTING]);
