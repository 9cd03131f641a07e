/**
 * esbuild: it has no hook for chunks, and makes `var`s of what a bundle declares at its top, which V8 cannot take for
 * constants. So a line of the banner keeps the place of the tables until the files are there. They replace that one line:
 * source maps stay right.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import type { BuildOptions, BuildResult, Loader, OnLoadResult, PartialMessage, PluginBuild } from "esbuild";
import { MANIFEST_FILE } from "../manifest/manifest.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { beginsStrict, tableDeclarations } from "../transform/chunk.ts";
import { nodesInCycles } from "../transform/graph.ts";
import type { Bundle, Edge } from "./bundle.ts";
import { provided } from "./defines.ts";
import { messageOf, RUNTIME } from "./tell.ts";

const MARK = "/* ts-hotfix: tables */";

const LOADERS: Readonly<Record<string, Loader>> = { ".ts": "ts", ".mts": "ts", ".cts": "ts", ".tsx": "tsx", ".jsx": "jsx" };

export function setUpEsbuild(build: PluginBuild, bundle: Bundle): void {
  const options = build.initialOptions;
  const cwd = options.absWorkingDir ?? process.cwd();
  const refusals = checkEsbuild(options);
  const isBundle = options.bundle === true;
  bundle.configure({
    root: cwd,
    conditions: options.conditions ?? [],
    defines: { ...options.define, ...provided((options.inject ?? []).flatMap((file) => bundle.exportsOf(resolve(cwd, file)))) },
    form: { typed: false, importMeta: formatOf(options) === "cjs" ? "url" : true, tables: isBundle ? "chunk" : "module" },
  });
  options.metafile = true;
  if (isBundle) options.banner = { ...options.banner, js: [options.banner?.["js"], MARK].filter((each) => each !== undefined && each !== "").join("\n") };

  build.onStart(() => {
    bundle.begin();
    return { errors: refusals.map(messageFor) };
  });
  // The runtime is one for the whole process: it stays outside of bundles.
  build.onResolve({ filter: RUNTIME }, ({ path }) => (isBundle ? { path, external: true } : undefined));
  build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, ({ path, suffix, with: attributes }) => (suffix === "" && attributes["type"] === undefined && isCode(path, options) && refusals.length === 0 && bundle.covers(path) ? load(bundle, path, options) : undefined));
  build.onEnd((result) => {
    if (result.errors.length > 0) return undefined;
    const outputs = readOutputs(result, cwd);
    const files = Object.keys(result.metafile?.inputs ?? {}).map((file) => resolve(cwd, file));
    if (isBundle) for (const each of declareTables(outputs, files, bundle, result)) each.write();
    const { errors, coverage } = bundle.finish(files, outputs.map(({ text }) => text), folderOf(options, cwd), MANIFEST_FILE, edgesOf(result, cwd));
    if (options.logLevel === "info") console.log(coverage);
    return { errors: errors.map(messageFor) };
  });
}

function* edgesOf({ metafile }: BuildResult, cwd: string): Iterable<Edge> {
  for (const [file, { imports }] of Object.entries(metafile?.inputs ?? {})) {
    for (const { path, original, external } of imports) {
      const isOutside = external === true;
      if (original !== undefined || isOutside) yield { importer: resolve(cwd, file), specifier: original ?? path, imported: isOutside ? path : resolve(cwd, path), external: isOutside };
    }
  }
}

function formatOf({ bundle, format, platform }: BuildOptions): string | undefined {
  return format ?? (bundle !== true ? undefined : platform === "node" ? "cjs" : platform === "neutral" ? "esm" : "iife");
}

function checkEsbuild(options: BuildOptions): readonly Diagnostic[] {
  const format = formatOf(options);
  return [
    ...(options.platform === "node" || options.platform === "neutral" ? [] : [diagnostic("HF0030", "error", { platform: options.platform ?? "browser" })]),
    ...(format === "iife" ? [diagnostic("HF0005", "error", { format })] : []),
    // patch code would go on with the names of the source
    ...(options.mangleProps === undefined ? [] : [diagnostic("HF0031", "error", { option: "mangleProps" })]),
    ...((options.dropLabels ?? []).length === 0 ? [] : [diagnostic("HF0041", "error", { option: "dropLabels" })]),
  ];
}

function load(bundle: Bundle, path: string, { loader }: BuildOptions): OnLoadResult | undefined {
  const { rewritten, diagnostics } = bundle.rewrite(path, readFileSync(path, "utf8"));
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(messageFor);
  const warnings = diagnostics.filter(({ severity }) => severity !== "error").map(messageFor);
  if (rewritten === undefined && errors.length === 0 && warnings.length === 0) return undefined;
  const map = rewritten && `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(rewritten.map)).toString("base64")}`;
  const extension = extname(path);
  return {
    errors,
    warnings,
    contents: rewritten ? `${rewritten.code}${map ?? ""}` : readFileSync(path, "utf8"),
    loader: loader?.[extension] ?? LOADERS[extension] ?? "js",
    resolveDir: dirname(path),
  };
}

/** Not where the text itself is wanted, or a copy of the file. */
function isCode(path: string, { loader }: BuildOptions): boolean {
  return ["default", "js", "jsx", "ts", "tsx"].includes(loader?.[extname(path)] ?? "default");
}

/** An emitted script, in a file or in memory. */
interface Output {
  /** As the metafile has it. */
  readonly name: string;
  text: string;
  write(): void;
}

function readOutputs({ metafile, outputFiles }: BuildResult, cwd: string): readonly Output[] {
  // an `outfile` may be called `bin/server`
  const names = Object.entries(metafile?.outputs ?? {}).flatMap(([name, { entryPoint }]) => (/\.[cm]?js$/.test(name) || (entryPoint !== undefined && !name.endsWith(".css")) ? [name] : []));
  return names.map((name) => {
    const path = resolve(cwd, name);
    const held = outputFiles?.find((each) => each.path === path);
    return {
      name,
      text: held ? held.text : readFileSync(path, "utf8"),
      write() {
        if (!held) return writeFileSync(path, this.text);
        const { text } = this;
        held.contents = Buffer.from(text);
        Object.defineProperty(held, "text", { value: text });
      },
    };
  });
}

// /* ts-hotfix: tables */ --> class $T_1 {} const $t_1 = new $T_1();
function declareTables(outputs: readonly Output[], files: readonly string[], bundle: Bundle, { metafile }: BuildResult): readonly Output[] {
  const cyclic = nodesInCycles(new Map(outputs.map(({ name }) => [name, staticImports(metafile?.outputs[name]?.imports ?? [])])));
  return outputs.filter((output) => {
    const at = output.text.indexOf(MARK);
    // watching, esbuild does not write what it has written before
    if (at === -1) return false;
    const rest = output.text.slice(at + MARK.length);
    const tables = tableDeclarations("", bundle.tablesIn(output.text, files), cyclic.has(output.name)).code;
    output.text = `${output.text.slice(0, at)}${beginsStrict(rest) ? '"use strict"; ' : ""}${tables}${rest}`;
    return true;
  });
}

function staticImports(imports: readonly { readonly path: string; readonly kind: string }[]): readonly string[] {
  return imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path);
}

function folderOf({ outdir, outfile }: BuildOptions, cwd: string): string {
  return resolve(cwd, outdir ?? dirname(outfile ?? "."));
}

function messageFor(each: Diagnostic): PartialMessage {
  const { place } = each;
  return { id: each.code, pluginName: "ts-hotfix", text: messageOf(each), location: place === undefined ? null : { file: place.file, line: place.line, column: place.column - 1 } };
}
