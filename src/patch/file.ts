/** The patch file: a payload in its envelope. One way to write it, one way to read it. */
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { decodeEnvelope, encodeEnvelope, equalBytes, patchId, type Envelope } from "./envelope.ts";
import { FILE_LIMIT } from "./file-limit.ts";
import { parseJson } from "./json.ts";
import type { Fingerprint, SigningKey } from "./keys.ts";
import { PAYLOAD_SCHEMA, type PatchPayload } from "./payload.ts";
import { payloadMismatches } from "./schema.ts";
import { brokenSignatures, orderSignatures, signPayload, type Signature } from "./signature.ts";
import { atOnce, type Steps } from "./steps.ts";

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

/**
 * The same patch with more signatures. Payload and id stay the same, and so do the bytes for the same keys.
 *
 * @param file the bytes of a patch file, signed or not
 * @throws HotfixError HF2001, HF2002, HF2003, HF2201 for what is no sound patch: it is not worth a signature
 * @example
 * const key = readSigningKey(readFileSync("keys/release.key.pem", "utf8"), "keys/release.key.pem");
 * writeFileSync("fix-1.hotfix", signPatch(result.bytes, [key]));
 */
export function signPatch(file: Uint8Array, keys: readonly SigningKey[]): Uint8Array {
  const opened = atOnce(open(file, FILE_LIMIT));
  if (!opened.ok) throw new HotfixError(...opened.diagnostics);
  const { id, payload, signatures } = opened.envelope;
  return encodeEnvelope({ id, payload, signatures: withSignatures(payload, signatures, keys) });
}

/** One signature for each key, however often it was given. */
function withSignatures(payload: Uint8Array, signatures: readonly Signature[], keys: readonly SigningKey[]): readonly Signature[] {
  const made = keys.map((key) => signPayload(payload, key));
  return orderSignatures([...new Map([...signatures, ...made].map((each) => [each.keyid, each])).values()]);
}

/** Reads a patch file. Refusals are HF2001 (damaged), HF2201 (a signature is broken), HF2002 (malformed) and HF2003 (another schema). */
export function decodePatch(bytes: Uint8Array, limit: number = FILE_LIMIT): PatchReading {
  return atOnce(decodePatchInSteps(bytes, limit));
}

/** The same in steps, for a process that has other things to do. */
export function* decodePatchInSteps(bytes: Uint8Array, limit: number = FILE_LIMIT): Steps<PatchReading> {
  const opened = yield* open(bytes, limit);
  return opened.ok ? { ok: true, patch: opened.patch } : opened;
}

type Refused = Extract<PatchReading, { ok: false }>;
type Opened = { readonly ok: true; readonly patch: Patch; readonly envelope: Envelope } | Refused;

function* open(bytes: Uint8Array, limit: number): Steps<Opened> {
  const envelope = decodeEnvelope(bytes, limit);
  if (!envelope.ok) return unreadable(envelope.detail);
  const { id, payload, signatures } = envelope.value;
  const [broken, ...others] = brokenSignatures(payload, signatures).map(({ keyid }) => diagnostic("HF2201", "refusal", { key: keyid }));
  if (broken !== undefined) return refuse(broken, ...others);
  yield;
  const content = parseJson(payload);
  if (!content.ok) return unreadable(`of its payload, ${content.detail}`);
  if (!equalBytes(Buffer.from(JSON.stringify(content.value), "utf8"), payload)) return unreadable("its payload is not written in the canonical form");
  yield;
  const schema = schemaOf(content.value);
  if (typeof schema === "number" && schema !== PAYLOAD_SCHEMA) {
    return refuse(diagnostic("HF2003", "refusal", { found: schema, expected: PAYLOAD_SCHEMA }));
  }
  const [first, ...more] = [...payloadMismatches(content.value).take(MOST_TOLD)].map((each) => diagnostic("HF2002", "refusal", each));
  if (first !== undefined) return refuse(first, ...more);
  const signers = signatures.map(({ keyid }) => keyid);
  return { ok: true, patch: { id, payload: content.value as PatchPayload, signers, bytes: bytes.byteLength }, envelope: envelope.value };
}

function schemaOf(content: unknown): unknown {
  return typeof content === "object" && content !== null && "schema" in content ? content.schema : undefined;
}

function unreadable(detail: string): Refused {
  return refuse(diagnostic("HF2001", "refusal", { detail }));
}

function refuse(...diagnostics: readonly [Diagnostic, ...Diagnostic[]]): Refused {
  return { ok: false, diagnostics };
}
