/** The patch file: a payload in its envelope. One way to write it, one way to read it. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { decodeEnvelope, encodeEnvelope, equalBytes, parseJson, patchId, FILE_LIMIT, type Signature } from "./envelope.ts";
import { PAYLOAD_SCHEMA, type PatchPayload } from "./payload.ts";
import { payloadMismatches } from "./schema.ts";

/** A patch that was read and found well-formed. */
export interface Patch {
  /** SHA-256 of the payload bytes, in hex. */
  readonly id: string;
  readonly payload: PatchPayload;
  readonly signatures: readonly Signature[];
  /** Bytes of the whole file. */
  readonly bytes: number;
}

export type PatchReading =
  | { readonly ok: true; readonly patch: Patch }
  | { readonly ok: false; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] };

/** Mismatches that are told of one payload. */
const MOST_TOLD = 10;

/**
 * The bytes of a patch file with this payload.
 *
 * @example
 * writeFileSync("fix-1.hotfix", encodePatch(payload));
 */
export function encodePatch(payload: PatchPayload, signatures: readonly Signature[] = []): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(payload), "utf8");
  return encodeEnvelope({ id: patchId(bytes), payload: bytes, signatures });
}

/** Reads a patch file. Refusals are HF2001 (damaged), HF2002 (malformed) and HF2003 (another schema). */
export function decodePatch(bytes: Uint8Array, limit: number = FILE_LIMIT): PatchReading {
  const envelope = decodeEnvelope(bytes, limit);
  if (!envelope.ok) return unreadable(envelope.detail);
  const { id, payload, signatures } = envelope.value;
  const content = parseJson(payload);
  if (!content.ok) return unreadable(`of its payload, ${content.detail}`);
  if (!isCanonical(content.value, payload)) return unreadable("its payload is not written in the canonical form");

  const schema = schemaOf(content.value);
  if (typeof schema === "number" && schema !== PAYLOAD_SCHEMA) {
    return refuse(diagnostic("HF2003", "refusal", { found: schema, expected: PAYLOAD_SCHEMA }));
  }
  const [first, ...more] = [...payloadMismatches(content.value).take(MOST_TOLD)].map((each) => diagnostic("HF2002", "refusal", each));
  if (first !== undefined) return refuse(first, ...more);
  return { ok: true, patch: { id, payload: content.value as PatchPayload, signatures, bytes: bytes.byteLength } };
}

function isCanonical(content: unknown, payload: Uint8Array): boolean {
  try {
    return equalBytes(Buffer.from(JSON.stringify(content), "utf8"), payload);
  } catch {
    return false; // nested so deep that it cannot be written again
  }
}

function schemaOf(content: unknown): unknown {
  return typeof content === "object" && content !== null && "schema" in content ? content.schema : undefined;
}

function unreadable(detail: string): PatchReading {
  return refuse(diagnostic("HF2001", "refusal", { detail }));
}

function refuse(...diagnostics: readonly [Diagnostic, ...Diagnostic[]]): PatchReading {
  return { ok: false, diagnostics };
}
