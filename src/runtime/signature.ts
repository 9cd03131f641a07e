/**
 * `length` and `name` of host functions: they follow the newest function, and come back with the base. What a generator
 * object inherits from goes the other way.
 */
import type { Undo } from "./safe-point.ts";

const FOLLOWED = ["length", "name"] as const;

type Descriptors = Readonly<Record<(typeof FOLLOWED)[number], PropertyDescriptor | undefined>>;

/** What the host's own functions said before a patch changed it. */
const originals = new WeakMap<Function, Descriptors>();

/** Gives `target` the length and name of `newest`; its own again if that is undefined. */
export function followSignature(target: Function, newest: Function | undefined, undo: Undo): void {
  const known = originals.get(target);
  if (newest === undefined && known === undefined) return;
  // through descriptors: a program's own accessors must not run here
  const present = read(target);
  const own = known ?? present;
  const wanted = newest === undefined ? own : read(newest);
  const changed = FOLLOWED.filter((property) => present[property]?.value !== wanted[property]?.value);
  if (changed.length === 0) return;
  undo(() => write(target, present, changed));
  write(target, wanted, changed);
  undo(() => (known === undefined ? originals.delete(target) : originals.set(target, known)));
  if (FOLLOWED.every((property) => wanted[property]?.value === own[property]?.value)) originals.delete(target);
  else originals.set(target, own);
}

/**
 * Patch code calls its own functions without a detour through the host: the generator objects that it gets must inherit from
 * the `prototype` that the program knows.
 */
export function sharePrototype(target: Function, newest: Function | undefined): void {
  const tag: unknown = Reflect.get(target, Symbol.toStringTag);
  if (newest !== undefined && (tag === "GeneratorFunction" || tag === "AsyncGeneratorFunction")) Reflect.set(newest, "prototype", target.prototype);
}

function read(target: Function): Descriptors {
  return { length: Object.getOwnPropertyDescriptor(target, "length"), name: Object.getOwnPropertyDescriptor(target, "name") };
}

function write(target: Function, wanted: Descriptors, properties: readonly (keyof Descriptors)[]): void {
  for (const property of properties) {
    const descriptor = wanted[property];
    if (descriptor === undefined) Reflect.deleteProperty(target, property);
    else Reflect.defineProperty(target, property, descriptor);
  }
}
