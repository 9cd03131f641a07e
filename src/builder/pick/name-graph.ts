/** Who names what in one state of the program, the running build or the fixed tree, through imports and namespaces. */
import { rootOf } from "../../analyze/members.ts";
import { exportMap, followImport, type ExportTarget } from "../world/follow.ts";
import type { World } from "../world/world.ts";
import type { Outline } from "../world/outline.ts";

/** A declaration, or all top-level statements of a module: `#init`. */
export interface NamedUnit {
  readonly key: string;
  readonly name: string;
}

export const INIT = "#init";

/** What a unit reads of a namespace by plain member access; undefined where it may read anything. Told only for the fixed tree. */
export type MembersRead = (unit: NamedUnit, local: string) => ReadonlySet<string> | undefined;

export class NameGraph {
  readonly #world: World;
  readonly #membersRead: MembersRead;
  #users: Map<string, NamedUnit[]> | undefined;

  constructor(world: World, membersRead: MembersRead = () => undefined) {
    this.#world = world;
    this.#membersRead = membersRead;
  }

  modules(): readonly string[] {
    return [...this.#world.modules.keys()];
  }

  has({ key, name }: NamedUnit): boolean {
    const outline = this.#world.outline(key);
    return outline !== undefined && unitsOf(outline).some((each) => each.name === name);
  }

  unitsIn(key: string): readonly NamedUnit[] {
    const outline = this.#world.outline(key);
    return outline === undefined ? [] : [...new Set(unitsOf(outline).map(({ name }) => name))].map((name) => ({ key, name }));
  }

  /** What a unit names, and every export of a namespace of which it may read any. */
  namedBy(unit: NamedUnit): readonly NamedUnit[] {
    return this.#localsOf(unit).flatMap((local): readonly NamedUnit[] => {
      const target = this.#leadsTo(unit.key, local);
      if (target.kind === "binding") return this.#withMembers(this.#declaring(target));
      return target.kind === "namespace" ? this.exportsOf(target.key, this.#membersRead(unit, local)) : [];
    });
  }

  /** Every export of the namespaces that a unit names, read or not. */
  reachedBy(unit: NamedUnit): readonly NamedUnit[] {
    return this.#localsOf(unit).flatMap((local) => {
      const target = this.#leadsTo(unit.key, local);
      return target.kind === "namespace" ? this.exportsOf(target.key) : [];
    });
  }

  namersOf({ key, name }: NamedUnit): readonly NamedUnit[] {
    this.#users ??= this.#index();
    return this.#users.get(`${key}#${name}`) ?? [];
  }

  /** Where the exports of a module are declared, those of the namespaces among them included. */
  exportsOf(key: string, only?: ReadonlySet<string>, seen: ReadonlySet<string> = new Set()): readonly NamedUnit[] {
    if (seen.has(key)) return [];
    return [...exportMap(this.#world, key)].flatMap(([exported, target]): readonly NamedUnit[] => {
      if (only?.has(exported) === false) return [];
      if (target.kind === "namespace") return this.exportsOf(target.key, undefined, new Set([...seen, key]));
      return target.kind === "binding" ? [this.#declaring(target)] : [];
    });
  }

  #localsOf({ key, name }: NamedUnit): readonly string[] {
    const outline = this.#world.outline(key);
    return outline === undefined ? [] : [...new Set(unitsOf(outline).flatMap((each) => (each.name === name ? each.uses : [])))];
  }

  #leadsTo(key: string, local: string): ExportTarget {
    const imported = this.#world.outline(key)?.imports.find((each) => each.local === local);
    return imported === undefined ? { kind: "binding", key, name: local } : followImport(this.#world, imported.from, imported.imported);
  }

  /** Who names a class or object literal may use any function of it that is a target of its own. */
  #withMembers(unit: NamedUnit): readonly NamedUnit[] {
    const lifted = this.#world.outline(unit.key)?.targets.filter(({ name }) => rootOf(name) === unit.name) ?? [];
    return [unit, ...lifted.map(({ name }) => ({ key: unit.key, name }))];
  }

  /** A name of a destructuring declaration stands for all of it. */
  #declaring({ key, name }: NamedUnit): NamedUnit {
    const binding = this.#world.outline(key)?.bindings.find((each) => each.names.includes(name));
    return { key, name: binding?.names[0] ?? name };
  }

  #index(): Map<string, NamedUnit[]> {
    const users = new Map<string, NamedUnit[]>();
    for (const key of this.#world.modules.keys()) {
      for (const unit of this.unitsIn(key)) {
        for (const named of this.namedBy(unit)) {
          const id = `${named.key}#${named.name}`;
          const known = users.get(id);
          if (known) known.push(unit);
          else users.set(id, [unit]);
        }
      }
    }
    return users;
  }
}

function unitsOf({ targets, bindings, init }: Outline): readonly { readonly name: string; readonly uses: readonly string[] }[] {
  // `this` in a lifted function is its class or literal
  const functions = targets.map(({ name, uses }) => ({ name, uses: [...uses, ...(rootOf(name) === undefined ? [] : [rootOf(name) ?? ""])] }));
  return [...functions, ...bindings.map(({ names, uses }) => ({ name: names[0] ?? "default", uses })), ...init.map(({ uses }) => ({ name: INIT, uses }))];
}
