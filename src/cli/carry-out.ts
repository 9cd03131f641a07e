/** An operation on one or several hosts, from the command line: its progress, its interruption, its outcome. */
import type { Operation } from "../runtime/state.ts";
import { leadTwoPhases, type Order, type Progress } from "../processes/two-phases.ts";
import { queryOf, socketsOf, type OperationOptions } from "./host-options.ts";
import { printAnswers, printSingle } from "./processes.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const PHASES: Readonly<Record<Progress["phase"], string>> = { prepare: "Preparing", commit: "Committing", "give-up": "Giving up" };
const NAMES_SHOWN = 3;

export interface Asked {
  readonly operation: Operation;
  readonly asks: Order["asks"];
  readonly isCheck?: boolean;
  readonly confirmWithin?: number | undefined;
}

export async function carryOut(terminal: Terminal, { operation, asks, isCheck = false, confirmWithin }: Asked, options: OperationOptions): Promise<ExitCode> {
  const { sockets, single } = socketsOf(options);
  const query = { ...queryOf(options), ...(confirmWithin === undefined ? {} : { confirmWithin }) };
  const stop = new AbortController();
  const isShown = terminal.overwrite !== undefined && options.json !== true;
  let phase: Progress["phase"] | undefined;
  const interrupt = (): void => {
    if (phase !== "commit") stop.abort();
    else if (options.json !== true) terminal.complain("Finishing: the processes have been told to go to the new state.");
  };
  const watch = (progress: Progress): void => {
    ({ phase } = progress);
    if (isShown) terminal.overwrite?.(lineOf(progress));
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    const answers = await leadTwoPhases(sockets, { asks, options: query, isCheck, timeout: options.timeout, stop: stop.signal, watch });
    if (isShown) terminal.overwrite?.("");
    const [only] = answers.answers;
    const json = options.json === true;
    if (single !== undefined && only !== undefined) return printSingle(terminal, operation, { ...only, socket: single }, json);
    return printAnswers(terminal, operation, answers, json);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** `Preparing 3 of 5: waiting for run/b.sock, run/c.sock` */
function lineOf({ phase, of, awaited }: Progress): string {
  const names = awaited.slice(0, NAMES_SHOWN).join(", ");
  const more = awaited.length > NAMES_SHOWN ? ` and ${awaited.length - NAMES_SHOWN} more` : "";
  return `${PHASES[phase]} ${of - awaited.length} of ${of}${names === "" ? "" : `: waiting for ${names}${more}`}`;
}
