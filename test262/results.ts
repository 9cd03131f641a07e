/** What is known of the runs, kept in a file so that a stopped run can go on. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Outcome } from "./outcome.ts";

export type Result = Compared | Idle | Broken;

export interface Compared {
  readonly id: string;
  readonly plain: Outcome;
  /** Transformed, and perhaps patched. */
  readonly other: Outcome;
  /** Functions that a patch replaced. */
  readonly targets: number;
  /** Milliseconds of processor time. */
  readonly time: number;
  /** Why other functions were not: codes of the builder. */
  readonly left: readonly string[];
}

/** Nothing in it can be replaced: patched, it is as it is unpatched. */
export interface Idle {
  readonly id: string;
  readonly idle: true;
  readonly left: readonly string[];
}

/** The runner could not run the test, or the builder would not have it. */
export interface Broken {
  readonly id: string;
  readonly broken: string;
}

/** A line for each result, below a line that says what was run. */
export class Results {
  readonly #file: string;
  readonly #found = new Map<string, Result>();

  /** @param what results of anything else are not taken up */
  constructor(file: string, what: string, resume: boolean) {
    this.#file = file;
    const [head, ...lines] = resume && existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    if (head === what) {
      // the last line may have been cut
      for (const line of lines.slice(0, -1)) this.#take(JSON.parse(line) as Result);
    } else {
      mkdirSync(dirname(file), { recursive: true });
    }
    writeFileSync(file, `${[what, ...[...this.#found.values()].map((result) => JSON.stringify(result))].join("\n")}\n`);
  }

  #take(result: Result): void {
    this.#found.set(result.id, result);
  }

  add(result: Result): void {
    this.#take(result);
    appendFileSync(this.#file, `${JSON.stringify(result)}\n`);
  }

  get size(): number {
    return this.#found.size;
  }

  of(id: string): Result | undefined {
    return this.#found.get(id);
  }
}
