/** The path of a control socket: who has it, and how one gets it. */
import { linkSync, lstatSync, renameSync, unlinkSync, type Stats } from "node:fs";
import { connect } from "node:net";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";

const PROBE_TIMEOUT = 1000;
/** How often others may come first before it is theirs. */
const MOST_TRIES = 10;

/** Throws HF3010 if somebody listens there, HF3011 if what stands there is no socket. A stale socket is returned. */
export async function checkVacant(path: string): Promise<Stats | undefined> {
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present === undefined) return undefined;
  if (!present.isSocket()) throw unusable(path, "something that is not a socket is there");
  if (await isAnswered(path)) throw taken(path);
  return present;
}

/**
 * Moves the socket `born` to its path. Of several processes that want it at the same time one gets it, the others HF3010.
 *
 * @param aside where a stale socket is put to be removed: in a directory of this process alone
 */
export async function moveToPath(born: string, path: string, aside: string): Promise<void> {
  for (let left = MOST_TRIES; left > 0; left--) {
    try {
      linkSync(born, path);
      return unlinkSync(born);
    } catch (error) {
      // a file system that knows no such links
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return renameSync(born, path);
    }
    const stale = await checkVacant(path);
    if (stale !== undefined) removeStale(stale, path, aside);
  }
  throw taken(path);
}

/** Another process may have put its own in its place meanwhile: that one is put back. */
function removeStale({ ino, mtimeMs }: Stats, path: string, aside: string): void {
  try {
    renameSync(path, aside);
    const moved = lstatSync(aside);
    if (moved.ino !== ino || moved.mtimeMs !== mtimeMs) linkSync(aside, path);
    unlinkSync(aside);
  } catch {
    // another has removed it, or has come first: the next try tells
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    const conclude = (answered: boolean): void => {
      socket.destroy();
      done(answered);
    };
    socket.once("connect", () => conclude(true));
    socket.once("error", (error: NodeJS.ErrnoException) => conclude(error.code !== "ECONNREFUSED" && error.code !== "ENOENT"));
    socket.setTimeout(PROBE_TIMEOUT, () => conclude(true));
  });
}

function taken(socket: string): HotfixError {
  return new HotfixError(diagnostic("HF3010", "error", { socket }));
}

export function unusable(socket: string, detail: string): HotfixError {
  return new HotfixError(diagnostic("HF3011", "error", { socket, detail }));
}
