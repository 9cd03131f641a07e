/** What the control socket speaks: HTTP/1.1 with JSON bodies under versioned paths. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { StateName } from "../runtime/state.ts";

/** `curl --unix-socket run/app.sock http://host/v1/status` */
export const ROUTES = {
  /** POST; the body is the patch file. Answers an `ApplyResult`. */
  apply: "/v1/apply",
  /** POST {@link RollbackRequest}. Answers a `RollbackResult`. */
  rollback: "/v1/rollback",
  /** GET. Answers a `Status`. */
  status: "/v1/status",
} as const;

export interface RollbackRequest {
  readonly to?: StateName;
}

/** Body of every answer that is no result: 4xx and 5xx. */
export interface ErrorAnswer {
  readonly diagnostics: readonly Diagnostic[];
}

/** Status code of an answer that carries a result, by its outcome. */
export const STATUS_OF_OUTCOME = { applied: 200, "rolled-back": 200, unchanged: 200, refused: 409, failed: 500 } as const;

/** Longest path of a Unix domain socket in bytes; Linux has 107, macOS 103. */
export const PATH_LIMIT: number = process.platform === "darwin" ? 103 : 107;

/** What `net` listens at and connects to: the path itself, on Windows a named pipe of its own for each path. */
export function socketAddress(path: string): string {
  if (process.platform !== "win32" || path.startsWith("\\\\")) return path;
  return `\\\\.\\pipe\\ts-hotfix-${createHash("sha256").update(resolve(path).toLowerCase()).digest("hex").slice(0, 24)}`;
}
