/**
 * Entries on disk, under the hash of all they were made from: nothing is ever out of date. Any number of processes may write
 * at a time: an entry appears as a whole; a damaged one counts for none.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Entry } from "./entry.ts";

export class EntryCache {
  readonly #folder: string | undefined;
  /** Version, options, configuration files. */
  readonly #circumstances: string;

  constructor(folder: string | undefined, circumstances: string) {
    this.#folder = folder;
    this.#circumstances = circumstances;
  }

  read(file: string, text: string): Entry | undefined {
    if (this.#folder === undefined) return undefined;
    try {
      const stored = readFileSync(this.#pathOf(this.#folder, file, text), "utf8");
      const line = stored.indexOf("\n");
      const body = stored.slice(line + 1);
      if (hash(body) !== stored.slice(0, line)) return undefined;
      const entry = JSON.parse(body) as Entry;
      // a specifier may lead elsewhere when what it led to is gone
      return [...entry.imports, ...entry.later].every((each) => existsSync(each)) ? entry : undefined;
    } catch {
      return undefined;
    }
  }

  /** Does without where it cannot write. */
  write(file: string, text: string, entry: Entry): void {
    if (this.#folder === undefined) return;
    const path = this.#pathOf(this.#folder, file, text);
    const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      const body = JSON.stringify(entry);
      writeFileSync(temporary, `${hash(body)}\n${body}`);
      renameSync(temporary, path);
    } catch {
      rmSync(temporary, { force: true });
    }
  }

  #pathOf(folder: string, file: string, text: string): string {
    const name = hash(`${this.#circumstances}\0${file}\0${text}`);
    return join(folder, name.slice(0, 2), name.slice(2));
  }
}

export function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
