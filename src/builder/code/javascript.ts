/** The fixed source as JavaScript: types erased, JSX and enums compiled. */
import { transformSync, type JsxOptions } from "oxc-transform";
import type { ModuleAnalysis } from "../../analyze/analysis.ts";
import { analyzeText, isAnalysis } from "../../analyze/analyze.ts";
import type { BuildEnvironment, CompilerSettings } from "../../manifest/manifest.ts";
import { diagnostic, HotfixError } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";

export interface JavaScript {
  readonly analysis: ModuleAnalysis;
  /** Source map from the JavaScript to the source. */
  readonly map: object;
}

/** @throws HotfixError HF0002 for early errors, which the parser does not look for */
export function compileToJavaScript(analysis: ModuleAnalysis, { compiler }: BuildEnvironment): JavaScript {
  const { file, text, language, sourceType } = analysis.parsed;
  const result = transformSync(file, text, {
    lang: language.typed ? (language.jsx ? "tsx" : "ts") : language.jsx ? "jsx" : "js",
    sourceType: sourceType === "module" ? "module" : "commonjs",
    target: "esnext",
    sourcemap: true,
    jsx: jsxOptions(compiler),
    decorator: { legacy: compiler["experimentalDecorators"] === true },
  });
  const failure = result.errors.find((error) => error.severity === "Error");
  if (failure) {
    const [label] = failure.labels;
    throw new HotfixError(diagnostic("HF0002", "error", { detail: failure.message }, placeAt(file, text, label?.start ?? 0, label?.end ?? 0)));
  }
  if (!result.map) throw new HotfixError(diagnostic("HF9001", "error", { detail: `${file}: no source map` }));
  const compiled = analyzeText(sourceType === "module" ? `${file}.mjs` : `${file}.cjs`, result.code, {
    trusted: new Set(analysis.targets.flatMap(({ name, member }) => (member ? [name, member.root] : [name]))),
    lift: analysis.targets.some(({ member }) => member) ? { classes: true, objects: true } : undefined,
  });
  if (!isAnalysis(compiled)) throw new HotfixError(diagnostic("HF9001", "error", { detail: `${file}: compiled code does not parse: ${compiled[0]?.message}` }));
  return { analysis: compiled, map: result.map };
}

function jsxOptions({ jsx, jsxFactory = "React.createElement", jsxFragmentFactory = "React.Fragment", jsxImportSource }: CompilerSettings): JsxOptions {
  if (jsx === "react") return { runtime: "classic", pragma: String(jsxFactory), pragmaFrag: String(jsxFragmentFactory) };
  return { runtime: "automatic", development: jsx === "react-jsxdev", ...(jsxImportSource === undefined ? {} : { importSource: String(jsxImportSource) }) };
}
