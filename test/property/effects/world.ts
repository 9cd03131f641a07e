/**
 * Many generated programs at once through everything we have: each tool runs once for all of them. `source/` is what the
 * author wrote, `text/` its transformed copy, `rollup/` chunks of it, `typed/` the same as TypeScript, compiled by `tspc`.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { rollup } from "rollup";
import ts from "typescript";
import { hotfix } from "../../../rollup-plugin/index.ts";
import { readManifest } from "../../../src/manifest/file.ts";
import type { Manifest, ManifestModule } from "../../../src/manifest/manifest.ts";
import { openProject } from "../../../src/transform/project.ts";
import { transformTree } from "../../../src/transform/tree.ts";
import { writeTree } from "../../../src/transform/write-tree.ts";
import { recompileAll, type Recompiled } from "../../../suite/recompile.ts";
import { ROOT } from "../../harness/stage.ts";
import { printProgram } from "./print.ts";
import type { EffectProgram, Format } from "./program.ts";

/** Trace of each round: unpatched, patched, rolled back. For plain code three rounds of the same. */
export type Rounds = readonly (readonly string[])[];

export interface Effects {
  readonly plain: Rounds;
  /** By how it was built. */
  readonly built: Readonly<Record<string, Rounds>>;
}

export interface Measured {
  readonly effects: readonly Effects[];
  /** Functions that went through a patch, and those that the builder refused, over all hosts. */
  readonly patched: number;
  readonly left: readonly { readonly target: string; readonly codes: readonly string[] }[];
}

interface Host {
  readonly name: string;
  readonly programs: readonly number[];
  entry(program: number): string;
  /** A patch with a copy of every function. */
  readonly recompiled?: Recompiled;
  /** The patch is there before the program. */
  readonly early?: boolean;
}

interface Played {
  readonly name: string;
  readonly traces: ReadonlyMap<number, Rounds>;
  readonly patched: number;
  readonly left: Recompiled["left"];
}

export async function measureEffects(programs: readonly EffectProgram[]): Promise<Measured> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-effects-")));
  try {
    const of = (...formats: readonly Format[]): readonly number[] => programs.flatMap(({ format }, index) => (formats.includes(format) ? [index] : []));
    writeTrees(folder, programs);
    const text = transformText(folder, of("esm", "cjs", "sloppy"));
    const hosts: Host[] = [
      { name: "plain", programs: of("esm", "cjs", "sloppy"), entry: (index) => join(folder, "source", `p${index}`, "main.js") },
      text,
      ...(of("esm").length > 0 ? [await bundle(folder, of("esm"), text)] : []),
      ...(of("esm", "cjs").length > 0 ? [await compile(folder, of("esm", "cjs"))] : []),
    ];
    hosts.push(...hosts.filter(({ recompiled }) => recompiled?.payload !== undefined).map((host) => ({ ...host, name: `${host.name} from the start`, early: true })));
    const played = await Promise.all(hosts.map((host) => play(folder, host, programs)));
    const [plain, ...built] = played;
    const effects = programs.map((_, index): Effects => ({
      plain: plain?.traces.get(index) ?? [],
      built: Object.fromEntries(built.flatMap(({ name, traces }) => (traces.has(index) ? [[name, traces.get(index) ?? []]] : []))),
    }));
    return { effects, patched: built.reduce((sum, { patched }) => sum + patched, 0), left: built.flatMap(({ left }) => left) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeTrees(folder: string, programs: readonly EffectProgram[]): void {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules", "ts-hotfix"), "dir");
  for (const tree of ["source", "typed"]) {
    mkdirSync(join(folder, tree));
    writeFileSync(join(folder, tree, "package.json"), '{ "name": "effects", "type": "module" }');
  }
  for (const [index, program] of programs.entries()) {
    const texts = printProgram(program);
    for (const tree of program.format === "sloppy" ? ["source"] : ["source", "typed"]) {
      mkdirSync(join(folder, tree, `p${index}`));
      if (program.format !== "esm") writeFileSync(join(folder, tree, `p${index}`, "package.json"), '{ "type": "commonjs" }');
      for (const [name, text] of Object.entries(texts)) {
        // CommonJS programs are, as JavaScript, what TypeScript without us makes of them
        if (tree === "typed") writeFileSync(join(folder, tree, `p${index}`, name.replace(/js$/, "ts")), text);
        else writeFileSync(join(folder, tree, `p${index}`, name), program.format === "cjs" ? ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ESNext } }).outputText : text);
      }
    }
  }
}

function transformText(folder: string, programs: readonly number[]): Host & { readonly manifest: Manifest } {
  const source = join(folder, "source");
  const project = openProject("effects", {}, source);
  const tree = transformTree(project, { paths: [source], outDir: join(folder, "text"), strip: false, sourceMap: "none" });
  if (!("outputs" in tree)) throw new Error(JSON.stringify(tree, undefined, 1));
  writeTree(tree.outputs);
  const manifest = project.manifest(tree.files);
  return { name: "text", programs, entry: (index) => join(folder, "text", `p${index}`, "main.js"), manifest, recompiled: recompileAll({ manifest, source }) };
}

/** Takes the patch that was built for the other build of the same source: what both emit is the same. */
async function bundle(folder: string, programs: readonly number[], text: { readonly manifest: Manifest; readonly recompiled?: Recompiled }): Promise<Host> {
  const source = join(folder, "source");
  const own = hotfix({ root: source, manifest: "hotfix.manifest.json" });
  const build = await rollup({ input: Object.fromEntries(programs.map((index) => [`p${index}`, join(source, `p${index}`, "main.js")])), plugins: [own], onLog() {} });
  await build.write({ dir: join(folder, "rollup"), format: "es", entryFileNames: "[name].mjs" });
  await build.close();
  const { modules } = readManifest(join(source, "hotfix.manifest.json"));
  const emitted = (module: ManifestModule | undefined): string => JSON.stringify([module?.fingerprint, module?.facts.targets, module?.facts.scope, module?.facts.specifiers]);
  const other = [...modules].filter(([key, module]) => emitted(module) !== emitted(text.manifest.modules.get(key))).map(([key]) => key);
  if (other.length > 0) throw new Error(`other facts: ${other.join(", ")}`);
  return { name: "rollup", programs, entry: (index) => join(folder, "rollup", `p${index}.mjs`), ...(text.recompiled ? { recompiled: text.recompiled } : {}) };
}

async function compile(folder: string, programs: readonly number[]): Promise<Host> {
  const source = join(folder, "typed");
  const compilerOptions = {
    module: "nodenext", target: "esnext", lib: ["esnext"], types: [], rootDir: ".", outDir: "../tspc",
    noCheck: true, strict: false, noEmitOnError: false,
    plugins: [{ transform: join(ROOT, "dist/transformer/index.js"), manifest: "hotfix.manifest.json" }],
  };
  writeFileSync(join(source, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*/*.ts"] }));
  const tspc = join(ROOT, "node_modules/ts-patch/bin/tspc.js");
  const { stdout } = await promisify(execFile)(process.execPath, [tspc, "-p", "."], { cwd: source, maxBuffer: 1 << 26 }).catch((error: { readonly stdout: string }) => error);
  if (stdout.includes("error")) throw new Error(stdout.slice(0, 4000));
  cpSync(join(source, "package.json"), join(folder, "tspc", "package.json"));
  for (const index of programs) cpSync(join(source, `p${index}`), join(folder, "tspc", `p${index}`), { recursive: true, filter: (path) => !path.endsWith(".ts") });
  return { name: "tspc", programs, entry: (index) => join(folder, "tspc", `p${index}`, "main.js"), recompiled: recompileAll({ manifest: readManifest(join(source, "hotfix.manifest.json")), source }) };
}

async function play(folder: string, { name, programs, entry, recompiled, early }: Host, all: readonly EffectProgram[]): Promise<Played> {
  const [work, patch, report] = ["work", "patch", "report"].map((each) => join(folder, `${name}-${each}.json`)) as [string, string, string];
  if (recompiled?.payload) writeFileSync(patch, JSON.stringify(recompiled.payload));
  const entries = programs.map((index) => ({ file: entry(index), format: all[index]?.format }));
  writeFileSync(work, JSON.stringify({ entries, runtime: join(ROOT, "dist/runtime/index.js"), ...(recompiled?.payload ? { patch, early } : {}) }));
  await promisify(execFile)(process.execPath, [join(dirname(import.meta.filename), "drive.mjs"), work, report], { maxBuffer: 1 << 26 });
  const rounds = JSON.parse(readFileSync(report, "utf8")) as readonly (readonly (readonly string[])[])[];
  const traces = new Map(programs.map((index, at) => [index, rounds.map((round) => round[at] ?? [])]));
  return { name, traces, patched: recompiled?.targets.length ?? 0, left: recompiled?.left ?? [] };
}

