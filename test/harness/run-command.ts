/** The command line of this package, in a stage. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT, type Stage } from "./stage.ts";

/** Gives what it prints as JSON. Throws an Error with what it printed where it fails. */
export async function runCommand(stage: Stage, ...words: readonly string[]): Promise<unknown> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, "bin", "ts-hotfix.js"), ...words, "--json"], { cwd: stage.folder });
    return JSON.parse(stdout);
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`ts-hotfix ${words.join(" ")}: ${stdout}${stderr}`, { cause: error });
  }
}
