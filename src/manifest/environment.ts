/** The build environment: what patch code must share with the host. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readTsconfig } from "../resolve/tsconfig.ts";
import { digest } from "../syntax/normalise.ts";
import type { BuildEnvironment, CompilerSettings, ResolutionSettings } from "./manifest.ts";

const LOCKFILES: readonly string[] = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/**
 * @param root folder of the host's package
 * @param packages folders of the program's packages, relative to `root`
 */
export function readEnvironment(root: string, packages: readonly string[], fields: Omit<BuildEnvironment, "lockfile" | "compiler" | "resolution">): BuildEnvironment {
  return { ...fields, lockfile: lockfileHash(root), compiler: fields.erasure === "node" ? ERASED_BY_NODE : compilerSettings(root), resolution: resolutionSettings(root, packages) };
}

function resolutionSettings(root: string, packages: readonly string[]): ResolutionSettings {
  const folders = packages.toSorted().map((folder) => join(root, folder));
  const parts = folders.map((folder) => {
    const { baseUrl, paths, rootDirs, moduleSuffixes, preserveSymlinks } = readTsconfig(folder)?.config.compilerOptions ?? {};
    const { type, imports, exports, main } = packageFields(join(folder, "package.json"));
    const alternatives = Object.values(paths ?? {}).some((targets) => targets.length > 1);
    return { fields: [baseUrl, paths, rootDirs, moduleSuffixes, preserveSymlinks, type, imports, exports, main], ambiguous: baseUrl !== undefined || rootDirs !== undefined || moduleSuffixes !== undefined || alternatives };
  });
  return { hash: digest(JSON.stringify(parts.map(({ fields }) => fields))), ambiguous: parts.some(({ ambiguous }) => ambiguous) };
}

function packageFields(file: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** Types become blanks: the language is the newest, whatever tsconfig says. */
const ERASED_BY_NODE: CompilerSettings = { jsx: null, jsxFactory: null, jsxFragmentFactory: null, jsxImportSource: null, experimentalDecorators: false, useDefineForClassFields: true };

/** From the nearest `tsconfig.json`, what it extends included. */
function compilerSettings(root: string): CompilerSettings {
  const options = readTsconfig(root)?.config.compilerOptions ?? {};
  return {
    jsx: options.jsx ?? null,
    jsxFactory: options.jsxFactory ?? null,
    jsxFragmentFactory: options.jsxFragmentFactory ?? null,
    jsxImportSource: options.jsxImportSource ?? null,
    experimentalDecorators: options.experimentalDecorators ?? false,
    // TypeScript's own default.
    useDefineForClassFields: options.useDefineForClassFields ?? !/^es(3|5|6|20(15|16|17|18|19|20|21))$/i.test(options.target ?? ""),
  };
}

/** Hash of the nearest lock file above a folder. */
function lockfileHash(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const file = LOCKFILES.map((name) => join(at, name)).find((path) => existsSync(path));
    if (file !== undefined) return digest(readFileSync(file, "utf8"));
    if (dirname(at) === at) return null;
  }
}
