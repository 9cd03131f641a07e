/** The command line. Each command is a file of its own; this one only lists them. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addApply } from "./apply.ts";
import { addAudit } from "./audit.ts";
import { addBuild } from "./build.ts";
import { addConfirm } from "./confirm.ts";
import { addExplain, explainAsCommand } from "./explain.ts";
import { addIncluded } from "./included.ts";
import { addKeygen } from "./keygen.ts";
import { addRollback } from "./rollback.ts";
import { addShow } from "./show.ts";
import { addSign } from "./sign.ts";
import { addStatus } from "./status.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import { addTransform } from "./transform.ts";
import { parse, refuseOptionsAsValues, wantsJson } from "./usage.ts";
import { addVerify } from "./verify.ts";

/** Adds a command to the program. */
export type AddCommand = (program: Command, terminal: Terminal) => void;

const commands: readonly AddCommand[] = [addTransform, addBuild, addApply, addRollback, addConfirm, addStatus, addAudit, addKeygen, addSign, addVerify, addShow, addIncluded, addExplain];

const EXIT_CODES = `
Exit codes:
  0  done
  1  error; of several processes, some are not where they should be
  2  refused: it cannot be patched, or the patch does not fit; nothing was changed
  3  nothing changed`;

/** Runs one command line, `process.argv` with its first two entries. Sets the exit code; does not exit. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<void> {
  const program = new Command("ts-hotfix")
    .description("Fix the logic of a running Node.js server and keep its data.")
    .version(packageVersion())
    .addHelpText("after", EXIT_CODES)
    .showHelpAfterError("(--help tells more)")
    .exitOverride()
    .configureOutput(wantsJson(argv) ? { writeErr: () => {} } : {});
  for (const add of commands) add(program, terminal);
  refuseOptionsAsValues(program);
  await parse(program, explainAsCommand(argv), terminal);
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL(import.meta.resolve("ts-hotfix/package.json")), "utf8")) as { version: string };
  return manifest.version;
}
