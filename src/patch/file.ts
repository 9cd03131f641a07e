/** The patch file: a payload in its envelope. One way to write it, one way to read it. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { decodeEnvelope, encodeEnvelope, equalBytes, patchId, FILE_LIMIT } from "./envelope.ts";
import { parseJson } from "./json.ts";
import type { Fingerprint, SigningKey } from "./keys.ts";
import { PAYLOAD_SCHEMA, type PatchPayload } from "./payload.ts";
import { payloadMismatches } from "./schema.ts";
import { brokenSignatures, orderSignatures, signPayload, type Signature } from "./signature.ts";

/** A patch that was read and found well-formed, its signatures sound. Whether to trust them is not said. */
export interface Patch {
  /** SHA-256 of the payload bytes, in hex. */
  readonly id: string;
  readonly payload: PatchPayload;
  /** Fingerprints of the keys that signed it, sorted. */
  readonly signers: readonly Fingerprint[];
  /** Bytes of the whole file. */
  readonly bytes: number;
}

export type PatchReading =
  | { readonly ok: true; readonly patch: Patch }
  | { readonly ok: false; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] };

/** Mismatches that are told of one payload. */
const MOST_TOLD = 10;

/**
 * The bytes of a patch file with this payload, signed by each of the keys.
 *
 * @example
 * writeFileSync("fix-1.hotfix", encodePatch(payload, [readSigningKey(pem, "release.key.pem")]));
 */
export function encodePatch(payload: PatchPayload, keys: readonly SigningKey[] = []): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(payload), "utf8");
  return encodeEnvelope({ id: patchId(bytes), payload: bytes, signatures: withSignatures(bytes, [], keys) });
}

/** The same patch with more signatures. The bytes are those of a patch that {@link decodePatch} takes. */
export function signPatch(file: Uint8Array, keys: readonly SigningKey[]): Uint8Array {
  const envelope = decodeEnvelope(file);
  if (!envelope.ok) throw new Error(`not a patch file: ${envelope.detail}`);
  const { id, payload, signatures } = envelope.value;
  return encodeEnvelope({ id, payload, signatures: withSignatures(payload, signatures, keys) });
}

/** One signature for each key, however often it was given. */
function withSignatures(payload: Uint8Array, signatures: readonly Signature[], keys: readonly SigningKey[]): readonly Signature[] {
  const made = keys.map((key) => signPayload(payload, key));
  return orderSignatures([...new Map([...signatures, ...made].map((each) => [each.keyid, each])).values()]);
}

/** Reads a patch file. Refusals are HF2001 (damaged), HF2201 (a signature is broken), HF2002 (malformed) and HF2003 (another schema). */
export function decodePatch(bytes: Uint8Array, limit: number = FILE_LIMIT): PatchReading {
  const envelope = decodeEnvelope(bytes, limit);
  if (!envelope.ok) return unreadable(envelope.detail);
  const { id, payload, signatures } = envelope.value;
  const [broken, ...others] = brokenSignatures(payload, signatures).map(({ keyid }) => diagnostic("HF2201", "refusal", { key: keyid }));
  if (broken !== undefined) return refuse(broken, ...others);
  const content = parseJson(payload);
  if (!content.ok) return unreadable(`of its payload, ${content.detail}`);
  if (!equalBytes(Buffer.from(JSON.stringify(content.value), "utf8"), payload)) return unreadable("its payload is not written in the canonical form");

  const schema = schemaOf(content.value);
  if (typeof schema === "number" && schema !== PAYLOAD_SCHEMA) {
    return refuse(diagnostic("HF2003", "refusal", { found: schema, expected: PAYLOAD_SCHEMA }));
  }
  const [first, ...more] = [...payloadMismatches(content.value).take(MOST_TOLD)].map((each) => diagnostic("HF2002", "refusal", each));
  if (first !== undefined) return refuse(first, ...more);
  return { ok: true, patch: { id, payload: content.value as PatchPayload, signers: signatures.map(({ keyid }) => keyid), bytes: bytes.byteLength } };
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
