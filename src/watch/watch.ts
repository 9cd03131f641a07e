/** `ts-hotfix watch`: a turn at every save, and whenever the processes are others than before. */
import { setImmediate as immediate, setTimeout as delay } from "node:timers/promises";
import { dirname, join } from "node:path";
import type { Manifest } from "../manifest/manifest.ts";
import { splitKey } from "../manifest/module-key.ts";
import { HotfixError } from "../messages/diagnostic.ts";
import { ControlClient } from "../control/client.ts";
import type { FoundSocket } from "../processes/find-sockets.ts";
import type { StateName } from "../runtime/state.ts";
import { Folders } from "./folders.ts";
import { Saves } from "./quiet.ts";
import { askHosts, takeBack, takeTurn, type Turn, type TurnOptions } from "./turn.ts";

export interface WatchOptions extends TurnOptions {
  /** Path of the manifest; a new one is a reason to look again. */
  readonly base: string;
  readonly manifest: Manifest;
  /** Folder of the host's package in the tree. */
  readonly root: string;
  /** Milliseconds without a change that make a save complete. */
  readonly settle: number;
  readonly rollbackOnExit: boolean;
}

export interface WatchEvents {
  readonly building: () => void;
  /** @param since milliseconds since the save that it comes of, if it comes of one */
  readonly turn: (turn: Exclude<Turn, { kind: "overtaken" }>, since: number | undefined) => void;
}

/** Milliseconds between two looks at who answers at the sockets. */
const HEARTBEAT = 1000;

/** Ends when `stop` is aborted. Gives the last turn that was told; `production` ends it at once. */
export async function watchTree(options: WatchOptions, events: WatchEvents, stop: AbortSignal): Promise<Turn | undefined> {
  const saves = new Saves(options.settle);
  const folders = new Folders((path) => saves.add(path), [dirname(options.base)]);
  for (const folder of moduleFolders(options)) folders.addRoot(folder);
  for (const file of [options.base, join(options.root, "package.json"), join(options.root, "tsconfig.json")]) folders.addFile(file);
  const ours = new Set<StateName>();
  const ended = new AbortController();
  const heart = beat(options, () => saves.add(), AbortSignal.any([stop, ended.signal]));
  let last: Turn | undefined;
  try {
    for (let saved: number | undefined; !stop.aborted; ) {
      events.building();
      const { count } = saves;
      const turn = await takeTurn(options, ours, async () => (await eventsCame(), saves.count !== count), stop);
      if (turn.kind === "told" && turn.operation === "apply" && turn.answers.outcome !== "refused") ours.add(turn.patch);
      if (turn.kind !== "overtaken" && !stop.aborted) {
        last = turn;
        events.turn(turn, saved === undefined ? undefined : performance.now() - saved);
        if (turn.kind === "production") return turn;
        await saves.any(stop);
      }
      const next = await saves.quiet(stop);
      saved = turn.kind === "overtaken" ? (saved ?? next) : next;
    }
    if (options.rollbackOnExit) last = (await leave(options, ours)) ?? last;
    return last;
  } finally {
    ended.abort();
    folders.close();
    await heart;
  }
}

/** What the kernel has told by now, and Node.js has not: a look at it comes between a timer and what is run at once. */
async function eventsCame(): Promise<void> {
  await delay(5);
  await immediate();
}

async function leave(options: WatchOptions, ours: ReadonlySet<StateName>): Promise<Turn | undefined> {
  const hosts = await askHosts(options);
  const patched = "kind" in hosts ? [] : hosts.filter(({ status }) => ours.has(status.state));
  return patched.length === 0 ? undefined : await takeBack(options, patched, new AbortController().signal);
}

/** Another process at a socket has none of what was applied. */
async function beat({ findSockets, timeout }: WatchOptions, changed: () => void, stop: AbortSignal): Promise<void> {
  let before: string | undefined;
  while (!stop.aborted) {
    const now = (await Promise.all(socketsNow(findSockets).map(({ path }) => answererAt(path, timeout)))).join();
    if (before !== undefined && now !== before) changed();
    before = now;
    await delay(HEARTBEAT, undefined, { signal: stop }).catch(() => {});
  }
}

function socketsNow(findSockets: () => readonly FoundSocket[]): readonly FoundSocket[] {
  try {
    return findSockets();
  } catch (error) {
    if (error instanceof HotfixError) return [];
    throw error;
  }
}

async function answererAt(socket: string, timeout: number): Promise<string> {
  const client = new ControlClient(socket, { timeout });
  try {
    await client.status();
    return client.answerer ?? "";
  } catch (error) {
    if (error instanceof HotfixError) return "";
    throw error;
  }
}

/** The uppermost folders with modules, below their packages: new ones will be there too. */
function moduleFolders({ manifest, root }: WatchOptions): readonly string[] {
  const folders = [...manifest.modules.keys()].map((key) => {
    const { package: name, path } = splitKey(key);
    const slash = path.indexOf("/");
    return join(root, manifest.packages[name] ?? ".", slash < 0 ? "" : path.slice(0, slash));
  });
  return [...new Set(folders)].toSorted();
}
