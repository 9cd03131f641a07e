/** `ts-hotfix/rollup-plugin`: the adapter for Rollup 4. */
import "../src/node/exit-on-old-node.ts";
import { dirname, join } from "node:path";
import type { NormalizedOutputOptions, Plugin, RollupLog } from "rollup";
import type { Diagnostic } from "../src/messages/diagnostic.ts";
import { MANIFEST_FILE } from "../src/manifest/manifest.ts";
import { applyPlanToText } from "../src/rewrite/text.ts";
import { declareChunkTables, tableNameOf } from "../src/transform/chunk.ts";
import type { TransformOptions } from "../src/transform/options.ts";
import { isPlanned, openProject } from "../src/transform/project.ts";
import { describeCoverage } from "../src/transform/summary.ts";

export type { TransformOptions as HotfixOptions } from "../src/transform/options.ts";

/**
 * Makes the top-level functions of a bundle patchable and writes the manifest of the build beside it.
 * Takes TypeScript and JavaScript; stands before plugins that rewrite functions.
 *
 * @param options all optional; see {@link TransformOptions}. Globs and the manifest's path are relative to the working directory
 * @throws HotfixError HF0001 for an unknown option, HF0003 for a wrong value
 * @example
 * export default { input: "src/server.ts", output: { dir: "dist", format: "es" }, plugins: [hotfix(), esbuild()] };
 */
export function hotfix(options: TransformOptions = {}): Plugin {
  const project = openProject("ts-hotfix/rollup-plugin", { ...options }, process.cwd());
  const tables = new Map<string, string>();
  return {
    name: "ts-hotfix",
    resolveId: {
      order: "pre",
      // The runtime is one for the whole process: it stays outside of bundles.
      handler: (source) => (/^ts-hotfix(\/|$)/.test(source) ? { id: source, external: true } : null),
    },
    transform: {
      order: "pre",
      handler(code, id) {
        if (id.startsWith("\0") || id.includes("?") || !project.covers(id)) return null;
        const table = tableNameOf(project.keyOf(id));
        const planned = project.plan(id, code, { format: "esm", table: { form: "chunk", name: table } });
        if (!isPlanned(planned)) {
          const [first, ...more] = planned;
          for (const each of more) this.warn(logOf(each));
          return first ? this.error(logOf(first), positionOf(first)) : null;
        }
        for (const each of planned.plan.diagnostics) this.info(logOf(each));
        // A CommonJS file reaches the bundle through a plugin that rewrites it: its functions are not patchable.
        if (planned.plan.edits.length === 0 || planned.analysis.parsed.sourceType === "commonjs") return null;
        tables.set(id, table);
        const { code: rewritten, map } = applyPlanToText(planned.analysis.parsed.text, planned.plan, id);
        return { code: rewritten, map: { ...map, mappings: map.mappings, version: 3 } };
      },
    },
    renderChunk: {
      order: "pre",
      handler(code, chunk, { format }, { chunks }) {
        const names = chunk.moduleIds.flatMap((id) => tables.get(id) ?? []);
        if (names.length === 0) return null;
        if (format !== "es" && format !== "cjs") return this.error(`HF0005: ts-hotfix supports the output formats "es" and "cjs", not "${format}"`);
        const imports = new Map(Object.entries(chunks).map(([name, each]) => [name, each.imports]));
        return declareChunkTables(code, names, { imports, fileName: chunk.fileName, format });
      },
    },
    writeBundle(output) {
      const files = [...this.getModuleIds()].filter((id) => !id.startsWith("\0") && !id.includes("?") && project.covers(id));
      project.writeManifest(manifestPath(options.manifest, output), files);
      this.info(describeCoverage(project.modules(files)));
    },
  };
}

export default hotfix;

function manifestPath(option: string | undefined, output: NormalizedOutputOptions): string {
  return option ?? join(output.dir ?? dirname(output.file ?? "."), MANIFEST_FILE);
}

function logOf(each: Diagnostic): RollupLog {
  const log: RollupLog = { message: `${each.code}: ${each.message} ${each.remedy}`, pluginCode: each.code };
  const loc = positionOf(each);
  return loc ? { ...log, id: loc.file, loc } : log;
}

function positionOf(each: Diagnostic): { file: string; line: number; column: number } | undefined {
  // Rollup counts columns from 0.
  return each.place && { file: each.place.file, line: each.place.line, column: each.place.column - 1 };
}
