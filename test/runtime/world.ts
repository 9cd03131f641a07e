/** A fresh runtime and a folder for hand-written host modules. Everything is loaded by Node itself. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import type { PatchFunction, PatchImport, PatchModule, PatchPayload, PatchVariable } from "../../src/patch/payload.ts";
import type * as FaultModule from "../../src/runtime/fault.ts";
import type * as RuntimeModule from "../../src/runtime/index.ts";

export const SOURCES: URL = new URL("../../src/", import.meta.url);
export const MODULE_URL: string = new URL("runtime/module.ts", SOURCES).href;

const native = createRequire(import.meta.url)("./native.cjs") as { load(url: string): Promise<unknown>; require: NodeJS.Require };

/** Imports as Node does. */
export async function load<T>(url: string | URL): Promise<T> {
  return (await native.load(String(url))) as T;
}

const runtime: typeof RuntimeModule = await load(new URL("runtime/index.ts", SOURCES));
/** Waits longer for threads, where a test does not say how long: other tests keep the machine busy. */
export const hotfix: typeof RuntimeModule = {
  ...runtime,
  apply: async (source, options) => await runtime.apply(source, { barrierTimeout: 20_000, ...options }),
  rollback: async (options) => await runtime.rollback({ barrierTimeout: 20_000, ...options }),
};
export const { faults }: typeof FaultModule = await load(new URL("runtime/fault.ts", SOURCES));

export type Exports = Record<string, any>; // host modules are JavaScript; what they export is each test's own business

export interface HostModule {
  /** Default `app:src/<file without extension>.ts`. */
  key?: string;
  fingerprint?: string;
  /** How many functions the module says it has that can be patched. */
  targets?: number;
  /** What stands before the registration in the file (imports). */
  head?: string;
  /** The module's code, guards written out. */
  body: string;
  /** Names of its top-level bindings; `=` in front of those that may be assigned. */
  names: string;
}

const RUNTIME = Symbol.for("ts-hotfix/runtime/1");

export class World {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "hotfix-")));

  constructor() {
    // a new runtime for each test: modules of earlier ones stay with theirs
    Reflect.deleteProperty(globalThis, RUNTIME);
    onTestFinished(() => {
      faults.hook = undefined;
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  url(file: string): string {
    return pathToFileURL(this.path(file)).href;
  }

  write(file: string, text: string): string {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
    return this.path(file);
  }

  writeHost(file: string, host: HostModule): string {
    return this.write(file, emitHost(file, host));
  }

  async host(file: string, host: HostModule): Promise<Exports> {
    this.writeHost(file, host);
    return await load(this.url(file));
  }

  require(file: string): Exports {
    return native.require(this.path(file)) as Exports;
  }
}

/** An emitted module, as the transformer writes it. */
export function emitHost(file: string, { key = keyOf(file), fingerprint = "fp", head = "", body, names, targets }: HostModule): string {
  const isCommonJs = file.endsWith(".cjs");
  const register = isCommonJs ? `require(${JSON.stringify(fileURLToPath(MODULE_URL))}).register` : "$register";
  const start = isCommonJs ? '"use strict";' : `import { register as $register } from ${JSON.stringify(MODULE_URL)};`;
  const table = isCommonJs ? "exports.$table = $t;" : "export const $table = $t;";
  return `${start} class $T {} const $t = new $T(); const $init = ${register}(${JSON.stringify(key)}, ${JSON.stringify(fingerprint)}, $t, $scope${targets === undefined ? "" : `, ${targets}`}); ${head}
${body}
${table}
function $scope() { return { ${accessors(names, isCommonJs)} }; }
`;
}

function accessors(names: string, isCommonJs: boolean): string {
  const own = names.split(/\s+/).filter(Boolean).map((entry) => {
    const name = entry.replace("=", "");
    const set = entry.startsWith("=") ? `, set ${name}($v) { ${name} = $v; }` : "";
    return `get ${name}() { return ${name}; }${set}`;
  });
  const surroundings = isCommonJs
    ? ["require", "module", "exports", "__filename", "__dirname"].map((name) => `get ${name}() { return ${name}; }`)
    : ['get "import.meta.url"() { return import.meta.url; }'];
  return [...surroundings, ...own].join(", ");
}

function keyOf(file: string): string {
  return `app:src/${file.replace(/\.[cm]?js$/, ".ts")}`;
}

export interface PatchSketch {
  /** Names of replaced functions, or of added ones with their hash and shape: `award +bonus@1 +bonus@1@arrow`. */
  functions?: string;
  /** Added variables: `hits@1`, and `=hits@1` if they may be assigned. */
  variables?: string;
  fixed?: string;
  live?: string;
  imports?: readonly PatchImport[];
  fingerprint?: string;
  /** A module that the patch brings. */
  origin?: "new";
  loads?: string;
  map?: string;
  /** Functions and the `const` initialisers, as declarations. */
  code: string;
}

const words = (text = ""): string[] => text.split(/\s+/).filter(Boolean);

/** The part of a payload for one module, its factory built around the sketched code. */
export function patchModule(key: string, sketch: PatchSketch): PatchModule {
  const functions: PatchFunction[] = words(sketch.functions).map((entry) => {
    const [name = "", hash = "h", shape = "s"] = entry.replace("+", "").split("@");
    return { name, slot: `$${name}`, origin: entry.startsWith("+") ? "added" : "replaced", hash, shape };
  });
  const variables: PatchVariable[] = words(sketch.variables).map((entry) => {
    const [name = "", hash = "h"] = entry.replace("=", "").split("@");
    return { name, mutable: entry.startsWith("="), copy: false, hash };
  });
  const product = functions.map(({ name, slot }) => `${slot}: ${name === "default" ? "$default" : name}`).join(", ");
  const initialisers = variables.map(({ name }) => `"${name}": init_${name.replace("#", "")}`).join(", ");
  return {
    key,
    origin: sketch.origin ?? "host",
    fingerprint: sketch.fingerprint ?? "fp",
    loads: words(sketch.loads),
    functions,
    variables,
    bindings: { fixed: words(sketch.fixed), live: words(sketch.live), imports: sketch.imports ?? [] },
    file: key.slice(key.indexOf(":") + 1),
    code: `(($t, $s) => { "use strict";\n${sketch.code}\nreturn { functions: { ${product} }, variables: { ${initialisers} } };\n})`,
    map: sketch.map ?? "",
  };
}

export function patchOf(modules: Readonly<Record<string, PatchSketch>>, sequence = 1): PatchPayload {
  return {
    schema: 1,
    sequence,
    package: "app",
    bases: [{ build: "b" }],
    live: [],
    modules: Object.entries(modules).map(([key, sketch]) => patchModule(key, sketch)),
    callbacks: null,
  };
}

export function codes(result: { diagnostics: readonly { code: string }[] }): string[] {
  return result.diagnostics.map(({ code }) => code);
}

export const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Guards as the transformer writes them. */
export function guarded(name: string, parameters: string, body: string): string {
  return `function ${name}(${parameters}) { if ($t.$${name} !== undefined) return $t.$${name}.apply(this, arguments); ${body} }`;
}
