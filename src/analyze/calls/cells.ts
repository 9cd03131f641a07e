/**
 * What may be called through the values of a piece of code: sets of lines that flow into each other, as far as they flow. A least
 * fixed point of subset constraints, as in Andersen, Program Analysis and Specialization for the C Programming Language (1994), ch. 4.
 *
 * Lines that have been handed on already ({@link isFarOff}) are many times as many as the others, and pass nearly every way as they
 * are. They are led in a second step, over cells that lead to each other taken together, as in Fähndrich et al., Partial Online Cycle
 * Elimination in Inclusion Constraint Graphs (1998), but offline.
 */
import { components } from "../../graph/components.ts";
import { isFarOff } from "./call.ts";

/** What becomes of a line on its way; undefined: it does not go this way. */
export type Through = (line: string) => string | undefined;

export interface Way {
  /** Absent: lines go as they are. */
  readonly near?: Through | undefined;
  /** Of lines that are far off. Gives one that is far off. */
  readonly far?: Through | undefined;
}

interface WayTo extends Way {
  readonly to: Cell;
}

/** Most have little of all this. */
export class Cell {
  near: Set<string> | undefined;
  far: Set<string> | undefined;
  /** What takes all lines as they are. */
  takers: Set<Cell> | undefined;
  ways: WayTo[] | undefined;

  /** Complete after {@link Cells.settle}. */
  get lines(): Set<string> {
    return new Set(this.near).union(this.far ?? NOTHING);
  }

  /** Where all that is far off goes as it is. */
  get passesOn(): readonly Cell[] {
    return [...(this.takers ?? []), ...(this.ways ?? []).flatMap(({ to, far }) => (far ? [] : [to]))];
  }
}

const NOTHING: ReadonlySet<string> = new Set();

export class Cells {
  readonly #all = new Set<Cell>();

  add(cell: Cell, line: string): void {
    this.#all.add(cell);
    (isFarOff(line) ? (cell.far ??= new Set()) : (cell.near ??= new Set())).add(line);
  }

  link(from: Cell, to: Cell, { near, far }: Way = {}): void {
    this.#all.add(from).add(to);
    if (near || far) (from.ways ??= []).push({ to, near, far });
    else if (from !== to) (from.takers ??= new Set()).add(to);
  }

  /** Once all are linked. */
  settle(): void {
    this.#leadNear();
    this.#leadFar();
  }

  #leadNear(): void {
    const flow = new Worklist<Cell>();
    for (const cell of this.#all) if (cell.near) flow.put(cell, cell.near);
    for (const [cell, fresh] of flow) {
      for (const to of cell.takers ?? []) flow.add(to, (to.near ??= new Set()), fresh);
      for (const { to, near } of cell.ways ?? []) {
        for (const line of fresh) {
          const changed = near ? near(line) : line;
          if (changed === undefined) continue;
          if (isFarOff(changed)) (to.far ??= new Set()).add(changed);
          else flow.addLine(to, (to.near ??= new Set()), changed);
        }
      }
    }
  }

  #leadFar(): void {
    const groupOf = new Map<Cell, Group>();
    const passedOn = this.#farTravelled();
    for (const cells of components(passedOn.keys(), (cell) => passedOn.get(cell) ?? [])) {
      const group: Group = { lines: new Set(), takers: new Set(), ways: [] };
      for (const cell of cells) groupOf.set(cell, group);
    }
    const flow = new Worklist<Group>();
    for (const [cell, group] of groupOf) {
      for (const line of cell.far ?? []) group.lines.add(line);
      for (const to of passedOn.get(cell) ?? []) {
        const taker = groupOf.get(to);
        if (taker && taker !== group) group.takers.add(taker);
      }
      for (const { to, far } of cell.ways ?? []) {
        const target = groupOf.get(to);
        if (far && target) group.ways.push({ to: target, far });
      }
    }
    for (const group of new Set(groupOf.values())) flow.put(group, group.lines);
    for (const [group, fresh] of flow) {
      for (const taker of group.takers) flow.add(taker, taker.lines, fresh);
      for (const { to, far } of group.ways) {
        for (const line of fresh) {
          const changed = far(line);
          if (changed !== undefined) flow.addLine(to, to.lines, changed);
        }
      }
    }
    for (const [cell, { lines }] of groupOf) cell.far = lines;
  }

  /** The cells that anything far off comes to, with those that it goes on to as it is: of most code, few or none. */
  #farTravelled(): ReadonlyMap<Cell, readonly Cell[]> {
    const passedOn = new Map<Cell, readonly Cell[]>();
    const open = [...this.#all].filter(({ far }) => far !== undefined);
    for (let cell = open.pop(); cell; cell = open.pop()) {
      if (passedOn.has(cell)) continue;
      passedOn.set(cell, cell.passesOn);
      open.push(...(cell.takers ?? []), ...(cell.ways ?? []).map(({ to }) => to));
    }
    return passedOn;
  }
}

/** Cells that give each other all that is far off. */
interface Group {
  readonly lines: Set<string>;
  readonly takers: Set<Group>;
  readonly ways: { readonly to: Group; readonly far: Through }[];
}

/** Whose lines have not been led on, with those lines. */
class Worklist<Place> {
  readonly #fresh = new Map<Place, string[]>();

  put(place: Place, lines: ReadonlySet<string>): void {
    if (lines.size > 0) this.#fresh.set(place, [...lines]);
  }

  /** @param known of the place; takes those of the lines that are new to it */
  add(place: Place, known: Set<string>, lines: readonly string[]): void {
    let fresh = this.#fresh.get(place);
    for (const line of lines) {
      if (known.has(line)) continue;
      known.add(line);
      if (fresh) fresh.push(line);
      else this.#fresh.set(place, (fresh = [line]));
    }
  }

  addLine(place: Place, known: Set<string>, line: string): void {
    if (known.has(line)) return;
    known.add(line);
    const fresh = this.#fresh.get(place);
    if (fresh) fresh.push(line);
    else this.#fresh.set(place, [line]);
  }

  *[Symbol.iterator](): Generator<[Place, readonly string[]]> {
    for (const [place, fresh] of this.#fresh) {
      // Whoever gets more comes to the end of the map anew.
      this.#fresh.delete(place);
      yield [place, fresh];
    }
  }
}
