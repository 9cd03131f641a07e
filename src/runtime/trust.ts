/** Whose patches this host takes. Known once for a thread; patches are held against it each time they are put in place. */
import { readFileSync } from "node:fs";
import type { KeyObject } from "node:crypto";
import { resolve } from "node:path";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { isFingerprint, readPublicKeys, type Fingerprint } from "../patch/keys.ts";
import { distrust } from "../patch/trust.ts";

/** A public key: path or `file:` URL of a PEM file, the PEM itself, a key's fingerprint, or a `KeyObject`. A PEM may hold several. */
export type TrustedKey = string | URL | KeyObject;

/** Options of {@link configure}. */
export interface RuntimeOptions {
  /** Keys whose patches are taken. Default: those that `TS_HOTFIX_TRUSTED_KEYS` lists; without it, everybody's patches, with a warning. */
  readonly trustedKeys?: readonly TrustedKey[];
  /**
   * Directory in which the active patch is kept for the next start. Default: what `TS_HOTFIX_STATE_DIR` says, which is
   * the form that works before the first target is called; without it, a restart leads back to the base.
   */
  readonly stateDir?: string;
}

const OPTIONS: readonly string[] = ["trustedKeys", "stateDir"] satisfies readonly (keyof RuntimeOptions)[];

/** What the thread was told. Plain data: copies of the package hand it to each other. */
export type Trust =
  | { readonly kind: "anyone" }
  | { readonly kind: "signers"; readonly fingerprints: readonly Fingerprint[] }
  /** From `TS_HOTFIX_TRUSTED_KEYS`, and not read yet. `from`: the working directory then. */
  | { readonly kind: "unread"; readonly list: string; readonly from: string }
  | { readonly kind: "unusable"; readonly detail: string };

/** A slip in an option's name must not leave the door open. Throws HF3002. */
export function checkRuntimeOptions(options: unknown): asserts options is RuntimeOptions {
  const unknown = typeof options === "object" && options !== null ? Object.keys(options).find((name) => !OPTIONS.includes(name)) : typeof options;
  if (unknown !== undefined) throw new HotfixError(diagnostic("HF3002", "error", { call: "configure()", expected: "an object with `trustedKeys` or `stateDir`", found: `\`${unknown}\`` }));
  const { stateDir } = options as { readonly stateDir?: unknown };
  if (!isPath(stateDir)) throw new HotfixError(diagnostic("HF3002", "error", { call: "configure({ stateDir })", expected: "a path", found: stateDir === "" ? "an empty one" : typeof stateDir }));
}

function isPath(value: unknown): boolean {
  return value === undefined || (typeof value === "string" && value !== "");
}

/**
 * Fingerprints of the keys, each once.
 *
 * @throws HotfixError HF3002 for a value that is no list of keys, HF2204 for a key that cannot be used
 */
export function readTrustedKeys(keys: readonly TrustedKey[], from: string = process.cwd()): readonly Fingerprint[] {
  if (!Array.isArray(keys) || keys.length === 0) {
    const found = Array.isArray(keys) ? "an empty list" : typeof keys;
    throw new HotfixError(diagnostic("HF3002", "error", { call: "configure({ trustedKeys })", expected: "a list of keys, at least one", found }));
  }
  return [...new Set(keys.flatMap((key) => readTrustedKey(key, from)))];
}

function readTrustedKey(key: TrustedKey, from: string): readonly Fingerprint[] {
  if (typeof key === "string" && isFingerprint(key)) return [key];
  if (typeof key === "string" && key.includes("-----BEGIN ")) return readPublicKeys(key, "the given PEM");
  if (typeof key === "string" || key instanceof URL) return readPublicKeys(readKeyFile(typeof key === "string" ? resolve(from, key) : key), String(key));
  return readPublicKeys(key, "the given key");
}

function readKeyFile(file: string | URL): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new HotfixError(diagnostic("HF2204", "error", { source: String(file), wanted: "a public key", detail: error instanceof Error ? error.message : String(error) }));
  }
}

/** @param list keys, separated by commas */
export function readListedKeys(list: string, from: string): readonly Fingerprint[] {
  return readTrustedKeys(list.split(",").map((each) => each.trim()).filter(Boolean), from);
}

/** Reads what the variable lists. Never throws: keys that cannot be read let nothing in. */
export function readListed(trust: Trust): Trust {
  if (trust.kind !== "unread") return trust;
  try {
    return { kind: "signers", fingerprints: readListedKeys(trust.list, trust.from) };
  } catch (error) {
    return unusable(error, "TS_HOTFIX_TRUSTED_KEYS");
  }
}

/** @param where the keys are named */
export function unusable(error: unknown, where: string): Trust {
  const detail = error instanceof HotfixError ? error.diagnostics[0]?.message : String(error);
  return { kind: "unusable", detail: `${where}: ${detail?.replace(/\.$/, "")}` };
}

/** Why a patch with these signers is not taken. */
export function refuseSigners(trust: Trust, signers: readonly Fingerprint[]): Diagnostic | undefined {
  switch (trust.kind) {
    case "anyone":
      return undefined;
    case "signers":
      return distrust(signers, trust.fingerprints);
    case "unread":
      return refuseSigners(readListed(trust), signers);
    case "unusable":
      return diagnostic("HF3101", "refusal", { detail: trust.detail });
  }
}
