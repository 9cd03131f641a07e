/** TypeScript → JavaScript: types go, JSX stays. */
import remapping, { type SourceMapInput } from "@jridgewell/remapping";
import { transformSync } from "oxc-transform";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";

export interface MappedText {
  readonly code: string;
  readonly map: object;
}

/** `a.mts` --> `a.mjs` */
export function strippedName(path: string): string {
  return path.replace(/\.([cm]?)ts$/, ".$1js").replace(/\.tsx$/, ".jsx");
}

/** @param legacyDecorators `experimentalDecorators` of the tsconfig */
export function stripTypes(file: string, { code, map }: MappedText, legacyDecorators: boolean): MappedText | Diagnostic {
  const lang = file.endsWith("x") ? "tsx" : "ts";
  const result = transformSync(file, code, { lang, sourcemap: true, target: "esnext", jsx: "preserve", decorator: { legacy: legacyDecorators }, typescript: { rewriteImportExtensions: "rewrite" } });
  const failure = result.errors.find((error) => error.severity === "Error");
  if (failure || !result.map) return diagnostic("HF0002", "error", { detail: failure?.message ?? "types cannot be removed" });
  const joined = remapping([result.map as SourceMapInput, map as SourceMapInput], () => null);
  return { code: result.code, map: joined };
}
