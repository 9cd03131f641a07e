/** What the control socket speaks: HTTP/1.1 with JSON bodies under versioned paths. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { StateName } from "../runtime/state.ts";

/** Version of the protocol: the first part of every path. Another number is another protocol. */
export const PROTOCOL = 1;

/** Headers of every answer. */
export const HEADERS = {
  /** {@link PROTOCOL} of the host */
  protocol: "ts-hotfix-protocol",
  /** The host's process id, and an id that no other process ever has: `4711 8c2e…` */
  process: "ts-hotfix-process",
} as const;

/**
 * `curl --unix-socket run/app.sock http://host/v1/status`
 *
 * The options of an operation stand in the query: `/v1/apply?by=ann&threads=eventually&barrierTimeout=5000`.
 */
export const ROUTES = {
  /** POST; the body is the patch file. Answers an `ApplyResult`. */
  apply: "/v1/apply",
  /** POST {@link RollbackRequest}. Answers a `RollbackResult`. */
  rollback: "/v1/rollback",
  /** POST; the body is the patch file. Answers a `PrepareResult`. */
  prepare: "/v1/prepare",
  /** POST {@link RollbackRequest}. Answers a `PrepareResult`. */
  prepareRollback: "/v1/prepare-rollback",
  /** POST {@link TicketRequest}. Answers an `ApplyResult` or a `RollbackResult`. */
  commit: "/v1/commit",
  /** POST {@link TicketRequest}. Answers {@link ABORTED}. */
  abort: "/v1/abort",
  /** POST. The active patch stays. */
  confirm: "/v1/confirm",
  /** GET. Answers a `Status`. */
  status: "/v1/status",
  /** GET. Answers an {@link ActivePatch}. */
  patch: "/v1/patch",
} as const;

/** The patch in place, as it was applied. */
export interface ActivePatch {
  readonly state: StateName;
  /** The patch file, which is text; null at the base. */
  readonly file: string | null;
}

export interface RollbackRequest {
  readonly to?: StateName;
}

/** What was prepared, and shall be carried out or given up. */
export interface TicketRequest {
  readonly ticket: string;
}

export const ABORTED = { outcome: "aborted" } as const;

/** Body of every answer that is no result: 4xx and 5xx. */
export interface ErrorAnswer {
  readonly diagnostics: readonly Diagnostic[];
}

/** Status code of an answer that carries a result, by its outcome. */
export const STATUS_OF_OUTCOME = { applied: 200, "rolled-back": 200, prepared: 200, unchanged: 200, refused: 409, failed: 500 } as const;

/** Longest path of a Unix domain socket in bytes; Linux has 107, macOS 103. */
export const PATH_LIMIT: number = process.platform === "darwin" ? 103 : 107;

/** What `net` listens at and connects to: the path itself, on Windows a named pipe of its own for each path. */
export function socketAddress(path: string): string {
  if (process.platform !== "win32" || path.startsWith("\\\\")) return path;
  return `\\\\.\\pipe\\ts-hotfix-${createHash("sha256").update(resolve(path).toLowerCase()).digest("hex").slice(0, 24)}`;
}
