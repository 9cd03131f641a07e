/**
 * Signatures of patches, as DSSE makes them: Ed25519 over the pre-authentication encoding of the payload.
 * A signature carries its public key, so that every byte of it can be checked by everybody; whom to trust
 * is another question, and is asked of the key's fingerprint.
 */
import { sign, verify } from "node:crypto";
import { fingerprintOf, publicKeyOf, type Fingerprint, type SigningKey } from "./keys.ts";
import { PAYLOAD_TYPE } from "./payload.ts";

export interface Signature {
  /** Fingerprint of the public key. */
  readonly keyid: Fingerprint;
  /** The public key: base64 of its SPKI in DER form. */
  readonly key: string;
  /** Base64. */
  readonly sig: string;
}

/** Signatures that a file may have. */
export const MOST_SIGNATURES = 16;

const SIGNATURE_LENGTH = 64;

/** The same payload and key, the same signature: Ed25519 has no randomness. */
export function signPayload(payload: Uint8Array, { fingerprint, spki, privateKey }: SigningKey): Signature {
  const sig = sign(null, preAuthentication(payload), privateKey).toString("base64");
  return { keyid: fingerprint, key: spki.toString("base64"), sig };
}

/** In the order in which a file has them: by key id. */
export function orderSignatures(signatures: readonly Signature[]): readonly Signature[] {
  return signatures.toSorted((a, b) => (a.keyid < b.keyid ? -1 : a.keyid > b.keyid ? 1 : 0));
}

/** What is wrong with the signatures' form, whatever they sign: fit for HF2001. */
export function malformedSignature(signatures: readonly Signature[]): string | undefined {
  if (signatures.length > MOST_SIGNATURES) return `it has more than ${MOST_SIGNATURES} signatures`;
  for (const [index, { keyid, key, sig }] of signatures.entries()) {
    const spki = fromBase64(key);
    if (spki === undefined || publicKeyOf(spki) === undefined) return "the key of a signature is malformed";
    if (fingerprintOf(spki) !== keyid) return "the key id of a signature is not the fingerprint of its key";
    if (fromBase64(sig)?.length !== SIGNATURE_LENGTH) return "a signature is malformed";
    const before = signatures[index - 1]?.keyid;
    if (before === keyid) return `it is signed twice by ${keyid}`;
    if (before !== undefined && before > keyid) return "its signatures are not in the order of their key ids";
  }
  return undefined;
}

/** Those that do not go with the payload. Their form has been checked. */
export function brokenSignatures(payload: Uint8Array, signatures: readonly Signature[]): readonly Signature[] {
  if (signatures.length === 0) return [];
  const signed = preAuthentication(payload);
  return signatures.filter(({ key, sig }) => {
    const publicKey = publicKeyOf(Buffer.from(key, "base64"));
    return publicKey === undefined || !verify(null, signed, publicKey, Buffer.from(sig, "base64"));
  });
}

/** "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body */
function preAuthentication(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(PAYLOAD_TYPE)} ${PAYLOAD_TYPE} ${payload.byteLength} `, "utf8"), payload]);
}

/** Undefined unless the text is the one way to write its bytes. */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
