/**
 * Packages from npm that a benchmark measures or measures against, fetched when it first asks for them. They are no
 * dependencies: nothing of ours needs them, and nobody who installs this repository should wait for them.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Below `node_modules`, so that no tool takes it for sources. */
export const CACHE: string = fileURLToPath(new URL("../node_modules/.cache/bench/", import.meta.url));

/**
 * The `node_modules` folder with the packages of a set. Without the scripts that packages want to run.
 *
 * @param set name of the set, which has a folder of its own
 * @param specifiers exact, `meriyah@7.1.0`: another version is another program
 */
export async function fetchPackages(set: string, specifiers: readonly string[]): Promise<string> {
  const folder = join(CACHE, `packages-${set}`);
  const list = join(folder, "installed.json");
  const wanted = JSON.stringify(specifiers);
  if (!existsSync(list) || readFileSync(list, "utf8") !== wanted) {
    await npmInstall(folder, specifiers);
    writeFileSync(list, wanted);
  }
  return join(folder, "node_modules");
}

export async function npmInstall(folder: string, specifiers: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await promisify(execFile)("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", "--loglevel=error", ...specifiers], { shell: process.platform === "win32" });
}

/** What a program that failed said first. */
export function firstLine(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message?: string };
  const lines = `${stderr ?? ""}\n${message ?? String(error)}`.split("\n");
  return lines.find((line) => line.trim() !== "")?.trim() ?? "unknown error";
}
