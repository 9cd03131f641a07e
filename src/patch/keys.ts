/** Ed25519 keys: of signers, and of those who are trusted. Text and values only; files are the callers' business. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, KeyObject } from "node:crypto";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";

/** `SHA256:` and the unpadded base64 of the SHA-256 of the public key in DER form (SPKI). */
export type Fingerprint = string;

/** Signs patches. */
export interface SigningKey {
  readonly fingerprint: Fingerprint;
  /** The public half, SPKI in DER form. */
  readonly spki: Buffer;
  readonly privateKey: KeyObject;
}

export interface KeyPair {
  readonly fingerprint: Fingerprint;
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** PEM, SPKI. */
  readonly publicKey: string;
}

/** What an Ed25519 key's SPKI begins with (RFC 8410); 32 bytes follow. */
const SPKI_START = Buffer.from("302a300506032b6570032100", "hex");
const SPKI_LENGTH = SPKI_START.length + 32;

const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;
const PEM = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

export function isFingerprint(text: string): boolean {
  return FINGERPRINT.test(text);
}

/** Of a public key in DER form. */
export function fingerprintOf(spki: Uint8Array): Fingerprint {
  return `SHA256:${createHash("sha256").update(spki).digest("base64").replace(/=+$/, "")}`;
}

/** The key that {@link fingerprintOf} takes; undefined for any other bytes. */
export function publicKeyOf(spki: Buffer): KeyObject | undefined {
  if (spki.length !== SPKI_LENGTH || !spki.subarray(0, SPKI_START.length).equals(SPKI_START)) return undefined;
  return createPublicKey({ key: spki, format: "der", type: "spki" });
}

/**
 * A new Ed25519 key pair.
 *
 * @param passphrase encrypts the private half (PBES2, AES-256)
 */
export function makeKeyPair(passphrase?: string): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const protection = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  return {
    fingerprint: fingerprintOf(publicKey.export({ type: "spki", format: "der" })),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem", ...protection }) as string,
    publicKey: publicKey.export({ type: "spki", format: "pem" }) as string,
  };
}

/**
 * The key that signs patches.
 *
 * @param pem of the private half
 * @param source where the key is from, for messages
 * @throws HotfixError HF2204 (no Ed25519 private key), HF2205 (passphrase missing or wrong)
 */
export function readSigningKey(pem: string | KeyObject, source: string, passphrase?: string): SigningKey {
  const refuse = (detail: string): HotfixError => new HotfixError(diagnostic("HF2204", "error", { source, wanted: "a private key", detail }));
  const privateKey = typeof pem === "string" ? unlock(pem, source, passphrase, refuse) : pem;
  if (privateKey.type !== "private") throw refuse(privateKey.type === "public" ? "it is a public key" : "it is a secret key");
  if (privateKey.asymmetricKeyType !== "ed25519") throw refuse(`it is of kind ${privateKey.asymmetricKeyType}, not Ed25519`);
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return { fingerprint: fingerprintOf(spki), spki, privateKey };
}

function unlock(pem: string, source: string, passphrase: string | undefined, refuse: (detail: string) => HotfixError): KeyObject {
  const labels = [...pem.matchAll(PEM)].map(([, label = ""]) => label);
  if (labels.includes("PUBLIC KEY")) throw refuse("it is a public key");
  const [label, ...more] = labels;
  if (label === undefined || !label.endsWith("PRIVATE KEY")) throw refuse("it is not in PEM form");
  if (more.length > 0) throw refuse("it holds more than one key");
  const isLocked = label === "ENCRYPTED PRIVATE KEY" || pem.includes("Proc-Type: 4,ENCRYPTED");
  if (isLocked && passphrase === undefined) throw new HotfixError(diagnostic("HF2205", "error", { source, detail: "it needs a passphrase" }));
  try {
    return createPrivateKey(isLocked && passphrase !== undefined ? { key: pem, passphrase } : pem);
  } catch {
    // OpenSSL's own words tell users nothing
    if (isLocked) throw new HotfixError(diagnostic("HF2205", "error", { source, detail: "the passphrase is wrong" }));
    throw refuse("its content is damaged");
  }
}

/**
 * The public keys in a text, one or more, by their fingerprints.
 *
 * @throws HotfixError HF2204, for a private key too: it has no business where patches are verified
 */
export function readPublicKeys(pem: string | KeyObject, source: string): readonly Fingerprint[] {
  const refuse = (detail: string): HotfixError => new HotfixError(diagnostic("HF2204", "error", { source, wanted: "a public key", detail }));
  if (typeof pem !== "string") return [fingerprintOfKey(pem, refuse)];
  const blocks = [...pem.matchAll(PEM)];
  if (blocks.length === 0) throw refuse("it is not in PEM form");
  return blocks.map(([block, label = ""]) => {
    if (label.endsWith("PRIVATE KEY")) throw refuse("it is a private key, which only the signer should have");
    if (label !== "PUBLIC KEY") throw refuse(`it holds a ${label.toLowerCase()}`);
    try {
      return fingerprintOfKey(createPublicKey(block), refuse);
    } catch (error) {
      throw error instanceof HotfixError ? error : refuse("its content is damaged");
    }
  });
}

function fingerprintOfKey(key: KeyObject, refuse: (detail: string) => HotfixError): Fingerprint {
  if (!(key instanceof KeyObject)) throw refuse("it is no key");
  if (key.type !== "public") throw refuse("it is a private key, which only the signer should have");
  if (key.asymmetricKeyType !== "ed25519") throw refuse(`it is of kind ${key.asymmetricKeyType}, not Ed25519`);
  return fingerprintOf(key.export({ type: "spki", format: "der" }));
}
