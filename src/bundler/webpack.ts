/** webpack and Rspack: tables are declared in the assets, behind minifiers and before source maps. */
import { posix } from "node:path";
import { createHash } from "node:crypto";
import type { Compilation, Compiler, Module } from "webpack";
import { MANIFEST_FILE } from "../manifest/manifest.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { tableDeclarations } from "../transform/chunk.ts";
import { nodesInCycles } from "../transform/graph.ts";
import { VERSION } from "../transform/version.ts";
import type { Bundle, Edge } from "./bundle.ts";
import { definesOf } from "./defines.ts";
import { messageOf, messageWithPlace, RUNTIME } from "./tell.ts";

const NAME = "ts-hotfix";

/** `output.library.type`s whose files Node.js takes for modules; without one, a program is its own. */
const LIBRARIES: ReadonlySet<string> = new Set(["module", "modern-module", "commonjs", "commonjs2", "commonjs-module", "commonjs-static"]);

/** Rspack's compiler has the same hooks. */
export function attach(compiler: Compiler, bundle: Bundle): void {
  compiler.hooks.environment.tap(NAME, () => {
    const { options, webpack } = compiler;
    bundle.configure({ root: compiler.context, defines: definesOf(options), conditions: conditionsOf(options.resolve.conditionNames) });
    // The runtime is one for the whole process: it stays outside of bundles.
    const type = options.output.module === true ? "module-import" : "node-commonjs";
    new webpack.ExternalsPlugin(type, RUNTIME).apply(compiler);
    forgetCacheOfOthers(options.cache, bundle);
  });
  compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
    bundle.begin();
    const refusals = checkCompiler(compiler);
    if (refusals.length > 0) compilation.errors.push(...refusals.map((each) => errorOf(compiler, each)));
    else follow(compiler, compilation, bundle);
  });
}

/** A cache on disk holds what another version, or other options, made of modules. */
function forgetCacheOfOthers(cache: unknown, bundle: Bundle): void {
  if (typeof cache !== "object" || cache === null || !("type" in cache) || (cache.type !== "filesystem" && cache.type !== "persistent")) return;
  const stored = cache as { version?: string };
  const made = createHash("sha256").update(JSON.stringify([VERSION, bundle.options])).digest("hex").slice(0, 16);
  stored.version = `${stored.version ?? ""}|ts-hotfix ${made}`;
}

function checkCompiler({ options, name }: Compiler): readonly Diagnostic[] {
  const { output, externalsPresets } = options;
  const type = output.library?.type;
  return [
    ...(externalsPresets.node === true ? [] : [diagnostic("HF0030", "error", { platform: String(options.target ?? name ?? "the web") })]),
    ...(type === undefined || LIBRARIES.has(type) ? [] : [diagnostic("HF0005", "error", { format: type })]),
    ...(options.optimization.minimizer ?? []).flatMap((each) => (manglesProperties(each) ? [diagnostic("HF0031", "error", { option: "mangle.properties" })] : [])),
  ];
}

/** Of the minifiers that webpack and Rspack come with. */
function manglesProperties(minimizer: unknown): boolean {
  return /"mangle":\{[^{}]*"(properties|props)":(?!false|null)/.test(JSON.stringify(minimizer, (_key, value: unknown) => (value instanceof RegExp ? String(value) : typeof value === "function" ? undefined : value)) ?? "");
}

function follow(compiler: Compiler, compilation: Compilation, bundle: Bundle): void {
  const files = new Set<string>();
  let texts: readonly string[] = [];
  let edges: readonly Edge[] = [];
  compilation.hooks.finishModules.tap(NAME, (modules) => {
    for (const each of modules) {
      const file = fileOf(each);
      if (file !== undefined) files.add(file);
    }
    edges = [...modules].flatMap((each) => edgesOf(each, compilation));
  });
  const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE + 50;
  compilation.hooks.processAssets.tap({ name: NAME, stage }, (assets) => {
    // they may be called `server`, or `server.js?v=1`
    const ofChunks = new Set([...compilation.chunks].flatMap(({ files: names }) => [...names]));
    const scripts = new Map(Object.entries(assets).filter(([name]) => /\.[cm]?js$/.test(name) || ofChunks.has(name)).map(([name, source]) => [name, String(source.source())]));
    texts = [...scripts.values()];
    declareTables(compiler, compilation, bundle, files, scripts);
  });
  compiler.hooks.afterEmit.tap(NAME, (emitted) => {
    if (emitted !== compilation || compilation.errors.length > 0) return;
    const { errors, coverage } = bundle.finish(files, texts, compiler.outputPath, MANIFEST_FILE, edges);
    compilation.errors.push(...errors.map((each) => errorOf(compiler, each)));
    compiler.getInfrastructureLogger(NAME).info(coverage);
  });
}

/** What one specifier names, and not the many files that `import(`./${name}.ts`)` may mean. */
function edgesOf(module: Module, { moduleGraph }: Compilation): readonly Edge[] {
  const importer = fileOf(module);
  if (importer === undefined) return [];
  return module.dependencies.concat(module.blocks.flatMap(({ dependencies }) => dependencies)).flatMap((each) => {
    const { request } = each as { readonly request?: string };
    const target = request === undefined ? undefined : moduleGraph.getModule(each);
    if (request === undefined || !target) return [];
    const imported = fileOf(target);
    return [{ importer, specifier: request, imported: imported ?? request, external: imported === undefined }];
  });
}

/** `...` stands for those that webpack has by itself. */
function conditionsOf(names: readonly string[] | undefined): readonly string[] {
  return (names ?? []).filter((name) => !["...", "webpack", "production", "development", "node", "import", "require", "module", "default"].includes(name));
}

/** Of modules that were made of one file and nothing else. */
function fileOf(module: Module): string | undefined {
  const { resource } = module as { readonly resource?: string };
  return resource;
}

function declareTables(compiler: Compiler, compilation: Compilation, bundle: Bundle, files: ReadonlySet<string>, scripts: ReadonlyMap<string, string>): void {
  const { ReplaceSource } = compiler.webpack.sources;
  const isModule = compiler.options.output.module === true;
  // the assets of a library that keeps its modules apart may import each other
  const cyclic = isModule ? nodesInCycles(new Map([...scripts].map(([name, text]) => [name, importsOf(name, text)]))) : new Set<string>();
  for (const [name, text] of scripts) {
    const tables = bundle.tablesIn(text, files);
    if (tables.length === 0) continue;
    const { at, code } = tableDeclarations(text, tables, cyclic.has(name));
    compilation.updateAsset(name, (source) => {
      const replaced = new ReplaceSource(source);
      replaced.insert(at, code);
      return replaced;
    });
  }
}

/** What an asset seems to import of the others: too much makes its tables a little slower, nothing else. */
function importsOf(name: string, text: string): readonly string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*["'](\.[^"']+)["']/g)].map((match) => posix.join(posix.dirname(name), match[1] ?? ""));
}

function errorOf(compiler: Compiler, each: Diagnostic): InstanceType<Compiler["webpack"]["WebpackError"]> {
  return new compiler.webpack.WebpackError(messageWithPlace(each));
}

interface LoaderSide {
  error(message: string): void;
  warn(message: string): void;
  readonly getNativeBuildContext?: (() => unknown) | undefined;
}

interface NativeSide {
  readonly loaderContext?: { readonly _module?: { readonly type?: string } };
}

/** The loader's side: `this` of unplugin's transform. */
export function transformWith(bundle: Bundle): (this: LoaderSide, code: string, id: string) => ReturnType<Bundle["rewrite"]>["rewritten"] | null {
  return function transform(code, id) {
    const { _module: module } = (this.getNativeBuildContext?.() as NativeSide | undefined)?.loaderContext ?? {};
    // asset/source: the text itself is wanted
    if (module?.type?.startsWith("asset") === true) return null;
    const { rewritten, diagnostics } = bundle.rewrite(id, code);
    for (const each of diagnostics) {
      if (each.severity === "error") this.error(messageWithPlace(each));
      else this.warn(each.place === undefined ? messageOf(each) : messageWithPlace(each));
    }
    return rewritten ?? null;
  };
}
