/** Places where tests let an operation fail. Inert unless a test sets the hook. */

import type { CallbackName } from "../patch/payload.ts";

export type FaultPoint =
  | `callback:${CallbackName}`
  | "prepare:read" | "prepare:verify" | "prepare:fit" | "prepare:import" | "prepare:compile" | "prepare:graft"
  | "commit:start" | "commit:addition" | "commit:slots" | "commit:former" | "commit:member" | "commit:variable" | "commit:signature" | "commit:end"
  | "durable:write" | "durable:rename" | "durable:renamed"
  /** Of worker threads: asked to prepare; before anybody is held; all stand still; this thread has swapped, and has not said so. */
  | "threads:prepare" | "threads:hold" | "threads:step" | "threads:agree";

/** Set by tests only. A throw in it is a throw at that point. */
export const faults: { hook: ((point: FaultPoint) => void) | undefined } = { hook: undefined };

export function reach(point: FaultPoint): void {
  faults.hook?.(point);
}
