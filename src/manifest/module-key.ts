/** Module keys: package name, ":", path from the package's root, with forward slashes. */
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

export interface Package {
  readonly name: string;
  /** Absolute path of its root. */
  readonly root: string;
}

/** Stands for the name of a project that has none. */
export const NAMELESS = "app";

/** Finds the packages of files; remembers what it read. One for each build. */
export class Packages {
  readonly #byFolder = new Map<string, Package | undefined>();
  readonly #root: string;

  /** @param root of the project: what belongs to no package with a name counts from here */
  constructor(root: string) {
    this.#root = root;
  }

  /** The nearest enclosing package that has a name. */
  of(file: string): Package {
    return this.#find(dirname(resolve(file))) ?? { name: NAMELESS, root: this.#root };
  }

  /** `/…/webapp/src/shop.ts` --> `webapp:src/shop.ts` */
  keyOf(file: string): string {
    const owner = this.of(file);
    return `${owner.name}:${relative(owner.root, resolve(file)).split(sep).join("/")}`;
  }

  #find(folder: string): Package | undefined {
    if (this.#byFolder.has(folder)) return this.#byFolder.get(folder);
    const name = packageName(join(folder, "package.json"));
    const parent = dirname(folder);
    const found = name !== undefined ? { name, root: folder } : parent === folder ? undefined : this.#find(parent);
    this.#byFolder.set(folder, found);
    return found;
  }
}

/** `webapp:src/shop.ts` --> `webapp`, `src/shop.ts` */
export function splitKey(key: string): { readonly package: string; readonly path: string } {
  const colon = key.indexOf(":");
  return { package: key.slice(0, colon), path: key.slice(colon + 1) };
}

/** A key or target id as it is shown: without the package when it is the host's own. */
export function displayKey(key: string, home: string): string {
  return key.startsWith(`${home}:`) ? key.slice(home.length + 1) : key;
}

/** `src/shop.ts#award` */
export function displayTarget(key: string, name: string, home: string): string {
  return `${displayKey(key, home)}#${name}`;
}

function packageName(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, "utf8")) as { name?: unknown };
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}
