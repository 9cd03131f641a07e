/**
 * Leads processes through one operation: prepared everywhere, then committed everywhere, or given up everywhere.
 *
 * Until the first commit is sent, a "no", a silence or an interruption ends it and nothing is changed anywhere. From then
 * on it goes forward: what is committed is not taken back because another process has died meanwhile. The next run
 * brings those that are behind.
 */
import type { OperationQuery } from "../control/asked.ts";
import { ControlClient, NoHostError } from "../control/client.ts";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { LONGEST_HOLD } from "../runtime/options.ts";
import type { OperationResult, PrepareResult } from "../runtime/result.ts";
import type { StateName } from "../runtime/state.ts";
import { isFine, together, type Answers, type ProcessAnswer, type ProcessOutcome } from "./answer.ts";
import type { FoundSocket } from "./find-sockets.ts";
import { inquire } from "./inquire.ts";

export interface Order {
  readonly asks: { readonly file: Uint8Array } | { readonly to: StateName };
  readonly options: OperationQuery;
  /** Only prepare, and give up. */
  readonly isCheck: boolean;
  /** Milliseconds that a process may take for each answer. */
  readonly timeout: number;
  /** Aborted: give up, unless the first commit has been sent. */
  readonly stop: AbortSignal;
  readonly watch: (progress: Progress) => void;
}

export interface Progress {
  readonly phase: "prepare" | "commit" | "give-up";
  readonly of: number;
  /** Sockets whose answer is not there yet. */
  readonly awaited: readonly string[];
}

interface Party extends FoundSocket {
  readonly client: ControlClient;
}

/** Ready, and held until it is told what to do. */
export interface Held {
  readonly party: Party;
  readonly prepared: Extract<PrepareResult, { outcome: "prepared" }>;
  /** Which process is held. */
  readonly answerer: string | undefined;
}

type Prepared = ProcessAnswer | Held;

/** Time that a process holds on after the last other one must have answered, in milliseconds. */
const GRACE = 10_000;
const ABORT_TIMEOUT = 5000;

export async function leadTwoPhases(sockets: readonly FoundSocket[], order: Order): Promise<Answers> {
  const parties = sockets.map((socket): Party => ({ ...socket, client: new ControlClient(socket.path, { timeout: order.timeout }) }));
  const prepared = dropTwins(await prepareAll(parties, order), parties);
  const held = prepared.filter(isHeld);
  const answers = prepared.filter((each): each is ProcessAnswer => !isHeld(each));
  const problems = keepsFromCommit(answers, held, order);
  if (problems !== undefined || order.isCheck) {
    const outcome = problems === undefined ? "ready" : "given-up";
    return ended(sockets, [...answers, ...(await giveUp(held, outcome, problems ?? [], order))]);
  }
  return ended(sockets, [...answers, ...(await commitAll(held, order))]);
}

/** The order of the sockets again. */
function ended(sockets: readonly FoundSocket[], answers: readonly ProcessAnswer[]): Answers {
  const sorted = sockets.flatMap(({ path }) => answers.find(({ socket }) => socket === path) ?? []);
  return { outcome: together(sorted), answers: sorted };
}

/**
 * One after the other until the first is held, then all others at once: of two who ask at the same time one gets the first
 * process, and the other leaves the rest alone.
 */
async function prepareAll(parties: readonly Party[], order: Order): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = [];
  const awaited = new Set(parties.map(({ path }) => path));
  const step = async (party: Party): Promise<Prepared> => {
    order.watch({ phase: "prepare", of: parties.length, awaited: [...awaited] });
    const answer = await prepareOne(party, order);
    awaited.delete(party.path);
    order.watch({ phase: "prepare", of: parties.length, awaited: [...awaited] });
    return answer;
  };
  for (const [index, party] of parties.entries()) {
    const answer = await step(party);
    prepared.push(answer);
    const rest = parties.slice(index + 1);
    if (isHeld(answer)) return [...prepared, ...(await Promise.all(rest.map(step)))];
    // who only checks wants to hear everybody
    if (!isFine(answer) && !order.isCheck) return [...prepared, ...rest.map(({ path }): ProcessAnswer => ({ socket: path, outcome: "not-asked", diagnostics: [] }))];
  }
  return prepared;
}

async function prepareOne(party: Party, { asks, options, timeout, stop }: Order): Promise<Prepared> {
  const { client, path: socket } = party;
  if (stop.aborted) return { socket, outcome: "not-asked", diagnostics: [] };
  const query = { ...options, holdFor: Math.min(timeout + GRACE, LONGEST_HOLD) };
  try {
    const result = "file" in asks ? await client.prepare(asks.file, query, stop) : await client.prepareRollback(asks.to, query, stop);
    if (result.outcome === "prepared") return { party, prepared: result, answerer: client.answerer };
    return { socket, ...pidOf(client), outcome: result.outcome, result, diagnostics: [] };
  } catch (error) {
    // the process notices that nobody waits any more, and gives up by itself
    if (stop.aborted) return { socket, ...pidOf(client), outcome: "given-up", diagnostics: [] };
    return { socket, ...pidOf(client), ...unprepared(party, error) };
  }
}

function unprepared({ path, isNamed }: Party, error: unknown): { outcome: ProcessOutcome; diagnostics: readonly Diagnostic[] } {
  if (error instanceof NoHostError && error.isDeserted && !isNamed) return { outcome: "deserted", diagnostics: [diagnostic("HF3050", "notice", { socket: path })] };
  if (!(error instanceof HotfixError)) throw error;
  const isReached = !(error instanceof NoHostError) && error.code !== "HF3015";
  return { outcome: isReached ? "refused" : "unreachable", diagnostics: error.diagnostics };
}

/** A process that listens at two sockets is held under one of them, and busy under the other. */
function dropTwins(prepared: readonly Prepared[], parties: readonly Party[]): readonly Prepared[] {
  const held = prepared.filter(isHeld);
  return prepared.map((each) => {
    if (isHeld(each) || each.result?.diagnostics[0]?.code !== "HF3001") return each;
    const self = parties.find(({ path }) => path === each.socket)?.client.answerer;
    const twin = held.find(({ answerer }) => answerer !== undefined && answerer === self);
    return twin === undefined ? each : { socket: each.socket, ...pidOf(twin.party.client), outcome: "same", diagnostics: [diagnostic("HF3051", "notice", { socket: each.socket, other: twin.party.path })] };
  });
}

/** Why nothing is committed; undefined: it is. */
function keepsFromCommit(answers: readonly ProcessAnswer[], held: readonly Held[], { stop, asks }: Order): readonly Diagnostic[] | undefined {
  if (stop.aborted) return [diagnostic("HF3048", "refusal", {})];
  if (!answers.every(isFine)) return [];
  if ("file" in asks) return undefined;
  // `previous` is another state in a process that has another past
  const targets = new Map([...answers.map(({ socket, result }) => [socket, result?.patch] as const), ...held.map(({ party, prepared }) => [party.path, prepared.patch] as const)].filter(([, patch]) => patch != null));
  if (new Set(targets.values()).size <= 1) return undefined;
  const states = [...targets].map(([socket, patch]) => `${socket}: ${patch?.slice(0, 12)}`).join(", ");
  return [diagnostic("HF3045", "refusal", { to: asks.to, states })];
}

async function giveUp(held: readonly Held[], outcome: ProcessOutcome, diagnostics: readonly Diagnostic[], order: Order): Promise<readonly ProcessAnswer[]> {
  if (!order.isCheck) order.watch({ phase: "give-up", of: held.length, awaited: held.map(({ party }) => party.path) });
  return await Promise.all(
    held.map(async ({ party, prepared: { ticket, ...result } }): Promise<ProcessAnswer> => {
      try {
        await new ControlClient(party.path, { timeout: ABORT_TIMEOUT }).abort(ticket);
      } catch {
        // it gives up by itself when its time is over
      }
      return { socket: party.path, ...pidOf(party.client), outcome, result, diagnostics };
    }),
  );
}

async function commitAll(held: readonly Held[], { watch }: Order): Promise<readonly ProcessAnswer[]> {
  const awaited = new Set(held.map(({ party }) => party.path));
  const tell = (): void => watch({ phase: "commit", of: held.length, awaited: [...awaited] });
  tell();
  return await Promise.all(
    held.map(async (each) => {
      const answer = await commitOne(each);
      awaited.delete(each.party.path);
      tell();
      return answer;
    }),
  );
}

async function commitOne(held: Held): Promise<ProcessAnswer> {
  const { client, path: socket } = held.party;
  const self = { socket, ...pidOf(client) };
  try {
    const result: OperationResult = await client.commit(held.prepared.ticket);
    return { ...self, outcome: result.outcome, result, diagnostics: [] };
  } catch (error) {
    if (!(error instanceof HotfixError)) throw error;
    if (!(error instanceof NoHostError) && error.code !== "HF3015") return { ...self, outcome: "failed", diagnostics: error.diagnostics };
    const { ticket: _, ...result } = held.prepared;
    return { ...self, result, ...(await inquire(held, error)) };
  }
}

function isHeld(prepared: Prepared): prepared is Held {
  return "party" in prepared;
}

function pidOf({ pid }: ControlClient): { readonly pid?: number } {
  return pid === undefined ? {} : { pid };
}
