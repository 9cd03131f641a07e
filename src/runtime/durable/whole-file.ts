/** Files that are there wholly or not at all, whenever the process or the machine stops. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reach } from "../fault.ts";

/** What unfinished files are called; see {@link isUnfinished}. */
const UNFINISHED = ".new-";
let written = 0;

/** Written beside its place, synced, then moved there; the last of several at once stays. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const fresh = nameBeside(path);
  try {
    const file = await open(fresh, "wx", 0o600);
    try {
      reach("durable:write");
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    reach("durable:rename");
    await rename(fresh, path);
    reach("durable:renamed");
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

/** An empty file, there once this returns. */
export function writeMark(path: string): void {
  const fresh = nameBeside(path);
  const file = openSync(fresh, "wx", 0o600);
  try {
    writeSync(file, "");
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
  syncDirectory(dirname(path));
}

/** Makes names that were entered or removed last. */
export function syncDirectory(path: string): void {
  try {
    const directory = openSync(path, "r");
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch {
    // some systems do not sync directories (Windows); they order these writes themselves
  }
}

/** Pid of the process that left an unfinished file; undefined for a file of another kind. */
export function isUnfinished(name: string): number | undefined {
  return name.startsWith(UNFINISHED) ? Number(name.slice(UNFINISHED.length).split("-")[0]) : undefined;
}

function nameBeside(path: string): string {
  return join(dirname(path), `${UNFINISHED}${process.pid}-${++written}`);
}
