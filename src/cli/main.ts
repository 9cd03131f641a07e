/** The command line. Each command is a file of its own; this one only lists them. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { processTerminal, type Terminal } from "./terminal.ts";
import { explainAsCommand, parse, refuseOptionsAsValues, wantsJson } from "./usage.ts";

/** Adds a command to the program. */
export type AddCommand = (program: Command, terminal: Terminal) => void;

/** In the order of `--help`. Only the one that is asked for is loaded: `rollback` must not wait for a parser. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  transform: async () => (await import("./transform.ts")).addTransform,
  manifest: async () => (await import("./manifest.ts")).addManifest,
  build: async () => (await import("./build.ts")).addBuild,
  apply: async () => (await import("./apply.ts")).addApply,
  rollback: async () => (await import("./rollback.ts")).addRollback,
  confirm: async () => (await import("./confirm.ts")).addConfirm,
  status: async () => (await import("./status.ts")).addStatus,
  watch: async () => (await import("./watch.ts")).addWatch,
  audit: async () => (await import("./audit.ts")).addAudit,
  inspect: async () => (await import("./inspect.ts")).addInspect,
  keygen: async () => (await import("./keygen.ts")).addKeygen,
  sign: async () => (await import("./sign.ts")).addSign,
  verify: async () => (await import("./verify.ts")).addVerify,
  show: async () => (await import("./show.ts")).addShow,
  included: async () => (await import("./included.ts")).addIncluded,
  explain: async () => (await import("./explain.ts")).addExplain,
};

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
  const line = explainAsCommand(argv);
  for (const load of asked(line[2])) (await load())(program, terminal);
  refuseOptionsAsValues(program);
  await parse(program, line, terminal);
}

/** Whatever is no command's name (`--help`, `help`, a slip) is answered with all of them in mind. */
function asked(name: string | undefined): readonly (() => Promise<AddCommand>)[] {
  if (name === "--version" || name === "-V") return [];
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  return command ? [command] : Object.values(commands);
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL(import.meta.resolve("ts-hotfix/package.json")), "utf8")) as { version: string };
  return manifest.version;
}
