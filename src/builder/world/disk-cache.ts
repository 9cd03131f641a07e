/**
 * The cache of conclusions on disk: below `node_modules/.cache/ts-hotfix`, a folder for each version of the analysis. Its version is
 * the hash of its own code, so that nothing is ever out of date. A program has two files: what was concluded at some time, and a
 * small one with what came since, so that a build after a fix writes little. Files appear as a whole, so builds may share them.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { digest } from "../../syntax/digest.ts";
import type { AnalysisCache, Conclusion } from "./analysis-cache.ts";
import { Pack, type Packed } from "./pack.ts";

/** What came since is put to the rest when it is more than this. */
const MOST_RECENT = 128;
/** Rounds of putting together in which a conclusion has not been asked for until it is dropped. */
const FORGOTTEN = 20;
/** Folders of other versions that nothing has used for so long are removed. In milliseconds: 30 days. */
const OLD = 30 * 24 * 60 * 60 * 1000;
/** Work that took less is not worth a file. In milliseconds. */
const WORTHWHILE = 150;

export class DiskCache implements AnalysisCache {
  readonly #folder: string;
  readonly #program: string;
  readonly #fresh = new Map<string, string>();
  readonly #used = new Set<string>();
  #packs: readonly [old: Pack | undefined, recent: Pack | undefined] | undefined;
  #spent = 0;
  #depth = 0;

  /**
   * @param folder of the cache
   * @param program what tells programs apart: they have files of their own
   */
  constructor(folder: string, program: string) {
    this.#folder = join(folder, "analysis", analysisVersion());
    this.#program = digest(program);
  }

  /** There is nothing of the program yet. */
  get isEmpty(): boolean {
    return !existsSync(this.#path("old")) && !existsSync(this.#path("recent"));
  }

  /** How many conclusions had to be drawn. */
  get drawn(): number {
    return this.#fresh.size;
  }

  of<T>(conclusion: Conclusion, idOf: () => string, make: () => T): T {
    const id = `${conclusion} ${idOf()}`;
    const known = this.#read(id);
    if (known !== undefined) return JSON.parse(known) as T;
    const begin = performance.now();
    this.#depth++;
    const made = make();
    // what is made on the way is part of it
    if (--this.#depth === 0) this.#spent += performance.now() - begin;
    this.#fresh.set(id, JSON.stringify(made));
    return made;
  }

  /** A conclusion that is on disk, as JSON. */
  find(conclusion: Conclusion, id: string): string | undefined {
    return this.#stored(`${conclusion} ${id}`);
  }

  /** Takes over what another thread has drawn. */
  add(conclusion: Conclusion, id: string, text: string): void {
    this.#fresh.set(`${conclusion} ${id}`, text);
    this.#spent = Infinity;
  }

  /** Writes what is new, where that is worth it. Does without where it cannot, and then gives false. */
  save(): boolean {
    if (this.#fresh.size === 0 || this.#spent < WORTHWHILE) return true;
    // opened again: another build may have written since
    const texts = new Map<string, Packed>(Pack.open(this.#path("recent"))?.entries());
    const isFull = texts.size + this.#fresh.size > MOST_RECENT;
    const before = isFull ? new Map<string, Packed>(Pack.open(this.#path("old"))?.entries()) : new Map<string, Packed>();
    const round = Math.max(0, ...[...before.values()].map((each) => each.round)) + (isFull ? 1 : 0);
    for (const [id, each] of texts) before.set(id, each);
    for (const [id, text] of this.#fresh) before.set(id, { text, round });
    for (const [id, { text }] of before) if (this.#used.has(id)) before.set(id, { text, round });
    if (!isFull) return Pack.write(this.#path("recent"), before);
    if (!Pack.write(this.#path("old"), new Map([...before].filter(([, each]) => round - each.round < FORGOTTEN)))) return false;
    Pack.remove(this.#path("recent"));
    this.#prune();
    return true;
  }

  #read(id: string): string | undefined {
    return this.#fresh.get(id) ?? this.#stored(id);
  }

  #stored(id: string): string | undefined {
    this.#used.add(id);
    this.#packs ??= [Pack.open(this.#path("old")), Pack.open(this.#path("recent"))];
    return this.#packs[1]?.read(id) ?? this.#packs[0]?.read(id);
  }

  #path(part: "old" | "recent"): string {
    return join(this.#folder, `${this.#program}-${part}.pack`);
  }

  #prune(): void {
    try {
      const now = new Date();
      utimesSync(this.#folder, now, now);
      for (const each of readdirSync(dirname(this.#folder))) {
        const folder = join(dirname(this.#folder), each);
        if (now.getTime() - statSync(folder).mtimeMs > OLD) rmSync(folder, { recursive: true, force: true });
      }
    } catch {
      // another build is about it
    }
  }
}

/**
 * The folder of the cache: `TS_HOTFIX_CACHE`, or `.cache/ts-hotfix` in the nearest `node_modules`. Undefined where that variable is
 * empty, or where there is no such folder.
 */
export function cacheFolder(folder: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const wanted = environment["TS_HOTFIX_CACHE"];
  if (wanted !== undefined) return wanted === "" ? undefined : resolve(folder, wanted);
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules"))) return join(at, "node_modules", ".cache", "ts-hotfix");
    if (dirname(at) === at) return undefined;
  }
}

let version: string | undefined;

/** Hash of all code that conclusions come from, and of the versions of the libraries it stands on. */
export function analysisVersion(): string {
  version ??= digest([
    ...["../../analyze", "../../syntax", "../../graph", "../../manifest", "."].flatMap((folder) => codeIn(fileURLToPath(new URL(`${folder}/`, import.meta.url)))),
    ...["oxc-parser", "@typescript-eslint/scope-manager"].map(versionOf),
  ].join("\0"));
  return version;
}

function codeIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.[jt]s$/.test(file) && !file.endsWith(".d.ts"));
  return files.toSorted().map((file) => readFileSync(join(folder, file), "utf8"));
}

function versionOf(name: string): string {
  try {
    const { resolve: find } = createRequire(import.meta.url);
    const entry = find(name);
    const root = entry.slice(0, entry.lastIndexOf(name.replaceAll("/", entry.includes("\\") ? "\\" : "/")) + name.length);
    return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string }).version;
  } catch {
    return name;
  }
}
