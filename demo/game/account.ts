/** The play as people read it. */
import picocolors from "picocolors";
import type { Check } from "./checks.ts";
import type { Change, Pause, State } from "./operator.ts";
import type { Listener, Play, Spell } from "./scenario.ts";

const { bold, dim, green, red } = picocolors;
const LABEL = 16;

/** Prints each part of a play as it comes. */
export function tellPlay(print: (line: string) => void): Listener {
  const line = (label: string, ...texts: readonly string[]): void => {
    for (const [index, text] of texts.entries()) print(`  ${(index === 0 ? label : "").padEnd(LABEL)}${text}`);
  };
  return {
    began: ({ tool }) => line("build", `the game server, with ${tool}`),
    connected: ({ players, workers }, rooms) =>
      line(
        "connect",
        `${count(players, "player")} in ${count(rooms, "room")}, ${workers > 0 ? `on ${count(workers, "worker thread")}` : "in the main thread"}`,
        dim("two in each room make presents of gold and accept them twice"),
      ),
    played: (spell) => line("", ...describeSpell(spell)),
    inspected: (inspection) => line("status", describeState(inspection.status), dim(`longest pauses: ${listPauses(inspection.pauses)}`)),
    changed: (change) => line(change.result.operation, ...describeChange(change)),
  };
}

function describeSpell({ gold, tries, doubles }: Spell): readonly string[] {
  const { first, last, seconds, readings, constant } = gold;
  const movement = constant ? green(`${thousands(first)} gold in each of ${readings} readings`) : red(`${thousands(first)} gold become ${thousands(last)}: ${thousands(Math.round((last - first) / seconds))} more each second`);
  return [`${movement}, in ${seconds.toFixed(1)} s`, dim(`offers accepted twice: ${tries}, with success: ${doubles}`)];
}

function describeState({ state, threads }: State): string {
  const behind = threads.filter(({ isInStep }) => !isInStep).map(({ name }) => name);
  return `${state === "base" ? state : `patch ${state.slice(0, 12)}`} on all threads${behind.length > 0 ? ` but ${behind.join(", ")}` : ""}`;
}

function describeChange({ result, pauses }: Change): readonly string[] {
  const { outcome, functions, threads, cost, pending } = result;
  const everywhere = new Set([...functions, ...threads.flatMap((thread) => thread.functions)]);
  const names = ["main", ...threads.map(({ name, outcome: ending }) => (ending === "done" ? name : `${name} (${ending})`)).toSorted()];
  return [
    bold(`${outcome} on ${names.join(", ")}`),
    ...(everywhere.size > 0 ? [dim([...everywhere].join(", "))] : []),
    ...(pending.length > 0 ? [dim(`pending where it is not loaded: ${pending.join(", ")}`)] : []),
    dim(`prepared in ${milliseconds(cost.prepareMs)}, swapped in ${milliseconds(cost.commitMs)}, workers held ${milliseconds(cost.heldMs)}; longest pauses: ${listPauses(pauses)}`),
  ];
}

function listPauses(pauses: readonly Pause[]): string {
  return pauses.map(({ thread, longestMs }) => `${thread} ${milliseconds(longestMs)}`).join(", ");
}

/** What it came to in the end. */
export function summarize({ books, audit, options }: Play, checks: readonly Check[]): string {
  return [
    `  ${"in the end".padEnd(LABEL)}${thousands(books.sent)} messages sent, ${thousands(books.received)} received; lost ${books.lost + audit.gaps}, not answered ${books.unanswered}, doubled or out of order ${books.misplaced}`,
    `  ${"".padEnd(LABEL)}${thousands(audit.connections)} of ${thousands(options.players)} connected all the time; they count ${thousands(books.gold)} gold, the server ${thousands(audit.held)}`,
    `  ${"".padEnd(LABEL)}${thousands(audit.gold - audit.issued)} gold too many: what was made while there was no fix stays`,
    "",
    ...checks.map(({ claim, holds }) => `  ${holds ? green("yes") : red("NO ")}  ${claim}`),
  ].join("\n");
}

function milliseconds(time: number): string {
  return `${time.toFixed(1)} ms`;
}

function count(number: number, what: string): string {
  return `${thousands(number)} ${what}${number === 1 ? "" : "s"}`;
}

function thousands(number: number): string {
  return number.toLocaleString("en-US");
}
