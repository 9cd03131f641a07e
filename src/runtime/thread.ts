/**
 * The one runtime of a thread. However many copies of this package are loaded (ES module, required,
 * bundled), the first that is asked makes the runtime and all others use it, through a versioned symbol.
 *
 * Loaded at the start of every program: only what registering takes is imported here. The rest comes
 * soon after, while its files are certainly those of the running version, or when it is asked for.
 */
import type { ControlSocket, ListenOptions } from "../control/server.ts";
import { Host } from "./host.ts";
import { InitEntries } from "./init.ts";
import type { Engine, Settings } from "./engine.ts";
import type { ApplyOptions, ConfirmOptions, PrepareOptions, RollbackOptions } from "./options.ts";
import type { Register } from "./registration.ts";
import type { ApplyResult, ConfirmResult, OperationResult, PrepareResult, RollbackResult } from "./result.ts";
import type { PatchSource } from "./source.ts";
import { StateMachine, type StateName } from "./state.ts";
import { statusOf, type Status } from "./status.ts";
import { takeSeat, type EngineLoader } from "./threads/seat.ts";
import type { Trust } from "./trust.ts";

/** Protocol between copies. Another number is another runtime. */
const RUNTIME: unique symbol = Symbol.for("ts-hotfix/runtime/1") as never;

/** Delay after which the rest of the runtime is loaded if nothing has asked for it, in milliseconds. */
const LOAD_AFTER = 1000;

export interface Runtime {
  readonly register: Register;
  readonly runInit: () => Promise<void>;
  readonly apply: (source: PatchSource, options?: ApplyOptions) => Promise<ApplyResult>;
  readonly rollback: (options?: RollbackOptions) => Promise<RollbackResult>;
  /** The two phases by themselves: what is prepared here is committed or aborted under its ticket. In the main thread only. */
  readonly prepare: (source: PatchSource, options?: PrepareOptions) => Promise<PrepareResult>;
  readonly prepareRollback: (options?: PrepareOptions & RollbackOptions) => Promise<PrepareResult>;
  readonly commit: (ticket: string) => Promise<OperationResult>;
  readonly abort: (ticket: string) => Promise<void>;
  readonly confirm: (options?: ConfirmOptions) => Promise<ConfirmResult>;
  readonly status: () => Status;
  /** The file of the patch that is active; null at the base. */
  readonly activePatch: () => { readonly state: StateName; readonly file: string | null };
  /** Says whose patches are taken from now on. */
  readonly trust: (trust: Trust) => void;
  /** Keeps the state in a directory. In the main thread only; does nothing in others. Throws HF3071 if it is kept elsewhere. */
  readonly keepIn: (directory: string) => void;
  /** When all is in place that shall be there before the program's first statement. */
  readonly ready: () => Promise<void>;
  readonly listen: (path: string, options?: ListenOptions) => Promise<ControlSocket>;
}

type Slot = { [RUNTIME]?: Runtime };

/** The runtime of this thread; made at the first call. */
export function threadRuntime(): Runtime {
  return (globalThis as Slot)[RUNTIME] ?? install(createRuntime());
}

function install({ runtime, start }: { readonly runtime: Runtime; readonly start: () => void }): Runtime {
  Object.defineProperty(globalThis, RUNTIME, { value: runtime, configurable: true });
  // what starts may load packages, whose modules register with this runtime
  start();
  const socket = process.env["TS_HOTFIX_SOCKET"];
  if (socket !== undefined && socket !== "" && process.getBuiltinModule("node:worker_threads").isMainThread) {
    runtime.listen(socket).catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
  }
  return runtime;
}

function createRuntime(): { readonly runtime: Runtime; readonly start: () => void } {
  const init = new InitEntries();
  const host = new Host(init);
  const machine = new StateMachine();
  const settings: Settings = { trust: initialTrust(), isInitRunning: () => init.isRunning };
  let loading: Promise<Engine> | undefined;
  let engine: Engine | undefined;
  const loader: EngineLoader = {
    load: () => (loading ??= import("./engine.ts").then(({ Engine: Loaded }) => (engine ??= new Loaded(host, machine, settings, seat)))),
    loadNow: () => (engine ??= new (requireEngine().Engine)(host, machine, settings, seat)),
  };
  const seat = takeSeat(loader);
  // a deployment may replace the files of this package under a process that runs for months
  setTimeout(() => {
    void loader.load().catch(() => (loading = undefined));
    // Node loads a large file of its own for the first message between threads: now, and not when a patch is applied
    if (!seat.isMain) void globalThis.MessageEvent;
  }, LOAD_AFTER).unref();

  const runtime: Runtime = {
    register: (key, fingerprint, table, scope, targets) => host.register(key, fingerprint, table, scope, targets),
    runInit: () => init.run(),
    apply: async (source, options) =>
      seat.isMain || seat.joined === undefined ? await (await loader.load()).operations.apply(source, options) : await (await import("./threads/asking.ts")).askForApply(seat, source, options),
    rollback: async (options) =>
      seat.isMain || seat.joined === undefined ? await (await loader.load()).operations.rollback(options) : await (await import("./threads/asking.ts")).askForRollback(seat, options),
    prepare: async (source, options) => await (await loader.load()).phases.prepare(source, options),
    prepareRollback: async (options) => await (await loader.load()).phases.prepareRollback(options),
    commit: async (ticket) => await (await loader.load()).operations.commit(ticket),
    abort: async (ticket) => (await loader.load()).operations.abort(ticket),
    confirm: async (options) =>
      seat.isMain || seat.joined === undefined ? await (await loader.load()).operations.confirm(options) : await (await import("./threads/asking.ts")).askForConfirmation(seat, options),
    status: () => statusOf(host, machine, settings.trust, seat, engine?.directory),
    activePatch: () => ({ state: machine.name, file: machine.resting.phase === "base" ? null : Buffer.from(machine.resting.kept.file).toString("utf8") }),
    trust: (trust) => {
      settings.trust = trust;
      engine?.judge();
    },
    keepIn: (directory) => {
      if (seat.isMain) loader.loadNow().keepIn(directory);
    },
    ready: async () => await engine?.ready(),
    listen: async (path, options) => await (await import("../control/server.ts")).openControlSocket(runtime, path, options),
  };
  const start = (): void => {
    const directory = process.env["TS_HOTFIX_STATE_DIR"];
    if (!seat.isMain) seat.start();
    else if (directory !== undefined && directory !== "") loader.loadNow().useDirectory(directory);
  };
  return { runtime, start };
}

/** The engine, before anything else of the program runs. */
function requireEngine(): typeof import("./engine.ts") {
  const { createRequire } = process.getBuiltinModule("node:module");
  return createRequire(import.meta.url)(import.meta.url.endsWith(".ts") ? "./engine.ts" : "./engine.js") as typeof import("./engine.ts");
}

/** What the operator says, until the program says more. */
function initialTrust(): Trust {
  const list = process.env["TS_HOTFIX_TRUSTED_KEYS"];
  return list === undefined || list === "" ? { kind: "anyone" } : { kind: "unread", list, from: process.cwd() };
}
