/** `npm run demo:game`: a game server whose players multiply gold, fixed on all its threads while they play. */
import { parseArgs } from "node:util";
import picocolors from "picocolors";
import { summarize, tellPlay } from "./account.ts";
import { checkPlay } from "./checks.ts";
import { play, type Options } from "./scenario.ts";

const HELP = `Builds a game server, connects bots to it, lets some of them multiply gold, fixes that live on all threads,
rolls back, fixes it again, and checks that from the fix on the gold is constant and that nobody noticed.

Usage: npm run demo:game [-- options]

  --players N    bots that play (500)
  --workers N    worker threads that have the rooms (2); with 0 the main thread has them
  --seconds N    least length of each of the four spells of play (4)
  --build TOOL   what builds the server: tspc or rollup (tspc)
  --json         print one object: {"ok", "checks": [{"claim", "holds"}], "options", "rooms", "spells", "changes",
                 "inspections", "books", "audit"}
  --help         this text

Exit code 1 if anything is not as claimed, 2 if the command line is not understood.`;

const INTERRUPTED = 130;

export async function main(argv: readonly string[]): Promise<void> {
  const words = readWords(argv);
  if (typeof words === "string") {
    console.error(`${words}\n\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  if (words.help) {
    console.log(HELP);
    return;
  }
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());
  try {
    const played = await play(words.options, interruption.signal, words.json ? {} : tellPlay(console.log));
    const checks = checkPlay(played);
    const ok = checks.every(({ holds }) => holds);
    console.log(words.json ? JSON.stringify({ ok, checks, ...played }) : `${summarize(played, checks)}\n\n${verdict(ok)}`);
    process.exitCode = ok ? 0 : 1;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
  }
}

function verdict(ok: boolean): string {
  return ok ? picocolors.green("Fixed live on all threads: the gold is safe, and nobody noticed.") : picocolors.red("Not as claimed, see above.");
}

interface Words {
  readonly options: Options;
  readonly json: boolean;
  readonly help: boolean;
}

/** A text says what is wrong. */
function readWords(argv: readonly string[]): Words | string {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const { values } = parseArgs({ args: [...argv], options: { players: text, workers: text, seconds: text, build: text, json: flag, help: flag } });
    const { build: tool = "tspc" } = values;
    if (tool !== "tspc" && tool !== "rollup") return `--build is tspc or rollup, not ${tool}.`;
    const options: Options = {
      tool,
      players: readNumber("players", values.players, 500, 2, 10_000),
      workers: readNumber("workers", values.workers, 2, 0, 64),
      seconds: readNumber("seconds", values.seconds, 4, 1, 3600),
    };
    return { options, json: values.json === true, help: values.help === true };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Throws a RangeError for what is no whole number between the two. */
function readNumber(name: string, value: string | undefined, otherwise: number, least: number, most: number): number {
  const number = value === undefined ? otherwise : Number(value);
  if (!Number.isInteger(number) || number < least || number > most) throw new RangeError(`--${name} is a whole number from ${least} to ${most}.`);
  return number;
}
