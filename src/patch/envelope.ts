/**
 * The envelope of a patch file: DSSE (https://github.com/secure-systems-lab/dsse) in one canonical form.
 * Beside DSSE's own members it carries the patch id, so that an unsigned file shows every damage too, and each
 * signature its public key.
 */
import { createHash } from "node:crypto";
import { parseJson } from "./json.ts";
import { PAYLOAD_TYPE } from "./payload.ts";
import { malformedSignature, type Signature } from "./signature.ts";
import { FILE_LIMIT } from "./file-limit.ts";

export interface Envelope {
  /** Patch id: SHA-256 of the payload bytes, in hex. */
  readonly id: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly Signature[];
}

/** What reading ends with: the value, or the reason why not, fit for HF2001. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string };

/** The id of the patch with this payload. */
export function patchId(payload: Uint8Array): string {
  return createHash("sha256").update(payload).digest("hex");
}

/** The one way to write an envelope down. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  const text = JSON.stringify({
    id: envelope.id,
    payloadType: PAYLOAD_TYPE,
    payload: Buffer.from(envelope.payload).toString("base64"),
    signatures: envelope.signatures.map(({ keyid, key, sig }) => ({ keyid, key, sig })),
  });
  return Buffer.from(`${text}\n`, "utf8");
}

/** Reads what {@link encodeEnvelope} wrote and nothing else: the bytes must equal their own re-encoding. */
export function decodeEnvelope(bytes: Uint8Array, limit: number = FILE_LIMIT): Reading<Envelope> {
  if (bytes.byteLength > limit) return refuse(`it has ${bytes.byteLength} bytes, more than the limit of ${limit}`);
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const { id, payloadType, payload, signatures } = fields(parsed.value);
  if (typeof id !== "string" || typeof payload !== "string" || !Array.isArray(signatures)) return refuse("it is not a DSSE envelope");
  if (payloadType !== PAYLOAD_TYPE) return refuse("its payload is of another type");
  const read: Signature[] = [];
  for (const each of signatures) {
    const { keyid, key, sig } = fields(each);
    if (typeof keyid !== "string" || typeof key !== "string" || typeof sig !== "string") return refuse("a signature is malformed");
    read.push({ keyid, key, sig });
  }
  const envelope: Envelope = { id, payload: Buffer.from(payload, "base64"), signatures: read };
  if (!equalBytes(encodeEnvelope(envelope), bytes)) return refuse("it is not written in the canonical form");
  if (patchId(envelope.payload) !== id) return refuse("its id is not the hash of its payload");
  const malformed = malformedSignature(read);
  return malformed === undefined ? { ok: true, value: envelope } : refuse(malformed);
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && Buffer.compare(a, b) === 0;
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function refuse(detail: string): { readonly ok: false; readonly detail: string } {
  return { ok: false, detail };
}
