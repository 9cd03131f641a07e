/** Emit: closed modules → payload. */
import type { Manifest } from "../manifest/manifest.ts";
import { hashNode } from "../manifest/record.ts";
import { PAYLOAD_SCHEMA, type PatchFunction, type PatchModule, type PatchPayload } from "../patch/payload.ts";
import type { ClosedModule } from "./close.ts";
import { writePatchCode } from "./code.ts";

export function emit(modules: readonly ClosedModule[], manifest: Manifest, sequence: number): PatchPayload {
  return {
    schema: PAYLOAD_SCHEMA,
    sequence,
    package: manifest.package,
    bases: [{ build: manifest.build }],
    modules: modules.map(emitModule),
  };
}

function emitModule({ change, javascript, request, bindings }: ClosedModule): PatchModule {
  const { key, before } = change.module;
  const { code, map } = writePatchCode(javascript, request);
  const asFunction = (origin: PatchFunction["origin"]) => (target: (typeof change.replaced)[number]): PatchFunction => ({
    name: target.name,
    slot: target.slot,
    origin,
    hash: hashNode(target),
  });
  return {
    key,
    fingerprint: before.fingerprint,
    functions: [...change.replaced.map(asFunction("replaced")), ...change.added.map(asFunction("added"))],
    variables: change.variables.map((binding) => ({
      name: binding.name,
      mutable: binding.kind === "let" || binding.kind === "var",
      hash: hashNode(binding),
    })),
    bindings,
    file: request.file,
    code,
    map,
  };
}
