/** What the sources of a tree export, by their text alone: no analysis, a process has seconds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import type { Tree } from "../stage.ts";
import { compile } from "./compile.ts";

/** Where a specifier in a source leads, if to a source of the same tree; both relative to the package. */
export type FindSource = (specifier: string, importer: string) => string | undefined;

interface Export {
  /** `*`: everything that `from` exports. */
  readonly name: string;
  /** The module that the whole namespace of stands under the name; for `*` the one passed on. */
  readonly from: string | undefined;
}

export class TreeExports {
  readonly #tree: Tree;
  readonly #find: FindSource;
  readonly #sources: ReadonlySet<string>;
  readonly #own = new Map<string, readonly Export[]>();

  constructor(tree: Tree, find: FindSource) {
    this.#tree = tree;
    this.#find = find;
    this.#sources = new Set(tree.sources);
  }

  /** Exported names; `undefined` where a package's names are passed on, or there is no such source. */
  names(path: string, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> | undefined {
    if (!this.#sources.has(path)) return undefined;
    const names = new Set<string>();
    for (const each of seen.has(path) ? [] : this.#of(path)) {
      if (each.name !== "*") names.add(each.name);
      else {
        const passed = each.from === undefined ? undefined : this.names(each.from, new Set([...seen, path]));
        if (!passed) return undefined;
        for (const name of passed) if (name !== "default") names.add(name);
      }
    }
    return names;
  }

  /** The source whose namespace a source exports under a name. */
  namespace(path: string, name: string, seen: ReadonlySet<string> = new Set()): string | undefined {
    if (!this.#sources.has(path) || seen.has(path)) return undefined;
    const exports = this.#of(path);
    const own = exports.find((each) => each.name === name);
    if (own) return own.from;
    return exports.flatMap((each) => (each.name === "*" && each.from !== undefined ? (this.namespace(each.from, name, new Set([...seen, path])) ?? []) : []))[0];
  }

  #of(path: string): readonly Export[] {
    const known = this.#own.get(path);
    if (known) return known;
    const found = this.#read(path);
    this.#own.set(path, found);
    return found;
  }

  #read(path: string): readonly Export[] {
    const file = join(this.#tree.folder, path);
    const { module } = parseSync(`${file}.mjs`, compile(file, readFileSync(file, "utf8"), this.#tree.folder).code);
    const namespaces = new Map(
      module.staticImports.flatMap(({ moduleRequest, entries }) =>
        entries.flatMap(({ importName, localName }): [string, string | undefined][] => (importName.kind === "NamespaceObject" ? [[localName.value, this.#find(moduleRequest.value, path)]] : [])),
      ),
    );
    return module.staticExports.flatMap(({ entries }) =>
      entries.map(({ exportName, localName, importName, moduleRequest }): Export => {
        const from = moduleRequest ? this.#find(moduleRequest.value, path) : undefined;
        if (importName.kind === "AllButDefault") return { name: "*", from };
        const name = exportName.kind === "Default" ? "default" : (exportName.name ?? "default");
        return { name, from: importName.kind === "All" ? from : localName.name === null ? undefined : namespaces.get(localName.name) };
      }),
    );
  }
}
