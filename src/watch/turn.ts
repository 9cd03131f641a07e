/** One turn of watching: the tree is built, and the processes are brought to what it means. */
import type { BuildResult } from "../builder/build.ts";
import type { OperationQuery } from "../control/asked.ts";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import type { Answers } from "../processes/answer.ts";
import { askEach } from "../processes/ask-each.ts";
import type { FoundSocket } from "../processes/find-sockets.ts";
import { leadTwoPhases } from "../processes/two-phases.ts";
import type { Operation, StateName } from "../runtime/state.ts";
import { BASE } from "../runtime/state.ts";
import type { Status } from "../runtime/status.ts";

export type Built = Extract<BuildResult, { outcome: "built" }>;

export interface TurnOptions {
  /** Throws a HotfixError for what is wrong with the manifest or the tree. */
  readonly build: () => BuildResult;
  /** The patch as these processes take it: numbered above what they have, and signed. */
  readonly finish: (built: Built, processes: readonly Status[]) => Built;
  /** Throws HF3042 where a pattern matches nothing. */
  readonly findSockets: () => readonly FoundSocket[];
  readonly query: OperationQuery;
  /** Milliseconds that a process may take to answer. */
  readonly timeout: number;
  readonly allowProduction: boolean;
}

export type Turn =
  /** Something was saved meanwhile: it is done again. */
  | { readonly kind: "overtaken" }
  /** The tree does not parse, or cannot be built at all. */
  | { readonly kind: "failed"; readonly errors: readonly Diagnostic[] }
  /** A restart is needed. */
  | { readonly kind: "refused"; readonly refusals: readonly Diagnostic[]; readonly notices: readonly Diagnostic[] }
  /** Nobody answers. */
  | { readonly kind: "away"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "production"; readonly diagnostics: readonly Diagnostic[] }
  /** The tree means the same as the build; `kept` tells of patches that somebody else has put in place. */
  | { readonly kind: "as built"; readonly kept: readonly Diagnostic[] }
  | { readonly kind: "told"; readonly operation: Operation; readonly answers: Answers; readonly notices: readonly Diagnostic[]; readonly patch: StateName };

/**
 * @param ours ids of the patches that were applied before; only they are taken back
 * @param isOvertaken whether something was saved since the turn began
 */
export async function takeTurn(options: TurnOptions, ours: ReadonlySet<StateName>, isOvertaken: () => Promise<boolean>, stop: AbortSignal): Promise<Turn> {
  const result = tryBuild(options.build);
  // what was read may be half of it
  if (await isOvertaken()) return { kind: "overtaken" };
  if (result.outcome === "failed") return { kind: "failed", errors: result.errors };
  if (result.outcome === "refused") return { kind: "refused", refusals: result.refusals, notices: result.notices };
  const hosts = await askHosts(options);
  if ("kind" in hosts) return hosts;
  if (result.outcome === "built") {
    const built = options.finish(result, hosts.map(({ status }) => status));
    return { kind: "told", operation: "apply", answers: await lead(options, hosts, { file: built.bytes }, stop), notices: built.notices, patch: built.patch };
  }
  const patched = hosts.filter(({ status }) => status.state !== BASE);
  const strange = patched.filter(({ status }) => !ours.has(status.state));
  if (patched.length === 0 || strange.length > 0) return { kind: "as built", kept: strange.map(({ socket, status }) => diagnostic("HF3091", "notice", { socket: socket.path, patch: status.state.slice(0, 12) })) };
  return await takeBack(options, hosts, stop);
}

/** To the base, where the patches of this command are in place. */
export async function takeBack(options: TurnOptions, hosts: readonly Host[], stop: AbortSignal): Promise<Turn> {
  return { kind: "told", operation: "rollback", answers: await lead(options, hosts, { to: BASE }, stop), notices: [], patch: BASE };
}

export interface Host {
  readonly socket: FoundSocket;
  readonly status: Status;
}

/** The processes that answer, or why nothing can be done. */
export async function askHosts({ findSockets, timeout, allowProduction }: TurnOptions): Promise<readonly Host[] | Extract<Turn, { kind: "away" | "production" }>> {
  let sockets: readonly FoundSocket[];
  try {
    sockets = findSockets();
  } catch (error) {
    if (error instanceof HotfixError) return { kind: "away", diagnostics: error.diagnostics };
    throw error;
  }
  const asked = await askEach(sockets, timeout, (client) => client.status());
  const hosts = asked.flatMap(({ socket, answer }): readonly Host[] => (answer === undefined ? [] : [{ socket: sockets.find(({ path }) => path === socket) ?? { path: socket, isNamed: true }, status: answer }]));
  const silent = asked.flatMap(({ error, isDeserted }) => (error === undefined || isDeserted ? [] : [error]));
  if (silent.length > 0 || hosts.length === 0) return { kind: "away", diagnostics: silent.flatMap(({ diagnostics }) => diagnostics) };
  const production = allowProduction ? [] : hosts.filter(({ status }) => status.nodeEnv === "production");
  if (production.length > 0) return { kind: "production", diagnostics: production.map(({ socket }) => diagnostic("HF3090", "refusal", { socket: socket.path })) };
  return hosts;
}

async function lead({ query, timeout }: TurnOptions, hosts: readonly Host[], asks: { readonly file: Uint8Array } | { readonly to: StateName }, stop: AbortSignal): Promise<Answers> {
  return await leadTwoPhases(hosts.map(({ socket }) => socket), { asks, options: query, isCheck: false, timeout, stop, watch: () => {} });
}

function tryBuild(build: () => BuildResult): BuildResult {
  try {
    return build();
  } catch (error) {
    if (error instanceof HotfixError) return { outcome: "failed", errors: error.diagnostics };
    throw error;
  }
}
