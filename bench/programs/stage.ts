/** A program as bundles, with us and without, and patches that replace all its functions by recompiled copies. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rollup, type Plugin } from "rollup";
import { hotfix } from "../../rollup-plugin/index.ts";
import { readManifest } from "../../src/manifest/file.ts";
import { encodePatch } from "../../src/patch/file.ts";
import { recompileAll } from "../../suite/recompile.ts";
import { fetchPackages } from "../npm-packages.ts";
import type { WholeProgram } from "./programs.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface StagedProgram {
  readonly plain: string;
  readonly transformed: string;
  /** Files, in the order in which they are applied. */
  readonly patches: readonly string[];
  readonly functions: number;
  /** Functions that the builder refuses to patch: they keep their own code. */
  readonly left: number;
}

export async function stageProgram(program: WholeProgram, scratch: string, patches: number): Promise<StagedProgram> {
  const installed = program.specifier === "" ? join(ROOT, "node_modules") : await fetchPackages(`program-${program.name}`, [program.specifier]);
  const folder = join(scratch, program.name);
  writeSources(program, installed, folder);
  const manifest = join(folder, "hotfix.manifest.json");
  const plain = await bundle(folder, "plain", []);
  const transformed = await bundle(folder, "transformed", [hotfix({ root: folder, manifest, exclude: "src/work.js", lift: program.lift === true })]);
  const files: string[] = [];
  let functions = 0;
  let left = 0;
  for (let round = 1; round <= patches; round++) {
    const made = recompileAll({ manifest: readManifest(manifest), source: folder, round });
    if (made.payload === undefined) throw new Error(`${program.name}: nothing to patch`);
    files.push(join(folder, `patch-${round}.hotfix`));
    writeFileSync(files.at(-1) ?? "", encodePatch(made.payload));
    functions = made.targets.length;
    left = made.left.length;
  }
  return { plain, transformed, patches: files, functions, left };
}

function writeSources({ name, specifier, sources, work, input }: WholeProgram, installed: string, folder: string): void {
  mkdirSync(join(folder, "src", "package"), { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  for (const each of readdirSync(installed)) if (!each.startsWith(".") && each !== "ts-hotfix" && specifier !== "") symlinkSync(join(installed, each), join(folder, "node_modules", each));
  symlinkSync(ROOT, join(folder, "node_modules", "ts-hotfix"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "name": "bench-programs", "type": "module" }\n');
  const from = join(installed, specifier === "" ? "" : name, sources);
  const isSource = (path: string): boolean => statSync(path).isDirectory() || /\.m?js$/.test(path);
  cpSync(from, join(folder, "src", "package", statSync(from).isDirectory() ? "" : basename(from)), { recursive: true, filter: isSource });
  writeFileSync(join(folder, "src", "work.js"), work);
  if (input === "itself") writeFileSync(join(folder, "input.txt"), readFileSync(from, "utf8"));
  if (input === "typescript") writeFileSync(join(folder, "input.txt"), typescriptText());
}

/** TypeScript of the usual kind, once in one file: names that collide are no matter to who only strips types. */
function typescriptText(): string {
  const folder = join(ROOT, "src", "analyze");
  return readdirSync(folder).filter((file) => file.endsWith(".ts")).map((file) => `{\n${readFileSync(join(folder, file), "utf8").replaceAll(/^import .*$/gm, "").replaceAll(/^export /gm, "")}\n}\n`).join("");
}

async function bundle(folder: string, name: string, own: readonly Plugin[]): Promise<string> {
  const local: Plugin = {
    name: "local",
    resolveId(specifier, importer) {
      if (importer === undefined || !specifier.startsWith(".")) return importer === undefined ? null : { id: specifier, external: true };
      const path = join(dirname(importer), specifier);
      return [path, `${path}.js`, join(path, "index.js")].find((each) => existsSync(each) && statSync(each).isFile()) ?? null;
    },
  };
  const built = await rollup({ input: join(folder, "src", "work.js"), plugins: [...own, local], onLog() {} });
  await built.write({ dir: join(folder, name), format: "es", entryFileNames: "main.js", inlineDynamicImports: true });
  await built.close();
  return join(folder, name, "main.js");
}
