/** Writes transformed files: all beside their places first, then all in place. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import type { Output } from "./tree.ts";

/** Throws HF0007 if a file cannot be written; none has been changed then. */
export function writeTree(outputs: readonly Output[]): void {
  const staged: { readonly temporary: string; readonly path: string }[] = [];
  let current = "";
  try {
    for (const { source, path, content } of outputs) {
      current = path;
      mkdirSync(dirname(path), { recursive: true });
      const place = follow(path);
      const temporary = `${place}.${randomBytes(4).toString("hex")}.tmp`;
      staged.push({ temporary, path: place });
      writeFileSync(temporary, content);
      chmodSync(temporary, statSync(source).mode & 0o777);
    }
    for (const { temporary, path } of staged) {
      current = path;
      renameSync(temporary, path);
    }
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    throw new HotfixError(diagnostic("HF0007", "error", { file: current, detail: error instanceof Error ? error.message : String(error) }));
  }
}

/** A link stays one: what it leads to is written. */
function follow(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
