/** What an import names: one resolver for all back ends, so that records do not depend on who built the host. */
import { isBuiltin } from "node:module";
import { dirname, resolve } from "node:path";
import { ResolverFactory, type NapiResolveOptions } from "oxc-resolver";
import type { Answer } from "../manifest/manifest.ts";
import type { Packages } from "../manifest/module-key.ts";
import { languageOf } from "../syntax/parse.ts";

/** In the order in which they are tried. */
export const EXTENSIONS: readonly string[] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];

const CONDITIONS: readonly string[] = ["node", "import", "require", "default"];

/** What the tool that builds the host knows beside aliases. */
export interface ResolverSettings {
  /** Conditions of `imports` and `exports`, beside those of Node.js. */
  readonly conditions: readonly string[];
}

const RESOLUTION: NapiResolveOptions = {
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
  constructor(packages: Packages, aliases: Readonly<Record<string, string>>, root: string, { conditions }: ResolverSettings = { conditions: [] }) {
    this.#packages = packages;
    const options = { ...RESOLUTION, conditionNames: [...new Set([...conditions, ...CONDITIONS])] };
    const alias = Object.fromEntries(Object.entries(aliases).map(([name, path]) => [name, [path.startsWith(".") ? resolve(root, path) : path]]));
    this.#plain = new ResolverFactory({ ...options, alias });
    this.#factory = new ResolverFactory({ ...options, alias, tsconfig: "auto" });
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

  /** @param covers whether the build transforms a file */
  answerOf(importer: string, specifier: string, covers: (file: string) => boolean): Answer {
    if (isBuiltin(specifier)) return { is: "builtin" };
    const path = this.pathOf(importer, specifier);
    if (path === undefined) return { is: "package" };
    return covers(path) ? { is: "module", key: this.#packages.keyOf(path) } : { is: "file", key: this.#packages.keyOf(path) };
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
