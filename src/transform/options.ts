/** Options that every adapter takes, checked in one place. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";

export interface TransformOptions {
  /** Globs of files to transform, relative to the project's root. Default: all. */
  readonly include?: string | readonly string[];
  /** Globs of files to leave alone. Default: none; `node_modules` and declaration files always are. */
  readonly exclude?: string | readonly string[];
  /** `auto`: top-level statements run where they stand. `explicit`: `runInit()` runs them. Default `auto`. */
  readonly init?: "auto" | "explicit";
  /** Path of the manifest, relative to the project's root. Default: `hotfix.manifest.json` in the output folder. */
  readonly manifest?: string;
  /** Folder that globs and the manifest's path are relative to. Default: that of the tsconfig; the working directory. */
  readonly root?: string;
  /**
   * Names that the build replaces by expressions (`{ "__DEV__": "false" }`, as for esbuild's or Rollup's `define`), so
   * that patch code gets the same. Default: none. The transformer itself replaces nothing.
   */
  readonly define?: Readonly<Record<string, string>>;
  /**
   * What specifiers stand for, where a plugin and not `tsconfig.json` says so: `{ "@": "./src" }`. Paths are relative to
   * the project's root. Default: none.
   */
  readonly alias?: Readonly<Record<string, string>>;
  /**
   * Globs of modules whose exports are read by code that is not part of the build (tests, plugins, scripts). Changed
   * constants that they export are refused. Default: none.
   */
  readonly entries?: string | readonly string[];
  /**
   * What the manifest holds of the sources. `embedded`: their texts. `git`: the ids of their blobs, for files that are as the checked
   * out commit has them; `ts-hotfix build` reads them from the repository. Default `embedded`.
   */
  readonly sources?: "embedded" | "git";
  /** `tagged`: only functions tagged `@hotfix` are targets. Default `all`. */
  readonly targets?: "all" | "tagged";
  /**
   * Whether the bodies of methods of top-level classes and of functions in top-level object literals can be patched too
   * (docs/lifting.md). With an object, what is not named is `true`, and `include` are globs of the files to lift in; the tag
   * `@hotfix` asks for a single one, `@nohotfix` keeps one out. Default `false`.
   */
  readonly lift?: boolean | LiftOptions;
}

export interface LiftOptions {
  readonly classes?: boolean;
  readonly objects?: boolean;
  readonly include?: string | readonly string[];
}

const KNOWN = {
  include: isGlobs,
  exclude: isGlobs,
  init: (value: unknown) => value === "auto" || value === "explicit",
  manifest: (value: unknown) => typeof value === "string" && value !== "",
  root: (value: unknown) => typeof value === "string" && value !== "",
  define: isTexts,
  alias: isTexts,
  entries: isGlobs,
  sources: (value: unknown) => value === "embedded" || value === "git",
  targets: (value: unknown) => value === "all" || value === "tagged",
  lift: isLift,
} satisfies Record<keyof TransformOptions, (value: unknown) => boolean>;

const EXPECTED: Readonly<Record<keyof TransformOptions, string>> = {
  include: "a glob or a list of globs",
  exclude: "a glob or a list of globs",
  init: '"auto" or "explicit"',
  manifest: "a path",
  root: "a path",
  define: "an object of expressions as strings",
  alias: "an object of paths",
  entries: "a glob or a list of globs",
  sources: '"embedded" or "git"',
  targets: '"all" or "tagged"',
  lift: "true, false, or an object of `classes`, `objects` (true or false) and `include` (globs)",
};

/** Errors in what a user wrote: HF0001 for an unknown option, HF0003 for a wrong value. */
export function checkOptions(tool: string, options: Readonly<Record<string, unknown>>): readonly Diagnostic[] {
  return Object.entries(options).flatMap(([option, value]): Diagnostic[] => {
    if (!isOption(option)) return [diagnostic("HF0001", "error", { option, tool, known: Object.keys(KNOWN).join(", ") })];
    if (value === undefined || KNOWN[option](value)) return [];
    return [diagnostic("HF0003", "error", { option, tool, expected: EXPECTED[option], found: JSON.stringify(value) ?? String(value) })];
  });
}

function isOption(name: string): name is keyof TransformOptions {
  return Object.hasOwn(KNOWN, name);
}

function isGlobs(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && value.every((each) => typeof each === "string"));
}

function isTexts(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((each) => typeof each === "string");
}

function isLift(value: unknown): boolean {
  if (typeof value === "boolean") return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, each]) => (name === "include" ? isGlobs(each) : (name === "classes" || name === "objects") && typeof each === "boolean"));
}
