/** Puts a manifest together. */
import { EMITTED_FORM } from "../patch/form.ts";
import { PAYLOAD_SCHEMA } from "../patch/payload.ts";
import { digest } from "../syntax/digest.ts";
import { MANIFEST_SCHEMA, type BuildEnvironment, type Manifest, type ManifestModule, type OutsideFact } from "./manifest.ts";

export interface ManifestParts {
  readonly package: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly environment: BuildEnvironment;
  readonly outside: ReadonlyMap<string, OutsideFact>;
  readonly entries: readonly string[];
  readonly modules: ReadonlyMap<string, ManifestModule>;
}

/** Modules and packages come sorted, so that the same program gives the same manifest. */
export function makeManifest(parts: ManifestParts): Manifest {
  const head = {
    schema: MANIFEST_SCHEMA,
    versions: { form: EMITTED_FORM, patch: PAYLOAD_SCHEMA },
    package: parts.package,
    packages: Object.fromEntries(sorted(Object.entries(parts.packages))),
    environment: parts.environment,
    outside: Object.fromEntries(sorted(parts.outside)),
    entries: parts.entries.toSorted(),
    modules: new Map(sorted(parts.modules)),
  } as const;
  return { ...head, build: buildIdOf(head) };
}

/** The build id: a hash of the program and of what its code was made with. Where specifiers led is no part of it. */
export function buildIdOf({ package: name, environment, outside, modules }: Omit<Manifest, "build">): string {
  const { resolution: _, ...made } = environment;
  const fingerprints = [...modules].map(([key, { fingerprint }]) => [key, fingerprint]);
  const files = Object.entries(outside).map(([key, { content }]) => [key, content]);
  return digest(JSON.stringify([name, made, files, fingerprints]));
}

function sorted<T>(entries: Iterable<readonly [string, T]>): readonly (readonly [string, T])[] {
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
