import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { decodeEnvelope, encodeEnvelope, patchId } from "../../src/patch/envelope.ts";
import { decodePatch, encodePatch } from "../../src/patch/file.ts";
import { PAYLOAD_TYPE, type PatchPayload } from "../../src/patch/payload.ts";
import { codes, patchOf } from "./world.ts";

const payload = patchOf({
  "app:src/shop.ts": {
    functions: "award +bonus@1", variables: "=hits@1", fixed: "double", live: "nextId",
    imports: [{ local: "join", from: { kind: "package", specifier: "node:path", imported: "join" } }],
    code: "function award() {} function bonus() {} const init_hits = () => 1; // ünïcödé",
  },
});

/** An envelope around any text, as honest as it can be made. */
function wrapped(text: string): Uint8Array {
  const bytes = Buffer.from(text, "utf8");
  return encodeEnvelope({ id: patchId(bytes), payload: bytes, signatures: [] });
}

function refusalOf(bytes: Uint8Array): readonly string[] {
  const reading = decodePatch(bytes);
  return reading.ok ? [] : codes(reading);
}

test("is a DSSE envelope whose id is the hash of its payload", () => {
  const bytes = encodePatch(payload);
  const envelope = JSON.parse(Buffer.from(bytes).toString("utf8"));
  const content = Buffer.from(envelope.payload, "base64");
  expect(envelope).toEqual({ id: createHash("sha256").update(content).digest("hex"), payloadType: PAYLOAD_TYPE, payload: content.toString("base64"), signatures: [] });
  expect(decodePatch(bytes)).toMatchObject({ ok: true, patch: { id: envelope.id, payload, signers: [], bytes: bytes.byteLength } });
  expect(encodePatch(payload)).toEqual(bytes);
});

test("is refused with any byte changed in any bit", () => {
  const bytes = encodePatch(payload);
  for (let index = 0; index < bytes.length; index++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = Uint8Array.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ (1 << bit);
      expect(refusalOf(changed), `byte ${index}, bit ${bit}`).toEqual(["HF2001"]);
    }
  }
});

test("is refused cut short, prolonged or written another way", () => {
  const bytes = Buffer.from(encodePatch(payload));
  for (let length = 0; length < bytes.length; length += 7) expect(refusalOf(bytes.subarray(0, length))).toEqual(["HF2001"]);
  const text = bytes.toString("utf8");
  const { id, ...rest } = JSON.parse(text);
  for (const other of [`${text}\n`, ` ${text}`, `\ufeff${text}`, text.trimEnd(), text.replace('"signatures":[]', '"signatures":[],"more":1'), `${JSON.stringify({ ...rest, id })}\n`]) {
    expect(refusalOf(Buffer.from(other, "utf8"))).toEqual(["HF2001"]);
  }
  expect(decodeEnvelope(bytes, bytes.length - 1)).toMatchObject({ ok: false });
});

test("is refused when its payload is not canonical JSON", () => {
  const text = JSON.stringify(payload);
  for (const other of [`${text} `, text.replace('"schema":1', '"schema":1.0'), text.replace('{"schema":1', '{"schema":2,"schema":1'), "[".repeat(200_000), "nonsense"]) {
    expect(refusalOf(wrapped(other)), other.slice(0, 40)).toEqual(["HF2001"]);
  }
  expect(decodePatch(encodeEnvelope({ id: patchId(Buffer.from([0xff])), payload: Buffer.from([0xff]), signatures: [] }))).toMatchObject({ ok: false });
});

test("is refused when its payload has another form, naming place and expectation", () => {
  const [module] = payload.modules;
  if (module === undefined) throw new Error("no module");
  const inModule = (fields: object): object => ({ ...payload, modules: [{ ...module, ...fields }] });
  const cases: [object | null, string][] = [
    [null, "`patch`, expected an object, found null"],
    [{ ...payload, sequence: -1 }, "`patch.sequence`, expected a whole number from 0, found -1"],
    [{ ...payload, sequence: "1" }, 'found "1"'],
    [{ ...payload, extra: 1 }, "`patch.extra`, expected no such field"],
    [{ ...payload, modules: {} }, "`patch.modules`, expected a list, found an object"],
    [{ ...payload, modules: [module, module] }, "`patch.modules[1]`, expected an entry of its own"],
    [inModule({ code: 1 }), "`patch.modules[0].code`, expected a string"],
    [inModule({ functions: [{ ...module.functions[0], origin: "stolen" }] }), "`patch.modules[0].functions[0].origin`"],
    [inModule({ functions: [{ ...module.functions[0], slot: "award" }] }), "expected a slot name"],
    [inModule({ bindings: { ...module.bindings, live: ["double"] } }), "`patch.modules[0].bindings[1]`, expected an entry of its own"],
    [inModule({ bindings: { ...module.bindings, imports: [{ local: "a", from: { kind: "toString" } }] } }), "`patch.modules[0].bindings.imports[0].from.kind`"],
  ];
  for (const [content, message] of cases) {
    const reading = decodePatch(wrapped(JSON.stringify(content)));
    expect(reading.ok ? [] : reading.diagnostics.map(({ code, message: text }) => `${code} ${text}`), message).toEqual([expect.stringContaining(message)]);
    expect(refusalOf(wrapped(JSON.stringify(content)))).toEqual(["HF2002"]);
  }
});

test("is refused with another schema, whatever else it holds", () => {
  expect(refusalOf(wrapped(JSON.stringify({ schema: 2, modules: "other" })))).toEqual(["HF2003"]);
});

test("tells at most ten mismatches", () => {
  const modules = Array.from({ length: 50 }, () => 1) as unknown as PatchPayload["modules"];
  const reading = decodePatch(encodePatch({ ...payload, modules }));
  expect(reading.ok ? 0 : reading.diagnostics.length).toBe(10);
});
