/**
 * The number that orders the patches of one base. Beside the manifest stands a record of the last one, so
 * that the next patch gets a higher number without anybody counting, and the same patch the same bytes.
 */
import { existsSync, readFileSync } from "node:fs";
import type { BuildResult } from "../builder/build.ts";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { patchId } from "../patch/envelope.ts";
import { encodePatch } from "../patch/file.ts";
import type { PatchPayload } from "../patch/payload.ts";
import { writeOutput } from "./write-output.ts";

type Built = Extract<BuildResult, { outcome: "built" }>;

export interface SequenceRecord {
  /** The base's build id. Another build counts from 1 again. */
  readonly build: string;
  readonly sequence: number;
  /** What {@link contentOf} says of the patch that has this number. */
  readonly content: string;
}

/** `dist/hotfix.manifest.json` → `dist/hotfix.manifest.sequence.json` */
export function sequenceFile(manifest: string): string {
  return `${manifest.replace(/\.json$/, "")}.sequence.json`;
}

/**
 * The number of a patch: the recorded one if it is the same patch, else the one that follows.
 *
 * @throws HotfixError HF3017 if there is a record that cannot be read: to count from 1 again would make patches that hosts refuse
 */
export function nextSequence(manifest: string, payload: PatchPayload): number {
  const record = readRecord(sequenceFile(manifest));
  if (record === undefined || record.build !== buildOf(payload)) return 1;
  return record.content === contentOf(payload) ? record.sequence : record.sequence + 1;
}

/** @throws HotfixError HF0007 */
export function recordSequence(manifest: string, payload: PatchPayload): void {
  const record: SequenceRecord = { build: buildOf(payload), sequence: payload.sequence, content: contentOf(payload) };
  writeOutput(sequenceFile(manifest), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The same patch under another number. */
export function withSequence(built: Built, sequence: number): Built {
  if (built.payload.sequence === sequence) return built;
  const payload = { ...built.payload, sequence };
  return { ...built, payload, patch: idOf(payload), bytes: encodePatch(payload) };
}

/** Hash of everything but the number. */
function contentOf(payload: PatchPayload): string {
  return idOf({ ...payload, sequence: 0 });
}

function idOf(payload: PatchPayload): string {
  return patchId(Buffer.from(JSON.stringify(payload), "utf8"));
}

function buildOf(payload: PatchPayload): string {
  return payload.bases.map((base) => base.build).join(" ");
}

function readRecord(file: string): SequenceRecord | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const record: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isRecord(record)) return record;
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
  throw unreadable(file, "it is not a record of a sequence");
}

function isRecord(value: unknown): value is SequenceRecord {
  if (typeof value !== "object" || value === null) return false;
  const { build, sequence, content } = value as Readonly<Record<string, unknown>>;
  return typeof build === "string" && typeof content === "string" && Number.isSafeInteger(sequence) && (sequence as number) >= 1;
}

function unreadable(file: string, detail: string): HotfixError {
  return new HotfixError(diagnostic("HF3017", "error", { file, detail: `${detail}; remove it, or give --sequence` }));
}
