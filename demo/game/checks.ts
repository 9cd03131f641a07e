/** What the demo claims, held against what happened. */
import type { Play } from "./scenario.ts";

export interface Check {
  readonly claim: string;
  readonly holds: boolean;
}

export function checkPlay({ options, spells, changes, inspections, books, audit }: Play): readonly Check[] {
  const bases = spells.filter(({ state }) => state === "base");
  const fixed = spells.filter(({ state }) => state === "fixed");
  const [, { status }] = inspections;
  return [
    { claim: "without the fix, accepting twice makes gold", holds: bases.length === 2 && bases.every(({ gold, doubles }) => gold.last > gold.first && doubles > 0) },
    { claim: "with the fix, the gold is the same in every reading", holds: fixed.length === 2 && fixed.every(({ gold }) => gold.constant) },
    { claim: "with the fix, it is tried on and never works", holds: fixed.every(({ tries, doubles }) => tries > 0 && doubles === 0) },
    {
      claim: "each change reached all threads",
      holds: changes.length === 3 && changes.every(({ result }) => result.threads.length === options.workers && result.threads.every(({ outcome }) => outcome === "done")),
    },
    {
      claim: "in the end all threads have the fix",
      holds: status.state === changes.at(-1)?.result.patch && status.threads.length === options.workers && status.threads.every(({ isInStep }) => isInStep),
    },
    { claim: "nobody was disconnected", holds: books.dropped === 0 && audit.connections === options.players && audit.players === options.players },
    { claim: "no message was lost, doubled or out of order", holds: books.lost === 0 && books.unanswered === 0 && books.misplaced === 0 && audit.gaps === 0 },
    { claim: "the players' own books say what the server's say", holds: books.disputed === 0 && books.gold === audit.held },
  ];
}
