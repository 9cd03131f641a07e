/** Options of every command that talks to a running host. */
import { Option } from "commander";
import { ControlClient } from "../control/client.ts";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";

export interface HostOptions {
  readonly to?: string;
  readonly json?: boolean;
}

export function toOption(): Option {
  return new Option("--to <socket>", "control socket of the running process").env("TS_HOTFIX_SOCKET");
}

export function jsonOption(): Option {
  return new Option("--json", "print one JSON object (see docs/cli.md)");
}

/** Throws HF3018 if no socket was named. */
export function clientOf({ to }: HostOptions): { readonly socket: string; readonly client: ControlClient } {
  if (to === undefined || to === "") throw new HotfixError(diagnostic("HF3018", "error", {}));
  return { socket: to, client: new ControlClient(to) };
}
