/** The runs that the files of a checkout of test262 ask for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import picomatch from "picomatch";
import { globSync } from "tinyglobby";
import { readFrontMatter, type FrontMatter } from "./front-matter.ts";

export interface TestCase {
  /** Path in the checkout; ` (strict)` behind it for a script's second run. */
  readonly id: string;
  readonly path: string;
  readonly kind: "script" | "module";
  /** What is put before the text. */
  readonly prefix: string;
}

export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

export interface CaseList {
  readonly cases: readonly TestCase[];
  readonly skipped: readonly Skipped[];
}

/** Where the language itself is tested. Others are chosen by a filter that begins with them: `test/annexB/language`. */
const FOLDERS = ["test/language", "test/built-ins"];

/** @param filters globs of paths, or parts of them; none: all */
export function listCases(suite: string, filters: readonly string[]): CaseList {
  const chosen = filters.map((filter) => (/[*?{[]/.test(filter) ? picomatch(filter) : (path: string) => path.includes(filter)));
  const others = filters.flatMap((filter) => /^test\/[\w-]+/.exec(filter)?.[0] ?? []);
  const files = globSync([...new Set([...FOLDERS, ...others])].map((folder) => `${folder}/**/*.js`), { cwd: suite }).filter((path) => !path.includes("_FIXTURE") && (chosen.length === 0 || chosen.some((matches) => matches(path))));
  const cases: TestCase[] = [];
  const skipped: Skipped[] = [];
  for (const path of files.toSorted()) {
    const text = readFileSync(join(suite, path), "utf8");
    const matter = readFrontMatter(text);
    const reason = matter === undefined ? "no front matter" : reasonToSkip(text, matter);
    if (reason !== undefined) skipped.push({ path, reason });
    else if (matter !== undefined) cases.push(...runsOf(path, matter));
  }
  return { cases, skipped };
}

/** What Node.js cannot give to a test. */
function reasonToSkip(text: string, { flags, features }: FrontMatter): string | undefined {
  if (text.includes("$262.agent")) return "agents ($262.agent): a run has one thread";
  if (flags.has("CanBlockIsFalse")) return "CanBlockIsFalse: threads of Node.js can block";
  if (text.includes("$262.AbstractModuleSource") || features.includes("source-phase-imports-module-source")) return "module sources: V8 gives none to vm modules";
  return undefined;
}

function runsOf(path: string, { flags }: FrontMatter): readonly TestCase[] {
  if (flags.has("module")) return [{ id: path, path, kind: "module", prefix: "" }];
  const sloppy: TestCase = { id: path, path, kind: "script", prefix: "" };
  const strict: TestCase = { id: `${path} (strict)`, path, kind: "script", prefix: '"use strict";\n' };
  if (flags.has("raw") || flags.has("noStrict")) return [sloppy];
  return flags.has("onlyStrict") ? [strict] : [sloppy, strict];
}
