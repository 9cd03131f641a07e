/** Through Rollup: each source is replaced by the chunk that begins with it, under its own name; or by one that hands on from the chunk of all. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { rollup } from "rollup";
import { transformSync } from "oxc-transform";
import { hotfix } from "../rollup-plugin/index.ts";
import { Packages } from "../src/manifest/module-key.ts";
import { Resolver } from "../src/resolve/resolver.ts";
import type { SuiteOptions } from "./options.ts";

export async function bundleInPlace(folder: string, files: readonly string[], { init, lift, merged }: Pick<SuiteOptions, "init" | "lift" | "merged">): Promise<void> {
  const resolver = new Resolver(new Packages(folder), {}, folder);
  const sources = new Set(files.map((file) => join(folder, file)));
  const out = join(folder, ".suite-out");
  const bundle = await rollup({
    input: Object.fromEntries(files.map((file) => [file, join(folder, file)])),
    preserveEntrySignatures: "strict",
    treeshake: { moduleSideEffects: true },
    onLog() {},
    plugins: [
      hotfix({ root: folder, init, lift, manifest: join(out, "manifest.json"), include: files.map((file) => file.replaceAll(/[$()*+?[\\\]^{|}!]/g, "\\$&")) }),
      {
        name: "sources",
        resolveId(specifier, importer) {
          if (importer === undefined) return null;
          const path = resolver.pathOf(importer, specifier);
          if (path !== undefined && sources.has(path)) return path;
          // seen from where the chunk goes, which is where its source was
          return path !== undefined && specifier.startsWith(".") ? { id: path, external: true } : { id: specifier, external: true };
        },
        transform(code, id) {
          if (!/\.[cm]?tsx?$/.test(id)) return null;
          const result = transformSync(id, code, { sourcemap: true, target: "esnext" });
          return result.map ? { code: result.code, map: { ...result.map, names: result.map.names ?? [] } } : null;
        },
      },
    ],
  });
  await bundle.write({ dir: out, format: "es", entryFileNames: "[name]", chunkFileNames: "shared-[hash].js", minifyInternalExports: false, ...(merged ? { manualChunks: (id: string) => (sources.has(id) ? "merged" : undefined) } : {}) });
  await bundle.close();
  for (const source of sources) writeFileSync(source, readFileSync(join(out, relative(folder, source))));
  for (const shared of readdirSync(out).filter((file) => file.startsWith("shared-"))) renameSync(join(out, shared), join(folder, shared));
  rmSync(out, { recursive: true });
}
