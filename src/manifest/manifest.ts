/**
 * The manifest: facts of a build. It holds the program and what was emitted for it; conclusions are drawn by the builder, from the
 * texts, when a patch is built. So a newer builder knows better of an older host.
 */
import type { Forwarding, FunctionKind, TargetForm } from "../analyze/analysis.ts";

/** Version of the layout. A builder refuses every other (HF2104). */
export const MANIFEST_SCHEMA = 2;

/** Default file name. */
export const MANIFEST_FILE = "hotfix.manifest.json";

export interface Manifest {
  readonly schema: typeof MANIFEST_SCHEMA;
  readonly versions: ManifestVersions;
  /** Hash of the program (fingerprints, environment): two builds with one id are the same program. */
  readonly build: string;
  /** The package the host is. Its modules' ids are shown without it. */
  readonly package: string;
  /** Package name → folder, relative to the host's package (`.`). */
  readonly packages: Readonly<Record<string, string>>;
  readonly environment: BuildEnvironment;
  /** Files of the project that modules import and that are not transformed, by key. */
  readonly outside: Readonly<Record<string, OutsideFact>>;
  /** Keys of modules whose exports are read by code that is not part of the build. */
  readonly entries: readonly string[];
  /** By module key, sorted. */
  readonly modules: ReadonlyMap<string, ManifestModule>;
}

/** What the running host understands. */
export interface ManifestVersions {
  /** Of the emitted form: {@link import("../patch/form.ts").EMITTED_FORM}. */
  readonly form: number;
  /** Of the patch files that its runtime reads: {@link import("../patch/payload.ts").PAYLOAD_SCHEMA}. */
  readonly patch: number;
}

/** One module. From a file, `facts` and `text` are read when they are asked for. */
export interface ManifestModule {
  /** Hash of the text and of the options that decide what is emitted for it. */
  readonly fingerprint: string;
  /** Hash of the text, as {@link import("../syntax/digest.ts").digest} gives it. */
  readonly content: string;
  readonly facts: ModuleFacts;
  readonly named: NamedModules;
  /** The author's text, without a byte order mark. Undefined where the manifest names a git blob instead: see `blob`. */
  readonly text: string | undefined;
  /** Id of the git blob that holds the text, where the build was told to store no texts. */
  readonly blob: string | undefined;
}

/** Keys of the modules that a module names, by the answers among its facts. */
export interface NamedModules {
  /** Loaded when it is linked. */
  readonly linked: readonly string[];
  /** Those of which it exports something. */
  readonly exported: readonly string[];
  readonly dynamic: readonly string[];
}

export interface OutsideFact {
  /** Hash of the file's text. */
  readonly content: string;
  /**
   * `excluded`: the build was told to leave the file as it is. `dropped`: the bundler dropped its registration. `unloaded`: the
   * program has not loaded it through us. `data`: it is no code that we read.
   */
  readonly why: "excluded" | "dropped" | "unloaded" | "data";
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
  /** The tool that gave the answers: `tsc`, `rollup`, `vite`, `rolldown`, `webpack`, `rspack`, `esbuild`, `node`; `ts-hotfix` where none did. */
  readonly by: string;
  /** Conditions beside those that our resolver always has, in no order. */
  readonly conditions: readonly string[];
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

/** Every option of TypeScript that changes what is emitted or where specifiers lead, by name; see compiler-options.ts. Absent: the compiler's default. */
export type CompilerSettings = Readonly<Record<string, unknown>>;

/** What was emitted for a module, and what its build found. */
export interface ModuleFacts {
  readonly format: "esm" | "cjs";
  /** What the text was taken for where it does not tell itself: it has no `import`, `export` or `require`. */
  readonly readAs: "module" | "commonjs";
  readonly targets: readonly TargetFact[];
  /** Names that the scope accessor offers. */
  readonly scope: readonly string[];
  /** Those of them that it can assign. */
  readonly mutable: readonly string[];
  /** What the scope accessor has of `import.meta`: all of it, its URL, or nothing. */
  readonly importMeta: "all" | "url" | "none";
  /** Class name → private names that it hands out. */
  readonly privates: Readonly<Record<string, readonly string[]>>;
  /** Init segments: how many statements each has. */
  readonly init: readonly number[];
  readonly specifiers: readonly SpecifierFact[];
  /** Dynamic imports whose specifier no literal tells. */
  readonly computed: readonly ComputedImport[];
}

/** A target, as the running host has it. */
export interface TargetFact {
  readonly name: string;
  readonly slot: string;
  readonly form: TargetForm;
  readonly kind: FunctionKind;
  readonly forwards: Forwarding;
  readonly parameters: ParameterFact;
}

export interface ParameterFact {
  readonly handling: "stay" | "move" | "keep";
  /** Declared parameters, the rest parameter aside. */
  readonly count: number;
  readonly rest: boolean;
  /** Evaluating the list cannot be observed: names and inert defaults only. */
  readonly inert: boolean;
}

/** A specifier, how the module names it, and where it leads. */
export interface SpecifierFact {
  readonly specifier: string;
  /** `bare`: for its effects alone. `reexport`: the module exports something of it. */
  readonly how: readonly ("import" | "reexport" | "bare" | "dynamic")[];
  readonly answer: Answer;
}

/** What a specifier led to in the tool that built or loads the host. */
export type Answer =
  /** A module of the build; `instance`: a query or layer that makes an instance of its own. */
  | { readonly is: "module"; readonly key: string; readonly instance?: string }
  /** A file of the project that is not transformed; in the bundle or beside it. */
  | { readonly is: "file"; readonly key: string; readonly bundled?: true }
  /** What lies in `node_modules`, or is found nowhere: Node.js looks for it when the program runs. */
  | { readonly is: "package"; readonly bundled?: true; readonly file?: string; readonly format?: "esm" | "cjs" }
  | { readonly is: "builtin" };

export interface ComputedImport {
  /** From 1. */
  readonly line: number;
  readonly call: "import" | "require";
  /** A glob of what it may name, as far as a template shows (`./mods/*.js`); null: anything. */
  readonly pattern: string | null;
}

/** Among `defines`: the bundler imports something for this name, which no patch can have. No expression. */
export const PROVIDED = "/* provided by the bundler */";
