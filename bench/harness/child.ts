/** Runs a script in a process of its own and takes the JSON that it prints last. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { NodeBinary } from "../node-versions.ts";

const LIMIT_MS = 120_000;

/**
 * @param flags of Node and V8, such as `--trace-deopt`
 * @param limit milliseconds after which it is ended
 * @throws Error with what the process wrote to standard error
 */
export async function runChild(node: NodeBinary, script: string, input: object, flags: readonly string[] = [], limit: number = LIMIT_MS): Promise<unknown> {
  // options meant for the benchmark's own process must not reach what is measured
  const { NODE_OPTIONS: _options, TS_HOTFIX_SOCKET: _socket, ...env } = process.env;
  const running = promisify(execFile)(node.path, [...flags, script, JSON.stringify(input)], { env, timeout: limit, maxBuffer: 1 << 28 });
  // a benchmark that is interrupted leaves nobody behind
  const end = (): void => void running.child.kill();
  process.once("exit", end);
  try {
    const { stdout } = await running;
    return JSON.parse(stdout.slice(stdout.trimEnd().lastIndexOf("\n") + 1));
  } finally {
    process.removeListener("exit", end);
  }
}
