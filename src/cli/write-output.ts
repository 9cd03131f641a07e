/** Writes what a command makes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";

/** Makes the folders above it too. Throws HF0007 if the file cannot be written. */
export function writeOutput(file: string, content: string | Uint8Array): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  } catch (error) {
    throw new HotfixError(diagnostic("HF0007", "error", { file, detail: error instanceof Error ? error.message : String(error) }));
  }
}
