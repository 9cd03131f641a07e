/** `history.jsonl`: an operation a line, never rewritten. */
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import type { HistoryEntry } from "../result.ts";

const NEWLINE = 10;

export async function appendHistory(path: string, entry: HistoryEntry): Promise<void> {
  const file = await open(path, "a+", 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    // one write: processes that share the directory write at the same time
    await file.write(line(entry, size > 0 && last[0] !== NEWLINE));
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** The same before anything else of the program runs. */
export function appendHistoryNow(path: string, entry: HistoryEntry): void {
  const file = openSync(path, "a+", 0o600);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0) readSync(file, last, 0, 1, size - 1);
    appendFileSync(file, line(entry, size > 0 && last[0] !== NEWLINE));
  } finally {
    closeSync(file);
  }
}

/** @param isTorn the line before it was cut off */
function line(entry: HistoryEntry, isTorn: boolean): string {
  return `${isTorn ? "\n" : ""}${JSON.stringify({ ...entry, pid: process.pid })}\n`;
}
