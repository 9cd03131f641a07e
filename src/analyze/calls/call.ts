/** What evaluating code does with names. */

/** Where a path begins. */
export type Root =
  /** A name of the module's top level. */
  | { readonly is: "name"; readonly name: string }
  /** A parameter of the function that the call belongs to; `rest`: that one and all behind it. */
  | { readonly is: "parameter"; readonly index: number; readonly rest: boolean }
  /** A module that this one loads dynamically, by its place in the record. */
  | { readonly is: "load"; readonly index: number }
  | { readonly is: "unknown" };

/** `shop.stock.add` */
export interface Path {
  readonly root: Root;
  /** What is taken out of it; {@link COMPUTED} and {@link ASSIGNED} are no identifiers. */
  readonly members: readonly string[];
}

/** A member whose name is computed. */
export const COMPUTED = "*";

/** The assignment to a member, as if it were a method that takes the value. */
export const ASSIGNED = "=";

export type Call =
  /** `call`: is called, or made and used. `new`: an instance is made, and put away. `result`: what it gave is called. `use`: its accessors and conversions may run. */
  | { readonly is: "call" | "new" | "result" | "use"; readonly path: Path }
  /** A constructor hands out its instance, or calls its methods. */
  | { readonly is: "own" }
  /** There was more to follow than the budget allows: it may call anything. What is known beside it is right, and may not be all. */
  | { readonly is: "anything" }
  | { readonly is: "maybe"; readonly call: Call }
  /** Happens if `to` calls what it is given as that argument; `dropped`: its result is not read. */
  | { readonly is: "given"; readonly call: Call; readonly to: Path; readonly at: number; readonly dropped: boolean }
  /** Happens if the result of `by` holds what it was given. */
  | { readonly is: "kept"; readonly call: Call; readonly by: Path };

export type Given = Extract<Call, { is: "given" }>;

export const OWN_METHOD: Call = { is: "own" };
export const ANYTHING: Call = { is: "anything" };

/** Handed on already: further it is not followed, it counts as if it came so far. What is handed on to each other by many would have no end. */
export function isFarOff(call: Call): boolean {
  const { is } = call.is === "maybe" ? call.call : call;
  return is === "given" || is === "kept";
}

/** The parameter that is called, or handed on as it is; undefined where it is something else. */
export function parameterOf(call: Call): Extract<Root, { is: "parameter" }> | undefined {
  const inner = call.is === "given" ? call.call : call;
  if (!("path" in inner) || inner.is !== "call") return undefined;
  return inner.path.root.is === "parameter" ? inner.path.root : undefined;
}

/** Whether an argument at a place becomes this parameter. */
export function takes({ index, rest }: Extract<Root, { is: "parameter" }>, at: number): boolean {
  return index === at || (rest && index <= at);
}

/** The name that a path ends in; undefined where that is no name. */
export function lastName({ root, members }: Path): string | undefined {
  return members.at(-1) ?? (root.is === "name" ? root.name : undefined);
}
