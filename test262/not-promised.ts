/** Tests that show what is not promised: `not-promised.txt`, with the line of docs/guard-matrix.md that each falls under. */
import { readFileSync } from "node:fs";

/** The reasons that a line may name, and what each stands for. */
export const REASONS: Readonly<Record<string, string>> = {
  toString: "Function.prototype.toString shows the guard",
  microtasks: "a patched async call takes more microtasks",
  stack: "stack depth and frames of patched calls",
  messages: "V8 words some messages after the source",
  iteration: "a patched generator is forwarded by yield*, which asks the prototypes of iterators",
  assigned: "a call that is assigned to: sloppy code may hold it, as Annex B allows, and running it throws; the transformer refuses it",
  forbidden: "the language forbids the code and V8 takes it: the transformer refuses it",
};

export interface Exception {
  /** Id of a run; without ` (strict)` it stands for both. */
  readonly path: string;
  readonly reason: string;
  /** It differs only when patched. */
  readonly patched: boolean;
}

/** Throws an Error for a line that says something else. */
export function readNotPromised(text: string = readFileSync(new URL("not-promised.txt", import.meta.url), "utf8")): readonly Exception[] {
  return text.split("\n").flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) return [];
    const match = /^(test\/\S+\.js(?: \(strict\))?)\s+(transformed|patched)\s+(\S+)$/.exec(line);
    const [, path, mode, reason] = match ?? [];
    if (path === undefined || reason === undefined || REASONS[reason] === undefined) throw new Error(`not-promised.txt:${index + 1}: ${line}`);
    return [{ path, reason, patched: mode === "patched" }];
  });
}

export class NotPromised {
  readonly #reasons: ReadonlyMap<string, string>;

  constructor(exceptions: readonly Exception[], patched: boolean) {
    this.#reasons = new Map(exceptions.filter((each) => patched || !each.patched).map(({ path, reason }) => [path, reason]));
  }

  reasonOf(id: string): string | undefined {
    return this.#reasons.get(id) ?? this.#reasons.get(id.replace(/ \(strict\)$/, ""));
  }
}
