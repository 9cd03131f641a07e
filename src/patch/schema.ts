/**
 * Checks that a payload has the form that `payload.ts` describes. The mapped types make the compiler
 * refuse this file when a field is added there and forgotten here.
 */
import type {
  PatchBase, PatchBindings, PatchCallbacks, PatchFunction, PatchImport, PatchImportSource, PatchLive, PatchModule, PatchPayload, PatchVariable, NamespaceEntry } from "./payload.ts";
import { PAYLOAD_SCHEMA } from "./payload.ts";

export interface Mismatch {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

type Mismatches = Generator<Mismatch, void, undefined>;
type Check = (value: unknown, path: string) => Mismatches;
type Shape<T> = { readonly [K in keyof T]-?: Check };

function satisfying(expected: string, holds: (value: unknown) => boolean): Check {
  return function* (value, path) {
    if (!holds(value)) yield { path, expected, found: describe(value) };
  };
}

const text = satisfying("a string", (value) => typeof value === "string");
const name = satisfying("a string that is not empty", (value) => typeof value === "string" && value !== "");
const flag = satisfying("true or false", (value) => typeof value === "boolean");
const counter = satisfying("a whole number from 0", (value) => Number.isSafeInteger(value) && (value as number) >= 0);
const slot = satisfying("a slot name, `$` and more", (value) => typeof value === "string" && /^\$./s.test(value));

function oneOf(...known: readonly (string | number)[]): Check {
  return satisfying(known.map((each) => JSON.stringify(each)).join(" or "), (value) => known.includes(value as string));
}

function listOf(check: Check, unique?: (entry: never) => string): Check {
  return function* (value, path) {
    if (!Array.isArray(value)) return yield { path, expected: "a list", found: describe(value) };
    const seen = new Set<string>();
    for (const [index, entry] of value.entries()) {
      const place = `${path}[${index}]`;
      let sound = true;
      for (const mismatch of check(entry, place)) {
        sound = false;
        yield mismatch;
      }
      if (!sound || unique === undefined) continue;
      const key = unique(entry as never);
      if (seen.has(key)) yield { path: place, expected: "an entry of its own", found: "one that stands there already" };
      seen.add(key);
    }
  };
}

function optional(check: Check): Check {
  return function* (value, path) {
    if (value !== undefined) yield* check(value, path);
  };
}

function recordOf(check: Check): Check {
  return function* (value, path) {
    if (!isRecord(value)) return yield { path, expected: "an object", found: describe(value) };
    for (const [key, entry] of Object.entries(value)) yield* check(entry, `${path}.${key}`);
  };
}

function object<T>(shape: Shape<T>): Check {
  const fields = Object.entries<Check>(shape);
  const known = new Set(fields.map(([key]) => key));
  return function* (value, path) {
    if (!isRecord(value)) return yield { path, expected: "an object", found: describe(value) };
    for (const [key, check] of fields) yield* check(value[key], `${path}.${key}`);
    for (const key of Object.keys(value)) {
      if (!known.has(key)) yield { path: `${path}.${key}`, expected: "no such field", found: describe(value[key]) };
    }
  };
}

type SourceOf<K extends PatchImportSource["kind"]> = Extract<PatchImportSource, { kind: K }>;

const importSources: { readonly [K in PatchImportSource["kind"]]: Check } = {
  host: object<SourceOf<"host">>({ kind: name, key: name, name, fixed: flag }),
  hostNamespace: object<SourceOf<"hostNamespace">>({ kind: name, exports: recordOf(object<NamespaceEntry>({ key: name, name, added: flag })) }),
  added: object<SourceOf<"added">>({ kind: name, key: name, name }),
  package: object<SourceOf<"package">>({ kind: name, specifier: name, imported: name }),
};

const importSource: Check = function* (value, path) {
  const kind = isRecord(value) ? value["kind"] : undefined;
  const check = typeof kind === "string" && Object.hasOwn(importSources, kind) ? importSources[kind as PatchImportSource["kind"]] : undefined;
  if (check === undefined) return yield* oneOf(...Object.keys(importSources))(kind, `${path}.kind`);
  yield* check(value, path);
};

const bindings: Check = function* (value, path) {
  let sound = true;
  for (const mismatch of object<PatchBindings>({ fixed: listOf(name), live: listOf(name), privates: optional(listOf(name, (entry: string) => entry)), imports: listOf(object<PatchImport>({ local: name, from: importSource })) })(value, path)) {
    sound = false;
    yield mismatch;
  }
  if (!sound) return;
  const { fixed, live, imports } = value as PatchBindings;
  yield* listOf(name, (entry: string) => entry)([...fixed, ...live, ...imports.map((each) => each.local)], path);
};

const patchModule = object<PatchModule>({
  key: name,
  origin: oneOf("host", "new"),
  fingerprint: name,
  loads: listOf(name),
  functions: listOf(object<PatchFunction>({ name, slot, origin: oneOf("replaced", "added"), hash: name, shape: name }), (entry: PatchFunction) => entry.slot),
  variables: listOf(object<PatchVariable>({ name, mutable: flag, copy: flag, hash: name }), (entry: PatchVariable) => entry.name),
  bindings,
  file: name,
  code: text,
  map: text,
});

const callbacks = object<PatchCallbacks>({
  names: listOf(oneOf("prePatch", "postPatch", "preUnpatch", "postUnpatch", "healthy"), (entry: string) => entry),
  oncePerProcess: flag,
  module: patchModule,
});

const payload = object<PatchPayload>({
  schema: oneOf(PAYLOAD_SCHEMA),
  sequence: counter,
  package: name,
  bases: listOf(object<PatchBase>({ build: name })),
  live: listOf(object<PatchLive>({ target: name, line: counter, reason: name })),
  modules: listOf(patchModule, (entry: PatchModule) => entry.key),
  *callbacks(value, path) {
    if (value !== null) yield* callbacks(value, path);
  },
});

/** Every place where the value is not what schema 1 says, in the order of the fields. */
export function payloadMismatches(value: unknown): Mismatches {
  return payload(value, "patch");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value.length <= 40 ? JSON.stringify(value) : "a string";
  return typeof value === "object" ? "an object" : String(value);
}
