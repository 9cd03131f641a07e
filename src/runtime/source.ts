/** Where a patch is taken from: a file, its bytes, or a payload made in the program. */
import { readFile, stat } from "node:fs/promises";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { FILE_LIMIT } from "../patch/file-limit.ts";
import { decodePatchInSteps, encodePatch, type Patch, type PatchReading } from "../patch/file.ts";
import type { PatchPayload } from "../patch/payload.ts";
import { inTurns } from "./breath.ts";
import { reach } from "./fault.ts";

/** Path or `file:` URL of a patch file, the bytes of one, or a payload. */
export type PatchSource = string | URL | Uint8Array | PatchPayload;

/** Throws HF3002 unless the value can be a source at all. */
export function checkSource(source: unknown): asserts source is PatchSource {
  if (typeof source === "string" || (typeof source === "object" && source !== null && !Array.isArray(source))) return;
  const found = source === null ? "null" : Array.isArray(source) ? "a list" : `a value of type ${typeof source}`;
  throw new HotfixError(diagnostic("HF3002", "error", { call: "apply()", expected: "a path, a URL, bytes or a payload", found }));
}

/** A patch, and the file it is written in. */
export interface ReadPatch extends Patch {
  readonly file: Uint8Array;
}

type Reading = { readonly ok: true; readonly patch: ReadPatch } | Exclude<PatchReading, { ok: true }>;

/** Reads and verifies. Throws HF3017 if a file cannot be read; what is wrong with its content is a value. */
export async function readPatch(source: PatchSource): Promise<Reading> {
  reach("prepare:read");
  const file = await bytesOf(source);
  reach("prepare:verify");
  const reading = await inTurns(decodePatchInSteps(file));
  return reading.ok ? { ok: true, patch: { ...reading.patch, file } } : reading;
}

async function bytesOf(source: PatchSource): Promise<Uint8Array> {
  // what is read must not change meanwhile
  if (source instanceof Uint8Array) return Uint8Array.from(source);
  if (typeof source !== "string" && !(source instanceof URL)) return encodePatch(source);
  // of a file that is too large, as many bytes as it takes for the patch's reader to say so
  return (await readPatchFile(source)) ?? new Uint8Array(FILE_LIMIT + 1);
}

/** The bytes of a patch file; undefined if it is larger than a patch may be. Throws HF3017 if it cannot be read. */
export async function readPatchFile(file: string | URL): Promise<Uint8Array | undefined> {
  const unreadable = (detail: string): HotfixError => new HotfixError(diagnostic("HF3017", "error", { file: String(file), detail }));
  try {
    const found = await stat(file);
    // a device or pipe may never end, and to open a pipe may wait for ever
    if (!found.isFile()) throw unreadable("it is not a regular file");
    return found.size > FILE_LIMIT ? undefined : await readFile(file);
  } catch (error) {
    throw error instanceof HotfixError ? error : unreadable(error instanceof Error ? error.message : String(error));
  }
}
