/** What the nearest package.json says about files whose names do not tell: as Node.js reads it. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export class PackageTypes {
  readonly #known = new Map<string, "module" | "commonjs">();

  of(file: string): "module" | "commonjs" {
    return this.#find(dirname(resolve(file)));
  }

  #find(folder: string): "module" | "commonjs" {
    let found = this.#known.get(folder);
    if (found === undefined) {
      found = readType(folder) ?? (dirname(folder) === folder ? "commonjs" : this.#find(dirname(folder)));
      this.#known.set(folder, found);
    }
    return found;
  }
}

function readType(folder: string): "module" | "commonjs" | undefined {
  try {
    const { type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly type?: unknown };
    return type === "module" ? "module" : "commonjs";
  } catch {
    return undefined;
  }
}
