/** Which files of a folder are the program's: those its tsconfig names, or all sources where there is none. */
import { dirname, resolve } from "node:path";
import { createFilesMatcher } from "get-tsconfig";
import { globSync } from "tinyglobby";
import { readTsconfig } from "../resolve/tsconfig.ts";
import { openProject, type Project } from "../transform/project.ts";

export interface AuditedTree {
  readonly project: Project;
  /** Absolute, sorted. */
  readonly files: readonly string[];
}

export interface AuditOptions {
  /** Globs of files to look at, relative to the folder of the tsconfig. Default: those of the transformer's entry in it. */
  readonly include?: readonly string[];
  /** Globs of files to leave out, such as tests. */
  readonly exclude?: readonly string[];
  /** As the transformer's option. Default: as its entry in the tsconfig says. */
  readonly lift?: boolean;
}

/** What is never looked at where no tsconfig says so: what was installed, and what tools have written. */
const ELSEWHERE = ["**/node_modules/**", "**/.*/**", "**/dist/**", "**/coverage/**"];

/** @throws HotfixError HF0003 for wrong options in the tsconfig, HF0023 for one that extends what is not there */
export function openTree(folder: string, flags: AuditOptions): AuditedTree {
  const path = resolve(folder);
  const tsconfig = readTsconfig(path);
  const own = tsconfig ? transformerOptions(tsconfig.config.compilerOptions?.plugins) : {};
  const project = openProject("ts-hotfix audit", { ...own, ...flags }, tsconfig ? dirname(tsconfig.path) : path);
  const all = globSync("**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}", { cwd: path, absolute: true, ignore: ["**/node_modules/**"], followSymbolicLinks: false });
  const matches = tsconfig && createFilesMatcher(tsconfig);
  const named = matches ? all.filter((file) => matches(file) !== undefined) : [];
  const files = named.length > 0 ? named : globSync("**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}", { cwd: path, absolute: true, ignore: ELSEWHERE, followSymbolicLinks: false });
  return { project, files: files.map((file) => resolve(file)).filter((file) => project.covers(file)).toSorted() };
}

/** Which files the transformer's entry in the tsconfig includes, and which functions. */
function transformerOptions(plugins: unknown): Readonly<Record<string, unknown>> {
  const entries = Array.isArray(plugins) ? (plugins as readonly Readonly<Record<string, unknown>>[]) : [];
  const own = entries.find(({ transform }) => typeof transform === "string" && transform.startsWith("ts-hotfix/transformer"));
  const { include, exclude, targets, lift } = own ?? {};
  return { include, exclude, targets, lift };
}
