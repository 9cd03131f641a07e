/**
 * What may be called through the values of a piece of code: sets of calls that flow into each other, as far as they flow. A least
 * fixed point of subset constraints, as in Andersen, Program Analysis and Specialization for the C Programming Language (1994), ch. 4.
 *
 * Calls that have been handed on already ({@link isFarOff}) are many times as many as the others, and pass nearly every way as they
 * are. They are led in a second step, over cells that lead to each other taken together, as in Fähndrich et al., Partial Online Cycle
 * Elimination in Inclusion Constraint Graphs (1998), but offline.
 *
 * What is found when the budget is spent is right, but may not be all.
 */
import { components } from "../../graph/components.ts";
import type { Budget } from "./budget.ts";
import { isFarOff, type Call } from "./call.ts";

/** Gives the call as it goes on; undefined: it does not go this way. */
export type Through = (call: Call) => Call | undefined;

export interface Way {
  /** Absent: calls go as they are. */
  readonly near?: Through | undefined;
  /** Of calls that are far off. Gives one that is far off. */
  readonly far?: Through | undefined;
}

interface WayTo extends Way {
  readonly to: Cell;
}

/** Most have little of all this. */
export class Cell {
  near: Set<Call> | undefined;
  far: Set<Call> | undefined;
  /** What takes all calls as they are. */
  takers: Set<Cell> | undefined;
  ways: WayTo[] | undefined;
  /** Whether anything flows into it. */
  isFed = false;

  /** Complete after {@link Cells.settle}. */
  get calls(): Set<Call> {
    return new Set(this.near).union(this.far ?? NOTHING);
  }

  /** Where all that is far off goes as it is. */
  get passesOn(): readonly Cell[] {
    return [...(this.takers ?? []), ...(this.ways ?? []).flatMap(({ to, far }) => (far ? [] : [to]))];
  }
}

/** Steps for each call that comes to a cell: keeping it takes longer than finding that it is there, and memory. */
const KEEPING = 4;

const NOTHING: ReadonlySet<Call> = new Set();

export class Cells {
  readonly #all = new Set<Cell>();
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  add(cell: Cell, call: Call): void {
    this.#all.add(cell);
    (isFarOff(call) ? (cell.far ??= new Set()) : (cell.near ??= new Set())).add(call);
  }

  link(from: Cell, to: Cell, { near, far }: Way = {}): void {
    this.#budget.spend(1);
    this.#all.add(from).add(to);
    if (from !== to) to.isFed = true;
    if (near || far) (from.ways ??= []).push({ to, near, far });
    else if (from !== to) (from.takers ??= new Set()).add(to);
  }

  /** Once all are linked. */
  settle(): void {
    this.#leadNear();
    if (!this.#budget.isSpent) this.#leadFar();
  }

  #leadNear(): void {
    const flow = new Worklist<Cell>();
    for (const cell of this.#all) if (cell.near) flow.put(cell, cell.near);
    for (const [cell, fresh] of flow) {
      if (!this.#budget.spend(fresh.length * (KEEPING + (cell.takers?.size ?? 0) + (cell.ways?.length ?? 0)))) return;
      for (const to of cell.takers ?? []) flow.add(to, (to.near ??= new Set()), fresh);
      for (const { to, near } of cell.ways ?? []) {
        for (const call of fresh) {
          const changed = near ? near(call) : call;
          if (changed === undefined) continue;
          if (isFarOff(changed)) (to.far ??= new Set()).add(changed);
          else flow.addOne(to, (to.near ??= new Set()), changed);
        }
      }
    }
  }

  #leadFar(): void {
    const groupOf = new Map<Cell, Group>();
    const passedOn = this.#farTravelled();
    for (const cells of components(passedOn.keys(), (cell) => passedOn.get(cell) ?? [])) {
      const group: Group = { calls: new Set(), takers: new Set(), ways: [] };
      for (const cell of cells) groupOf.set(cell, group);
    }
    const flow = new Worklist<Group>();
    for (const [cell, group] of groupOf) {
      for (const call of cell.far ?? []) group.calls.add(call);
      for (const to of passedOn.get(cell) ?? []) {
        const taker = groupOf.get(to);
        if (taker && taker !== group) group.takers.add(taker);
      }
      for (const { to, far } of cell.ways ?? []) {
        const target = groupOf.get(to);
        if (far && target) group.ways.push({ to: target, far });
      }
    }
    for (const group of new Set(groupOf.values())) flow.put(group, group.calls);
    for (const [group, fresh] of flow) {
      if (!this.#budget.spend(fresh.length * (KEEPING + group.takers.size + group.ways.length))) break;
      for (const taker of group.takers) flow.add(taker, taker.calls, fresh);
      for (const { to, far } of group.ways) {
        for (const call of fresh) {
          const changed = far(call);
          if (changed !== undefined) flow.addOne(to, to.calls, changed);
        }
      }
    }
    for (const [cell, { calls }] of groupOf) cell.far = calls;
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
  readonly calls: Set<Call>;
  readonly takers: Set<Group>;
  readonly ways: { readonly to: Group; readonly far: Through }[];
}

/** Places whose calls have not been led on, with those calls. */
class Worklist<Place> {
  readonly #fresh = new Map<Place, Call[]>();

  put(place: Place, calls: ReadonlySet<Call>): void {
    if (calls.size > 0) this.#fresh.set(place, [...calls]);
  }

  /** @param known of the place; takes those of the calls that are new to it */
  add(place: Place, known: Set<Call>, calls: readonly Call[]): void {
    let fresh = this.#fresh.get(place);
    for (const call of calls) {
      if (known.has(call)) continue;
      known.add(call);
      if (fresh) fresh.push(call);
      else this.#fresh.set(place, (fresh = [call]));
    }
  }

  addOne(place: Place, known: Set<Call>, call: Call): void {
    if (known.has(call)) return;
    known.add(call);
    const fresh = this.#fresh.get(place);
    if (fresh) fresh.push(call);
    else this.#fresh.set(place, [call]);
  }

  *[Symbol.iterator](): Generator<[Place, readonly Call[]]> {
    for (const [place, fresh] of this.#fresh) {
      // A place that gets more comes to the end of the map anew.
      this.#fresh.delete(place);
      yield [place, fresh];
    }
  }
}
