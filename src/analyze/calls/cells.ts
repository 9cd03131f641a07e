/**
 * What may be called through the values of a piece of code: sets of lines that flow into each other, as far as they flow. A least
 * fixed point of subset constraints, as in Andersen, Program Analysis and Specialization for the C Programming Language (1994), ch. 4.
 */

/** What becomes of a line on its way; undefined: it does not go this way. */
export type Through = (line: string) => string | undefined;

export class Cell {
  readonly lines: Set<string> = new Set();
  /** Those of them that have not been led on. */
  readonly fresh: string[] = [];
  /** What takes all lines as they are. */
  readonly takers: Set<Cell> = new Set();
  readonly changing: { readonly to: Cell; readonly through: Through }[] = [];
}

export class Cells {
  readonly #waiting: Cell[] = [];

  add(cell: Cell, line: string): void {
    if (cell.lines.has(line)) return;
    cell.lines.add(line);
    if (cell.fresh.push(line) === 1) this.#waiting.push(cell);
  }

  link(from: Cell, to: Cell, through?: Through): void {
    if (through) from.changing.push({ to, through });
    else if (from !== to) from.takers.add(to);
  }

  /** Once all are linked. */
  settle(): void {
    // Grows while it is gone through.
    for (const cell of this.#waiting) {
      const fresh = cell.fresh.splice(0);
      for (const taker of cell.takers) for (const line of fresh) this.add(taker, line);
      for (const { to, through } of cell.changing) {
        for (const line of fresh) {
          const changed = through(line);
          if (changed !== undefined) this.add(to, changed);
        }
      }
    }
  }
}
