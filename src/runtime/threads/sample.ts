/**
 * What threads are doing that do not come to their safe point: a few milliseconds of their CPU profile, taken through
 * the inspector, which reaches a thread in the middle of a loop. Costs nothing unless it is asked for. V8 names no
 * function whose loop it has optimised before: then its caller is named.
 */
import { Session } from "node:inspector";

/** How long is looked, and how long is waited for the answer, in milliseconds. */
const LOOK_FOR = 30;
const WAIT_FOR = 3000;
const MOST_FRAMES = 3;

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[];
}

interface Attached {
  readonly sessionId: string;
  /** `[worker 3] room` */
  readonly workerInfo: { readonly title: string };
}

export interface Activity {
  /** By thread: `it was running spin (file:///app/room.js:12)`. Threads that cannot be looked into are left out. */
  readonly doing: ReadonlyMap<number, string>;
  /** Those of the threads asked for that have ended, as far as that can be said. */
  readonly ended: readonly number[];
}

export async function activityOf(threads: readonly number[]): Promise<Activity> {
  const doing = new Map<number, string>();
  const ended = new Set<number>();
  const session = new Session();
  session.setMaxListeners(0); // one for each thread
  try {
    session.connect();
    const attached = await attach(session);
    for (const thread of attached === undefined ? [] : threads) if (!attached?.has(thread)) ended.add(thread);
    const looked = threads.filter((thread) => attached?.has(thread));
    if (looked.length > 0) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, WAIT_FOR + LOOK_FOR);
        for (const thread of looked) {
          look(session, attached?.get(thread) ?? "", (profile) => {
            doing.set(thread, describe(profile));
            if (doing.size < looked.length) return;
            clearTimeout(timer);
            done();
          });
        }
      });
    }
  } catch {
    // no inspector in this build of Node, or it is in use in a way that shuts us out
  } finally {
    session.disconnect();
  }
  return { doing, ended: [...ended] };
}

/** Sessions of all threads there are, threads of threads too, by thread; undefined if that cannot be told. */
async function attach(session: Session): Promise<ReadonlyMap<number, string> | undefined> {
  const sessions = new Map<number, string>();
  let isWhole = true;
  session.on("NodeWorker.attachedToWorker", ({ params }: { readonly params: Attached }) => {
    const thread = Number(/^\[worker (\d+)\]/.exec(params.workerInfo.title)?.[1]);
    if (Number.isNaN(thread)) isWhole = false;
    else sessions.set(thread, params.sessionId);
  });
  // those that are there are told of before the answer comes
  const error = await new Promise<Error | null>((done) => session.post("NodeWorker.enable", { waitForDebuggerOnStart: false }, done));
  return error === null && isWhole ? sessions : undefined;
}

function look(session: Session, sessionId: string, done: (profile: Profile) => void): void {
  const post = (id: number, method: string, params: object = {}): void => {
    try {
      session.post("NodeWorker.sendMessageToWorker", { sessionId, message: JSON.stringify({ id, method, params }) });
    } catch {
      // nobody waits for it any more
    }
  };
  session.on("NodeWorker.receivedMessageFromWorker", ({ params }: { readonly params: { readonly sessionId: string; readonly message: string } }) => {
    if (params.sessionId !== sessionId) return;
    const { id, result } = JSON.parse(params.message) as { readonly id?: number; readonly result?: { readonly profile?: Profile } };
    if (id === 3) setTimeout(() => post(4, "Profiler.stop"), LOOK_FOR);
    if (id === 4 && result?.profile !== undefined) done(result.profile);
  });
  post(1, "Profiler.enable");
  post(2, "Profiler.setSamplingInterval", { interval: 1000 });
  post(3, "Profiler.start");
}

/** The stack that was seen most often, the innermost frame first. */
function describe({ nodes, samples = [] }: Profile): string {
  const counts = new Map<number, number>();
  for (const id of samples) counts.set(id, (counts.get(id) ?? 0) + 1);
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const frames: string[] = [];
  for (let id = most?.[0]; id !== undefined && frames.length < MOST_FRAMES; id = parents.get(id)) {
    const frame = byId.get(id)?.callFrame;
    if (frame === undefined || frame.functionName.startsWith("(") || frame.url.startsWith("node:") || (frame.url === "" && frame.functionName === "")) continue;
    frames.push(`${frame.functionName || "unnamed code"}${frame.url === "" ? "" : ` (${frame.url}:${frame.lineNumber + 1})`}`);
  }
  return frames.length === 0 ? "it waits in a call that does not return" : `it was running ${frames.join(", called by ")}`;
}
