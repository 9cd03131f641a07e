/** Rollup, and what has its hooks: Rolldown and Vite. Tables are declared in `renderChunk`, before minifiers. */
import { dirname, resolve } from "node:path";
import type { NormalizedOutputOptions, OutputBundle, Plugin, PluginContext, RollupLog } from "rollup";
import { MANIFEST_FILE } from "../manifest/manifest.ts";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { declareChunkTables } from "../transform/chunk.ts";
import type { Bundle, Edge } from "./bundle.ts";
import { rolldownDefines } from "./defines.ts";
import { messageOf, RUNTIME } from "./tell.ts";

/** The hooks that do the work, for the plugin's face in one bundler. */
export type RollupHooks = Pick<Plugin, "options" | "buildStart" | "resolveId" | "transform" | "buildEnd" | "shouldTransformCachedModule" | "renderChunk" | "writeBundle">;

/** @param bundler named where it puts values in the place of `import.meta`'s members */
export function rollupHooks(bundle: Bundle, bundler?: string): RollupHooks {
  let edges: readonly Edge[] = [];
  return {
    options(options) {
      if (bundler === "Rolldown") bundle.configure({ defines: rolldownDefines((options as { readonly transform?: Parameters<typeof rolldownDefines>[0] }).transform) });
      return null;
    },
    buildStart: () => bundle.begin(),
    async buildEnd(error) {
      if (error === undefined) edges = await edgesOf(this, bundle);
    },
    resolveId: {
      order: "pre",
      // The runtime is one for the whole process: it stays outside of bundles.
      handler: (source) => (RUNTIME.test(source) ? { id: source, external: true } : null),
    },
    transform: {
      order: "pre",
      handler(code, id) {
        if (!bundle.covers(id)) return null;
        const { rewritten, diagnostics } = bundle.rewrite(id, code);
        for (const each of diagnostics.filter(({ severity }) => severity !== "error")) this.info(logOf(each));
        const [first, ...more] = diagnostics.filter(({ severity }) => severity === "error");
        for (const each of more) this.warn(logOf(each));
        if (first) return this.error(logOf(first), positionOf(first));
        // what registers has an effect; where nothing is used, the author's module had none
        return rewritten ? { ...rewritten, ...(this.getModuleInfo(id)?.moduleSideEffects === true && bundle.canBeDropped(id) ? { moduleSideEffects: false } : {}) } : null;
      },
    },
    // of a module that did not change, that another one did may
    shouldTransformCachedModule: ({ id, moduleSideEffects }) => bundle.covers(id) && (moduleSideEffects === false) !== bundle.canBeDropped(id),
    renderChunk: {
      order: "pre",
      handler(code, chunk, { format }, { chunks }) {
        const names = bundle.tablesIn(code, chunk.moduleIds);
        if (names.length === 0) return null;
        if (format !== "es" && format !== "cjs") return this.error(logOf(diagnostic("HF0005", "error", { format })));
        const beyond = format === "cjs" && bundler !== undefined ? bundle.firstBeyondUrl(chunk.moduleIds) : undefined;
        if (beyond !== undefined && bundler !== undefined) return this.error(logOf(diagnostic("HF0034", "error", { file: beyond, bundler })));
        const imports = new Map(Object.entries(chunks).map(([name, each]) => [name, each.imports]));
        return declareChunkTables(code, names, { imports, fileName: chunk.fileName, format });
      },
    },
    writeBundle(output: NormalizedOutputOptions, written: OutputBundle) {
      const chunks = Object.values(written).filter((each) => each.type === "chunk");
      const there = new Set(chunks.flatMap(({ moduleIds }) => moduleIds.map((id) => resolve(id))));
      const { errors, coverage } = bundle.finish(this.getModuleIds(), chunks.map(({ code }) => code), output.dir ?? dirname(output.file ?? "."), MANIFEST_FILE, edges, (file) => there.has(file));
      if (errors[0]) this.error(logOf(errors[0]));
      this.info(coverage);
    },
  };
}

/** What the bundler found for each specifier of the modules that we rewrite. */
async function edgesOf(context: PluginContext, bundle: Bundle): Promise<readonly Edge[]> {
  const edges: Edge[] = [];
  for (const importer of context.getModuleIds()) {
    if (!bundle.covers(importer)) continue;
    const { linked, dynamic } = bundle.specifiersOf(importer);
    const ids = (context.getModuleInfo(importer)?.importedIds ?? []).filter((id) => !RUNTIME.test(id));
    const found = pairUp(importer, linked, ids, bundle);
    for (const specifier of [...(found === undefined ? linked : []), ...dynamic]) {
      const resolved = await context.resolve(specifier, importer);
      if (resolved) edges.push({ importer, specifier, imported: resolved.id, external: resolved.external !== undefined && resolved.external !== false });
    }
    for (const [specifier, imported] of found ?? []) edges.push({ importer, specifier, imported, external: isOutside(context.getModuleInfo(imported)) });
  }
  return edges;
}

/** Rolldown says of a module in the bundle nothing, and of one outside that it knows none. */
function isOutside(info: { readonly isExternal: boolean } | null): boolean {
  return info === null || info.isExternal;
}

/**
 * The bundler tells what a module imports, and not which specifier led there. Both are in source order, unless a plugin added or took
 * away imports: then their number differs, or what our own resolver finds stands in another place. Undefined: it has to be asked.
 */
function pairUp(importer: string, specifiers: readonly string[], ids: readonly string[], bundle: Bundle): ReadonlyMap<string, string> | undefined {
  if (specifiers.length !== ids.length) return undefined;
  const isElsewhere = (specifier: string, at: number): boolean => {
    const guess = bundle.guess(importer, specifier);
    return guess !== undefined && guess !== ids[at];
  };
  return specifiers.some(isElsewhere) ? undefined : new Map(specifiers.map((specifier, at) => [specifier, ids[at] ?? ""]));
}

function logOf(each: Diagnostic): RollupLog {
  const log: RollupLog = { message: messageOf(each), pluginCode: each.code };
  const loc = positionOf(each);
  return loc ? { ...log, id: loc.file, loc } : log;
}

function positionOf(each: Diagnostic): { file: string; line: number; column: number } | undefined {
  // Rollup counts columns from 0.
  return each.place && { file: each.place.file, line: each.place.line, column: each.place.column - 1 };
}
