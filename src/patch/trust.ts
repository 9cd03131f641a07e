/** Whose patches are taken. */
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import type { Fingerprint } from "./keys.ts";

/** Undefined if one of the signers is trusted; else HF2202 (unsigned) or HF2203 (signed by others). */
export function distrust(signers: readonly Fingerprint[], trusted: readonly Fingerprint[]): Diagnostic | undefined {
  if (signers.some((signer) => trusted.includes(signer))) return undefined;
  const keys = trusted.join(", ");
  if (signers.length === 0) return diagnostic("HF2202", "refusal", { keys });
  return diagnostic("HF2203", "refusal", { signers: signers.join(", "), keys });
}
