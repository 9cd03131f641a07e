/** One attempt to bring all threads to the safe point and over it. */
import type { Diagnostic } from "../../messages/diagnostic.ts";
import type { ThreadReport } from "../result.ts";
import type { Transition } from "../transition.ts";
import { reach } from "../fault.ts";
import type { Board } from "./board.ts";
import { sameThreads } from "./crew.ts";
import { Hold } from "./hold.ts";
import type { Answers, Roster } from "./roster.ts";

/** How long a thread may stand still at most, in milliseconds. */
export const HOLD_LIMIT = 50;
/** How long the reports of threads that have swapped are waited for, in milliseconds. */
const REPORT_LIMIT = 1000;

interface Crossing {
  readonly board: Board;
  readonly roster: Roster;
  readonly ticket: string;
  /** Every worker thread there is; all are prepared. */
  readonly party: readonly number[];
  readonly transition: Transition;
  /** Says to threads that start later what is active. */
  readonly publish: () => void;
}

export type Attempt =
  | { readonly outcome: "done"; readonly reports: readonly ThreadReport[] }
  /** Some could not swap; all have swapped back. */
  | { readonly outcome: "broken"; readonly broken: readonly (readonly [thread: number, diagnostics: readonly Diagnostic[]])[] }
  /** All have swapped back, since not all had swapped in time. */
  | { readonly outcome: "too-slow" }
  /** Not all came, or more threads or modules did. Nothing was swapped. */
  | { readonly outcome: "incomplete"; readonly missing: readonly number[] };

/** A thread did not agree. */
class SwappedBack extends Error {}

/** Throws what this thread's own step throws; the other threads have swapped back then. */
export async function attemptCrossing(crossing: Crossing): Promise<Attempt> {
  const { board, roster, ticket, party } = crossing;
  if (party.length === 0) return step(crossing, undefined) === "done" ? { outcome: "done", reports: [] } : { outcome: "incomplete", missing: [] };
  reach("threads:hold");
  const tag = roster.nextTag();
  const hold = Hold.begin(HOLD_LIMIT);
  const arriving = roster.collect(tag, party, ["arrived", "missed"], performance.now() + HOLD_LIMIT);
  roster.send(tag, { kind: "hold", ticket, memory: hold.memory, epoch: board.epoch + 2 }, party);
  const missing = notArrived(await arriving);
  let taken: ReturnType<typeof step> = "incomplete";
  try {
    if (missing.length === 0) taken = step(crossing, hold);
  } finally {
    hold.release();
  }
  if (taken === "incomplete") return { outcome: "incomplete", missing };
  // no letter has been read since the step began
  const { answers } = await roster.collect(tag, party, ["crossed", "broken", "missed"], performance.now() + REPORT_LIMIT);
  if (taken === "done") return { outcome: "done", reports: [...answers.values()].flatMap((answer) => (answer.kind === "crossed" ? [answer.report] : [])) };
  const broken = [...answers].flatMap(([thread, answer]) => (answer.kind === "broken" && answer.diagnostics.length > 0 ? [[thread, answer.diagnostics] as const] : []));
  return broken.length > 0 ? { outcome: "broken", broken } : { outcome: "too-slow" };
}

function notArrived({ answers, missing }: Answers): readonly number[] {
  return [...missing, ...[...answers].filter(([, { kind }]) => kind === "missed").map(([thread]) => thread)];
}

/** What it needs of others it waits for in shared memory, and no longer than the hold lasts. */
function step({ board, party, transition, publish }: Crossing, hold: Hold | undefined): "done" | "back" | "incomplete" {
  return board.withGateClosed(() => {
    if (hold !== undefined) reach("threads:step");
    if (!sameThreads(board.members(), party) || !transition.isFresh || hold?.beginSwap() === false) return "incomplete";
    try {
      transition.commit(() => {
        if (hold !== undefined) reach("threads:agree");
        if (hold?.decide(party.length) === false) throw new SwappedBack();
        publish();
      });
      return "done";
    } catch (error) {
      hold?.refuse();
      if (error instanceof SwappedBack) return "back";
      throw error;
    }
  });
}
