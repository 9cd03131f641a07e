/** Copies of a checkout in which tests can run: its files copied, what it has installed linked. */
import { copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

export interface SuiteStage {
  /** Holds everything that a run writes. */
  readonly scratch: string;
  /** Copies the checkout; the package's folder in the copy. */
  copy(name: string): string;
  remove(): void;
}

export function makeStage(folder: string): SuiteStage {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-suite-")));
  const own = realpathSync(folder);
  const checkout = checkoutOf(own);
  placeRuntime(scratch);
  return {
    scratch,
    copy(name) {
      copyTree(checkout, join(scratch, name), { checkout, copy: join(scratch, name) });
      return join(scratch, name, relative(checkout, own));
    },
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

/** The repository's root: a package's tests may need what stands beside it. */
function checkoutOf(folder: string): string {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) if (existsSync(join(at, ".git"))) return at;
  return folder;
}

interface Places {
  readonly checkout: string;
  readonly copy: string;
}

function copyTree(from: string, to: string, places: Places): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === ".git") continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.name === "node_modules") linkInstalled(source, target, places);
    else if (entry.isSymbolicLink()) copyLink(source, target, places);
    else if (entry.isDirectory()) copyTree(source, target, places);
    else if (entry.isFile()) copyFileSync(source, target);
  }
}

function copyLink(source: string, target: string, places: Places): void {
  const leads = resolve(dirname(source), readlinkSync(source));
  symlinkSync(inCopy(leads, places) ?? leads, target);
}

/** Entry by entry, so that caches that tools keep among them stay in the copy, and packages of the checkout are the copy's. */
function linkInstalled(source: string, target: string, places: Places): void {
  mkdirSync(target);
  for (const name of readdirSync(source)) {
    // the one above all copies is meant
    if (name === "ts-hotfix" || (name.startsWith(".") && name !== ".bin" && name !== ".pnpm")) continue;
    const installed = join(source, name);
    if (name.startsWith("@") && !lstatSync(installed).isSymbolicLink()) {
      mkdirSync(join(target, name));
      for (const inner of readdirSync(installed)) link(join(installed, inner), join(target, name, inner), places);
    } else link(installed, join(target, name), places);
  }
}

function link(installed: string, target: string, places: Places): void {
  const real = existsSync(installed) ? realpathSync(installed) : undefined;
  if (real === undefined) return;
  symlinkSync((/[\\/]node_modules[\\/]/.test(real) ? undefined : inCopy(real, places)) ?? installed, target);
}

function inCopy(path: string, { checkout, copy }: Places): string | undefined {
  return path === checkout || path.startsWith(checkout + sep) ? join(copy, relative(checkout, path)) : undefined;
}

/**
 * What emitted code imports, above all copies: it counts which functions run and hands on to the one runtime. CommonJS,
 * which every way of loading takes. What it hands on to is found on `process`, where the preload has put it: contexts that
 * Jest makes have a copy of that, and of nothing else that Node.js itself has loaded.
 */
function placeRuntime(scratch: string): void {
  const folder = join(scratch, "node_modules", "ts-hotfix");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "ts-hotfix", version: "0.0.0", type: "commonjs", exports: { "./module": { types: "./module.d.ts", default: "./module.js" } } }));
  writeFileSync(join(folder, "module.d.ts"), "export declare function register(key: string, fingerprint: string, table: object, ...more: any[]): { init(segment: () => unknown): void; defer(segment: () => unknown): void; made(name: string): void };\n");
  const register = join(ROOT, "suite", "child", "register.cjs");
  writeFileSync(join(folder, "module.js"), `exports.register = process[Symbol.for("ts-hotfix/suite/register")] ?? process.getBuiltinModule("node:module").createRequire(${JSON.stringify(pathToFileURL(register).href)})(${JSON.stringify(register)}).register;\n`);
}
