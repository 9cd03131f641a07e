/** Emit: closed modules → payload. */
import type { Target } from "../analyze/analysis.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { hashNode } from "../manifest/fingerprint.ts";
import { PAYLOAD_SCHEMA, type PatchFunction, type PatchModule, type PatchPayload } from "../patch/payload.ts";
import { digest } from "../syntax/normalise.ts";
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
    shape: shapeOf(target),
  });
  return {
    key,
    fingerprint: before.fingerprint,
    functions: [...change.replaced.map(asFunction("replaced")), ...change.added.map(asFunction("added"))],
    variables: change.variables.map((binding) => ({
      name: binding.name,
      mutable: binding.kind === "let" || binding.kind === "var",
      // `const` and `let` of the same initialiser are two things.
      hash: digest(`${binding.kind} ${hashNode(binding)}`),
    })),
    bindings,
    file: request.file,
    code,
    map,
  };
}

/** What the guard of an added function can carry: a later patch can only bring one that fits. */
function shapeOf(target: Target): string {
  const { form, kind, forwards, parameters } = target;
  // Its parameters run before the guard: such an addition stays as it came.
  if (parameters.handling === "keep") return `as it came ${hashNode(target)}`;
  const count = parameters.list.filter((parameter) => !parameter.rest).length;
  const list = forwards.arguments === "declared" ? ` ${count}${parameters.list.some((parameter) => parameter.rest) ? " and more" : ""}` : "";
  return `${form === "arrow" ? "arrow" : "function"} ${kind} ${parameters.handling}${list}${forwards.newTarget ? " new.target" : ""}`;
}
