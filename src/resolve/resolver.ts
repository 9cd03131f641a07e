/** What an import names: one resolver for all back ends, so that records do not depend on who built the host. */
import { dirname, resolve } from "node:path";
import { ResolverFactory, type NapiResolveOptions } from "oxc-resolver";
import type { ImportOrigin } from "../manifest/manifest.ts";
import type { Packages } from "../manifest/module-key.ts";
import { languageOf } from "../syntax/parse.ts";

/** In the order in which they are tried. */
export const EXTENSIONS: readonly string[] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];

const RESOLUTION: NapiResolveOptions = {
  conditionNames: ["node", "import", "require", "default"],
  extensions: [...EXTENSIONS],
  extensionAlias: {
    ".js": [".ts", ".tsx", ".js", ".jsx"],
    ".jsx": [".tsx", ".jsx"],
    ".mjs": [".mts", ".mjs"],
    ".cjs": [".cts", ".cjs"],
  },
  builtinModules: true,
};

export class Resolver {
  readonly #packages: Packages;
  readonly #factory: ResolverFactory;
  /** Without tsconfig. */
  readonly #plain: ResolverFactory;
  readonly #known = new Map<string, string | undefined>();

  /**
   * @param aliases what specifiers stand for, beside what tsconfig says; paths are relative to `root`
   */
  constructor(packages: Packages, aliases: Readonly<Record<string, string>>, root: string) {
    this.#packages = packages;
    const alias = Object.fromEntries(Object.entries(aliases).map(([name, path]) => [name, [path.startsWith(".") ? resolve(root, path) : path]]));
    this.#plain = new ResolverFactory({ ...RESOLUTION, alias });
    this.#factory = new ResolverFactory({ ...RESOLUTION, alias, tsconfig: "auto" });
  }

  /** The project file a specifier leads to; undefined for packages, builtins and what does not exist. */
  fileOf(importer: string, specifier: string): string | undefined {
    const id = `${dirname(importer)}\0${specifier}`;
    if (this.#known.has(id)) return this.#known.get(id);
    const path = this.pathOf(importer, specifier);
    const file = path !== undefined && languageOf(path) ? path : undefined;
    this.#known.set(id, file);
    return file;
  }

  originOf(importer: string, specifier: string): ImportOrigin {
    const file = this.fileOf(importer, specifier);
    return file === undefined ? { specifier } : { module: this.#packages.keyOf(file) };
  }

  /** The file of the project, source or not (JSON). */
  pathOf(importer: string, specifier: string): string | undefined {
    // The runtime is no part of the program, wherever it is linked from.
    if (/^(node:|ts-hotfix(\/|$))/.test(specifier)) return undefined;
    const found = this.#factory.resolveFileSync(importer, specifier);
    // A tsconfig that references or extends one that is not there (a submodule's) resolves nothing at all.
    const { path } = found.error?.startsWith("Tsconfig not found") === true ? this.#plain.resolveFileSync(importer, specifier) : found;
    // what `./shop.ts?raw` is, a plugin decides
    if (path === undefined || /[\\/]node_modules[\\/]/.test(path) || (specifier.includes("?") && path.includes("?"))) return undefined;
    return path;
  }
}
