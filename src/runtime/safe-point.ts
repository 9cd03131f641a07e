/** One synchronous step that happens as a whole or not at all. */

/** Takes the inverse of something that was just done. */
export type Undo = (inverse: () => void) => void;

/**
 * Runs `step` without giving way to anything else in the thread. If it throws, everything that it
 * told `undo` about is undone, the latest first, and the error is thrown on.
 */
export function atSafePoint<T>(step: (undo: Undo) => T): T {
  const inverses: (() => void)[] = [];
  try {
    return step((inverse) => inverses.push(inverse));
  } catch (error) {
    for (const inverse of inverses.toReversed()) inverse();
    throw error;
  }
}
