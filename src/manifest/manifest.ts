/** The manifest: what a build writes down about itself, and all a patch build knows of the base. */
import type { BindingKind, Forwarding, FunctionKind, NonTargetReason, TargetForm } from "../analyze/analysis.ts";
import type { RuleName } from "../analyze/live/rules.ts";

/** Version of the layout. A builder refuses every other (HF2101). */
export const MANIFEST_SCHEMA = 1;

/** Default file name. */
export const MANIFEST_FILE = "hotfix.manifest.json";

export interface Manifest {
  readonly schema: typeof MANIFEST_SCHEMA;
  /** Hash of what the program means (fingerprints, environment): two builds with one id are the same program. */
  readonly build: string;
  /** The package the host is. Its modules' ids are shown without it. */
  readonly package: string;
  /** Package name → folder, relative to the host's package (`.`). */
  readonly packages: Readonly<Record<string, string>>;
  readonly environment: BuildEnvironment;
  /** Hashes of project files that modules import and that are not transformed (excluded, JSON), by key. */
  readonly outside: Readonly<Record<string, string>>;
  /** Keys of modules whose exports are read by code that is not part of the build. */
  readonly entries: readonly string[];
  /** Hashes of the modules' files as they are on disk, by key: a file that has not changed need not be read again. */
  readonly contents: Readonly<Record<string, string>>;
  /** By module key, sorted. */
  readonly modules: Readonly<Record<string, ModuleRecord>>;
}

/** What patch code must share with the build. */
export interface BuildEnvironment {
  readonly generator: string;
  /** Which functions are targets. */
  readonly targets: "all" | "tagged";
  readonly init: "auto" | "explicit";
  /** What was lifted; absent where nothing was. */
  readonly lift?: LiftSettings;
  /** The compiler made strict code of scripts that are not, as TypeScript 6 does. */
  readonly alwaysStrict: boolean;
  /** Node.js erases the types itself, whatever tsconfig says; absent where a compiler does. */
  readonly erasure?: "node";
  /** Modules that do not name `import.meta.url` cannot tell it; absent where they can. */
  readonly importMetaUrl?: false;
  /** Which files were transformed; others may be in the program as they are. */
  readonly coverage: Coverage;
  /** Hash of the lock file; null where there is none. */
  readonly lockfile: string | null;
  readonly compiler: CompilerSettings;
  /** Names that the build replaces by expressions. */
  readonly defines: Readonly<Record<string, string>>;
  /** What specifiers stand for, beside what tsconfig says. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly resolution: ResolutionSettings;
}

/** What decides where specifiers lead, beside the files themselves. */
export interface ResolutionSettings {
  /** Hash of the tsconfig's `paths`, `baseUrl`, … and of the packages' `type`, `imports` and `exports`. */
  readonly hash: string;
  /** A specifier may lead to any of several places (`baseUrl`, `rootDirs`, `paths` with alternatives). */
  readonly ambiguous: boolean;
}

/** Which functions of classes and object literals are targets too. */
export interface LiftSettings {
  readonly classes: boolean;
  readonly objects: boolean;
  /** Globs of the files, as those of {@link Coverage}; null: all. */
  readonly include: readonly string[] | null;
}

/** Globs, relative to a folder that is given relative to the host's package. */
export interface Coverage {
  readonly root: string;
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[] | null;
}

/** What the project's tsconfig says about how source becomes code; its defaults where there is none. */
export interface CompilerSettings {
  readonly jsx: string | null;
  readonly jsxFactory: string | null;
  readonly jsxFragmentFactory: string | null;
  readonly jsxImportSource: string | null;
  readonly experimentalDecorators: boolean;
  /** False where fields of classes are assigned, as before ES2022. */
  readonly useDefineForClassFields: boolean;
}

/** One module as its author wrote it, types erased. Equal whichever back end built the host. */
export interface ModuleRecord {
  /** Hash of the rest of the record. */
  readonly fingerprint: string;
  readonly strict: boolean;
  /** `import.meta` occurs, so the scope accessor hands it over. */
  readonly importMeta: boolean;
  readonly targets: readonly TargetRecord[];
  readonly bindings: readonly BindingRecord[];
  readonly imports: readonly ImportRecord[];
  /** What the module loads when it is linked, in order, without imports that only types need. */
  readonly loads: readonly LoadRecord[];
  /** Declarations whose evaluation may have effects or depend on them, and statements, as they are evaluated. */
  readonly order: readonly string[];
  /** Modules it imports dynamically, by a literal name. */
  readonly dynamic: readonly ImportOrigin[];
  readonly exports: readonly ExportRecord[];
  /** `var`s declared inside top-level statements. */
  readonly statementVars: readonly string[];
  /** One hash for each top-level statement that is no declaration. */
  readonly init: readonly InitRecord[];
  /** Functions that are no targets and stand outside of targets. */
  readonly frozen: readonly FrozenRecord[];
  /** Targets and imports (`ns.name` for members) that its code holds on to or hands on: references to them may be anywhere. */
  readonly held: readonly string[];
}

export interface TargetRecord {
  readonly name: string;
  readonly form: TargetForm;
  readonly kind: FunctionKind;
  readonly forwards: Forwarding;
  readonly parameters: ParameterRecord;
  readonly hash: string;
  readonly uses: readonly string[];
  /** What a call of it calls at once; see `src/analyze/calls/call.ts`. */
  readonly calls: readonly string[];
  /** What keeps its calls running, or suspended, beyond a patch; null where they end of themselves. */
  readonly live: RuleName | null;
  /** Its nested functions and classes, in source order. */
  readonly nested: readonly NestedRecord[];
}

export interface NestedRecord {
  readonly hash: string;
  /** What becomes of it when the call is over. */
  readonly rule: RuleName;
}

export interface ParameterRecord {
  readonly handling: "stay" | "move" | "keep";
  /** Declared parameters, the rest parameter aside. */
  readonly count: number;
  readonly rest: boolean;
  /** Evaluating the list cannot be observed: names and inert defaults only. */
  readonly inert: boolean;
}

export interface BindingRecord {
  readonly names: readonly string[];
  readonly kind: BindingKind;
  readonly assigned: boolean;
  readonly hash: string;
  /** Of a class: hash of what it is apart from the bodies of its methods, accessors, constructor and static blocks. */
  readonly shell: string | null;
  /** Of a class with lifted functions. */
  readonly members?: ClassMembersRecord;
  readonly uses: readonly string[];
  /** Functions that its evaluation calls; this and what follows in the form of `src/analyze/calls/call.ts`. */
  readonly calls: readonly string[];
  /** Of a class: functions that making and using an instance may call. */
  readonly instanceCalls: readonly string[];
  /** Of a class: those that making an instance calls, where nobody uses it. */
  readonly constructorCalls: readonly string[];
  /** Functions that its accessors, conversions, iterators and traps call. */
  readonly implicitCalls: readonly string[];
  /** A literal array, or a new collection of the language; an object literal or another instance. */
  readonly holds: "collection" | "object" | "anything";
}

export interface ClassMembersRecord {
  /** Hash of the class without its lifted functions. */
  readonly bare: string;
  /** Those of them that code of the class calls on itself, by the names of their targets. */
  readonly called: readonly string[];
  /** Private names that it hands out to patches; absent where there are none. */
  readonly privates?: readonly string[];
}

export interface ImportRecord {
  readonly local: string;
  readonly imported: string;
  readonly from: ImportOrigin;
}

/** A module of the build by its key, or what else the specifier names (a package, a builtin). */
export type ImportOrigin = { readonly module: string } | { readonly specifier: string };

export interface LoadRecord {
  readonly from: ImportOrigin;
  /** `import "./setup"`: for its effects alone. */
  readonly bare: boolean;
  /** `export … from`. */
  readonly reexport: boolean;
}

export interface ExportRecord {
  readonly exported: string;
  readonly local: string | null;
  readonly from: ImportOrigin | null;
}

export interface InitRecord {
  readonly hash: string;
  readonly uses: readonly string[];
  /** Functions that it calls. */
  readonly calls: readonly string[];
}

export interface FrozenRecord {
  readonly name: string;
  readonly reason: NonTargetReason;
  readonly hash: string;
}

/** Among `defines`: the bundler imports something for this name, which no patch can have. No expression. */
export const PROVIDED = "/* provided by the bundler */";
