/** Which sockets a command is for: paths as they are, and patterns that are looked up. */
import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import picomatch from "picomatch";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";

export interface FoundSocket {
  readonly path: string;
  /** Named by its path. One that a pattern found may be left over from a process that was killed. */
  readonly isNamed: boolean;
}

/** How deep `**` looks. */
const DEEPEST = 8;

/**
 * Each socket once, in the same order whoever asks.
 *
 * @throws HotfixError HF3042 if a pattern matches nothing
 */
export function findSockets(patterns: readonly string[]): readonly FoundSocket[] {
  const found = new Map<string, FoundSocket>();
  for (const pattern of patterns) {
    const isNamed = isPath(pattern);
    const paths = isNamed ? [pattern] : socketsLike(pattern);
    if (paths.length === 0) throw new HotfixError(diagnostic("HF3042", "error", { pattern }));
    for (const path of paths) {
      const real = realPath(path);
      if (isNamed || !found.has(real)) found.set(real, { path, isNamed });
    }
  }
  return [...found].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, socket]) => socket);
}

/** Whether it is taken as it stands: it is there, or has nothing of a pattern. */
export function isPath(pattern: string): boolean {
  return isThere(pattern) || !picomatch.scan(pattern).isGlob;
}

function socketsLike(pattern: string): string[] {
  const { base, glob } = picomatch.scan(pattern);
  const matches = picomatch(glob);
  const depth = glob.includes("**") ? DEEPEST : glob.split("/").length;
  return [...filesBelow(base, "", depth)].filter((path) => matches(path)).map((path) => join(base, path)).filter(isSocket);
}

function* filesBelow(base: string, folder: string, depth: number): Generator<string> {
  let entries;
  try {
    entries = readdirSync(join(base, folder) || ".", { withFileTypes: true });
  } catch {
    return; // not there, or not ours to read
  }
  for (const entry of entries) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) yield path;
    else if (depth > 1) yield* filesBelow(base, path, depth - 1);
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false; // or below a file, or longer than a path can be, or not ours to see: whoever connects there is told
  }
}

function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    return false;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
