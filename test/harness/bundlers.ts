/** A program built by any of the bundlers, as their users build it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { rspack } from "@rspack/core";
import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import { rollup, type Plugin } from "rollup";
import { minify as terser } from "terser";
import * as vite from "vite";
import webpack from "webpack";
import esbuildHotfix from "../../bundlers/esbuild.ts";
import rolldownHotfix from "../../bundlers/rolldown.ts";
import rspackHotfix from "../../bundlers/rspack.ts";
import viteHotfix from "../../bundlers/vite.ts";
import webpackHotfix from "../../bundlers/webpack.ts";
import rollupHotfix from "../../rollup-plugin/index.ts";
import type { TransformOptions } from "../../src/transform/options.ts";

export type Bundler = "vite" | "webpack" | "esbuild" | "rolldown" | "rspack" | "rollup";

export const BUNDLERS: readonly Bundler[] = ["vite", "webpack", "esbuild", "rolldown", "rspack", "rollup"];

export interface Bundling {
  /** Folder of the project. */
  readonly root: string;
  readonly entry: string;
  readonly outDir: string;
  readonly format: "esm" | "cjs";
  readonly minify?: boolean;
  /** Undefined: without us. */
  readonly hotfix: TransformOptions | undefined;
  /** webpack and Rspack: modules keep scopes of their own. */
  readonly apart?: boolean;
  /** webpack and Rspack. Default `source-map`. */
  readonly devtool?: string;
  readonly tsconfig?: Readonly<Record<string, unknown>>;
  /** Rollup: those behind ours. */
  readonly plugins?: readonly Plugin[];
  /** The bundler's own. */
  readonly alias?: Readonly<Record<string, string>>;
}

/** Builds; returns the path of the entry's file. Throws an Error with all that the bundler says. */
export async function bundle(bundler: Bundler, given: Bundling): Promise<string> {
  await BUILD[bundler](given);
  const file = readdirSync(given.outDir).find((name) => /\.[cm]?js$/.test(name) && name.startsWith(given.entry.replace(/^.*\/|\.[^.]*$/g, "")));
  return join(given.outDir, file ?? "");
}

const BUILD: Readonly<Record<Bundler, (given: Bundling) => Promise<void>>> = {
  async vite({ root, entry, outDir, format, minify = false, hotfix, alias = {} }) {
    const output = { format: format === "cjs" ? "cjs" : "es", entryFileNames: extensionOf(format), exports: "named" } as const;
    await vite.build({
      root,
      configFile: false,
      logLevel: "silent",
      resolve: { alias },
      plugins: hotfix ? [viteHotfix(hotfix)] : [],
      build: { ssr: entry, outDir, minify, sourcemap: true, emptyOutDir: true, target: "node22", rolldownOptions: { output } },
    });
  },
  async rolldown({ root, entry, outDir, format, minify = false, hotfix, alias = {} }) {
    const build = await rolldown({ cwd: root, input: join(root, entry), platform: "node", logLevel: "silent", plugins: hotfix ? [rolldownHotfix({ root, ...hotfix })] : [], external: /^ts-hotfix/, resolve: { alias, extensionAlias: { ".js": [".ts", ".js"] } } });
    await build.write({ dir: outDir, format, minify, sourcemap: true, entryFileNames: extensionOf(format), exports: "named" });
    await build.close();
  },
  async rollup({ root, entry, outDir, format, minify = false, hotfix, tsconfig, alias = {}, plugins: more = [] }) {
    const plugins = [hotfix ? rollupHotfix({ root, ...hotfix }) : undefined, stripWithEsbuild(tsconfig, alias), minify ? terserChunk() : undefined, ...more];
    const build = await rollup({ input: join(root, entry), external: /^(node:|ts-hotfix)/, plugins, onLog() {} });
    await build.write({ dir: outDir, format: format === "cjs" ? "cjs" : "es", sourcemap: true, entryFileNames: extensionOf(format), exports: "named" });
    await build.close();
  },
  async esbuild({ root, entry, outDir, format, minify = false, hotfix, tsconfig = {}, alias = {} }) {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: [entry],
      outdir: outDir,
      bundle: true,
      platform: "node",
      format,
      minify,
      sourcemap: true,
      outExtension: { ".js": format === "cjs" ? ".cjs" : ".mjs" },
      logLevel: "silent",
      external: ["ts-hotfix"],
      alias,
      tsconfigRaw: { compilerOptions: tsconfig },
      plugins: hotfix ? [esbuildHotfix(hotfix)] : [],
    });
  },
  async webpack(given) {
    const { hotfix } = given;
    // TypeScript by webpack's own means
    const options = { ...packing(given), experiments: { typescript: true, outputModule: given.format === "esm" } };
    await packed(webpack({ ...options, plugins: hotfix ? [webpackHotfix(hotfix)] : [] } as webpack.Configuration));
  },
  async rspack(given) {
    const { hotfix, tsconfig } = given;
    const loader = { test: /\.[cm]?tsx?$/, use: { loader: "builtin:swc-loader", options: { jsc: { parser: { syntax: "typescript", tsx: true, decorators: true }, transform: { legacyDecorator: tsconfig?.["experimentalDecorators"] === true, react: { runtime: "classic" } }, target: "es2022" } } }, type: "javascript/auto" };
    await packed(rspack({ ...packing(given), module: { rules: [loader] }, plugins: hotfix ? [rspackHotfix(hotfix)] : [] } as Parameters<typeof rspack>[0]));
  },
};

function extensionOf(format: Bundling["format"]): string {
  return format === "cjs" ? "[name].cjs" : "[name].mjs";
}

function packing({ root, entry, outDir, format, minify = false, apart = false, devtool = "source-map", alias = {} }: Bundling): object {
  return {
    mode: minify ? "production" : "none",
    context: root,
    target: "node22",
    devtool,
    entry: { [entry.replace(/^.*\/|\.[^.]*$/g, "")]: `./${entry}` },
    output: { path: outDir, filename: extensionOf(format), module: format === "esm", library: { type: format === "esm" ? "module" : "commonjs2" } },
    resolve: { alias, extensions: [".ts", ".js"], extensionAlias: { ".js": [".ts", ".js"] } },
    externals: [/^ts-hotfix/],
    optimization: { concatenateModules: !apart },
  };
}

interface Packer {
  run(done: (error: Error | null | undefined, stats?: { hasErrors(): boolean; toString(options: object): string }) => void): void;
  close(done: (error?: Error | null) => void): void;
}

async function packed(compiler: unknown): Promise<void> {
  const packer = compiler as Packer;
  try {
    await new Promise<void>((resolve, reject) => {
      packer.run((error, stats) => {
        if (error) reject(error);
        else if (stats?.hasErrors() === true) reject(new Error(stats.toString({ all: false, errors: true })));
        else resolve();
      });
    });
  } finally {
    await new Promise((resolve) => packer.close(resolve));
  }
}

/** What `esbuild` or `swc` plugins do behind ours. */
function stripWithEsbuild(tsconfig: Readonly<Record<string, unknown>> = {}, alias: Readonly<Record<string, string>> = {}): Plugin {
  return {
    name: "strip-types",
    async resolveId(source, importer) {
      const [name, folder] = Object.entries(alias).find(([each]) => source.startsWith(`${each}/`)) ?? [];
      if (name !== undefined) return `${folder}${source.slice(name.length)}`;
      if (importer === undefined || !source.startsWith(".")) return null;
      return (await this.resolve(source.replace(/\.([cm]?)js$/, ".$1ts"), importer, { skipSelf: true })) ?? null;
    },
    async transform(code, id) {
      if (!/\.[cm]?tsx?$/.test(id)) return null;
      return await esbuild.transform(code, { loader: id.endsWith("x") ? "tsx" : "ts", target: "es2022", sourcefile: id, sourcemap: true, tsconfigRaw: { compilerOptions: tsconfig } });
    },
  };
}

function terserChunk(): Plugin {
  return {
    name: "terser",
    async renderChunk(code, _chunk, { format }) {
      const { code: minified, map } = await terser(code, { module: format === "es", toplevel: true, sourceMap: true });
      return { code: minified ?? "", map: map as string };
    },
  };
}
