/** What is known about one module: the value that every later phase reads. Positions are offsets into the text. */
import type { ArrowFunctionExpression, Function as FunctionNode, MethodDefinition, Node, ObjectProperty } from "oxc-parser";
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { Parsed } from "../syntax/parse.ts";
import type { Scopes } from "../syntax/scopes.ts";

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface ModuleAnalysis {
  readonly parsed: Parsed;
  readonly scopes: Scopes;
  /** The module's code is strict code (always so for ES modules and TypeScript). */
  readonly strict: boolean;
  readonly targets: readonly Target[];
  /** Every other top-level binding that exists at run time, imports aside. */
  readonly bindings: readonly Binding[];
  readonly imports: readonly ImportBinding[];
  /** What the module loads when it is linked, in order. */
  readonly sources: readonly Source[];
  readonly exports: readonly Export[];
  readonly init: readonly InitStatement[];
  readonly nonTargets: readonly NonTarget[];
  /** Where the first statement behind the directives begins; injected code stands before it. */
  readonly firstStatement: number;
  /** Every identifier in the file, to keep injected names apart from. */
  readonly identifiers: ReadonlySet<string>;
  /** Those of the names `undefined`, `Reflect` and `globalThis` that the module binds itself, anywhere. */
  readonly rebinds: ReadonlySet<string>;
  /** A direct `eval` may assign any top-level name, functions too. */
  readonly reassignsUnseen: boolean;
  /** `import.meta` occurs. */
  readonly importMeta: boolean;
  /** Literal specifiers of `import()` and `require()`: whoever loads so holds the exports as they were. */
  readonly dynamicImports: readonly string[];
  /** Errors of the author's, such as a `@hotfix` tag on a method. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A piece of the module that a change is attributed to. */
export interface Unit extends Range {
  readonly name: string;
  /** What is hashed. */
  readonly node: Node;
  /** The module's own top-level names and imports that it names as values, sorted. */
  readonly uses: readonly string[];
}

export type TargetForm = "declaration" | "expression" | "arrow" | "method";
export type FunctionKind = "sync" | "async" | "generator" | "asyncGenerator";

/** A patchable function. */
export interface Target extends Unit {
  readonly slot: string;
  readonly form: TargetForm;
  readonly kind: FunctionKind;
  readonly fn: FunctionNode | ArrowFunctionExpression;
  /** The binding that holds it; undefined for an anonymous default export. */
  readonly binding: string | undefined;
  /** Where the guard goes: behind the body's `{` and directives; for an expression body, its start. */
  readonly guardAt: number;
  readonly body: Range & { readonly block: boolean };
  readonly forwards: Forwarding;
  readonly parameters: ParameterList;
  /** Nested functions: those that outlive a call go on with the old code. */
  readonly nested: readonly (Range & { readonly node: Node })[];
  /** An arrow function that names the module's own `this`. */
  readonly moduleThis: boolean;
  /** Forms that cannot move into a patch. */
  readonly directEval: boolean;
  readonly withStatement: boolean;
  /** Where a lifted function stands; undefined for functions of the module's own. */
  readonly member: Member | undefined;
}

/** The place of a lifted function in its class or object literal; see docs/lifting.md. Its range is the member's. */
export interface Member extends Range {
  readonly owner: "class" | "object";
  /** The binding of the class or literal; `default` for an anonymous default export. */
  readonly root: string;
  /** The class or the outermost literal. */
  readonly container: Node;
  readonly node: MethodDefinition | ObjectProperty;
  readonly static: boolean;
  readonly accessor: "get" | "set" | undefined;
}

/** What the guard hands on, beside `this` for all but arrows. */
export interface Forwarding {
  readonly arguments: "all" | "declared";
  readonly newTarget: boolean;
  /** The function is sloppy code: what it hands on as `this` is an object, never undefined. */
  readonly sloppyThis?: true;
}

export interface ParameterList {
  /** How the list gets behind the guard; see docs/guard-matrix.md. */
  readonly handling: "stay" | "move" | "keep";
  readonly list: readonly Parameter[];
}

export interface Parameter extends Range {
  readonly shape: "name" | "pattern";
  /** The name, for `shape: "name"`. */
  readonly name: string | undefined;
  /** Name or pattern, without type annotation. */
  readonly pattern: Range;
  readonly default: (Range & { readonly inert: boolean }) | undefined;
  readonly rest: boolean;
  /** It has to move when the list does. */
  readonly moves: boolean;
}

export type BindingKind = "const" | "let" | "var" | "using" | "function" | "class" | "enum" | "const enum" | "namespace" | "import =";

export interface Binding extends Unit {
  readonly kind: BindingKind;
  /** Every name the declaration binds (one, but for destructuring). */
  readonly names: readonly string[];
  /** Names assigned somewhere beyond their declaration. */
  readonly assigned: boolean;
  /** Functions in it that are targets of their own: its record is without them. */
  readonly lifted: readonly Target[];
  /** `uses` without those in lifted functions. */
  readonly ownUses: readonly string[];
}

export interface ImportBinding extends Range {
  readonly local: string;
  /** `*` for the namespace, `default`, or the exported name. */
  readonly imported: string;
  readonly specifier: string;
  /** Named as a value anywhere but in an export list. Otherwise emitted code must not touch it. */
  readonly usedAsValue: boolean;
  /** Offset of one use as a value. */
  readonly reference: number | undefined;
}

export interface Export {
  /** `*` for `export * from`. */
  readonly exported: string;
  /** Local binding, or name in the other module; `*` for a namespace. Undefined for a default expression. */
  readonly local: string | undefined;
  readonly specifier: string | undefined;
}

/** An `import` or re-export. */
export interface Source {
  readonly specifier: string;
  /** Nothing it imports is used as a value: TypeScript drops it unless told to keep imports verbatim. */
  readonly elidable: boolean;
  /** Loaded for its effects alone: `import "x"`. */
  readonly bare: boolean;
  /** `export … from "x"` */
  readonly reexport: boolean;
}

/** A top-level statement that is no declaration. */
export interface InitStatement extends Unit {
  readonly node: Node;
  /** Index among all top-level statements: neighbours form one segment. */
  readonly index: number;
  readonly awaits: boolean;
  /** `var` declarations in it, functions inside aside: they are the module's. */
  readonly vars: readonly VarDeclaration[];
  /** Why it stays where it is, if it does. */
  readonly staysBecause: "export" | "eval" | "leaking function" | "return" | "using" | "for-in initialiser" | "with" | "exported loop variable" | "redeclared name" | undefined;
}

/** A `var` declaration inside a top-level statement. */
export interface VarDeclaration extends Range {
  readonly names: readonly string[];
  /** Where its first name or pattern begins. */
  readonly firstAt: number;
  /** Type annotations and `!`, which an assignment cannot have. */
  readonly annotations: readonly Range[];
  /** Begins with a pattern, in a place where an expression statement must not. */
  readonly parenthesized: boolean;
  /** Stands in a list of statements, where a missing semicolon before it could matter. */
  readonly inList: boolean;
  /** A statement that a line break ends: behind an expression, the next line may go on with it. */
  readonly unended: boolean;
}

export type NonTargetReason =
  | "method" | "accessor" | "constructor" | "static block" | "field"
  | "object member" | "nested function" | "reassignable binding" | "computed value"
  | "namespace member" | "function in a block" | "parameters cannot be forwarded"
  | "reassigned function" | "default expression" | "callback at init" | "tagged @nohotfix" | "untagged"
  | "inner member" | "computed key" | "decorated member" | "declared twice" | "names itself" | "no guard";

/** A function-like thing that is not a target. */
export interface NonTarget extends Range {
  readonly node: Node;
  /** `Player.levelUp`, `award > callback`, `app.get(…) callback`. */
  readonly name: string;
  readonly reason: NonTargetReason;
}
