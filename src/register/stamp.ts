/** What a manifest was written from beside the modules that it has: as long as it holds, nothing has to be parsed. */
import { hash } from "./cache.ts";
import { contentOf } from "./modules.ts";

export interface Stamp {
  /** Hash of version, options and configuration. */
  readonly circumstances: string;
  /** Files that the manifest has as they are, with hashes; null for one that is not there. */
  readonly files: readonly (readonly [string, string | null])[];
}

export function readStamp(path: string): Stamp | undefined {
  try {
    return (JSON.parse(contentOf(path) ?? "null") as Stamp | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function holds(path: string, circumstances: string): boolean {
  const stamp = readStamp(path);
  return stamp?.circumstances === circumstances && stamp.files.every(([file, content]) => contentHash(file) === content);
}

export function contentHash(file: string): string | null {
  const text = contentOf(file);
  return text === null ? null : hash(text);
}
