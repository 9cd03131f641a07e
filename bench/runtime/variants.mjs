// Patches that differ from a real one in one number in each of their functions, as bytes of patch files.
import { readFileSync } from "node:fs";
import { encodePatch } from "../../dist/src/patch/file.js";

const SALT = "424242";

/** @returns {(sequence: number) => Uint8Array} */
export function variantsOf(file) {
  const text = readFileSync(file, "utf8");
  const payload = JSON.parse(text);
  return (sequence) => {
    const modules = payload.modules.map((module) => ({ ...module, code: module.code.replaceAll(SALT, String(500_000 + sequence)), map: "" }));
    return encodePatch({ ...payload, modules, sequence });
  };
}

/** What of `values` so many parts in a hundred are not above. */
export function percentile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((part / 100) * sorted.length) - 1))] ?? NaN;
}

export function demand(result, outcome) {
  if (result.outcome !== outcome) throw new Error(`${result.operation}: ${result.outcome} ${JSON.stringify(result.diagnostics)}`);
  return result;
}
