/** Bundles with some of our edits, so that each kind's bytes can be told. */
import { transformSync } from "oxc-transform";
import { rollup, type Plugin } from "rollup";
import type { Edit } from "../../src/plan/plan.ts";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import { declareChunkTables, tableNameOf } from "../../src/transform/chunk.ts";
import { isPlanned, openProject } from "../../src/transform/project.ts";
import { Packages } from "../../src/manifest/module-key.ts";
import { Resolver } from "../../src/resolve/resolver.ts";
import type { FetchedProgram } from "./programs.ts";

/** Nothing of ours; and tables and registrations; and scope accessors; and guards. */
export const PARTS = ["plain", "modules", "scopes", "all"] as const;
export type Part = (typeof PARTS)[number];

const OF_PART: Readonly<Record<Part, (edit: Edit) => readonly Edit[]>> = {
  plain: () => [],
  modules: (edit) => (edit.op === "epilogue" ? [{ ...edit, statements: ["function $scope() { return {}; }"] }] : edit.op === "prologue" ? [edit] : []),
  scopes: (edit) => (edit.op === "epilogue" || edit.op === "prologue" ? [edit] : []),
  all: (edit) => [edit],
};

export interface Bundle {
  readonly code: string;
  readonly functions: number;
  readonly modules: number;
}

export async function bundlePart({ root, entry }: FetchedProgram, part: Part): Promise<Bundle> {
  const project = openProject("bench", {}, root);
  const resolver = new Resolver(new Packages(root), {}, root);
  const tables: string[] = [];
  let functions = 0;
  const own: Plugin = {
    name: "part",
    resolveId(specifier, importer) {
      if (importer === undefined) return null;
      const path = specifier.startsWith("ts-hotfix") ? undefined : resolver.pathOf(importer, specifier);
      return path ?? { id: specifier, external: true };
    },
    transform(text, id) {
      const table = tableNameOf(project.keyOf(id));
      const planned = project.plan(id, text, { format: "esm", table: { form: "chunk", name: table } });
      if (!isPlanned(planned)) throw new Error(`${id}: ${JSON.stringify(planned)}`);
      const edits = planned.plan.edits.flatMap(OF_PART[part]);
      if (planned.plan.edits.length > 0) tables.push(table);
      functions += planned.analysis.targets.length;
      const { code } = applyPlanToText(planned.analysis.parsed.text, { ...planned.plan, edits }, id);
      return { code: /\.[cm]?ts$/.test(id) ? transformSync(id, code, { target: "esnext" }).code : code, map: null };
    },
    renderChunk: (code, chunk) => declareChunkTables(code, tables, { imports: new Map(), fileName: chunk.fileName, format: "es" }),
  };
  const bundle = await rollup({ input: entry, plugins: [own], treeshake: false, onLog() {} });
  const { output } = await bundle.generate({ format: "es", inlineDynamicImports: true });
  await bundle.close();
  return { code: output[0].code, functions, modules: tables.length };
}
