/** Hashes of texts. */
import { hash } from "node:crypto";

/** Hash of a text: the first 128 bits of its SHA-256, base64url (22 characters). */
export function digest(text: string): string {
  return hash("sha256", text, "base64url").slice(0, 22);
}
