/**
 * How a process finds and loads modules. What is imported of the sources is always the host's, whichever tree the
 * importing file stands in; what tests alone use comes from the importing file's tree and is loaded anew in every run.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire, registerHooks, type ResolveFnOutput } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseSync } from "oxc-parser";
import { type NapiResolveOptions, ResolverFactory } from "oxc-resolver";
import type { Tree } from "../stage.ts";
import { compile } from "./compile.ts";
import { TreeExports } from "./exports.ts";
import type { HostSources } from "./host.ts";
import { NEW_EXPORT } from "./job.ts";

const RUNTIME = new URL("../../src/runtime/module.ts", import.meta.url).href;
const API = "replay:api";
const API_MODULES = new Set(["vitest", "@jest/globals", "mocha"]);

export interface Loading {
  /** URLs of what only tests use, without their queries. */
  readonly testSide: ReadonlySet<string>;
  /** URLs of the host's sources that have been loaded. */
  readonly loaded: ReadonlySet<string>;
  /** Names that test files import from the host and that it does not export, by test-side file. */
  readonly missing: ReadonlyMap<string, readonly string[]>;
}

/**
 * @param entry source file that the package's own name and folder stand for
 * @param apiNames what `import … from "vitest"` may name; found under the symbol `ts-hotfix.replay`
 */
export function installHooks(host: HostSources, commit: Tree, trees: readonly Tree[], entry: string | undefined, apiNames: readonly string[]): Loading {
  const loaded = new Set<string>();
  const testSide = new Set<string>();
  const missing = new Map<string, readonly string[]>();
  const settings: NapiResolveOptions = {
    conditionNames: ["node", "import", "default"],
    extensions: [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs", ".json"],
    extensionAlias: { ".js": [".ts", ".tsx", ".js", ".jsx"], ".jsx": [".tsx", ".jsx"], ".mjs": [".mts", ".mjs"], ".cjs": [".cts", ".cjs"] },
  };
  const resolver = new ResolverFactory({ ...settings, tsconfig: "auto" });
  const plainResolver = new ResolverFactory(settings);
  // A tsconfig may name others that are not there: those of submodules.
  const lookUp = (importer: string, specifier: string): string | undefined => resolver.resolveFileSync(importer, specifier).path ?? plainResolver.resolveFileSync(importer, specifier).path;
  const treeOf = (file: string): Tree | undefined => trees.find((tree) => file.startsWith(tree.folder + sep) && !file.includes(`${sep}node_modules${sep}`));

  /** The package itself, by its name, its folder or that of its output: what its package.json names is not built. */
  const own = (specifier: string, importer: string): string | undefined => {
    const tree = treeOf(importer);
    if (!tree || entry === undefined) return undefined;
    const { name, outputs } = packageFacts(tree);
    const meant = specifier === name || (specifier.startsWith(".") && outputs.has(resolve(dirname(importer), specifier)));
    return meant ? join(tree.folder, entry) : undefined;
  };

  const pathOf = (file: string): string => file.slice(host.tree.folder.length + 1).split(sep).join("/");

  /** Where a specifier in a file of the trees leads, if to a file of the trees. */
  const find = (specifier: string, importer: string): { readonly file: string; readonly source: string | undefined } | undefined => {
    const path = lookUp(importer, specifier) ?? own(specifier, importer);
    const tree = path === undefined ? undefined : treeOf(path);
    if (path === undefined || !tree) return undefined;
    const inTree = path.slice(tree.folder.length + 1).split(sep).join("/");
    return host.has(inTree) && tree.sources.includes(inTree) ? { file: join(host.tree.folder, inTree), source: inTree } : { file: path, source: undefined };
  };

  const exportsOf = (tree: Tree): TreeExports =>
    new TreeExports(tree, (specifier, importer) => {
      const path = lookUp(join(tree.folder, importer), specifier);
      return path?.startsWith(tree.folder + sep) === true ? path.slice(tree.folder.length + 1).split(sep).join("/") : undefined;
    });
  const hostExports = exportsOf(host.tree);
  const commitExports = exportsOf(commit);

  /** The names among those that a source of the host does not export. */
  const lackedBy = (source: string, names: readonly string[]): readonly string[] => {
    const exported = hostExports.names(source);
    return exported === undefined ? [] : names.filter((name) => !exported.has(name));
  };

  /** `P.fresh.other` for every namespace `P` among the names that lacks what it has in the commit. */
  const lackingNamespaces = (source: string, names: readonly string[]): readonly string[] =>
    names.flatMap((name) => {
      const inner = hostExports.namespace(source, name);
      const later = inner === undefined ? undefined : commitExports.names(inner);
      const lacks = inner === undefined || later === undefined ? [] : lackedBy(inner, [...later]);
      return lacks.length > 0 ? [[name, ...lacks].join(".")] : [];
    });

  // import { old, fresh } from "../src" --> import { old, fresh } from "../src?lacks=fresh"
  // In the host these are types that are passed on without saying so, which only a compiler of the whole program knows.
  const nameMissing = (file: string, code: string, told: boolean): string => {
    const { module } = parseSync(`${file}.mjs`, code);
    const edits: { readonly at: number; readonly query: string; readonly lacks: readonly string[] }[] = [];
    const wanted = [
      ...module.staticImports.map(({ moduleRequest, entries }) => ({ moduleRequest, names: entries.flatMap(({ importName }) => (importName.kind === "Default" ? ["default"] : (importName.name ?? []))) })),
      ...module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest, importName }) => (moduleRequest ? [{ moduleRequest, names: importName.kind === "Name" && importName.name !== null ? [importName.name] : [] }] : []))),
    ];
    // The entries of one `export … from` come one by one.
    for (const same of Map.groupBy(wanted, (each) => each.moduleRequest.end).values()) {
      const { moduleRequest } = same[0] as (typeof wanted)[number];
      const names = same.flatMap((each) => each.names);
      const found = find(moduleRequest.value, file);
      if (found?.source === undefined) continue;
      const lacks = lackedBy(found.source, names);
      const query = [...lacks, ...(told ? lackingNamespaces(found.source, names) : [])];
      if (query.length === 0) continue;
      edits.push({ at: moduleRequest.end - 1, query: `?lacks=${query.join(",")}`, lacks });
    }
    const unknown = [...new Set(edits.flatMap(({ lacks }) => lacks))];
    if (unknown.length > 0 && told) missing.set(file, unknown);
    return edits.toSorted((a, b) => b.at - a.at).reduce((text, { at, query }) => `${text.slice(0, at)}${query}${text.slice(at)}`, code);
  };

  registerHooks({
    resolve(specifier, context, next) {
      if (API_MODULES.has(specifier)) return { url: API, shortCircuit: true };
      if (specifier === "ts-hotfix/module") return { url: RUNTIME, shortCircuit: true };
      const { parentURL } = context;
      if (parentURL === undefined || !parentURL.startsWith("file:") || specifier.startsWith("node:") || specifier.startsWith("replay:")) return next(specifier, context);
      const importer = fileURLToPath(cut(parentURL));
      if (!treeOf(importer) || specifier.startsWith("file:")) return next(specifier, context);
      const lacks = /\?lacks=.*$/.exec(specifier)?.[0] ?? "";
      const found = find(specifier.slice(0, specifier.length - lacks.length), importer);
      if (!found) return withNames(next(specifier, context));
      const url = pathToFileURL(found.file).href;
      if (found.source !== undefined) return { url: `${url}${lacks}`, shortCircuit: true };
      return { url: `${url}${new URL(parentURL).search.replace(/^\?lacks=.*/, "")}`, shortCircuit: true };
    },
    load(url, context, next) {
      if (url === API) return { format: "module", shortCircuit: true, source: `export const { ${apiNames.join(", ")} } = globalThis[Symbol.for("ts-hotfix.replay")];` };
      if (!url.startsWith("file:")) return next(url, context);
      if (url.endsWith("?names")) return { format: "module", shortCircuit: true, source: commonJsStandIn(fileURLToPath(cut(url))) };
      const file = fileURLToPath(cut(url));
      const tree = treeOf(file);
      if (!tree || !existsSync(file)) return next(url, context);
      const lacks = /\?lacks=(.*)$/.exec(url)?.[1];
      if (lacks !== undefined) return { format: "module", shortCircuit: true, source: standIn(cut(url), lacks.split(","), lackedBy(pathOf(file), ["default"]).length === 0) };
      if (file.endsWith(".json")) return { format: "module", shortCircuit: true, source: `export default ${readFileSync(file, "utf8")};` };
      if (!/\.[cm]?[jt]sx?$/.test(file)) return next(url, context);
      const path = pathOf(file);
      const isHost = tree === host.tree && host.has(path);
      const { format, code } = compile(file, isHost ? host.text(path) : readFileSync(file, "utf8"), tree.folder);
      if (isHost) loaded.add(url);
      else testSide.add(cut(url));
      return { format, shortCircuit: true, source: format === "commonjs" ? code : nameMissing(file, code, !isHost) };
    },
  });
  return { loaded, testSide, missing };
}

/**
 * A module of the host with the names that it lacks, undefined: tests that do not use them can run.
 *
 * @param names `fresh`, or `P.fresh.other`: the namespace `P` lacks `fresh` and `other`
 */
function standIn(url: string, names: readonly string[], hasDefault: boolean): string {
  const own = names.map((each, index) => {
    const [name = "", ...inner] = each.split(".");
    if (inner.length > 0) return `import { ${name} as n${index} } from "${url}"; const m${index} = globalThis[Symbol.for("ts-hotfix.replay")].lacking(n${index}, "${name}", ${JSON.stringify(inner)}); export { m${index} as ${name} };`;
    return name === "default" ? "export default undefined;" : `export const ${name} = undefined;`;
  });
  return [`export * from "${url}";`, hasDefault ? `export { default } from "${url}";` : "", ...own].join("\n");
}

/** A namespace of the host for tests: taking from it what only the commit exports fails by name. */
export function lacking(namespace: object, name: string, lacks: readonly string[]): object {
  return new Proxy(Object.create(null) as object, {
    get(_, key) {
      if (typeof key === "string" && lacks.includes(key)) throw new Error(`${name}.${key} ${NEW_EXPORT}`);
      return Reflect.get(namespace, key) as unknown;
    },
    has: (_, key) => Reflect.has(namespace, key),
    ownKeys: () => Object.keys(namespace),
    getOwnPropertyDescriptor: (_, key) => (Object.hasOwn(namespace, key) ? { value: Reflect.get(namespace, key) as unknown, enumerable: true, configurable: true, writable: true } : undefined),
  });
}

/** Packages in CommonJS, as bundlers and compilers let them be imported: every property is a name. */
function withNames(found: ResolveFnOutput): ResolveFnOutput {
  return found.url.startsWith("file:") && isCommonJs(found) ? { ...found, url: `${found.url}?names`, format: "module", shortCircuit: true } : found;
}

/** A `.js` file of a package that says nothing has no format yet. */
function isCommonJs({ format, url }: ResolveFnOutput): boolean {
  if (format != null || !url.endsWith(".js")) return format === "commonjs";
  const file = fileURLToPath(url);
  return !parseSync(file, readFileSync(file, "utf8")).module.hasModuleSyntax;
}

function commonJsStandIn(file: string): string {
  const names = Object.keys(Object(createRequire(file)(file))).filter((name) => name !== "default" && /^[A-Za-z_$][\w$]*$/.test(name));
  return [
    `import { createRequire } from "node:module";`,
    `const all = createRequire(${JSON.stringify(file)})(${JSON.stringify(file)});`,
    `export default all?.__esModule && "default" in all ? all.default : all;`,
    ...names.map((name, index) => `const n${index} = all.${name}; export { n${index} as ${name} };`),
  ].join("\n");
}

interface PackageFacts {
  readonly name: string | undefined;
  /** Paths that mean the package: its folder, its entry files, their folders. */
  readonly outputs: ReadonlySet<string>;
}

const facts = new Map<string, PackageFacts>();

function packageFacts({ folder }: Tree): PackageFacts {
  const known = facts.get(folder);
  if (known) return known;
  const file = join(folder, "package.json");
  const { name, main, module } = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as { readonly name?: string; readonly main?: string; readonly module?: string };
  const entries = [main, module].flatMap((path) => (typeof path === "string" ? [resolve(folder, path)] : []));
  const found = { name, outputs: new Set([folder, ...entries, ...entries.map((path) => dirname(path))]) };
  facts.set(folder, found);
  return found;
}

function cut(url: string): string {
  return url.replace(/\?.*$/, "");
}
