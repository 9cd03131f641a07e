/** The build environment: what patch code must share with the host. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readTsconfig } from "../resolve/tsconfig.ts";
import { digest } from "../syntax/digest.ts";
import { COSMETIC, MEANINGFUL, RESOLVING } from "./compiler-options.ts";
import type { BuildEnvironment, CompilerSettings, ResolutionSettings } from "./manifest.ts";

const LOCKFILES: readonly string[] = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/** What is known without a look at the disk. */
export type GivenEnvironment = Omit<BuildEnvironment, "lockfile" | "compiler" | "resolution"> & { readonly resolution: Pick<ResolutionSettings, "by" | "conditions"> };

/**
 * @param root folder of the host's package
 * @param packages folders of the program's packages, relative to `root`
 */
export function readEnvironment(root: string, packages: readonly string[], given: GivenEnvironment): BuildEnvironment {
  const { by, conditions } = given.resolution;
  return {
    ...given,
    lockfile: lockfileHash(root),
    compiler: given.erasure === "node" ? ERASED_BY_NODE : compilerSettings(root),
    resolution: { by, conditions, ...resolutionSettings(root, packages) },
  };
}

function resolutionSettings(root: string, packages: readonly string[]): Pick<ResolutionSettings, "hash" | "ambiguous"> {
  const folders = packages.toSorted().map((folder) => join(root, folder));
  const parts = folders.map((folder) => {
    const { baseUrl, paths, rootDirs, moduleSuffixes, preserveSymlinks } = readTsconfig(folder)?.config.compilerOptions ?? {};
    const { type, imports, exports, main } = packageFields(join(folder, "package.json"));
    const alternatives = Object.values(paths ?? {}).some((targets) => targets.length > 1);
    const ambiguous = baseUrl !== undefined || rootDirs !== undefined || moduleSuffixes !== undefined || alternatives;
    return { fields: [baseUrl, paths, rootDirs, moduleSuffixes, preserveSymlinks, type, imports, exports, main], ambiguous };
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
const ERASED_BY_NODE: CompilerSettings = { experimentalDecorators: false, useDefineForClassFields: true };

/** From the nearest `tsconfig.json`, what it extends included. Defaults that depend on other options are filled in. */
function compilerSettings(root: string): CompilerSettings {
  const options: Readonly<Record<string, unknown>> = readTsconfig(root)?.config.compilerOptions ?? {};
  const known = [...MEANINGFUL, ...RESOLVING, ...COSMETIC].toSorted().flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  return {
    ...Object.fromEntries(known),
    experimentalDecorators: options["experimentalDecorators"] ?? false,
    useDefineForClassFields: options["useDefineForClassFields"] ?? !/^es(3|5|6|20(15|16|17|18|19|20|21))$/i.test(String(options["target"] ?? "")),
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
