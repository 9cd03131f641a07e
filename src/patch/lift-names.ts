/** Lifted functions in patch code, by the names and texts that the builder writes; whoever reads patch code finds them by these. */
import type { PatchPayload } from "./payload.ts";

/** `$0Player$$levelUp` --> `$lift_$0Player$$levelUp` */
export function liftName(slot: string): string {
  return `$lift_${slot}`;
}

/** The object literal that a lifted function is written in: what `super` starts from. */
export function homeName(slot: string): string {
  return `$home_${slot}`;
}

export const SUPER_NAME = "$super_home";

/** Gives `super` its meaning: the prototype of the host's class, or of its `prototype`, as it is at the call. */
export const SUPER_TEXT: string = `const ${SUPER_NAME} = (home, own) => { const { getPrototypeOf, setPrototypeOf } = globalThis.Object; const parent = getPrototypeOf(own); if (getPrototypeOf(home) !== parent) setPrototypeOf(home, parent); };`;

/** Whether a function is a method, or stands in an object literal: `Player/levelUp`. */
export function isLiftedName(name: string): boolean {
  return name.includes("/");
}

export function hasLifted({ modules }: PatchPayload): boolean {
  return modules.some(({ functions }) => functions.some(({ name }) => isLiftedName(name)));
}
