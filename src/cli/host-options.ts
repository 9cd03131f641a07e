/** Options of every command that talks to running hosts. */
import { hostname, userInfo } from "node:os";
import { Option } from "commander";
import type { OperationQuery } from "../control/asked.ts";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { findSockets, isPath, type FoundSocket } from "../processes/find-sockets.ts";
import { parseDuration } from "./duration.ts";

export interface HostOptions {
  readonly to?: readonly string[];
  readonly json?: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface OperationOptions extends HostOptions {
  readonly by?: string;
  readonly threads?: "together" | "eventually";
  readonly barrierTimeout?: number;
}

const TIMEOUT = 30_000;

export function toOption(): Option {
  return new Option("--to <socket>", "control socket of the running process, or a pattern in quotes; repeatable").env("TS_HOTFIX_SOCKET").argParser(append);
}

export function jsonOption(): Option {
  return new Option("--json", "print one JSON object (see docs/cli.md)");
}

export function timeoutOption(): Option {
  return new Option("--timeout <duration>", "how long a process may take to answer: 500ms, 2s, 1m").default(TIMEOUT, "30s").argParser(parseDuration);
}

export function byOption(): Option {
  return new Option("--by <name>", "who asks, for the history (default: user@host)");
}

export function threadsOption(): Option {
  return new Option("--threads <how>", "all threads of a process swap together (default), or eventually, each by itself").choices(["together", "eventually"]);
}

export function barrierOption(): Option {
  return new Option("--barrier-timeout <duration>", "how long a process's threads may take to come together (default: 2s)").argParser(parseDuration);
}

export interface Addressed {
  readonly sockets: readonly FoundSocket[];
  /** The one socket that was named by its path. Its outcome stands alone, in the text and in the JSON object. */
  readonly single: string | undefined;
}

/** Throws HF3018 if no socket was named, HF3042 if a pattern matches none. */
export function socketsOf({ to = [] }: HostOptions): Addressed {
  const named = to.filter((path) => path !== "");
  const [first] = named;
  if (first === undefined) throw new HotfixError(diagnostic("HF3018", "error", {}));
  const sockets = findSockets(named);
  return { sockets, single: named.length === 1 && isPath(first) ? first : undefined };
}

export function queryOf({ by = self(), threads, barrierTimeout }: OperationOptions): OperationQuery {
  return { by, ...(threads === undefined ? {} : { threads }), ...(barrierTimeout === undefined ? {} : { barrierTimeout }) };
}

function append(path: string, before: unknown): readonly string[] {
  return [...(Array.isArray(before) ? (before as readonly string[]) : []), path];
}

/** `ann@game-7` */
export function self(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "somebody"); // a user without an entry
  }
}
