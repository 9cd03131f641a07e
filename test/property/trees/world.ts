/** Loads generated trees in this process: as they are, or transformed, with a runtime of their own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { transformSync } from "oxc-transform";
import ts from "typescript";
import type { Manifest } from "../../../src/manifest/manifest.ts";
import { applyPlanToText } from "../../../src/rewrite/text.ts";
import { register } from "../../../src/runtime/module.ts";
import { isPlanned, openProject } from "../../../src/transform/project.ts";
import { load } from "../../runtime/world.ts";
import type { Files } from "./print.ts";

export type Format = "esm" | "cjs";

/** The modules of a loaded tree by file name, `m0.ts`. */
export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const RUNTIME = Symbol.for("ts-hotfix/runtime/1");
/** Under this name native modules find the runtime of the test. */
const REGISTER = "ts-hotfix test: register";

export class TreeWorld {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-edits-")));
  #count = 0;

  constructor() {
    writeFileSync(join(this.folder, "package.json"), '{ "name": "app", "type": "module" }');
    writeFileSync(join(this.folder, "register.js"), `export const register = globalThis[${JSON.stringify(REGISTER)}];\n`);
    Reflect.set(globalThis, REGISTER, register);
  }

  /** Makes the source tree consist of these files. */
  write(files: Files): void {
    rmSync(join(this.folder, "src"), { recursive: true, force: true });
    mkdirSync(join(this.folder, "src"));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(this.folder, "src", file), text);
  }

  /** The tree transformed and loaded, on a fresh runtime, and its manifest. */
  async host(files: Files, format: Format): Promise<{ readonly modules: Modules; readonly manifest: Manifest }> {
    Reflect.deleteProperty(globalThis, RUNTIME);
    this.write(files);
    const project = openProject("edits", {}, this.folder);
    const paths = Object.keys(files).map((file) => join(this.folder, "src", file));
    const cyclic = project.links.filesInCycles(paths);
    const transformed = Object.fromEntries(
      Object.entries(files).map(([file, text]) => {
        const path = join(this.folder, "src", file);
        const planned = project.plan(path, text, { format, table: { form: format === "esm" && cyclic.has(path) ? "hoisted" : "constant" } });
        if (!isPlanned(planned)) throw new Error(`${file}: ${JSON.stringify(planned)}\n${text}`);
        return [file, applyPlanToText(text, planned.plan, path).code];
      }),
    );
    return { modules: await this.load(transformed, format), manifest: project.manifest(paths) };
  }

  /** The tree as it is; throws what its evaluation throws. */
  async load(files: Files, format: Format): Promise<Modules> {
    return format === "esm" ? await this.#import(files) : this.#require(files);
  }

  async #import(files: Files): Promise<Modules> {
    const folder = join(this.folder, `run${this.#count++}`);
    mkdirSync(folder);
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(folder, file.replace(/\.ts$/, ".js")), eraseTypes(text).replace('"ts-hotfix/module"', '"../register.js"'));
    }
    const url = (file: string): string => pathToFileURL(join(folder, file.replace(/\.ts$/, ".js"))).href;
    try {
      await load(url("input.ts"));
      const modules: Record<string, Modules[string]> = {};
      for (const file of Object.keys(files)) modules[file] = await load(url(file));
      return modules;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** As TypeScript's CommonJS. */
  #require(files: Files): Modules {
    const modules: Record<string, { exports: Record<string, unknown> }> = {};
    const require = (specifier: string): unknown => {
      if (specifier === "ts-hotfix/module") return { register };
      const file = specifier.replace("./", "").replace(/\.js$/, ".ts");
      const known = modules[file];
      if (known) return known.exports;
      const module = (modules[file] = { exports: {} as Record<string, unknown> });
      vm.compileFunction(toCommonJs(files[file] ?? ""), ["exports", "require", "module", "__filename", "__dirname"], { filename: file })(module.exports, require, module, join(this.folder, "out", file), join(this.folder, "out"));
      return module.exports;
    };
    require("./input.js");
    for (const file of Object.keys(files)) require(`./${file.replace(/\.ts$/, ".js")}`);
    return Object.fromEntries(Object.entries(modules).map(([file, { exports }]) => [file, exports]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Most files of a fixed tree are those of the base. */
function remember(compile: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const result = known.get(text) ?? compile(text);
    if (known.size > 200) known.clear();
    known.set(text, result);
    return result;
  };
}

const eraseTypes = remember((text) => {
  const { code, errors } = transformSync("module.ts", text, { lang: "ts", sourceType: "module", target: "esnext" });
  if (errors.length > 0) throw new Error(`${errors[0]?.message}\n${text}`);
  return code;
});

const toCommonJs = remember((text) => ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 } }).outputText);
