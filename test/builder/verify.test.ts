import { expect, test } from "vitest";
import { verify } from "../../src/builder/verify.ts";
import { HotfixError } from "../../src/messages/diagnostic.ts";
import type { PatchPayload } from "../../src/patch/payload.ts";

const payload = (code: string): PatchPayload => ({
  schema: 1, sequence: 1, package: "app", bases: [], live: [], callbacks: null,
  modules: [{
    key: "app:a.ts", origin: "host", fingerprint: "f", loads: [], file: "a.ts", map: "", code, variables: [], bindings: { fixed: [], live: [], imports: [] },
    functions: [{ name: "f", slot: "$f", origin: "replaced", hash: "h", shape: "s" }],
  }],
});

test.each([
  ["does not compile", "(function ($t, $s) { return }}"],
  ["lacks a function", "(function ($t, $s) { return { functions: {}, variables: {} }; })"],
  ["reads the host before it is called", "(function ($t, $s) { const x = $s.x; return { functions: { $f() {} }, variables: {} }; })"],
])("patch code that %s does not leave the builder (HF9001)", (_what, code) => {
  expect(() => verify(payload(code))).toThrow(HotfixError);
  expect(() => verify(payload(code))).toThrow(/HF9001.*app:a\.ts/);
});

test("patch code as it should be passes", () => {
  expect(() => verify(payload("(function ($t, $s) { return { functions: { $f() { return $s.x; } }, variables: {} }; })"))).not.toThrow();
});
