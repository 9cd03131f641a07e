/** What a failure looks like: the files, the fixes and the first differences; and what all runs came to. */
import { applyEdits, type Edit } from "./edits.ts";
import type { Tree } from "./model.ts";
import { printTree } from "./print.ts";

/** Times each thing has happened. */
export class Counts {
  readonly #counts = new Map<string, number>();

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  add(what: string, by = 1): void {
    this.#counts.set(what, this.of(what) + by);
  }

  /** The most frequent first. */
  toString(): string {
    return [...this.#counts].toSorted(([, a], [, b]) => b - a).map(([what, times]) => `${what} ${times}`).join(", ");
  }
}

/** Throws where two traces differ. */
export function demandSame(actual: unknown, expected: unknown, when: string): void {
  const found = differences(actual, expected, "");
  if (found.length > 0) throw new Error(`${when}:\n${found.slice(0, 6).join("\n")}`);
}

function differences(actual: unknown, expected: unknown, at: string): readonly string[] {
  const isObject = (each: unknown): each is Record<string, unknown> => typeof each === "object" && each !== null;
  if (!isObject(actual) || !isObject(expected)) return actual === expected ? [] : [`${at}: found ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`];
  return [...new Set([...Object.keys(actual), ...Object.keys(expected)])].flatMap((key) => differences(actual[key], expected[key], `${at}/${key}`));
}

/** Edits that change the text. */
export function countEffective(base: Tree, fix: readonly Edit[]): number {
  const texts = [[], ...fix.map((_, index) => fix.slice(0, index + 1))].map((steps) => JSON.stringify(printTree(applyEdits(base, steps))));
  return texts.filter((text, index) => index > 0 && text !== texts[index - 1]).length;
}

/** The files of a base, and the lines in which the fixes differ from it. */
export function showScenario(base: Tree, fixes: readonly (readonly Edit[])[]): string {
  const files = printTree(base);
  const shown = Object.entries(files).filter(([file]) => file !== "hub.ts").map(([file, text]) => `--- ${file}\n${text}`);
  const diffs = fixes.map((fix, index) => {
    const fixed = printTree(applyEdits(base, fix));
    const changed = [...new Set([...Object.keys(files), ...Object.keys(fixed)])].filter((file) => files[file] !== fixed[file]);
    return [`=== fix ${index + 1}: ${fix.map(({ op }) => op).join(", ")}`, ...changed.map((file) => `+++ ${file}\n${changedLines(files[file] ?? "", fixed[file] ?? "")}`)].join("\n");
  });
  return [...shown, ...diffs].join("\n");
}

function changedLines(before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return [...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`), ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`)].join("\n");
}
