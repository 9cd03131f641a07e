/** Keys as the commands are given them: files, and the variables for those who do not want to repeat themselves. */
import { readFileSync, statSync } from "node:fs";
import { Option } from "commander";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { readSigningKey, type Fingerprint, type SigningKey } from "../patch/keys.ts";
import { readListedKeys, readTrustedKeys } from "../runtime/trust.ts";

export interface SigningFlags {
  readonly key: readonly string[];
  readonly passphraseFile?: string;
}

export function signingKeyOption(): Option {
  return new Option("--key <file>", "private key to sign with; repeatable (env: TS_HOTFIX_KEY, a file or the PEM itself)").argParser(append).default([], "none");
}

export function trustedKeyOption(): Option {
  return new Option("--key <file>", "public key of a trusted signer, or its fingerprint; repeatable (env: TS_HOTFIX_TRUSTED_KEYS, a list with commas)").argParser(append).default([], "none");
}

export function passphraseOption(): Option {
  return new Option("--passphrase-file <file>", "file whose first line is the private key's passphrase (env: TS_HOTFIX_PASSPHRASE, the passphrase)");
}

export interface SigningKeys {
  readonly keys: readonly SigningKey[];
  /** HF2206 */
  readonly notices: readonly Diagnostic[];
}

/** Throws HF2204 and HF2205. No key at all is none. */
export function readSigningKeys({ key, passphraseFile }: SigningFlags): SigningKeys {
  const fromEnv = process.env["TS_HOTFIX_KEY"];
  const sources = key.length > 0 || fromEnv === undefined || fromEnv === "" ? key : [fromEnv];
  const passphrase = readPassphrase(passphraseFile);
  const isText = (source: string): boolean => source.includes("-----BEGIN ");
  const keys = sources.map((source) => (isText(source) ? readSigningKey(source, "TS_HOTFIX_KEY", passphrase) : readSigningKey(readKeyFile(source), source, passphrase)));
  const unique = [...new Map(keys.map((each) => [each.fingerprint, each])).values()];
  return { keys: unique, notices: sources.filter((source) => !isText(source)).flatMap(exposure) };
}

/** Throws HF2208 where no key is named, HF2204 where one cannot be used. */
export function readVerifyingKeys(files: readonly string[]): readonly Fingerprint[] {
  if (files.length > 0) return readTrustedKeys(files);
  const listed = process.env["TS_HOTFIX_TRUSTED_KEYS"];
  if (listed === undefined || listed === "") throw new HotfixError(diagnostic("HF2208", "error", { half: "public", use: "check the signature with", variable: "TS_HOTFIX_TRUSTED_KEYS" }));
  return readListedKeys(listed, process.cwd());
}

/** Undefined if none is given. An empty one is none: it would protect nothing. */
export function readPassphrase(file: string | undefined): string | undefined {
  if (file === undefined) return process.env["TS_HOTFIX_PASSPHRASE"] || undefined;
  const [line = ""] = readText(file, "a passphrase").split(/\r?\n/);
  if (line === "") throw new HotfixError(diagnostic("HF2204", "error", { source: file, wanted: "a passphrase", detail: "its first line is empty" }));
  return line;
}

function readKeyFile(file: string): string {
  return readText(file, "a private key");
}

function readText(file: string, wanted: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new HotfixError(diagnostic("HF2204", "error", { source: file, wanted, detail: error instanceof Error ? error.message : String(error) }));
  }
}

function exposure(file: string): readonly Diagnostic[] {
  if (process.platform === "win32") return [];
  const found = statSync(file);
  const mode = found.mode & 0o777;
  return !found.isFile() || (mode & 0o077) === 0 ? [] : [diagnostic("HF2206", "notice", { file, mode: mode.toString(8).padStart(4, "0") })];
}

function append(file: string, before: readonly string[]): readonly string[] {
  return [...before, file];
}
