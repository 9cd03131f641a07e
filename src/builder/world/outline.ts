/**
 * What is compared of two versions of a module, and what refers across modules. Plain data, so that it can be kept on disk: a
 * {@link Summary} is made of the text alone; an {@link Outline} is that in a world, where specifiers lead somewhere.
 */
import type { BindingKind, NonTargetReason } from "../../analyze/analysis.ts";
import type { Held } from "../../analyze/held.ts";
import type { RuleName } from "../../analyze/live/rules.ts";
import type { TargetFact } from "../../manifest/manifest.ts";

/** @typeParam Origin what an import is of: a specifier, or where that leads */
export interface OutlineOf<Origin> {
  readonly strict: boolean;
  /** `import.meta` occurs. */
  readonly importMeta: boolean;
  readonly targets: readonly TargetOutline[];
  readonly bindings: readonly BindingOutline[];
  readonly imports: readonly ImportOutline<Origin>[];
  /** What the module loads when it is linked, in order, without imports that only types need. */
  readonly loads: readonly LoadOutline<Origin>[];
  /** Declarations whose evaluation may have effects or depend on them, and statements, as they are evaluated. */
  readonly order: readonly string[];
  /** What it imports dynamically, by a literal name. */
  readonly dynamic: readonly Origin[];
  readonly exports: readonly ExportOutline<Origin>[];
  /** `var`s declared inside top-level statements. */
  readonly statementVars: readonly string[];
  /** One for each top-level statement that is no declaration. */
  readonly init: readonly InitOutline[];
  /** Functions that are no targets and stand outside of targets. */
  readonly frozen: readonly FrozenOutline[];
  /** Targets and imports that its code holds on to or hands on: references to them may be anywhere. */
  readonly held: readonly Held[];
}

export type Summary = OutlineOf<string>;
export type Outline = OutlineOf<ImportOrigin>;

/** A module of the world by its key, or what else the specifier names (a package, a builtin, a file of data). */
export type ImportOrigin = { readonly module: string } | { readonly specifier: string };

export interface TargetOutline extends Omit<TargetFact, "slot"> {
  readonly hash: string;
  readonly uses: readonly string[];
  /** What keeps its calls running, or suspended, beyond a patch; null where they end of themselves. */
  readonly live: RuleName | null;
  /** Its nested functions and classes, in source order. */
  readonly nested: readonly NestedOutline[];
}

export interface NestedOutline {
  readonly hash: string;
  /** How long it lives when the call is over. */
  readonly rule: RuleName;
}

export interface BindingOutline {
  readonly names: readonly string[];
  readonly kind: BindingKind;
  readonly assigned: boolean;
  readonly hash: string;
  /** Of a class: hash of what it is apart from the bodies of its methods, accessors, constructor and static blocks. */
  readonly shell: string | null;
  /** Of a class with lifted functions. */
  readonly members?: ClassMembersOutline;
  readonly uses: readonly string[];
  /** A literal array, or a new collection of the language; an object literal or another instance. */
  readonly holds: "collection" | "object" | "anything";
}

export interface ClassMembersOutline {
  /** Hash of the class without its lifted functions. */
  readonly bare: string;
  /** Those of them that code of the class calls on itself, by the names of their targets. */
  readonly called: readonly string[];
  /** Private names that it hands out to patches; absent where there are none. */
  readonly privates?: readonly string[];
}

export interface ImportOutline<Origin = ImportOrigin> {
  readonly local: string;
  readonly imported: string;
  readonly from: Origin;
}

export interface LoadOutline<Origin> {
  readonly from: Origin;
  /** `import "./setup"`: for its effects alone. */
  readonly bare: boolean;
  /** `export … from`. */
  readonly reexport: boolean;
}

export interface ExportOutline<Origin> {
  readonly exported: string;
  readonly local: string | null;
  readonly from: Origin | null;
}

export interface InitOutline {
  readonly hash: string;
  readonly uses: readonly string[];
}

export interface FrozenOutline {
  readonly name: string;
  readonly reason: NonTargetReason;
  readonly hash: string;
}

/** The outline of a module that a world does not have. */
export const NO_OUTLINE: Outline = {
  strict: true, importMeta: false, targets: [], bindings: [], imports: [], loads: [], order: [], dynamic: [], exports: [], statementVars: [], init: [], frozen: [], held: [],
};

/** A summary in a world. */
export function outlineIn(summary: Summary, originOf: (specifier: string) => ImportOrigin): Outline {
  const known = new Map<string, ImportOrigin>();
  const lead = (specifier: string): ImportOrigin => {
    const origin = known.get(specifier) ?? originOf(specifier);
    known.set(specifier, origin);
    return origin;
  };
  return {
    ...summary,
    imports: summary.imports.map((each) => ({ ...each, from: lead(each.from) })),
    loads: summary.loads.map((each) => ({ ...each, from: lead(each.from) })),
    dynamic: summary.dynamic.map(lead),
    exports: summary.exports.map((each) => ({ ...each, from: each.from === null ? null : lead(each.from) })),
  };
}
