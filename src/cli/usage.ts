/** What becomes of a command line that is not understood. */
import { CommanderError, InvalidArgumentError, type Command } from "commander";
import { diagnostic } from "../messages/diagnostic.ts";
import { printJson, type Terminal } from "./terminal.ts";

/** Whether `--json` is among the options; what follows `--` is none. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json");
}

/**
 * Runs the command line. Commander throws instead of exiting, and prints its own text unless JSON is
 * wanted; --help and --version arrive here too, with exit code 0.
 */
export async function parse(program: Command, argv: readonly string[], terminal: Terminal): Promise<void> {
  let command: string | null = null;
  program.hook("preSubcommand", (_, subcommand) => void (command = subcommand.name()));
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && wantsJson(argv)) printJson(terminal, command, { diagnostics: [diagnostic("HF0006", "error", { detail: detailOf(error) })] });
    terminal.end(error.exitCode === 0 ? 0 : 1);
  }
}

/** Commander would take `--json` in `--global --json` for the name of a global. */
export function refuseOptionsAsValues(program: Command): void {
  for (const option of program.commands.flatMap((command) => command.options)) {
    if (!option.required) continue;
    const parseValue = option.parseArg;
    option.argParser((text: string, before: unknown) => {
      if (text.startsWith("--")) throw new InvalidArgumentError("It looks like an option; write a path as ./--name.");
      return parseValue === undefined ? text : parseValue(text, before);
    });
  }
}

/** `error: unknown option '--jsno'\n(Did you mean --json?)` → on one line, as part of a sentence */
function detailOf({ message }: CommanderError): string {
  return message.replace(/^error: /, "").replaceAll("\n", " ").replace(/\.$/, "");
}

/** `ts-hotfix [--json] --explain CODE` --> `ts-hotfix explain [--json] CODE`. Behind the name of a command it stays where it is. */
export function explainAsCommand(argv: readonly string[]): readonly string[] {
  const given = argv.slice(2);
  const at = given.findIndex((each) => each === "--explain" || each.startsWith("--explain="));
  if (at < 0 || given.slice(0, at).some((each) => !each.startsWith("-") || each === "--")) return argv;
  const [, value] = given[at]?.split("=") ?? [];
  return [...argv.slice(0, 2), "explain", ...given.slice(0, at), ...(value === undefined ? [] : [value]), ...given.slice(at + 1)];
}
