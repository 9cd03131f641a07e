/** Tells of every source file that is saved. Folders are watched one by one: what was installed is left alone, whatever lies beside it. */
import { readdirSync, watch, type FSWatcher } from "node:fs";
import { join, resolve } from "node:path";

/** More is a tree that nobody meant. */
const MOST = 10_000;
const SOURCES = /\.[cm]?[jt]sx?$|(^|[\\/])(package|tsconfig[^\\/]*)\.json$/;
const NEVER = /^(node_modules|\..*)$/;

export class Folders {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #saved: (path: string) => void;
  readonly #ignored: ReadonlySet<string>;

  /**
   * @param saved called for every file that was written, made or removed; often more than once for one save
   * @param ignored folders that are left alone: where builds go
   */
  constructor(saved: (path: string) => void, ignored: Iterable<string> = []) {
    this.#saved = saved;
    this.#ignored = new Set([...ignored].map((folder) => resolve(folder)));
  }

  /** The folder and all below it. */
  add(folder: string): void {
    const path = resolve(folder);
    if (this.#watchers.has(path) || this.#watchers.size >= MOST) return;
    let names: readonly string[];
    try {
      this.#watchers.set(path, watch(path, { persistent: false }, (kind, name) => this.#changed(path, kind, name)).on("error", () => this.#drop(path)));
      names = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    } catch {
      return; // gone again
    }
    for (const name of names) if (!NEVER.test(name) && !this.#ignored.has(join(path, name))) this.add(join(path, name));
  }

  /** One file, wherever it is. */
  addFile(file: string): void {
    const path = resolve(file);
    const folder = resolve(path, "..");
    const key = `${folder} ${path}`;
    if (this.#watchers.has(key)) return;
    try {
      this.#watchers.set(key, watch(folder, { persistent: false }, (_, name) => {
        if (name !== null && join(folder, name) === path) this.#saved(path);
      }).on("error", () => this.#drop(key)));
    } catch {
      // the folder is not there: the build tells
    }
  }

  get count(): number {
    return this.#watchers.size;
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #changed(folder: string, kind: string, name: string | null): void {
    if (name === null) return this.#saved(folder);
    const path = join(folder, name);
    if (SOURCES.test(name)) this.#saved(path);
    // a new folder, perhaps with files in it already
    else if (kind === "rename" && !NEVER.test(name) && !this.#ignored.has(path) && isFolder(path)) {
      this.add(path);
      this.#saved(path);
    }
  }

  #drop(key: string): void {
    this.#watchers.get(key)?.close();
    this.#watchers.delete(key);
  }
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}
