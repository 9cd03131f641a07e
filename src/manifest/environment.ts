/** The build environment: what patch code must share with the host. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { getTsconfig } from "get-tsconfig";
import { digest } from "../syntax/normalise.ts";
import type { BuildEnvironment, CompilerSettings } from "./manifest.ts";

const LOCKFILES: readonly string[] = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/**
 * @param root folder of the host's package
 */
export function readEnvironment(root: string, fields: Pick<BuildEnvironment, "generator" | "targets" | "init" | "alwaysStrict">): BuildEnvironment {
  return { ...fields, lockfile: lockfileHash(root), compiler: compilerSettings(root) };
}

/** From the nearest `tsconfig.json`, what it extends included. */
function compilerSettings(root: string): CompilerSettings {
  const options = getTsconfig(root)?.config.compilerOptions ?? {};
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
