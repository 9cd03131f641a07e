/** Signed patch files: every byte of one is covered, and nothing else than one is taken. */
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { expect, test } from "vitest";
import { HotfixError } from "../../src/messages/diagnostic.ts";
import { encodeEnvelope, patchId } from "../../src/patch/envelope.ts";
import { decodePatch, encodePatch, signPatch } from "../../src/patch/file.ts";
import { fingerprintOf, isFingerprint, makeKeyPair, readPublicKeys, readSigningKey, type SigningKey } from "../../src/patch/keys.ts";
import { PAYLOAD_TYPE } from "../../src/patch/payload.ts";
import { MOST_SIGNATURES, orderSignatures, signPayload, type Signature } from "../../src/patch/signature.ts";
import { distrust } from "../../src/patch/trust.ts";
import { codes, patchOf } from "../runtime/world.ts";

const payload = patchOf({ "app:src/shop.ts": { functions: "award", code: "function award() { return 'ünïcödé'; }" } });
const bytesOfPayload = Buffer.from(JSON.stringify(payload), "utf8");
const newKey = (): SigningKey => readSigningKey(makeKeyPair().privateKey, "a test's key");
const [one, two] = [newKey(), newKey()].toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)) as [SigningKey, SigningKey];

function refusalsOf(bytes: Uint8Array): readonly string[] {
  const reading = decodePatch(bytes);
  return reading.ok ? [] : codes(reading);
}

const withSignatures = (signatures: readonly Signature[]): Uint8Array => encodeEnvelope({ id: patchId(bytesOfPayload), payload: bytesOfPayload, signatures });

test("says who signed, and verifies with nothing but DSSE and the public key", () => {
  const bytes = encodePatch(payload, [two, one]);
  expect(decodePatch(bytes)).toMatchObject({ ok: true, patch: { payload, signers: [one.fingerprint, two.fingerprint] } });
  const { payloadType, payload: content, signatures } = JSON.parse(Buffer.from(bytes).toString("utf8"));
  expect(payloadType).toBe(PAYLOAD_TYPE);
  const body = Buffer.from(content, "base64");
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body]);
  for (const [index, key] of [one, two].entries()) {
    expect(signatures[index].keyid).toBe(key.fingerprint);
    expect(verify(null, signed, createPublicKey(key.privateKey), Buffer.from(signatures[index].sig, "base64"))).toBe(true);
  }
});

test("a signature changes neither payload nor id, and is the same each time", () => {
  const plain = decodePatch(encodePatch(payload));
  const signed = decodePatch(encodePatch(payload, [one]));
  if (!plain.ok || !signed.ok) throw new Error("not read");
  expect({ ...signed.patch, signers: [], bytes: 0 }).toEqual({ ...plain.patch, bytes: 0 });
  expect(encodePatch(payload, [one])).toEqual(encodePatch(payload, [one]));
  expect(signPatch(encodePatch(payload, [two]), [one, one])).toEqual(encodePatch(payload, [one, two]));
  expect(signPatch(encodePatch(payload), [])).toEqual(encodePatch(payload));
});

test("a signed patch is refused with any byte changed in any bit, whoever is trusted", () => {
  const bytes = encodePatch(payload, [one, two]);
  for (let index = 0; index < bytes.length; index++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = Uint8Array.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ (1 << bit);
      expect(refusalsOf(changed), `byte ${index}, bit ${bit}`).toEqual([expect.stringMatching(/^HF2001$|^HF2201$/)]);
    }
  }
}, 120_000);

test("a signed patch is refused cut short or prolonged", () => {
  const bytes = Buffer.from(encodePatch(payload, [one]));
  for (let length = 0; length < bytes.length; length++) expect(refusalsOf(bytes.subarray(0, length))).toEqual(["HF2001"]);
  for (const more of ["\n", " ", "\0", "{}"]) expect(refusalsOf(Buffer.concat([bytes, Buffer.from(more)]))).toEqual(["HF2001"]);
});

test("a signature of another payload, of another key or of the bare payload is broken (HF2201)", () => {
  const good = signPayload(bytesOfPayload, one);
  const other = signPayload(Buffer.from("{}"), one);
  const stranger = signPayload(bytesOfPayload, two);
  const bare = signPayload(Buffer.from(`DSSEv1 ${bytesOfPayload.toString("utf8")}`), one);
  for (const sig of [other.sig, stranger.sig, bare.sig, Buffer.alloc(64).toString("base64"), Buffer.alloc(64, 255).toString("base64")]) {
    expect(refusalsOf(withSignatures([{ ...good, sig }]))).toEqual(["HF2201"]);
  }
  // one sound signature does not make up for a broken one
  expect(refusalsOf(withSignatures(orderSignatures([good, { ...stranger, sig: good.sig }])))).toEqual(["HF2201"]);
});

test("a small-order key signs everything and is nobody's: its signature is read, and trusted by none", () => {
  for (const point of [Buffer.alloc(32), Buffer.alloc(32, 255), Buffer.concat([Buffer.from([1]), Buffer.alloc(31)])]) {
    const spki = Buffer.concat([one.spki.subarray(0, 12), point]);
    const forged = { keyid: fingerprintOf(spki), key: spki.toString("base64"), sig: Buffer.concat([point, Buffer.alloc(32)]).toString("base64") };
    const reading = decodePatch(withSignatures([forged]));
    if (reading.ok) expect(distrust(reading.patch.signers, [one.fingerprint, two.fingerprint])?.code).toBe("HF2203");
    else expect(codes(reading)).toEqual(["HF2201"]);
  }
});

test("signatures are written in one way only (HF2001)", () => {
  const [a, b] = [signPayload(bytesOfPayload, one), signPayload(bytesOfPayload, two)];
  const der = generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "der" });
  const cases: readonly (readonly Signature[])[] = [
    [b, a],
    [a, a],
    [{ ...a, keyid: b.keyid }],
    [{ ...a, keyid: a.keyid.replace("SHA256:", "") }],
    [{ ...a, sig: a.sig.replace(/=+$/, "") }],
    [{ ...a, sig: Buffer.from(a.sig, "base64").subarray(1).toString("base64") }],
    [{ ...a, sig: Buffer.concat([Buffer.from(a.sig, "base64"), Buffer.from([0])]).toString("base64") }],
    [{ ...a, key: `${a.key.slice(0, -4)}AAA=` }],
    [{ keyid: fingerprintOf(der), key: der.toString("base64"), sig: a.sig }],
    [{ ...a, key: "", sig: "" }],
    Array.from({ length: MOST_SIGNATURES + 1 }, () => a),
  ];
  for (const signatures of cases) expect(refusalsOf(withSignatures(signatures)), JSON.stringify(signatures)).toEqual(["HF2001"]);
  const text = Buffer.from(withSignatures([a])).toString("utf8");
  for (const [from, to] of [['"keyid"', '"by":1,"keyid"'], ['"sig":"', '"sig":1,"sig":"'], [`"${a.sig}"`, "null"], ['"signatures":[', '"signatures":[null,'], ['"signatures":[', '"signatures":{"0":']] as const) {
    expect(refusalsOf(Buffer.from(text.replace(from, to))), to).toEqual(["HF2001"]);
  }
});

test("what a file may cost is known before it is parsed", () => {
  const wrapped = (text: string): Uint8Array => encodeEnvelope({ id: patchId(Buffer.from(text)), payload: Buffer.from(text), signatures: [] });
  const detailOf = (bytes: Uint8Array): string => {
    const reading = decodePatch(bytes);
    return reading.ok ? "" : reading.diagnostics[0].message;
  };
  for (const form of [(text: string): Uint8Array => Buffer.from(text), wrapped]) {
    expect(detailOf(form("[".repeat(40)))).toContain("nested deeper");
    expect(detailOf(form('{"a":'.repeat(5_000_000)))).toContain("nested deeper");
    expect(detailOf(form(`[${"[],".repeat(2_000_000)}[]]`))).toContain("more than 2000000 values");
    expect(detailOf(form(`[${"0,".repeat(2_000_001)}0]`))).toContain("more than 2000000 values");
    // punctuation in strings does not count
    expect(detailOf(form(JSON.stringify(`${"[".repeat(100)}\\"${"\\".repeat(3)}`)))).not.toContain("nested");
    expect(detailOf(form(`"${"\\".repeat(1_000_001)}`))).toContain("not JSON");
  }
});

test("random damage never ends in anything but a refusal", () => {
  const bytes = Buffer.from(encodePatch(payload, [one]));
  let state = 1;
  const random = (below: number): number => (state = (state * 48271) % 2147483647) % below;
  for (let round = 0; round < 3000; round++) {
    const damaged = Buffer.from(bytes);
    for (let times = random(4); times >= 0; times--) damaged[random(damaged.length)] = random(256);
    const [from, length] = [random(damaged.length), random(200)];
    const forms = [damaged, damaged.subarray(0, from), damaged.subarray(from), Buffer.concat([damaged.subarray(0, from), damaged.subarray(from + length)]), Buffer.concat([damaged.subarray(0, from), damaged.subarray(random(from + 1))])];
    for (const form of forms) if (!form.equals(bytes)) expect(refusalsOf(form)).toEqual([expect.stringMatching(/^HF2/)]);
  }
});

test("a fingerprint is what OpenSSL and base64 make of the public key", () => {
  const spki = Buffer.from("302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex");
  expect(fingerprintOf(spki)).toBe("SHA256:BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k");
  expect(isFingerprint(fingerprintOf(spki))).toBe(true);
  for (const text of ["SHA256:", "sha256:BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k", `${fingerprintOf(spki)}=`]) expect(isFingerprint(text)).toBe(false);
});

const refusing = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return error instanceof HotfixError ? error.message : `not a refusal: ${String(error)}`;
  }
  return "taken";
};

test("keys: halves, kinds and locks are told apart (HF2204, HF2205)", () => {
  const pair = makeKeyPair();
  const locked = makeKeyPair("open sesame");
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
  expect(readPublicKeys(`${pair.publicKey}\n# the next one\n${locked.publicKey}`, "f")).toEqual([pair.fingerprint, locked.fingerprint]);
  expect(readSigningKey(pair.privateKey, "f").fingerprint).toBe(pair.fingerprint);
  expect(readSigningKey(pair.privateKey, "f", "needless").fingerprint).toBe(pair.fingerprint);
  expect(readSigningKey(locked.privateKey, "f", "open sesame").fingerprint).toBe(locked.fingerprint);
  expect(refusing(() => readSigningKey(locked.privateKey, "f"))).toMatch(/^HF2205.*`f`.*needs a passphrase/);
  for (const wrong of ["open", ""]) expect(refusing(() => readSigningKey(locked.privateKey, "f", wrong))).toMatch(/^HF2205.*is wrong/);

  expect(refusing(() => readSigningKey(pair.publicKey, "f"))).toMatch(/^HF2204.*`f`.*a private key: it is a public key/);
  expect(refusing(() => readSigningKey(rsa.privateKey, "f"))).toMatch(/^HF2204.*kind rsa, not Ed25519/);
  expect(refusing(() => readSigningKey("nonsense", "f"))).toMatch(/^HF2204.*not in PEM form/);
  expect(refusing(() => readSigningKey(pair.privateKey.replace(/\n.{8}/, "\nAAAAAAAA"), "f"))).toMatch(/^HF2204.*damaged/);
  expect(refusing(() => readSigningKey(pair.privateKey + locked.privateKey, "f"))).toMatch(/^HF2204.*more than one/);

  for (const pem of [pair.privateKey, locked.privateKey, pair.publicKey + pair.privateKey]) expect(refusing(() => readPublicKeys(pem, "f"))).toMatch(/^HF2204.*a public key: it is a private key/);
  expect(refusing(() => readPublicKeys(readSigningKey(pair.privateKey, "f").privateKey, "f"))).toMatch(/^HF2204.*private key/);
  expect(refusing(() => readPublicKeys(rsa.publicKey, "f"))).toMatch(/^HF2204.*kind rsa/);
  expect(refusing(() => readPublicKeys("", "f"))).toMatch(/^HF2204.*not in PEM form/);
  expect(refusing(() => readPublicKeys(pair.publicKey.replace(/\n.{8}/, "\nAAAAAAAA"), "f"))).toMatch(/^HF2204.*damaged/);
});
