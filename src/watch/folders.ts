/** Tells of every source file that is saved. Folders are watched one by one: what was installed is left alone, whatever lies beside it. */
import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";

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

  /** The folder and all below it, also when it is made anew. */
  addRoot(folder: string): void {
    const path = resolve(folder);
    this.add(path);
    this.#addEntry(path, () => this.#moved(path));
  }

  /** One file, wherever it is. */
  addFile(file: string): void {
    const path = resolve(file);
    this.#addEntry(path, () => this.#saved(path));
  }

  /** Tells of one name in a folder that may have nothing else to do with the program. */
  #addEntry(path: string, changed: () => void): void {
    const key = `entry ${path}`;
    if (this.#watchers.has(key) || path === dirname(path)) return;
    try {
      this.#watchers.set(key, watch(dirname(path), { persistent: false }, (_, name) => {
        if (name !== null && join(dirname(path), name) === path) changed();
      }).on("error", () => this.#drop(key)));
    } catch {
      // there is no such folder: the build tells
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #changed(folder: string, kind: string, name: string | null): void {
    if (name === null) return this.#saved(folder);
    const path = join(folder, name);
    if (SOURCES.test(name)) this.#saved(path);
    else if (kind === "rename" && !NEVER.test(name) && !this.#ignored.has(path)) this.#moved(path);
  }

  /** A folder has come or gone, or one has taken the place of another: what was watched below is not there any more. */
  #moved(folder: string): void {
    const gone = [...this.#watchers.keys()].filter((path) => path === folder || path.startsWith(folder + sep));
    for (const path of gone) this.#drop(path);
    if (isFolder(folder)) this.add(folder);
    else if (gone.length === 0) return;
    this.#saved(folder);
  }

  #drop(key: string): void {
    this.#watchers.get(key)?.close();
    this.#watchers.delete(key);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
