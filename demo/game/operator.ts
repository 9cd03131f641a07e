/** The operator: commands of `ts-hotfix`, and what they do to the server. */
import { hotfix, type Project } from "../project.ts";
import type { Server } from "../server.ts";

/** Of the command's `--json`, what the demo shows. */
export interface Operation {
  readonly operation: "apply" | "rollback";
  readonly outcome: string;
  readonly functions: readonly string[];
  readonly pending: readonly string[];
  readonly cost: { readonly prepareMs: number; readonly commitMs: number; readonly heldMs: number; readonly bytes: number };
  /** The worker threads that took part. */
  readonly threads: readonly { readonly name: string; readonly outcome: string; readonly functions: readonly string[]; readonly heldMs: number }[];
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

/** Runs a command that changes the server. */
export async function change(project: Project, server: Server, ...words: readonly string[]): Promise<Change> {
  const { answer, pauses } = await measurePauses(server, () => hotfix(project, ...words, "--to", project.socket));
  const { result } = answer as { readonly result: Operation };
  return { result: { ...result, threads: result.threads ?? [], cost: { ...result.cost, heldMs: result.cost.heldMs ?? 0 } }, pauses };
}

/** The server's pauses while a command runs that changes nothing: what a second process does to it on this machine. */
export async function measureIdlePauses(project: Project, server: Server): Promise<readonly Pause[]> {
  return (await measurePauses(server, () => hotfix(project, "status", "--to", project.socket))).pauses;
}

async function measurePauses(server: Server, action: () => Promise<unknown>): Promise<{ readonly answer: unknown; readonly pauses: readonly Pause[] }> {
  await server.ask("GET", "/pauses");
  const answer = await action();
  const { threads } = (await server.ask("GET", "/pauses")) as { readonly threads: readonly Pause[] };
  return { answer, pauses: threads };
}
