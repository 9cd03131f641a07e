/** A file of the package as JavaScript for Node.js. */
import { transformSync, type HelperMode, type TransformOptions } from "oxc-transform";
import { parseSync } from "oxc-parser";
import { readTsconfig } from "../../src/resolve/tsconfig.ts";

export interface Compiled {
  readonly format: "module" | "commonjs";
  readonly code: string;
}

/**
 * @param file decides the language
 * @param text may be what the transformer has made of the file
 * @param folder of the package, whose `tsconfig.json` says what decorators and fields mean
 */
export function compile(file: string, text: string, folder: string): Compiled {
  if (file.endsWith(".cjs")) return { format: "commonjs", code: text };
  const { module } = parseSync(file, text);
  if (/\.[cm]?jsx?$/.test(file) && !module.hasModuleSyntax && /\b(require|module|exports)\b/.test(text)) return { format: "commonjs", code: text };
  const lang = (/\.[cm]?([jt]sx?)$/.exec(file)?.[1] ?? "ts") as "ts";
  const result = transformSync(file, text, { lang: lang === "ts" ? "ts" : lang, sourceType: "module", target: "esnext", helpers: { mode: "External" as HelperMode }, ...settings(folder) });
  const failure = result.errors.find((error) => error.severity === "Error");
  if (failure) throw new SyntaxError(`${file}: ${failure.message}`);
  return { format: "module", code: withModuleNames(result.code) };
}

type Settings = Pick<TransformOptions, "typescript" | "decorator" | "assumptions">;

const known = new Map<string, Settings>();

function settings(folder: string): Settings {
  const found = known.get(folder) ?? readSettings(folder);
  known.set(folder, found);
  return found;
}

function readSettings(folder: string): Settings {
  const { experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields } = readTsconfig(folder)?.config.compilerOptions ?? {};
  const assigned = useDefineForClassFields === false;
  return {
    typescript: { onlyRemoveTypeImports: false, removeClassFieldsWithoutInitializer: assigned },
    assumptions: { setPublicClassFields: assigned },
    decorator: { legacy: experimentalDecorators === true, emitDecoratorMetadata: emitDecoratorMetadata === true },
  };
}

// __dirname --> const __dirname = import.meta.dirname; … __dirname, for files that runners hand these names
function withModuleNames(code: string): string {
  const free = (name: string): boolean => new RegExp(`(?<![.\\w$])${name}\\b`).test(code) && !new RegExp(`(const|let|var|function|import)\\s+\\{?\\s*${name}\\b`).test(code);
  const lines = [
    free("__dirname") ? "const __dirname = import.meta.dirname;" : "",
    free("__filename") ? "const __filename = import.meta.filename;" : "",
    free("require") ? 'const require = process.getBuiltinModule("module").createRequire(import.meta.url);' : "",
  ];
  return `${lines.join("")}${code}`;
}
