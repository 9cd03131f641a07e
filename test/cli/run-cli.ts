/** The command line in this process: many calls are quick. Usage errors, which commander prints itself, need a process of their own. */
import { main } from "../../src/cli/main.ts";
import type { ExitCode } from "../../src/cli/terminal.ts";
import { PLAIN } from "../../src/messages/render.ts";

export interface Ran {
  readonly status: ExitCode | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of the surroundings of the test run gets in. */
const CLEAN: NodeJS.ProcessEnv = { TS_HOTFIX_SOCKET: "", TS_HOTFIX_KEY: "", TS_HOTFIX_PASSPHRASE: "", TS_HOTFIX_TRUSTED_KEYS: "" };

/** @param args separated by spaces */
export async function runCli(folder: string, args: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const before = { folder: process.cwd(), env: { ...process.env } };
  const ran = { status: undefined as ExitCode | undefined, stdout: "", stderr: "" };
  process.chdir(folder);
  Object.assign(process.env, CLEAN, env);
  try {
    await main(["node", "ts-hotfix", ...args.split(" ").filter(Boolean)], {
      paint: PLAIN,
      print: (text) => void (ran.stdout += `${text}\n`),
      complain: (text) => void (ran.stderr += `${text}\n`),
      end: (code) => void (ran.status = code),
    });
  } finally {
    process.chdir(before.folder);
    for (const name of Object.keys(process.env)) if (!(name in before.env)) delete process.env[name];
    Object.assign(process.env, before.env);
  }
  return ran;
}
