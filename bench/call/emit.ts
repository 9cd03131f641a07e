/** Builds the program with either tool, with our transformer or plugin or without. */
import { basename, dirname, join } from "node:path";
import { mkdirSync, writeFileSync } from "node:fs";
import { transformSync } from "oxc-transform";
import { rollup, type Plugin } from "rollup";
import ts from "typescript";
import { hotfix } from "../../rollup-plugin/index.ts";
import transformer from "../../transformer/index.ts";
import type { Build } from "./cases.ts";

export interface EmitRequest {
  readonly build: Build;
  /** Folder of the package; the source is `src/program.ts`. */
  readonly folder: string;
  readonly output: string;
  /** Path of the manifest. Undefined: emitted without us. */
  readonly manifest: string | undefined;
}

/** Path of the emitted entry. */
export async function emitProgram(request: EmitRequest): Promise<string> {
  return request.build.tool === "tsc" ? emitWithCompiler(request) : await emitWithRollup(request);
}

let libraries: Map<string, ts.SourceFile | undefined> | undefined;

function emitWithCompiler({ folder, output, manifest }: EmitRequest): string {
  const options: ts.CompilerOptions = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, rootDir: join(folder, "src"), outDir: output, noCheck: true, types: [] };
  const host = withLibraries(ts.createCompilerHost(options));
  const program = ts.createProgram([join(folder, "src", "program.ts")], options, host);
  const found: ts.Diagnostic[] = [...program.getSyntacticDiagnostics()];
  const extras = { ts, library: "typescript", addDiagnostic: (diagnostic: ts.Diagnostic) => found.push(diagnostic) };
  const before = manifest === undefined ? [] : [transformer(program, { root: folder, manifest }, extras).before];
  program.emit(undefined, (file, text) => write(join(output, basename(file)), text), undefined, false, { before });
  const errors = found.filter((diagnostic) => diagnostic.category === ts.DiagnosticCategory.Error);
  if (errors.length > 0) throw new Error(errors.map((error) => ts.flattenDiagnosticMessageText(error.messageText, "\n")).join("\n"));
  return join(output, "program.js");
}

/** The compiler's own libraries are parsed once for all builds. */
function withLibraries(host: ts.CompilerHost): ts.CompilerHost {
  const known = (libraries ??= new Map<string, ts.SourceFile | undefined>());
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    if (!/[\\/]lib\.[\w.]+\.d\.ts$/.test(name)) return read(name, ...rest);
    if (!known.has(name)) known.set(name, read(name, ...rest));
    return known.get(name);
  };
  return host;
}

async function emitWithRollup({ folder, output, manifest }: EmitRequest): Promise<string> {
  const own = manifest === undefined ? [] : [hotfix({ root: folder, manifest })];
  const bundle = await rollup({ input: join(folder, "src", "program.ts"), plugins: [...own, stripTypes()], onLog() {} });
  await bundle.write({ dir: output, format: "es", entryFileNames: "[name].js" });
  await bundle.close();
  return join(output, "program.js");
}

function stripTypes(): Plugin {
  return { name: "strip-types", transform: (code, id) => ({ code: transformSync(id, code, { sourcemap: false }).code, map: null }) };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
