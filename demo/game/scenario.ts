/** An exploit that is used, fixed, unfixed and fixed again while everybody plays on. */
import { cpSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { build, createProject, hotfix, type BuildTool, type Project } from "../project.ts";
import { startServer, type Server } from "../server.ts";
import type { Books } from "./books.ts";
import { gatherCrowd, type Crowd } from "./crowd.ts";
import { GoldWatch, readAudit, type Audit, type Watch } from "./gold.ts";
import { change, inspect, type Change, type Inspection } from "./operator.ts";

export interface Options {
  readonly tool: BuildTool;
  readonly players: number;
  /** Threads for the rooms; 0 keeps them in the main thread. */
  readonly workers: number;
  /** Least length of each of the four spells of play. */
  readonly seconds: number;
}

/** Some time of play in one state of the server. */
export interface Spell {
  readonly state: "base" | "fixed";
  readonly gold: Watch;
  /** Offers that were accepted a second time, and how often that worked. */
  readonly tries: number;
  readonly doubles: number;
}

export interface Play {
  readonly options: Options;
  readonly rooms: number;
  /** Alternately at the base and fixed; between each two a change. */
  readonly spells: readonly Spell[];
  readonly changes: readonly Change[];
  /** Before the first change and after the last. */
  readonly inspections: readonly [Inspection, Inspection];
  /** Both sides' books after the last spell, when everybody rests. */
  readonly books: Books;
  readonly audit: Audit;
}

/** Hears of each part of a play as soon as it is over. */
export interface Listener {
  began?(options: Options): void;
  connected?(options: Options, rooms: number): void;
  played?(spell: Spell): void;
  inspected?(inspection: Inspection): void;
  changed?(done: Change): void;
}

interface Stage {
  readonly project: Project;
  readonly server: Server;
  readonly crowd: Crowd;
  readonly signal: AbortSignal;
}

const PLAYERS_IN_A_ROOM = 25;
const PATCH = "fix-1.hotfix";
/** Signs the patch, and tells the server whose patches to take. */
const KEY = "keys/release";

/** How often a spell is prolonged until somebody has tried the exploit. */
const MOST_SPELLS = 20;

export async function play(options: Options, signal: AbortSignal, listener: Listener): Promise<Play> {
  const project = createProject(options.tool, "game-server");
  const crowd = gatherCrowd();
  let server: Server | undefined;
  try {
    listener.began?.(options);
    await build(project, options.tool);
    await hotfix(project, "keygen", KEY);
    signal.throwIfAborted();
    server = await startServer(project, { GAME_SOCKET: project.socket, GAME_WORKERS: String(options.workers), TS_HOTFIX_TRUSTED_KEYS: `${KEY}.pub.pem` });
    const rooms = Math.max(2 * options.workers, Math.ceil(options.players / PLAYERS_IN_A_ROOM), 1);
    await crowd.run({ kind: "connect", origin: server.origin.replace("http", "ws"), players: options.players, rooms });
    listener.connected?.(options, rooms);
    return { options, rooms, ...(await playSpells({ project, server, crowd, signal }, options.seconds, listener)) };
  } finally {
    await crowd.stop();
    await server?.stop();
    project.remove();
  }
}

async function playSpells(stage: Stage, seconds: number, listener: Listener): Promise<Omit<Play, "options" | "rooms">> {
  const { project, server, crowd } = stage;
  const spells: Spell[] = [];
  const changes: Change[] = [];
  const spend = async (state: Spell["state"]): Promise<void> => {
    const spell = await spendTime(stage, state, seconds);
    spells.push(spell);
    listener.played?.(spell);
  };
  const operate = async (...words: readonly string[]): Promise<void> => {
    const done = await change(project, server, ...words);
    changes.push(done);
    listener.changed?.(done);
  };

  await crowd.run({ kind: "play" });
  await spend("base");
  cpSync(project.path("fix"), project.folder, { recursive: true });
  await hotfix(project, "build", "--base", "dist/hotfix.manifest.json", "--key", `${KEY}.key.pem`, "--out", PATCH);
  const before = await inspect(project, server);
  listener.inspected?.(before);
  await operate("apply", PATCH);
  await spend("fixed");
  await operate("rollback");
  await spend("base");
  await operate("apply", PATCH);
  await spend("fixed");
  const after = await inspect(project, server);
  listener.inspected?.(after);
  return { spells, changes, inspections: [before, after], ...(await closeBooks(stage)) };
}

/** At least as many seconds, and until somebody has tried the exploit. */
async function spendTime({ server, crowd, signal }: Stage, state: Spell["state"], seconds: number): Promise<Spell> {
  // the watch begins with the state itself; what the bots count begins when they have heard everything of the state before
  const watch = await GoldWatch.begin(server);
  const from = await crowd.run({ kind: "count" });
  for (let spell = 1; ; spell++) {
    await watch.goOn(seconds, signal);
    const gold = watch.result;
    const to = await crowd.run({ kind: "count" });
    const [tries, doubles] = [to.tries - from.tries, to.doubles - from.doubles];
    if ((state === "base" ? doubles : tries) > 0 || spell === MOST_SPELLS) return { state, gold, tries, doubles };
  }
}

/** Lets all offers end, then asks both sides what there is. */
async function closeBooks({ server, crowd, signal }: Stage): Promise<{ readonly books: Books; readonly audit: Audit }> {
  await crowd.run({ kind: "rest" });
  await crowd.run({ kind: "count" });
  for (let tries = 0; (await readAudit(server)).onOffer > 0 && tries < 100; tries++) await sleep(100, undefined, { signal });
  const books = await crowd.run({ kind: "count" });
  const audit = await readAudit(server);
  await crowd.run({ kind: "leave" });
  return { books, audit };
}
