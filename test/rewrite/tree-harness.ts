/** The cases, compiled in three ways and run: as they are, by the tree back end, by the text back end. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import type { ModuleAnalysis } from "../../src/analyze/analysis.ts";
import { analyzeText, isAnalysis } from "../../src/analyze/analyze.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { applyPlanToText } from "../../src/rewrite/text.ts";
import { applyPlanToTree } from "../../src/rewrite/tree.ts";

export type BackEnd = "none" | "tree" | "text";
export type Format = "esm" | "cjs";

export function analysisOf(source: string, file = "case.ts"): ModuleAnalysis {
  const analysis = analyzeText(file, source);
  if (!isAnalysis(analysis)) throw new Error(analysis.map((each) => each.message).join("\n"));
  return analysis;
}

export function planOf(source: string, format: Format, file?: string, init: "auto" | "explicit" = "auto"): Plan {
  return makePlan(analysisOf(source, file), { key: "app:case.ts", fingerprint: "f", init, format, table: { form: "constant" } });
}

export function emit(source: string, backEnd: BackEnd, format: Format, options: ts.CompilerOptions = {}, file = "case.ts", init?: "auto" | "explicit"): string {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: format === "esm" ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
    noLib: true,
    allowJs: true,
    types: [],
    ...options,
  };
  const plan = planOf(source, format, file, init);
  const text = backEnd === "text" ? applyPlanToText(source, plan, file).code : source;
  const sourceFile = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === file ? sourceFile : undefined),
    getDefaultLibFileName: () => "lib.d.ts",
    writeFile: () => {},
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (name) => name === file,
    readFile: () => undefined,
  };
  const program = ts.createProgram([file], { ...compilerOptions, outDir: "out" }, host);
  // The checker decides about imports and names; here it has to have seen the file.
  program.getSemanticDiagnostics();
  let output = "";
  const before: ts.TransformerFactory<ts.SourceFile> = (context) => (tree) => applyPlanToTree(ts, context, tree, plan);
  program.emit(undefined, (name, code) => (output = /\.[cm]?jsx?$/.test(name) ? code : output), undefined, false, backEnd === "tree" ? { before: [before] } : {});
  return output;
}

const RUNTIME = `
export function register(key, fingerprint, table, scope) {
  globalThis.last = { table, scope };
  return { init(segment) { segment(); }, defer(segment) { segment(); } };
}
`;

const RUN = `
import { createRequire } from "node:module";
import { inspect } from "node:util";
const load = createRequire(import.meta.url);
const { folders } = load("./folders.json");
for (const [folder, targets] of folders) {
  const lines = [];
  globalThis.log = (...values) => { lines.push(values.map((each) => inspect(each, { depth: 5 })).join(" ")); };
  globalThis.last = undefined;
  try {
    const exports = load("./" + folder + "/case.js");
    await exports.drive?.();
    if (last) {
      log("--", "patched");
      const slots = {};
      for (const { name, slot, kind } of targets) {
        const replacement = function (that, args) { log("new", name, that === last.table, typeof that, args.length); return name; };
        slots[slot] = {
          sync: () => function (...args) { return new.target ? void (this.made = name) : replacement(this, args); },
          async: () => async function (...args) { return replacement(this, args); },
          generator: () => function* (...args) { yield replacement(this, args); },
          asyncGenerator: () => async function* (...args) { yield replacement(this, args); },
        }[kind]();
      }
      Object.setPrototypeOf(last.table, slots);
      try { await exports.drive?.(); } catch (error) { log("threw", error.constructor.name); }
      Object.setPrototypeOf(last.table, {});
      const scope = last.scope();
      log(Object.keys(scope).filter((name) => !/^(require|module|exports|__filename|__dirname|import.meta.*)$/.test(name)).map((name) => name + ":" + typeof scope[name]).join());
    }
  } catch (error) { log("failed", error.stack); }
  console.log(JSON.stringify(lines));
}
`;

/** What each case logs. */
export function runAll(cases: Readonly<Record<string, string>>, backEnd: BackEnd, format: Format, options: ts.CompilerOptions = {}): Readonly<Record<string, readonly string[]>> {
  const root = mkdtempSync(join(tmpdir(), "hotfix-tree-"));
  try {
    const names = Object.keys(cases);
    const folders = names.map((name, index) => {
      const source = cases[name] ?? "";
      mkdirSync(join(root, `c${index}`));
      writeFileSync(join(root, `c${index}/case.js`), emit(source, backEnd, format, options));
      return [`c${index}`, analysisOf(source).targets.map((target) => ({ name: target.name, slot: target.slot, kind: target.kind }))];
    });
    mkdirSync(join(root, "node_modules/ts-hotfix"), { recursive: true });
    writeFileSync(join(root, "node_modules/ts-hotfix/package.json"), JSON.stringify({ type: "module", exports: { "./module": "./module.js" } }));
    writeFileSync(join(root, "node_modules/ts-hotfix/module.js"), RUNTIME);
    writeFileSync(join(root, "package.json"), JSON.stringify({ type: format === "esm" ? "module" : "commonjs" }));
    writeFileSync(join(root, "folders.json"), JSON.stringify({ folders }));
    writeFileSync(join(root, "run.mjs"), RUN);
    const lines = execFileSync(process.execPath, ["run.mjs"], { cwd: root, encoding: "utf8", maxBuffer: 1e8 }).trimEnd().split("\n");
    return Object.fromEntries(names.map((name, index) => [name, JSON.parse(lines[index] ?? "[]") as string[]]));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
