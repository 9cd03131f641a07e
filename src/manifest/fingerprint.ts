/** Fingerprints of modules: what a patch and the host it is for must agree on. */
import type { LiftRules } from "../analyze/members.ts";
import { EMITTED_FORM } from "../patch/form.ts";
import { digest } from "../syntax/digest.ts";

/** Options that decide what is emitted for a text, whichever tool emits it. */
export interface EmitSettings {
  readonly targets: "all" | "tagged";
  readonly init: "auto" | "explicit";
  readonly lift: Pick<LiftRules, "classes" | "objects"> | undefined;
}

/** Hash of the author's text, the version of the emitted form and the options. A reformatted module is another one. */
export function fingerprintOf(text: string, { targets, init, lift }: EmitSettings): string {
  return digest(JSON.stringify([EMITTED_FORM, targets, init, lift === undefined ? null : [lift.classes, lift.objects], text]));
}
