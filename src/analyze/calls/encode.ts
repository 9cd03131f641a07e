/**
 * Calls of a module as JSON that is short and quick to read: tables of names, paths and calls, each entry once, and numbers
 * that point into them. What an entry points to comes before it.
 */
import type { BindingCalls, ModuleCalls } from "../calls.ts";
import { ANYTHING, OWN_METHOD, type Call, type Path, type Root } from "./call.ts";

export interface EncodedCalls {
  readonly names: readonly string[];
  /** Of each: kind and number of its root, and its members. */
  readonly paths: readonly (readonly number[])[];
  /** Of each: its kind, and what that has. */
  readonly calls: readonly (readonly number[])[];
  /** Lists of calls: each number is the difference to the one before. */
  readonly targets: readonly (readonly number[])[];
  /** Of each binding four lists: evaluated, instance, construction, implicit. Empty ones at the end are left out. */
  readonly bindings: readonly (readonly (readonly number[])[])[];
  readonly init: readonly (readonly number[])[];
}

const ROOTS = ["name", "parameter", "load", "unknown"] as const satisfies readonly Root["is"][];
const KINDS = ["call", "new", "result", "use", "own", "anything", "maybe", "given", "kept"] as const satisfies readonly Call["is"][];

export const NO_CALLS: EncodedCalls = { names: [], paths: [], calls: [], targets: [], bindings: [], init: [] };

export function encodeCalls({ targets, bindings, init }: ModuleCalls): EncodedCalls {
  const tables = new Tables();
  const listOf = (calls: readonly Call[]): readonly number[] => tables.listOf(calls);
  return {
    names: tables.names,
    paths: tables.paths,
    calls: tables.calls,
    targets: targets.map(listOf),
    bindings: bindings.map(({ evaluated, instance, construction, implicit }) => withoutEmptyEnd([evaluated, instance, construction, implicit].map(listOf))),
    init: init.map(listOf),
  };
}

function withoutEmptyEnd(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return lists.slice(0, lists.findLastIndex(({ length }) => length > 0) + 1);
}

class Tables {
  readonly names: string[] = [];
  readonly paths: (readonly number[])[] = [];
  readonly calls: (readonly number[])[] = [];
  readonly #places = new Map<string | Path | Call, number>();

  listOf(calls: readonly Call[]): readonly number[] {
    const places = calls.map((call) => this.#callAt(call)).toSorted((a, b) => a - b);
    return places.map((place, index) => place - (places[index - 1] ?? 0));
  }

  #put<T extends string | Path | Call, Entry>(value: T, table: Entry[], encode: (value: T) => Entry): number {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    // Puts what it points to first.
    const entry = encode(value);
    this.#places.set(value, table.length);
    return table.push(entry) - 1;
  }

  #nameAt(name: string): number {
    return this.#put(name, this.names, () => name);
  }

  #pathAt(path: Path): number {
    return this.#put(path, this.paths, ({ root, members }) => [ROOTS.indexOf(root.is), this.#numberOf(root), ...members.map((each) => this.#nameAt(each))]);
  }

  #numberOf(root: Root): number {
    switch (root.is) {
      case "name":
        return this.#nameAt(root.name);
      case "parameter":
        return root.index * 2 + Number(root.rest);
      case "load":
        return root.index;
      case "unknown":
        return 0;
    }
  }

  #callAt(call: Call): number {
    return this.#put(call, this.calls, (each) => [KINDS.indexOf(each.is), ...this.#partsOf(each)]);
  }

  #partsOf(call: Call): readonly number[] {
    switch (call.is) {
      case "own":
      case "anything":
        return [];
      case "maybe":
        return [this.#callAt(call.call)];
      case "given":
        return [this.#callAt(call.call), this.#pathAt(call.to), call.at * 2 + Number(call.dropped)];
      case "kept":
        return [this.#callAt(call.call), this.#pathAt(call.by)];
      default:
        return [this.#pathAt(call.path)];
    }
  }
}

/** The inverse of {@link encodeCalls}, but for the order in lists. Equal calls are the same object. */
export function decodeCalls({ names, paths, calls, targets, bindings, init }: EncodedCalls): ModuleCalls {
  const roots = new Map<number, Root>();
  const allPaths = paths.map(([kind = 0, number = 0, ...members]): Path => {
    const id = number * ROOTS.length + kind;
    const root = roots.get(id) ?? rootOf(ROOTS[kind], number, names);
    roots.set(id, root);
    return { root, members: members.map((each) => at(names, each)) };
  });
  const allCalls: Call[] = [];
  for (const entry of calls) allCalls.push(callOf(entry, allCalls, allPaths));
  const listOf = (list: readonly number[] = []): readonly Call[] => {
    let place = 0;
    return list.map((step) => at(allCalls, (place += step)));
  };
  return {
    targets: targets.map(listOf),
    bindings: bindings.map(([evaluated, instance, construction, implicit]): BindingCalls => ({ evaluated: listOf(evaluated), instance: listOf(instance), construction: listOf(construction), implicit: listOf(implicit) })),
    init: init.map(listOf),
  };
}

function rootOf(is: Root["is"] | undefined, number: number, names: readonly string[]): Root {
  switch (is) {
    case "name":
      return { is, name: at(names, number) };
    case "parameter":
      return { is, index: number >> 1, rest: number % 2 === 1 };
    case "load":
      return { is, index: number };
    default:
      return { is: "unknown" };
  }
}

function callOf([kind = 0, first = 0, second = 0, third = 0]: readonly number[], calls: readonly Call[], paths: readonly Path[]): Call {
  const is = at(KINDS, kind);
  switch (is) {
    case "own":
      return OWN_METHOD;
    case "anything":
      return ANYTHING;
    case "maybe":
      return { is, call: at(calls, first) };
    case "given":
      return { is, call: at(calls, first), to: at(paths, second), at: third >> 1, dropped: third % 2 === 1 };
    case "kept":
      return { is, call: at(calls, first), by: at(paths, second) };
    default:
      return { is, path: at(paths, first) };
  }
}

function at<T>(table: readonly T[], place: number): T {
  const found = table[place];
  if (found === undefined) throw new RangeError(`encoded calls point to entry ${place} of ${table.length}`);
  return found;
}
