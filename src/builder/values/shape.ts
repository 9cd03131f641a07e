/** What is known of a value without having it: enough to tell what code may do with it unseen. */

export interface Shape {
  /**
   * `free`: handing it on shows nothing new: a primitive, or an object of the host, the same in every patch.
   * `mixed`: one of several.
   */
  readonly kind: "free" | "regexp" | "function" | "object" | "array" | "map" | "set" | "mixed";
  /** What its keys lead to, where they are known. */
  readonly entries: ReadonlyMap<string, Shape>;
  /** What any key leads to; undefined for what has none. */
  readonly children: Shape | undefined;
  /**
   * A regular expression that keeps a position: each use may be seen by the next. A function that may use the object
   * it is called on.
   */
  readonly stateful: boolean;
}

const NO_ENTRIES: ReadonlyMap<string, Shape> = new Map<string, Shape>();

export const FREE: Shape = { kind: "free", entries: NO_ENTRIES, children: undefined, stateful: false };

/** An object or function of the host. What it does with the object it is called on, nobody knows. */
export const OF_HOST: Shape = { ...FREE, stateful: true };

export function regexpShape(flags: string): Shape {
  return { kind: "regexp", entries: NO_ENTRIES, children: undefined, stateful: flags.includes("g") };
}

export function functionShape(usesThis: boolean): Shape {
  return { kind: "function", entries: NO_ENTRIES, children: undefined, stateful: usesThis };
}

/** @param entries in order of definition: of two with one name the last counts */
export function objectShape(entries: readonly (readonly [string, Shape])[], others: readonly Shape[] = []): Shape {
  const known = new Map(entries);
  return { kind: "object", entries: others.length > 0 ? NO_ENTRIES : known, children: joinAll([...known.values(), ...others]), stateful: false };
}

export function listShape(kind: "array" | "map" | "set", elements: readonly Shape[]): Shape {
  const entries = kind === "array" ? new Map(elements.map((each, index) => [String(index), each])) : NO_ENTRIES;
  return { kind, entries, children: joinAll(elements), stateful: false };
}

/** A fresh array with some of the elements of another. */
export function anyOf(shape: Shape): Shape {
  return { kind: "array", entries: NO_ENTRIES, children: shape.children, stateful: false };
}

/** One of two. */
export function join(a: Shape, b: Shape): Shape {
  if (a === b) return a;
  if (a.kind === "free" && b.kind === "free") return a.stateful ? a : b;
  const children = joinAll([a.children, b.children].filter((each) => each !== undefined));
  return { kind: a.kind === b.kind ? a.kind : "mixed", entries: NO_ENTRIES, children, stateful: a.stateful || b.stateful };
}

/** Equal for equal shapes. */
export function signatureOf({ kind, entries, children, stateful }: Shape): string {
  const own = [...entries].map(([key, each]) => `${JSON.stringify(key)}:${signatureOf(each)}`);
  return `${kind}${stateful ? "!" : ""}{${own.join()}}[${children ? signatureOf(children) : ""}]`;
}

function joinAll(shapes: readonly Shape[]): Shape | undefined {
  return shapes.length === 0 ? undefined : shapes.reduce(join);
}

/** Everything that can be taken out of it, at any depth, may be handed on. */
export function hasFreeChildren({ children }: Shape): boolean {
  return children === undefined || children.kind === "free";
}

/** What a key leads to; `undefined` as a key for one that is not known. */
export function childOf(shape: Shape, key: string | undefined): Shape {
  if (shape.kind === "free") return FREE;
  const found = key === undefined ? undefined : shape.entries.get(key);
  if (found !== undefined) return found;
  // A key that is not among those known leads to nothing, or to a property of the prototype.
  if (key !== undefined && shape.entries.size > 0) return FREE;
  return shape.children ?? FREE;
}
