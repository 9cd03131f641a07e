/** Calls and paths of one module, each made once: equal ones are the same object, and sets of them need no text. */
import { ANYTHING, COMPUTED, isFarOff, type Call, type Path, type Root } from "./call.ts";

export class CallPool {
  /** Of paths without members, by what tells their roots apart. */
  readonly #names = new Map<string, Path>();
  readonly #parameters = new Map<number, Path>();
  readonly #loads = new Map<number, Path>();
  readonly #members = new Map<Path, Map<string, Path>>();
  readonly #plain = { call: new Map<Path, Call>(), new: new Map<Path, Call>(), result: new Map<Path, Call>(), use: new Map<Path, Call>() };
  readonly #maybe = new Map<Call, Call>([[ANYTHING, ANYTHING]]);
  readonly #given = new Map<Call, Map<Path, Call[]>>();
  readonly #kept = new Map<Call, Map<Path, Call>>();
  readonly unknown: Path = pathOf({ is: "unknown" });

  named(name: string): Path {
    return once(this.#names, name, () => pathOf({ is: "name", name }));
  }

  parameter(index: number, rest: boolean): Path {
    return once(this.#parameters, index * 2 + Number(rest), () => pathOf({ is: "parameter", index, rest }));
  }

  loaded(index: number): Path {
    return once(this.#loads, index, () => pathOf({ is: "load", index }));
  }

  /** @param name undefined where it is computed */
  member(path: Path, name: string = COMPUTED): Path {
    const members = once(this.#members, path, () => new Map<string, Path>());
    return once(members, name, () => ({ root: path.root, members: [...path.members, name] }));
  }

  plain(is: "call" | "new" | "result" | "use", path: Path): Call {
    return once(this.#plain[is], path, () => ({ is, path }));
  }

  maybe(call: Call): Call {
    return call.is === "maybe" ? call : once(this.#maybe, call, () => ({ is: "maybe", call }));
  }

  /** What was called is called once more: `make()()` */
  resultOf(call: Call): Call {
    return call.is === "call" && call.path.root.is !== "parameter" ? this.plain("result", call.path) : call;
  }

  given(call: Call, to: Path, at: number, dropped: boolean): Call {
    if (isFarOff(call) || call === ANYTHING) return call;
    const places = once(once(this.#given, call, () => new Map<Path, Call[]>()), to, (): Call[] => []);
    return (places[at * 2 + Number(dropped)] ??= { is: "given", call, to, at, dropped });
  }

  kept(call: Call, by: Path): Call {
    if (isFarOff(call) || call === ANYTHING) return call;
    return once(once(this.#kept, call, () => new Map<Path, Call>()), by, () => ({ is: "kept", call, by }));
  }
}

function pathOf(root: Root): Path {
  return { root, members: [] };
}

function once<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
