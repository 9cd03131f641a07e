/** The state of a thread as plain data. */
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { PatchLive } from "../patch/payload.ts";
import { functionId, type Host, type Instance } from "./host.ts";
import type { LivePatch } from "./live-patch.ts";
import type { HistoryEntry } from "./result.ts";
import { BASE, type StateMachine, type StateName } from "./state.ts";
import type { Seat } from "./threads/seat.ts";
import type { Trust } from "./trust.ts";

/** Version of the layout of {@link Status}. */
export const STATUS_SCHEMA = 1;

export interface Status {
  readonly schema: typeof STATUS_SCHEMA;
  readonly node: string;
  readonly pid: number;
  /** `NODE_ENV`; null where it is not set. */
  readonly nodeEnv: string | null;
  /** `"base"` or the id of the active patch. */
  readonly state: StateName;
  /** Sequence of the active patch. */
  readonly sequence?: number;
  /** Old code that goes on beside the active patch, as its builder accepted. */
  readonly live: readonly PatchLive[];
  /** Fingerprints of the keys that signed the active patch. */
  readonly signedBy?: readonly string[];
  /** Fingerprints of the keys whose patches are taken; null if everybody's are. None while the keys are not read, or cannot be (HF3101). */
  readonly trustedKeys: readonly string[] | null;
  /** When the state was reached, ISO 8601. */
  readonly since: string;
  /** When the state is undone unless it is confirmed (ISO 8601), and where that leads. */
  readonly trial?: { readonly until: string; readonly back: StateName };
  /** Where the state is kept for the next start; null: nowhere. */
  readonly stateDirectory: string | null;
  /** Where `rollback({ to: "previous" })` leads. */
  readonly previous: StateName;
  /** Ids of the patches that can be put back without their file. */
  readonly atHand: readonly StateName[];
  /** True while an operation is under way. */
  readonly busy: boolean;
  /** The worker threads that take part, by id. Only the main thread knows them. */
  readonly threads: readonly ThreadStatus[];
  /** Sorted by key: every module that is loaded, and those the active patch waits for. */
  readonly modules: readonly ModuleStatus[];
  /** Keys of the modules that are patched when they are loaded. */
  readonly pending: readonly string[];
  /** What the state does not say: where it was changed, that calls which began before go on with the code they began with. */
  readonly caveats: readonly string[];
  /** The last 100 operations, the oldest first. */
  readonly history: readonly HistoryEntry[];
}

export interface ThreadStatus {
  /** `threadId` */
  readonly thread: number;
  /** As given to `new Worker()`; empty if it has none, or is not known yet. */
  readonly name: string;
  /** Whether it is in the state of the process. If not, it is starting, or it could not follow: see its warnings. */
  readonly isInStep: boolean;
}

export interface ModuleStatus {
  readonly key: string;
  /** How often it was evaluated; 0 while it is pending. */
  readonly instances: number;
  /** Ids of the functions that stand in place of the module's own, or were added to it. */
  readonly patched: readonly string[];
  /** How many of the module's own functions run as they were built; null if that is not known. */
  readonly unpatched: number | null;
  readonly initSegmentsRun: number;
  readonly pending?: true;
  /** The active patch brought the module. */
  readonly brought?: true;
  /** Why instances that were loaded after the commit run their own code. */
  readonly failed?: readonly Diagnostic[];
}

export function statusOf(host: Host, machine: StateMachine, trust: Trust, seat: Seat, directory: string | undefined): Status {
  const active = machine.resting;
  const live = active.phase === "committed" ? active.live : undefined;
  const keys = new Set([...host.modules.keys(), ...(live?.compiled.keys() ?? [])]);
  const modules = [...keys].toSorted().map((key) => moduleStatus(host, live, key));
  return {
    schema: STATUS_SCHEMA,
    node: process.version,
    pid: process.pid,
    nodeEnv: process.env["NODE_ENV"] ?? null,
    state: machine.name,
    ...(active.phase === "committed" ? { sequence: active.kept.payload.sequence, signedBy: active.kept.signers } : {}),
    live: active.phase === "committed" ? active.kept.payload.live : [],
    trustedKeys: trust.kind === "anyone" ? null : trust.kind === "signers" ? trust.fingerprints : [],
    since: active.since,
    ...(machine.trial === undefined ? {} : { trial: machine.trial }),
    stateDirectory: directory ?? null,
    previous: active.phase === "committed" ? active.kept.before : BASE,
    atHand: machine.atHand.map(({ id }) => id),
    busy: machine.operation !== undefined,
    threads: threadsOf(seat),
    modules,
    pending: modules.filter(({ pending }) => pending === true).map(({ key }) => key),
    caveats: machine.history.some(({ outcome }) => outcome === "applied" || outcome === "rolled-back") || active.phase === "committed" ? [`Calls that began before ${active.since} end with the code they began with.`] : [],
    history: [...machine.history],
  };
}

function threadsOf(seat: Seat): readonly ThreadStatus[] {
  if (!seat.isMain) return [];
  const members = seat.board.members();
  const behind = new Set(seat.board.behind());
  return members.map((thread) => ({ thread, name: seat.roster.nameOf(thread), isInStep: !behind.has(thread) }));
}

function moduleStatus(host: Host, live: LivePatch | undefined, key: string): ModuleStatus {
  const isNew = live?.compiled.get(key)?.module.origin === "new";
  const brought = isNew ? [...(live?.grafts.keys() ?? [])].filter((instance) => instance.key === key) : [];
  const instances = isNew ? brought : host.instancesOf(key);
  const failed = live === undefined ? [] : instances.flatMap((instance) => live.failed.get(instance) ?? []);
  return {
    key,
    instances: instances.length,
    patched: live === undefined ? [] : patchedIn(live, instances),
    unpatched: unpatchedIn(live, instances),
    initSegmentsRun: instances.reduce((sum, { segmentsRun }) => sum + segmentsRun, 0),
    ...(isNew ? { brought: true as const } : {}),
    ...(instances.length === 0 && !isNew ? { pending: true as const } : {}),
    ...(failed.length > 0 ? { failed } : {}),
  };
}

function patchedIn(live: LivePatch, instances: readonly Instance[]): string[] {
  const module = instances.map((instance) => live.grafts.get(instance)?.module).find((each) => each !== undefined);
  return module?.functions.map(({ name }) => functionId(module.key, name, live.payload.package)) ?? [];
}

function unpatchedIn(live: LivePatch | undefined, [instance]: readonly Instance[]): number | null {
  if (instance?.targets === undefined) return null;
  const functions = live?.grafts.get(instance)?.module.functions ?? [];
  return instance.targets - functions.filter(({ origin }) => origin === "replaced").length;
}
