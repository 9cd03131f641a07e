/**
 * What patches have added to a module. An entry outlives the patch that brought it: a later patch, or the
 * same one applied again, finds the same function object, the same class, the same state.
 */
import type { PatchModule } from "../patch/payload.ts";
import type { Instance } from "./host.ts";
import type { PatchTable } from "./registration.ts";
import type { Undo } from "./safe-point.ts";

export type Addition = AddedFunction | AddedVariable;

export interface AddedFunction {
  readonly kind: "function";
  readonly hash: string;
  /** Of `value`, whose guard every later patch is called through. */
  readonly shape: string;
  /** The function object of the patch that brought it first. Its guard looks in `table`. */
  readonly value: Function;
  readonly table: PatchTable;
  readonly slot: string;
}

export interface AddedVariable {
  readonly kind: "variable";
  readonly hash: string;
  readonly mutable: boolean;
  /** See {@link PatchVariable.copy}. */
  readonly copy: boolean;
  /** What is added to a host module may be needed, and is evaluated, before its turn. A new module has dead zones like any other. */
  readonly early: boolean;
  progress: "waiting" | "running" | "done";
  value: unknown;
  /** Dropped once it has run, so that the patch it belongs to can be freed. */
  initialise: (() => unknown) | undefined;
}

/** What a module's patch brings to the overlay, as made by its factory. */
export interface Delivery {
  readonly instance: Instance;
  readonly module: PatchModule;
  readonly table: PatchTable;
  readonly functions: Readonly<Record<string, Function>>;
  readonly variables: Readonly<Record<string, () => unknown>>;
}

/** Names of additions that the host has with another meaning, which therefore cannot be evaluated. */
export function changedAdditions(instance: Instance, module: PatchModule): string[] {
  const overlay = instance.overlay;
  if (overlay === undefined) return [];
  const clashes = (name: string, fits: (entry: Addition) => boolean): boolean => {
    const entry = overlay.get(name);
    return entry !== undefined && !isReplaceable(entry) && !fits(entry);
  };
  const gone = module.origin === "host" ? [] : [...overlay].filter(([name, entry]) => name.startsWith("#") && !isReplaceable(entry) && !module.variables.some((each) => each.name === name));
  return [
    ...gone.map(([name]) => ({ name })),
    ...module.functions.filter((each) => each.origin === "added" && clashes(each.name, (entry) => entry.kind === "function" && entry.shape === each.shape)),
    ...module.variables.filter((each) => clashes(each.name, (entry) => entry.kind === "variable" && entry.hash === each.hash)),
  ].map((each) => each.name);
}

/** Enters what the overlay does not have yet. Evaluates nothing. */
export function declareAdditions({ instance, module, table, functions, variables }: Delivery, undo: Undo): void {
  const added = module.functions.filter((each) => each.origin === "added");
  if (added.length === 0 && module.variables.length === 0) return;
  const overlay = (instance.overlay ??= new Map<string, Addition>());
  const enter = (name: string, entry: Addition): void => {
    const before = overlay.get(name);
    undo(() => (before === undefined ? overlay.delete(name) : overlay.set(name, before)));
    overlay.set(name, entry);
  };
  for (const { name, slot, hash, shape } of added) {
    const before = overlay.get(name);
    if (before?.kind === "function") continue;
    const value = functions[slot];
    if (value !== undefined) enter(name, { kind: "function", hash, shape, value, table, slot });
  }
  for (const { name, hash, mutable, copy } of module.variables) {
    const before = overlay.get(name);
    if (before !== undefined && (!isReplaceable(before) || (before.kind === "variable" && before.progress === "done" && before.hash === hash))) continue;
    // an entry that never ran takes the initialiser of the patch that is active
    enter(name, { kind: "variable", hash, mutable, copy, early: module.origin === "host", progress: "waiting", value: undefined, initialise: variables[name] });
  }
}

/**
 * Evaluates what has not been evaluated, in order of declaration. Entries that had not been are new with
 * {@link declareAdditions}, so undoing that undoes this.
 */
export function initialiseAdditions(instance: Instance, module: PatchModule): void {
  for (const { name } of module.variables) {
    const entry = instance.overlay?.get(name);
    if (entry?.kind === "variable" && entry.progress !== "done") evaluate(name, entry);
  }
}

/** The value of an addition. A variable of a module that came later is initialised here, at first use. */
export function readAddition(instance: Instance, name: string): unknown {
  const entry = present(instance, name);
  if (entry.kind === "variable" && entry.progress !== "done") demand(name, entry);
  return entry.value;
}

export function writeAddition(instance: Instance, name: string, value: unknown): void {
  const entry = present(instance, name);
  if (entry.kind === "function" || !entry.mutable) throw new TypeError("Assignment to constant variable.");
  if (entry.progress !== "done") demand(name, entry);
  entry.value = value;
}

/** The value if it is there and will stay the same, else undefined. Evaluates nothing. */
export function constantAddition(instance: Instance, name: string): unknown {
  const entry = instance.overlay?.get(name);
  if (entry === undefined) return undefined;
  if (entry.kind === "function") return entry.value;
  return entry.mutable || entry.progress !== "done" ? undefined : entry.value;
}

function demand(name: string, entry: AddedVariable): void {
  if (!entry.early) throw new ReferenceError(`Cannot access '${name}' before initialization`);
  evaluate(name, entry);
}

function evaluate(name: string, entry: AddedVariable): void {
  if (entry.progress === "running") throw new ReferenceError(`Cannot access '${name}' before initialization`);
  entry.progress = "running";
  try {
    entry.value = entry.initialise?.();
    entry.progress = "done";
    entry.initialise = undefined;
  } finally {
    if (entry.progress === "running") entry.progress = "waiting";
  }
}

function present(instance: Instance, name: string): Addition {
  const entry = instance.overlay?.get(name);
  if (entry === undefined) throw new ReferenceError(`${name} is not defined`);
  return entry;
}

/** Nobody has seen it, or nobody can tell it from another. */
function isReplaceable(entry: Addition): boolean {
  return entry.kind === "variable" && (entry.copy || entry.progress === "waiting");
}
