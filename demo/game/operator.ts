/** The operator: commands of `ts-hotfix`, and what they do to the server. */
import { hotfix, type Project } from "../project.ts";
import type { Server } from "../server.ts";

/** Of the command's `--json`, what the demo shows. */
export interface Operation {
  readonly operation: "apply" | "rollback";
  readonly outcome: string;
  readonly patch: string | null;
  readonly functions: readonly string[];
  readonly pending: readonly string[];
  readonly cost: { readonly prepareMs: number; readonly commitMs: number; readonly heldMs: number; readonly bytes: number };
  /** The worker threads that took part. */
  readonly threads: readonly { readonly name: string; readonly outcome: string; readonly functions: readonly string[]; readonly heldMs: number }[];
}

/** Of `ts-hotfix status --json`. */
export interface State {
  /** `"base"` or the id of a patch. */
  readonly state: string;
  readonly threads: readonly { readonly name: string; readonly isInStep: boolean }[];
}

export interface Pause {
  readonly thread: string;
  readonly longestMs: number;
}

export interface Change {
  readonly result: Operation;
  /** Longest pause of each thread of the server while the command ran. */
  readonly pauses: readonly Pause[];
}

/** Its pauses are those that a second process brings about on this machine. */
export interface Inspection {
  readonly status: State;
  readonly pauses: readonly Pause[];
}

/** Runs a command that changes the server. */
export async function change(project: Project, server: Server, ...words: readonly string[]): Promise<Change> {
  const { answer, pauses } = await measurePauses(server, () => hotfix(project, ...words, "--to", project.socket));
  return { ...(answer as { readonly result: Operation }), pauses };
}

/** Asks what is active: a command that changes nothing. */
export async function inspect(project: Project, server: Server): Promise<Inspection> {
  const { answer, pauses } = await measurePauses(server, () => hotfix(project, "status", "--to", project.socket));
  return { ...(answer as { readonly status: State }), pauses };
}

async function measurePauses(server: Server, action: () => Promise<unknown>): Promise<{ readonly answer: unknown; readonly pauses: readonly Pause[] }> {
  await server.ask("GET", "/pauses");
  const answer = await action();
  const { threads } = (await server.ask("GET", "/pauses")) as { readonly threads: readonly Pause[] };
  return { answer, pauses: threads };
}
