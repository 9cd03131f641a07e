/** The program's modules as they are loaded: from the cache, or made. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { nodesInCycles } from "../transform/graph.ts";
import { VERSION } from "../transform/version.ts";
import { EntryCache, hash } from "./cache.ts";
import type { Entry } from "./entry.ts";
import type { EntryMaker } from "./make-entry.ts";
import { packageFolder, type RegisterSettings } from "./settings.ts";

export class LoadedModules {
  readonly #settings: RegisterSettings;
  readonly #caches = new Map<string, EntryCache>();
  readonly #entries = new Map<string, { readonly text: string; readonly entry: Entry | undefined }>();
  readonly #cyclic = new Map<string, boolean>();
  #maker: EntryMaker | undefined;

  constructor(settings: RegisterSettings) {
    this.#settings = settings;
  }

  /** Undefined for a text that does not parse. */
  entryOf(file: string, text: string, format?: Entry["format"]): Entry | undefined {
    const known = this.#entries.get(file);
    if (known?.text === text && (format === undefined || known.entry?.format === format)) return known.entry;
    const cache = this.#cacheFor(dirname(file));
    const stored = cache.read(file, text);
    if (stored !== undefined && (format === undefined || stored.format === format)) return this.#remember(file, text, stored);
    const made = this.#makerNow().make(file, format);
    if (made !== undefined) cache.write(file, text, made);
    return this.#remember(file, text, made);
  }

  #remember(file: string, text: string, entry: Entry | undefined): Entry | undefined {
    this.#entries.set(file, { text, entry });
    return entry;
  }

  /** Whether something may call into a module before its first statement. Looks ahead at all that it loads. */
  isInCycle(file: string): boolean {
    const known = this.#cyclic.get(file);
    if (known !== undefined) return known;
    const edges = new Map<string, readonly string[]>();
    const open = [file];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (edges.has(at)) continue;
      const imports = this.#importsOf(at);
      edges.set(at, imports);
      open.push(...imports);
    }
    const cyclic = nodesInCycles(edges);
    for (const each of edges.keys()) this.#cyclic.set(each, cyclic.has(each));
    return cyclic.has(file);
  }

  /** Also of files that are left alone: a cycle may lead through them. */
  #importsOf(file: string): readonly string[] {
    try {
      return this.entryOf(file, textOf(readFileSync(file)))?.imports ?? [];
    } catch {
      return [];
    }
  }

  /** Configuration that decides what a text becomes is part of the hash. */
  #cacheFor(folder: string): EntryCache {
    const own = packageFolder(folder) ?? folder;
    const known = this.#caches.get(own);
    if (known !== undefined) return known;
    const { root, options, cache } = this.#settings;
    const cached = new EntryCache(cache, hash(JSON.stringify([VERSION, options, root, ...[own, root].flatMap((each) => [contentOf(join(each, "package.json")), contentOf(join(each, "tsconfig.json"))])])));
    this.#caches.set(own, cached);
    return cached;
  }

  #makerNow(): EntryMaker {
    return (this.#maker ??= new (requireLate<typeof import("./make-entry.ts")>("./make-entry").EntryMaker)(this.#settings));
  }
}

/** A part that most starts do without. */
export function requireLate<T>(name: string): T {
  return createRequire(import.meta.url)(`${name}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`) as T;
}

/** Without a byte order mark. */
export function textOf(source: string | NodeJS.ArrayBufferView | ArrayBuffer): string {
  const text = typeof source === "string" ? source : Buffer.from(source as Uint8Array).toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

export function contentOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
