/**
 * Members that patches add to classes and object literals of the host: `Player/heal`, `commands/sell`. They stand there from
 * the commit to the rollback; the function is the overlay's, so that who holds on to it reaches the newest.
 */
import { isLiftedName } from "../patch/lift-names.ts";
import type { PatchFunction } from "../patch/payload.ts";
import type { Graft } from "./graft.ts";
import { scopeOf, type Instance } from "./host.ts";
import { keyOf, valueOf } from "./member.ts";
import type { Undo } from "./safe-point.ts";

interface Place {
  readonly owner: object;
  readonly key: PropertyKey;
  readonly part: "value" | "get" | "set";
  /** Members of classes are not enumerable, those of literals are. */
  readonly enumerable: boolean;
}

interface Standing extends Place {
  readonly value: Function;
}

/** By instance, then name. An entry lives as long as a patch that adds the member is in place. */
const standing = new WeakMap<Instance, Map<string, Standing>>();

/**
 * Puts the graft's members there that are not there yet. A class or literal that is not evaluated gets its own when it says
 * that it is. Throws where an object takes no members.
 *
 * @param root only those of this class or literal; undefined: of all
 */
export function installMembers({ instance, module }: Graft, undo: Undo, root?: string): void {
  for (const target of addedMembers(module.functions)) {
    const [own] = target.name.split("/");
    const entry = instance.overlay?.get(target.name);
    if (entry?.kind !== "function" || (root !== undefined && own !== root) || standing.get(instance)?.has(target.name)) continue;
    const place = placeOf(instance, target);
    if (place !== undefined) install(instance, target.name, { ...place, value: entry.value }, undo);
  }
}

/**
 * Takes away what `next` does not add. What the program has put in the place meanwhile stays.
 *
 * @returns names of those that cannot be taken away: the program has frozen the object
 */
export function removeMembers({ instance }: Graft, next: Graft | undefined, undo: Undo): readonly string[] {
  const kept = new Set(addedMembers(next?.module.functions ?? []).map(({ name }) => name));
  const members = standing.get(instance);
  const stuck: string[] = [];
  for (const [name, each] of members ?? []) {
    if (kept.has(name)) continue;
    const present = Object.getOwnPropertyDescriptor(each.owner, each.key);
    members?.delete(name);
    undo(() => members?.set(name, each));
    if (present?.[each.part] !== each.value) continue;
    undo(() => Object.defineProperty(each.owner, each.key, present));
    const other = each.part === "value" ? undefined : present[each.part === "get" ? "set" : "get"];
    const gone = other === undefined ? Reflect.deleteProperty(each.owner, each.key) : Reflect.defineProperty(each.owner, each.key, { ...present, [each.part]: undefined });
    if (!gone) stuck.push(name);
  }
  return stuck;
}

function addedMembers(functions: readonly PatchFunction[]): readonly PatchFunction[] {
  return functions.filter(({ origin, name }) => origin === "added" && isLiftedName(name));
}

function install(instance: Instance, name: string, member: Standing, undo: Undo): void {
  const { owner, key, part, value, enumerable } = member;
  const before = Object.getOwnPropertyDescriptor(owner, key);
  // The program assigned it after the class or literal was evaluated: so it would have, had it been there.
  if (before !== undefined && (part === "value" || before[part] !== undefined || "value" in before)) return;
  const other = part === "get" ? before?.set && { set: before.set } : before?.get && { get: before.get };
  const descriptor = part === "value" ? { value, writable: true } : { ...other, [part]: value };
  Object.defineProperty(owner, key, { ...descriptor, enumerable: before?.enumerable ?? enumerable, configurable: true });
  undo(() => (before === undefined ? Reflect.deleteProperty(owner, key) : Object.defineProperty(owner, key, before)));
  const members = standing.get(instance) ?? new Map<string, Standing>();
  standing.set(instance, members);
  members.set(name, member);
  undo(() => members.delete(name));
}

/** Undefined while the class or literal is not evaluated. */
function placeOf(instance: Instance, { name }: PatchFunction): Place | undefined {
  const [root = "", ...parts] = name.split("/");
  const container = containerOf(instance, root);
  const path = parts.map(keyOf);
  const isStatic = typeof container === "function" && path[0] === "static" && path.length > 1;
  const keys = isStatic ? path.slice(1) : path;
  const start = typeof container === "function" && !isStatic ? valueOf(container, "prototype") : container;
  const last = keys.at(-1);
  const kind = keys.at(-2);
  // The builder brings no accessor where a literal `get` or `set` holds others.
  const part = kind === "get" || kind === "set" ? kind : "value";
  const owner = keys.slice(0, part === "value" ? -1 : -2).reduce(valueOf, start);
  if (last === undefined || ((typeof owner !== "object" || owner === null) && typeof owner !== "function")) return undefined;
  return { owner, key: last, part, enumerable: typeof container !== "function" };
}

function containerOf(instance: Instance, root: string): unknown {
  try {
    return scopeOf(instance)[root];
  } catch {
    return undefined; // in its temporal dead zone
  }
}
