/** How much of a text is followed, so that the time of an analysis grows with the text and no faster. */

/** Real code of a few thousand lines takes less, but for single functions that hand on everything to each other. */
const STEPS_PER_CHARACTER = 250;
/** So many steps take about half a second. Of texts that may take more, which are bundles, little can be told however long they are followed. */
const PLENTY = 6_000_000;
/** For texts that have plenty already: about the time that parsing them takes. */
const MORE_PER_CHARACTER = 1;
/** Texts of a line or two are let alone. */
const LEAST = 20_000;

export class Budget {
  #left: number;

  /** @param size characters of the text */
  constructor(size: number) {
    this.#left = Math.max(LEAST, Math.min(size * STEPS_PER_CHARACTER, PLENTY + size * MORE_PER_CHARACTER));
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** Takes steps; whether there were any left. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left > 0;
  }
}
