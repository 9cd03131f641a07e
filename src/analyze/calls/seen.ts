/** The variables that one question has come by, each of which is followed once. */
import type { Variable } from "../../syntax/scopes.ts";

/** What a stretch of the way depended on, and did. */
export interface Course {
  /** Had been seen before it, and were not followed. */
  readonly known: ReadonlySet<Variable>;
  /** Had not been seen before it, and were followed. */
  readonly followed: ReadonlySet<Variable>;
  /** Count as seen behind it. */
  readonly seen: readonly Variable[];
}

interface OpenCourse {
  readonly from: number;
  readonly known: Set<Variable>;
  readonly followed: Set<Variable>;
}

export class Seen {
  readonly #places = new Map<Variable, number>();
  readonly #order: Variable[] = [];
  readonly #open: OpenCourse[] = [];

  /** Whether it has been seen, which the course from here on depends on. */
  meets(variable: Variable): boolean {
    const place = this.#places.get(variable);
    if (place === undefined) return false;
    const course = this.#open.at(-1);
    if (course && place < course.from) course.known.add(variable);
    return true;
  }

  /** What has not been seen. */
  add(variable: Variable): void {
    this.#open.at(-1)?.followed.add(variable);
    this.#places.set(variable, this.#order.length);
    this.#order.push(variable);
  }

  get size(): number {
    return this.#order.length;
  }

  /** Forgets all but the first so many. */
  backTo(size: number): void {
    for (const variable of this.#order.splice(size)) this.#places.delete(variable);
  }

  begin(): void {
    this.#open.push({ from: this.#order.length, known: new Set(), followed: new Set() });
  }

  end(): Course {
    const { from, known, followed } = this.#open.pop() ?? { from: 0, known: new Set(), followed: new Set() };
    this.#note({ known, followed });
    return { known, followed, seen: this.#order.slice(from) };
  }

  /** Whether a course would be the same again from here. */
  allows({ known, followed }: Course): boolean {
    if (this.#places.size === 0) return known.size === 0;
    for (const each of known) if (!this.#places.has(each)) return false;
    for (const each of followed) if (this.#places.has(each)) return false;
    return true;
  }

  /** Does what the course did. */
  take(course: Course): void {
    this.#note(course);
    for (const each of course.seen) {
      this.#places.set(each, this.#order.length);
      this.#order.push(each);
    }
  }

  #note({ known, followed }: Pick<Course, "known" | "followed">): void {
    const outer = this.#open.at(-1);
    if (!outer) return;
    for (const each of known) if ((this.#places.get(each) ?? outer.from) < outer.from) outer.known.add(each);
    for (const each of followed) outer.followed.add(each);
  }
}
