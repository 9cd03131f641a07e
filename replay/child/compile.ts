/** A file of the package as JavaScript for Node.js. */
import { transformSync } from "oxc-transform";
import { parseSync } from "oxc-parser";

export interface Compiled {
  readonly format: "module" | "commonjs";
  readonly code: string;
}

/**
 * @param file decides the language
 * @param text may be what the transformer has made of the file
 */
export function compile(file: string, text: string): Compiled {
  if (file.endsWith(".cjs")) return { format: "commonjs", code: text };
  const { module } = parseSync(file, text);
  if (/\.[cm]?jsx?$/.test(file) && !module.hasModuleSyntax && /\b(require|module|exports)\b/.test(text)) return { format: "commonjs", code: text };
  const lang = (/\.[cm]?([jt]sx?)$/.exec(file)?.[1] ?? "ts") as "ts";
  const result = transformSync(file, text, { lang: lang === "ts" ? "ts" : lang, sourceType: "module", target: "esnext", typescript: { onlyRemoveTypeImports: false } });
  const failure = result.errors.find((error) => error.severity === "Error");
  if (failure) throw new SyntaxError(`${file}: ${failure.message}`);
  return { format: "module", code: withModuleNames(result.code) };
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
