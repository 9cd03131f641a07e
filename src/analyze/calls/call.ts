/** What evaluating code does with names, as manifests write it: a line each. */

/**
 * A name is one of the module's top level, `name.member` for a member of it, `#0` for the first parameter of the function
 * the line belongs to (`#1+`: the second and all behind it), `@0` for the first module it loads dynamically.
 */
export type Call =
  /** `award`: is called, or made and used. */
  | { readonly is: "call"; readonly name: string }
  /** `new Account`: an instance is made, and put away. */
  | { readonly is: "new"; readonly name: string }
  /** `result of make`: what it gave is called. */
  | { readonly is: "result"; readonly name: string }
  /** `use player`: its accessors and conversions may run. */
  | { readonly is: "use"; readonly name: string }
  /** `own method`: a constructor hands out its instance, or calls its methods. */
  | { readonly is: "own" }
  /** `maybe …` */
  | { readonly is: "maybe"; readonly call: Call }
  /** `given award to twice at 0`: happens if that one calls what it is given; ` dropped`: nobody reads what it returns. */
  | { readonly is: "given"; readonly call: Call; readonly to: string; readonly at: number; readonly dropped: boolean }
  /** `kept award by lib.later`: happens if that one's result holds what it was given. */
  | { readonly is: "kept"; readonly call: Call; readonly by: string };

export const OWN_METHOD = "own method";

/** Handed on already: further it is not followed, it counts as if it came so far. What is handed on to each other by many would have no end. */
export function isFarOff(call: string): boolean {
  const from = call.startsWith("maybe ") ? 6 : 0;
  return call.startsWith("given ", from) || call.startsWith("kept ", from);
}

export function given(call: string, to: string, at: number, dropped: boolean): string {
  return isFarOff(call) ? call : `given ${call} to ${to} at ${at}${dropped ? " dropped" : ""}`;
}

export function kept(call: string, by: string): string {
  return isFarOff(call) ? call : `kept ${call} by ${by}`;
}

export function maybe(call: string): string {
  return call.startsWith("maybe ") ? call : `maybe ${call}`;
}

/** What was called is called once more: `make()()` */
export function resultOf(call: string): string {
  return call.includes(" ") || call.includes("#") ? call : `result of ${call}`;
}

export function parseCall(text: string): Call {
  if (text === OWN_METHOD) return { is: "own" };
  const handed = /^given (.*) to (\S+) at (\d+)( dropped)?$/.exec(text);
  if (handed) return { is: "given", call: parseCall(handed[1] ?? ""), to: handed[2] ?? "", at: Number(handed[3]), dropped: handed[4] !== undefined };
  const carried = /^kept (.*) by (\S+)$/.exec(text);
  if (carried) return { is: "kept", call: parseCall(carried[1] ?? ""), by: carried[2] ?? "" };
  if (text.startsWith("maybe ")) return { is: "maybe", call: parseCall(text.slice(6)) };
  if (text.startsWith("new ")) return { is: "new", name: text.slice(4) };
  if (text.startsWith("use ")) return { is: "use", name: text.slice(4) };
  if (text.startsWith("result of ")) return { is: "result", name: text.slice(10) };
  return { is: "call", name: text };
}
