/** `npm run bench:size`: how many bytes the emitted code grows by. */
import { gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { runBench } from "./harness/bench.ts";
import { isChosen } from "./harness/options.ts";
import { judged, type Row } from "./harness/report.ts";
import { rounded } from "./harness/statistics.ts";
import { bundlePart, PARTS, type Part } from "./size/bundle.ts";
import { fetchProgram, PROGRAMS } from "./size/programs.ts";

const GOAL_RAW = 110;
const GOAL_GZIPPED = 14;

const ABOUT = `Bytes of emitted code, in bundles that Rollup makes of programs with and without our text back end's edits.

${[
  "Raw: as emitted, per function that can be patched. Gzipped: what esbuild's minifier and gzip (level 9) leave of it.",
  "Guard: what stands in each function. Scope: the accessor of the module's own bindings, its bytes spread over the functions, the same way.",
  "Module: import, table and registration, per module.",
  "Nothing is shaken off, so that all bundles hold the same; the last column is what the whole bundle grows by, minified and gzipped.",
  "Sizes do not depend on the machine, nor on Node's version: there is one round, in this process.",
].join(" ")}`;

await runBench({ name: "bench:size", about: ABOUT, rounds: 1, all: undefined }, process.argv.slice(2), async ({ options, rows, scratch }) => {
  for (const program of PROGRAMS.filter(({ name }) => isChosen(options, name)).slice(0, options.quick ? 1 : undefined)) {
    const source = await fetchProgram(program, scratch);
    const sizes = new Map<Part, Size>();
    let counts = { functions: 0, modules: 0 };
    for (const part of PARTS) {
      const bundle = await bundlePart(source, part);
      sizes.set(part, await measure(bundle.code));
      counts = bundle;
    }
    rows.push(...report(`${program.name}, ${counts.functions} functions`, sizes, counts));
  }
});

interface Size {
  readonly raw: number;
  readonly gzipped: number;
}

async function measure(code: string): Promise<Size> {
  const { code: minified } = await transform(code, { minify: true, format: "esm", target: "es2022", legalComments: "none" });
  return { raw: Buffer.byteLength(code), gzipped: gzipSync(minified, { level: 9 }).length };
}

/** Each part is what the bundle grows by when it is added to those before it. */
function report(name: string, sizes: ReadonlyMap<Part, Size>, { functions, modules }: { readonly functions: number; readonly modules: number }): readonly Row[] {
  const of = (part: Part): Size => sizes.get(part) ?? { raw: Number.NaN, gzipped: Number.NaN };
  const grown = (part: Part, before: Part, by: keyof Size, among: number): number => rounded((of(part)[by] - of(before)[by]) / among);
  const bytes = (metric: string, value: number): Row => ({ case: name, metric, value, unit: "bytes" });
  return [
    judged(bytes("guard, raw", grown("all", "scopes", "raw", functions)), GOAL_RAW),
    judged(bytes("guard, gzipped", grown("all", "scopes", "gzipped", functions)), GOAL_GZIPPED),
    bytes("scope, raw", grown("scopes", "modules", "raw", functions)),
    bytes("scope, gzipped", grown("scopes", "modules", "gzipped", functions)),
    bytes("module, raw", grown("modules", "plain", "raw", modules)),
    bytes("module, gzipped", grown("modules", "plain", "gzipped", modules)),
    { case: name, metric: "bundle, gzipped", value: rounded(100 * (of("all").gzipped / of("plain").gzipped - 1)), unit: "% more" },
  ];
}
