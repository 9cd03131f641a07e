/** Generated trees: modules of declarations of every kind that use each other. What one looks like as text is for `print.ts`. */
import fc from "fast-check";
import type { Kind } from "../programs.ts";

export type Type =
  | "function" | "primitive" | "array" | "object" | "map" | "set" | "regex" | "functions" | "table"
  | "counter" | "collection" | "enum" | "class" | "namespace" | "statement" | "computed";

export type Export = "inline" | "list" | "alias" | "default" | "private";

export type Parameter = "name" | "literal" | "constant" | "earlier" | "pattern" | "pattern default" | "closure" | "rest";

/** What becomes of a function nested in another. */
export type Closure = "none" | "called" | "callback" | "declared" | "generator" | "class" | "returned" | "registered" | "passed" | "nested twice";

/** One declaration's name where another uses it. */
export interface Use {
  /** Id of the declaration; any number in genes, where it is taken modulo. */
  readonly to: number;
  /** Which of the ways in which such a thing can be used. */
  readonly how: number;
}

export interface Declaration {
  readonly id: number;
  readonly name: string;
  readonly module: number;
  readonly type: Type;
  readonly exported: Export;
  /** `let` in place of `const`. */
  readonly reassignable: boolean;
  readonly form: "declaration" | "expression" | "arrow" | "concise arrow";
  readonly kind: Kind;
  readonly parameters: readonly Parameter[];
  /** Which literal, of those that the type has. */
  readonly variant: number;
  /** A literal in the body. */
  readonly tag: number;
  readonly uses: readonly Use[];
  readonly closure: Closure;
  readonly closureTag: number;
  readonly closureUses: readonly Use[];
  readonly throws: boolean;
  readonly usesThis: boolean;
  readonly usesArguments: boolean;
  /** Counts its calls in a property of itself. */
  readonly counts: boolean;
  /** A comment or type, which means nothing. */
  readonly remark: number;
}

export interface Tree {
  readonly declarations: readonly Declaration[];
  /** Functions may use those of later modules too. */
  readonly cyclic: boolean;
  /** How modules import from each other. */
  readonly styles: readonly number[];
}

/** A declaration without what makes it one of a certain tree. */
export type Gene = Omit<Declaration, "id" | "name"> & { readonly special: number };

/** Names that collide with what is found on prototypes, with what a rewriting adds, or with what it uses. */
const SPECIAL_NAMES = ["toString", "constructor", "$t", "$s", "$T", "$module", "Reflect", "valueOf", "hasOwnProperty", "register", "$scope", "of", "name", "length", "call", "$1", "exports$1", "Math", "JSON", "structuredClone"];

const use: fc.Arbitrary<Use> = fc.record({ to: fc.nat(40), how: fc.nat(40) });

const TYPES: readonly { readonly weight: number; readonly type: Type }[] = [
  { weight: 14, type: "function" }, { weight: 4, type: "primitive" }, { weight: 2, type: "array" }, { weight: 2, type: "object" },
  { weight: 1, type: "map" }, { weight: 1, type: "set" }, { weight: 1, type: "regex" }, { weight: 1, type: "functions" },
  { weight: 1, type: "table" }, { weight: 2, type: "counter" }, { weight: 1, type: "collection" }, { weight: 1, type: "enum" },
  { weight: 1, type: "class" }, { weight: 1, type: "namespace" }, { weight: 1, type: "statement" }, { weight: 1, type: "computed" },
];
const ofType = TYPES.map(({ weight, type }) => ({ weight, arbitrary: fc.constant(type) }));

const mostly = (weight: number): fc.Arbitrary<boolean> => fc.oneof({ weight, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

export const genes: fc.Arbitrary<Gene> = fc.record({
  module: fc.nat(4),
  type: fc.oneof(...ofType),
  special: fc.oneof({ weight: 7, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(SPECIAL_NAMES.length - 1) }),
  exported: fc.constantFrom<Export>("inline", "inline", "list", "alias", "default", "private"),
  reassignable: mostly(9),
  form: fc.constantFrom("declaration", "declaration", "expression", "arrow", "concise arrow"),
  kind: fc.constantFrom<Kind>("sync", "sync", "sync", "async", "generator", "asyncGenerator"),
  parameters: fc.array(fc.constantFrom<Parameter>("name", "name", "literal", "constant", "earlier", "pattern", "pattern default", "closure", "rest"), { maxLength: 3 }),
  variant: fc.nat(11),
  tag: fc.nat(99),
  uses: fc.array(use, { maxLength: 4 }),
  closure: fc.oneof({ weight: 8, arbitrary: fc.constant<Closure>("none") }, { weight: 9, arbitrary: fc.constantFrom<Closure>("called", "callback", "declared", "generator", "class", "returned", "registered", "passed", "nested twice") }),
  closureTag: fc.nat(99),
  closureUses: fc.array(use, { maxLength: 2 }),
  throws: mostly(9),
  usesThis: mostly(4),
  usesArguments: mostly(4),
  counts: mostly(12),
  remark: fc.constant(0),
});

export const trees: fc.Arbitrary<Tree> = fc
  .record({
    all: fc.array(genes, { minLength: 3, maxLength: 14 }),
    modules: fc.integer({ min: 1, max: 4 }),
    cyclic: mostly(2),
    styles: fc.array(fc.nat(5), { minLength: 7, maxLength: 7 }),
  })
  .map(({ all, modules, cyclic, styles }) => {
    const declarations: Declaration[] = [];
    for (const [id, each] of all.entries()) declarations.push(declare(each, id, { declarations, cyclic, styles }, each.module % modules));
    const named: Tree = { declarations, cyclic, styles };
    return settle({ ...named, declarations: declarations.map((each) => tidy({ ...each, uses: resolve(each.uses, named), closureUses: resolve(each.closureUses, named) })) });
  });

/** A gene as a declaration of a tree; its uses are not resolved yet. */
export function declare({ special, ...gene }: Gene, id: number, { declarations }: Tree, module: number): Declaration {
  const wanted = SPECIAL_NAMES[special];
  const name = wanted !== undefined && declarations.every((each) => each.name !== wanted) ? wanted : `n${id}`;
  return { ...gene, id, name, module };
}

export function resolve(uses: readonly Use[], { declarations }: Tree): readonly Use[] {
  return uses.flatMap(({ to, how }) => {
    const used = declarations[to % declarations.length];
    return used ? [{ to: used.id, how }] : [];
  });
}

/** Arrow functions are no generators, and the last parameter alone is a rest one. */
export function tidy(each: Declaration): Declaration {
  const star = each.kind === "generator" || each.kind === "asyncGenerator";
  const isArrow = each.form === "arrow" || each.form === "concise arrow";
  const parameters = each.parameters.filter((one, index, all) => one !== "rest" || index === all.length - 1);
  return { ...each, parameters, form: star && isArrow ? "expression" : each.form };
}

/** One default export for each module; names are used once. */
export function settle(tree: Tree): Tree {
  const defaults = new Set<number>();
  const names = new Set<string>();
  const settled = tree.declarations.map((each) => {
    const second = each.exported === "default" && defaults.has(each.module);
    const name = names.has(each.name) ? `${each.name}_${each.id}` : each.name;
    names.add(name);
    if (each.exported === "default") defaults.add(each.module);
    return { ...each, name, exported: second || (each.exported === "default" && each.type === "statement") ? ("inline" as const) : each.exported };
  });
  return { ...tree, declarations: settled };
}
