/** `state.json`: what is active, as text. A digest in front of it tells damage from content. */
import { createHash } from "node:crypto";
import type { StateName } from "../state.ts";

export const STATE_SCHEMA = 1;

/** What is kept of a patch beside its file. */
export interface SavedPatch {
  readonly id: string;
  /** SHA-256 of the patch file. */
  readonly digest: string;
  /** The state that it replaced. */
  readonly before: StateName;
}

export interface SavedActive extends SavedPatch {
  /** Where modules that import packages were loaded from, by key. */
  readonly locations: Readonly<Record<string, string>>;
  /** Fingerprints of the program's modules, by key: what tells another build. Several, where libraries of one name are loaded. */
  readonly modules: Readonly<Record<string, readonly string[]>>;
}

export interface SavedState {
  readonly schema: typeof STATE_SCHEMA;
  /** Null: the base. */
  readonly active: SavedActive | null;
  /** Another patch that can be put back without its file. */
  readonly other: SavedPatch | null;
}

export function digestOf(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** `<digest> <JSON>\n` */
export function encodeState(state: SavedState): string {
  const json = JSON.stringify(state);
  return `${digestOf(json)} ${json}\n`;
}

/** Throws what is wrong with the text. */
export function decodeState(bytes: Uint8Array): SavedState {
  const text = Buffer.from(bytes).toString("latin1");
  const json = bytes.subarray(65, -1);
  if (text.at(64) !== " " || !text.endsWith("\n") || digestOf(json) !== text.slice(0, 64)) throw new Error("state.json does not have the digest it should have");
  const state = JSON.parse(Buffer.from(json).toString("utf8")) as { readonly schema: unknown };
  if (state.schema !== STATE_SCHEMA) throw new Error(`state.json has schema ${String(state.schema)}, this runtime knows ${STATE_SCHEMA}`);
  return state as SavedState;
}
