/** Small projects in temporary folders, compiled by the real `tspc`. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TSPC = join(ROOT, "node_modules/ts-patch/bin/tspc.js");

/** Stands for the runtime: remembers what modules register. */
const FAKE_RUNTIME = `
const modules = (globalThis.$modules ??= new Map());
export function register(key, fingerprint, table, scope) {
  const module = { key, fingerprint, table, scope, segments: 0, deferred: [] };
  modules.set(key.slice(key.indexOf(":") + 1), module);
  return { init(segment) { module.segments++; segment(); }, defer(segment) { module.deferred.push(segment); } };
}
`;

/** What scripts given to \`run\` find: \`load\`, \`module\`, \`patch\`, \`show\`. */
const DRIVER = `
import { createRequire } from "node:module";
const load = createRequire(import.meta.url);
const module = (key) => globalThis.$modules.get(key);
const patch = (key, slots) => Object.setPrototypeOf(module(key).table, { ...slots });
const shown = [];
const show = (...values) => { shown.push(...values); };
`;

export interface Compiled {
  readonly folder: string;
  readonly exitCode: number;
  readonly output: string;
  read(path: string): string;
  /** Runs a script beside the output; gives what it showed. */
  run(script: string): Promise<unknown[]>;
}

export interface ProjectOptions {
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  readonly plugin?: Readonly<Record<string, unknown>>;
  readonly packageType?: "module" | "commonjs";
  /** Without our transformer. */
  readonly plain?: boolean;
}

const folders: string[] = [];

export function removeProjects(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function writeProject(files: Readonly<Record<string, string>>, options: ProjectOptions = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "hotfix-tspc-"));
  folders.push(folder);
  const plugins = options.plain ? [] : [{ transform: "./hotfix.mjs", ...options.plugin }];
  const compilerOptions = { module: "nodenext", target: "es2022", lib: ["es2024"], types: [], rootDir: "src", outDir: "out", strict: true, ...options.compilerOptions, plugins };
  const all: Readonly<Record<string, string>> = {
    "package.json": JSON.stringify({ name: "app", type: options.packageType ?? "module" }),
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["src"] }),
    "hotfix.mjs": `export { default } from ${JSON.stringify(join(ROOT, "transformer/index.ts"))};`,
    "node_modules/ts-hotfix/package.json": JSON.stringify({ name: "ts-hotfix", type: "module", exports: { "./module": "./module.js" } }),
    "node_modules/ts-hotfix/module.js": FAKE_RUNTIME,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export async function compile(files: Readonly<Record<string, string>>, options: ProjectOptions = {}): Promise<Compiled> {
  const folder = writeProject(files, options);
  const { code, output } = await oneByOne(() => node([TSPC, "-p", ".", "--pretty", "false"], folder));
  return {
    folder,
    exitCode: code,
    output,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    async run(script) {
      writeFileSync(join(folder, "drive.mjs"), `${DRIVER}\n${script}\nconsole.log("\\n" + JSON.stringify(shown));`);
      const result = await node(["drive.mjs"], folder);
      if (result.code !== 0) throw new Error(result.output);
      return JSON.parse(result.output.trimEnd().split("\n").at(-1) ?? "") as unknown[];
    },
  };
}

let last: Promise<unknown> = Promise.resolve();

/** ts-patch locks its cache when it starts, and gives up after two seconds of waiting for another start. */
function oneByOne<T>(start: () => Promise<T>): Promise<T> {
  const next = last.then(start);
  last = next;
  return next;
}

function node(args: readonly string[], cwd: string): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env: { ...process.env, NODE_OPTIONS: "" } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, output: stdout + stderr });
    });
  });
}
