/** How a file that no compiler accompanies reaches the runtime: decided by its own text, its name, its package and its tsconfig. */
import { createFilesMatcher } from "get-tsconfig";
import type { ModuleAnalysis } from "../analyze/analysis.ts";
import { readTsconfig } from "../resolve/tsconfig.ts";
import type { PackageTypes } from "./package-type.ts";

export interface FileFormat {
  readonly format: "esm" | "cjs";
  /** `import.meta` will parse in what becomes of the file. */
  readonly importMeta: boolean;
}

/** @param stripped the output is JavaScript that no other tool changes */
export function formatOf({ parsed }: ModuleAnalysis, types: PackageTypes, stripped: boolean): FileFormat {
  const { file, language, sourceType } = parsed;
  // a script that would take both, as Node.js takes it: `exports` may be a name of its own
  if (/\.[jt]sx?$/.test(file) && sourceType === "commonjs" && types.of(file) === "module" && !(language.typed && !stripped && compilesToCommonJs(file))) return { format: "esm", importMeta: true };
  if (sourceType === "commonjs") return { format: "cjs", importMeta: false };
  if (/\.m[tj]s$/.test(file)) return { format: "esm", importMeta: true };
  if (file.endsWith(".cts")) return { format: "esm", importMeta: false };
  if (language.typed && !stripped && compilesToCommonJs(file)) return { format: "esm", importMeta: false };
  // `import` in a package of CommonJS: a bundler's, or some tool makes `require` of it
  return { format: "esm", importMeta: types.of(file) === "module" };
}

const configs = new Map<string, ReturnType<typeof readTsconfig>>();

function compilesToCommonJs(file: string): boolean {
  const folder = file.slice(0, Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")));
  if (!configs.has(folder)) configs.set(folder, readTsconfig(folder));
  const config = configs.get(folder);
  if (!config || createFilesMatcher(config)(file) === undefined) return false;
  return config.config.compilerOptions?.module?.toLowerCase() === "commonjs";
}
