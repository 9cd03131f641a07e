/** Code that names what its module loads dynamically: no list of uses has that. */
import type { Call, Path } from "../../analyze/calls/call.ts";
import type { CallNames, Thing } from "./call-names.ts";
import { allCallsOf, type CodeUnit } from "./units.ts";
import type { WorldModule } from "../world/module.ts";

/** Of one module. */
interface LoadUsers {
  /** By key of the loaded module: code that has the module as a whole, or takes what is not known out of it. */
  readonly whole: Map<string, Set<CodeUnit>>;
  readonly things: Map<Thing, Set<CodeUnit>>;
}

export class Loads {
  readonly #names: CallNames;
  readonly #known = new Map<WorldModule, LoadUsers>();

  constructor(names: CallNames) {
    this.#names = names;
  }

  /** Code of a module that names a thing through the module that it loads it from. */
  *usersOf(importer: WorldModule, loaded: string, thing: Thing): Iterable<CodeUnit> {
    if (!importer.outline.dynamic.some((from) => "module" in from && from.module === loaded)) return;
    const { whole, things } = this.#usersIn(importer);
    yield* whole.get(loaded) ?? [];
    yield* things.get(thing) ?? [];
  }

  #usersIn(module: WorldModule): LoadUsers {
    const known = this.#known.get(module);
    if (known) return known;
    const users: LoadUsers = { whole: new Map(), things: new Map() };
    const calls = this.#names.callsOf(module);
    for (const unit of this.#names.unitsOf(module)) for (const path of loadsIn(allCallsOf(unit, calls))) this.#addPath(users, module, path, unit);
    this.#known.set(module, users);
    return users;
  }

  #addPath({ whole, things }: LoadUsers, module: WorldModule, path: Path, unit: CodeUnit): void {
    const from = path.root.is === "load" ? module.outline.dynamic[path.root.index] : undefined;
    if (from === undefined || !("module" in from)) return;
    if (path.members.length === 0) put(whole, from.module, unit);
    const meaning = this.#names.resolve(module, path);
    if (meaning.is === "own") for (const each of meaning.all) put(things, each, unit);
  }
}

function put<Key>(users: Map<Key, Set<CodeUnit>>, key: Key, unit: CodeUnit): void {
  const known = users.get(key);
  if (known) known.add(unit);
  else users.set(key, new Set([unit]));
}

/** Paths that begin with a module that is loaded. */
function loadsIn(calls: readonly Call[]): ReadonlySet<Path> {
  const found = new Set<Path>();
  for (const call of calls) {
    for (let at: Call = call; ; at = at.call) {
      if ("path" in at && at.path.root.is === "load") found.add(at.path);
      if (!("call" in at)) break;
    }
  }
  return found;
}
