/**
 * What the code emitted for a module calls, and what it gets back. This is the seam between the
 * transformer and the runtime: emitted modules of any build call any copy of the runtime.
 */

/** An object whose prototype carries the slots. Nothing is ever stored on the object itself. */
export type PatchTable = object;

/** Makes the object through which patch code reaches a module's own top-level bindings. */
export type ScopeAccessor = () => Record<string, unknown>;

/** One run of a module's lifted top-level statements. */
export type InitSegment = () => unknown;

/** Returned to the emitted module. */
export interface ModuleHandle {
  /** Runs a segment in place (`init: "auto"`). */
  init(segment: InitSegment): void;
  /** Keeps a segment for `runInit()` (`init: "explicit"`). */
  defer(segment: InitSegment): void;
  /** A class or object literal with lifted functions has been evaluated, by its name. */
  made(name: string): void;
  /** How code outside of a class with lifted functions can reach what is private to it, by the class's name. */
  privates(name: string, accessors: PrivateAccessors): void;
}

/** Made when a patch first asks. */
export type PrivateAccessors = () => Readonly<Record<string, PrivateAccessor>>;

/** Of one private name (`#gold`). */
export interface PrivateAccessor {
  /** Absent for what has a setter alone. */
  readonly get?: (object: unknown) => unknown;
  /** Absent for what nothing can be assigned to. */
  readonly set?: (object: unknown, value: unknown) => void;
  /** `#gold in object` */
  readonly has: (object: unknown) => boolean;
}

/** First statement of every emitted module. */
export type Register = (
  key: string,
  fingerprint: string,
  table: PatchTable,
  scope: ScopeAccessor,
  /** How many functions the module has that can be patched. */
  targets?: number,
) => ModuleHandle;
