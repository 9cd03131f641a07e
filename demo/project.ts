/** A program of `fixtures` as a project of its own in a temporary folder, built by one tool. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export type BuildTool = "tspc" | "rollup";

/** Root of this package, from `dist/demo`. */
export const PACKAGE_ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

export type Program = "webapp" | "game-server";

/** What a program needs to run. */
const IMPORTED: Readonly<Record<Program, readonly string[]>> = { webapp: [], "game-server": ["ws", "@types/ws"] };

/** What building it needs beside this package, by the tool. */
const NEEDED: Readonly<Record<BuildTool, readonly string[]>> = {
  tspc: ["typescript", "ts-patch", "@types/node"],
  rollup: ["rollup", "@rollup/plugin-typescript", "typescript", "tslib", "@types/node"],
};

export interface Project {
  readonly folder: string;
  /** Control socket of the server. */
  readonly socket: string;
  path(...parts: readonly string[]): string;
  remove(): void;
}

/** Copies the program and links what it needs. Throws an Error that names a package which is not installed. */
export function createProject(tool: BuildTool, program: Program = "webapp"): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `ts-hotfix-demo-${tool}-`)));
  cpSync(join(PACKAGE_ROOT, "fixtures", program), folder, { recursive: true });
  mkdirSync(join(folder, "run"));
  link(PACKAGE_ROOT, join(folder, "node_modules", "ts-hotfix"));
  for (const name of [...NEEDED[tool], ...IMPORTED[program]]) link(findPackage(name), join(folder, "node_modules", name));
  return {
    folder,
    socket: join(folder, "run", "app.sock"),
    path: (...parts) => join(folder, ...parts),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "dir");
}

/** Folder of an installed package, looked for from here and from the working directory. */
export function findPackage(name: string): string {
  for (const from of [join(PACKAGE_ROOT, "package.json"), join(process.cwd(), "package.json")]) {
    for (const folder of createRequire(from).resolve.paths(name) ?? []) {
      if (existsSync(join(folder, name, "package.json"))) return realpathSync(join(folder, name));
    }
  }
  throw new Error(`The demo needs the package ${name}: npm install --save-dev ${name}`);
}

/** Builds the application as its users would: `tspc -p .` or `rollup -c`. */
export async function build(project: Project, tool: BuildTool): Promise<void> {
  const script = tool === "tspc" ? join(findPackage("ts-patch"), "bin", "tspc.js") : join(findPackage("rollup"), "dist", "bin", "rollup");
  await run(project, [script, ...(tool === "tspc" ? ["-p", "."] : ["-c", "--silent"])]);
}

/** Runs a command of `ts-hotfix` in the project; returns what its `--json` prints. */
export async function hotfix(project: Project, ...words: readonly string[]): Promise<unknown> {
  return JSON.parse(await run(project, [join(PACKAGE_ROOT, "bin", "ts-hotfix.js"), ...words, "--json"]));
}

async function run(project: Project, argv: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...argv], { cwd: project.folder, timeout: 60_000 });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${argv.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
