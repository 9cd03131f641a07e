/** The patch file that a command is about. */
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { FILE_LIMIT } from "../patch/file-limit.ts";
import { decodePatch, type Patch } from "../patch/file.ts";
import { readPatchFile } from "../runtime/source.ts";

/** Throws HF3017 if the file cannot be read, HF3014 if it is too large for a patch. */
export async function readPatchBytes(file: string): Promise<Uint8Array> {
  const bytes = await readPatchFile(file);
  if (bytes === undefined) throw new HotfixError(diagnostic("HF3014", "error", { limit: FILE_LIMIT }));
  return bytes;
}

/** A patch whose every byte is in order, whoever signed it. Throws what {@link decodePatch} refuses, too. */
export async function openPatch(file: string): Promise<Patch> {
  const reading = decodePatch(await readPatchBytes(file));
  if (!reading.ok) throw new HotfixError(...reading.diagnostics);
  return reading.patch;
}

/** `signed by …`, `not signed` */
export function signedBy(signers: readonly string[]): string {
  return signers.length === 0 ? "not signed" : `signed by ${signers.join(" and ")}`;
}
