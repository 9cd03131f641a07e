/** One at a time, across threads and processes. */
import { closeSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Nobody holds it for so long but who was killed, in milliseconds. */
const FORGOTTEN = 10_000;

/** Waits, and does what is to be done without the lock where it cannot be had at all. */
export function withLock<T>(path: string, action: () => T): T {
  const handle = take(path);
  try {
    return action();
  } finally {
    if (handle !== undefined) {
      closeSync(handle);
      rmSync(path, { force: true });
    }
  }
}

function take(path: string): number | undefined {
  mkdirSync(dirname(path), { recursive: true });
  for (const end = Date.now() + 2 * FORGOTTEN; Date.now() < end; ) {
    try {
      return openSync(path, "wx");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return undefined;
      if (ageOf(path) > FORGOTTEN) rmSync(path, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return undefined;
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
