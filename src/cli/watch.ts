/** `ts-hotfix watch --to SOCKET` */
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { packageRoot } from "../builder/load/load.ts";
import { readManifest } from "../manifest/file.ts";
import { signPatch } from "../patch/file.ts";
import type { Status } from "../runtime/status.ts";
import type { Built } from "../watch/turn.ts";
import { watchTree } from "../watch/watch.ts";
import { buildFrom, type BuildInput } from "./build.ts";
import { parseDuration } from "./duration.ts";
import { barrierOption, byOption, queryOf, socketsOf, threadsOption, timeoutOption, toOption, type OperationOptions } from "./host-options.ts";
import { passphraseOption, readSigningKeys, signingKeyOption, type SigningKeys } from "./key-files.ts";
import { nextSequence, recordSequence, withSequence } from "./sequence.ts";
import { concluding, type ExitCode, type Terminal } from "./terminal.ts";
import { displayOf } from "./watch-display.ts";

interface WatchFlags extends OperationOptions, Omit<BuildInput, "pick" | "callbacks" | "sequence"> {
  readonly settle: number;
  readonly allowProduction?: boolean;
  readonly rollbackOnExit?: boolean;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const SETTLE = 100;

const EXAMPLES = `
Examples:
  $ ts-hotfix watch --to run/app.sock                      # save, and it runs
  $ ts-hotfix watch --to 'run/*.sock' --rollback-on-exit   # several processes; leave no trace

Ctrl-C ends it. The patch stays in place, unless --rollback-on-exit is given.`;

export function addWatch(program: Command, terminal: Terminal): void {
  program
    .command("watch")
    .description("Build and apply at every save, or say why a restart is needed. For development.")
    .addOption(toOption())
    .option("--base <manifest>", "manifest of the running build", "dist/hotfix.manifest.json")
    .option("--source <folder>", "the host's package in the tree that is edited (default: the working directory)")
    .addOption(new Option("--settle <duration>", "a save is complete when nothing was written for so long").default(SETTLE, "100ms").argParser(parseDuration))
    .option("--allow-production", "also where a process says that it is production (NODE_ENV)")
    .option("--rollback-on-exit", "go back to the base at the end, where a patch of this command is in place")
    .addOption(new Option("--global <name>", "a global the host has beside those of Node.js; repeatable").argParser((name: string, before: readonly string[]) => [...before, name]).default([], "none"))
    .option("--accept-live [id...]", "patch although old code of these functions goes on (closures, loops); without an id, of all")
    .option("--accept-computed [id...]", "patch although these variables keep what changed functions computed for them at start; without an id, all")
    .option("--accept-lockfile", "patch although the tree has another lock file than the host was built with")
    .option("--strict-live", "refuse also where it cannot be told whether old code goes on")
    .addOption(signingKeyOption())
    .addOption(passphraseOption())
    .addOption(threadsOption())
    .addOption(barrierOption())
    .addOption(timeoutOption())
    .addOption(byOption())
    .addOption(new Option("--json", "print JSON objects, one a line (see docs/cli.md)"))
    .addHelpText("after", EXAMPLES)
    .action((flags: WatchFlags) => concluding(terminal, "watch", flags.json === true, () => watchUntilInterrupted(terminal, flags)));
}

async function watchUntilInterrupted(terminal: Terminal, flags: WatchFlags): Promise<ExitCode> {
  const { settle, timeout, allowProduction = false, rollbackOnExit = false } = flags;
  const signing = readSigningKeys(flags);
  const manifest = readManifest(flags.base);
  socketsOf(flags);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  // once: the second Ctrl-C ends it wherever it is
  for (const signal of SIGNALS) process.once(signal, interrupt);
  const display = displayOf(terminal, flags.json === true);
  try {
    display.watching(flags.to ?? [], manifest.modules.size);
    const last = await watchTree(
      {
        base: resolve(flags.base),
        manifest,
        root: packageRoot(resolve(flags.source ?? "."), manifest.package),
        settle, timeout, allowProduction, rollbackOnExit,
        build: () => buildFrom({ ...flags, pick: [] }),
        finish: (built, processes) => finish(flags.base, built, processes, signing),
        findSockets: () => socketsOf(flags).sockets,
        query: queryOf(flags),
      },
      display,
      stop.signal,
    );
    display.ended(last, rollbackOnExit);
    return last?.kind === "production" ? 2 : 0;
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** The number follows the recorded one, and those of the processes: a patch of another place may be in them. */
function finish(base: string, built: Built, processes: readonly Status[], { keys, notices }: SigningKeys): Built {
  const numbered = withSequence(built, nextSequence(base, built.payload));
  const others = processes.filter(({ state }) => state !== numbered.patch).map(({ sequence }) => sequence ?? 0);
  const final = withSequence(numbered, Math.max(numbered.payload.sequence, ...others.map((sequence) => sequence + 1)));
  recordSequence(base, final.payload);
  return { ...final, bytes: signPatch(final.bytes, keys), notices: [...final.notices, ...notices] };
}
