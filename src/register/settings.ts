/** What `node --import ts-hotfix/register` goes by. Loaded at the start of every program: no parser, no library. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { MANIFEST_FILE } from "../manifest/manifest.ts";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { checkOptions, type TransformOptions } from "../transform/options.ts";

export interface RegisterSettings {
  /** Folder of the program's `package.json`. */
  readonly root: string;
  readonly options: TransformOptions;
  /** Absolute. */
  readonly manifest: string;
  /** Folder of the cache; undefined where there is none. */
  readonly cache: string | undefined;
  /** Whether a file is the program's own, and included. */
  covers(file: string): boolean;
}

const TOOL = '"ts-hotfix" in package.json';

/** This package itself, which may be linked from anywhere. */
const OWN = ownFolder(dirname(fileURLToPath(import.meta.url)));

/**
 * From `"ts-hotfix"` in the nearest package.json, and the variables `TS_HOTFIX_MANIFEST` and `TS_HOTFIX_CACHE`. Throws a
 * HotfixError with every wrong option (HF0001, HF0003).
 */
export function readSettings(folder: string, environment: NodeJS.ProcessEnv = process.env): RegisterSettings {
  const root = packageFolder(folder) ?? resolve(folder);
  const { cache: ownCache, ...options } = ownOptions(join(root, "package.json"));
  const problems = checkOptions(TOOL, options);
  const cacheProblem = ownCache === undefined || typeof ownCache === "string" || ownCache === false ? [] : [diagnostic("HF0003", "error", { option: "cache", tool: TOOL, expected: "a folder or false", found: JSON.stringify(ownCache) })];
  const [first, ...more] = [...problems, ...cacheProblem];
  if (first) throw new HotfixError(first, ...more);
  const checked = options as TransformOptions;
  const base = resolve(root, checked.root ?? ".");
  const wanted = environment["TS_HOTFIX_CACHE"] ?? (ownCache as string | false | undefined);
  const cache = wanted === false || wanted === "" ? undefined : resolve(root, wanted ?? "node_modules/.cache/ts-hotfix");
  const named = environment["TS_HOTFIX_MANIFEST"];
  const manifest = named === undefined || named === "" ? resolve(base, checked.manifest ?? MANIFEST_FILE) : resolve(named);
  const isIncluded = included(checked);
  return {
    root: base,
    options: checked,
    manifest,
    cache,
    covers: (file) => /(?<!\.d)\.[cm]?[jt]sx?$/.test(file) && !/[\\/]node_modules[\\/]/.test(file) && !file.startsWith(OWN) && isIncluded(relative(base, file).split(sep).join("/")),
  };
}

/** The nearest folder with a package.json. */
export function packageFolder(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

function ownOptions(file: string): { readonly cache?: unknown } & Readonly<Record<string, unknown>> {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "{}";
  const options = (JSON.parse(text) as { "ts-hotfix"?: unknown } | null)?.["ts-hotfix"] ?? {};
  if (typeof options !== "object" || Array.isArray(options)) throw new HotfixError(diagnostic("HF0003", "error", { option: "ts-hotfix", tool: "package.json", expected: "an object of options", found: JSON.stringify(options) }));
  return options as Readonly<Record<string, unknown>>;
}

function included({ include, exclude }: TransformOptions): (path: string) => boolean {
  if (include === undefined && exclude === undefined) return () => true;
  const match = createRequire(import.meta.url)("picomatch") as (globs: string[]) => (path: string) => boolean;
  const list = (globs: string | readonly string[]): string[] => (typeof globs === "string" ? [globs] : [...globs]);
  const isIn = include === undefined ? () => true : match(list(include));
  const isOut = exclude === undefined ? () => false : match(list(exclude));
  return (path) => isIn(path) && !isOut(path);
}

function ownFolder(folder: string): string {
  return `${packageFolder(folder) ?? folder}${sep}`;
}
