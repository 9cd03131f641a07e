/**
 * The host's function objects of lifted functions: `Player/static/create`, `commands/trade/offer`. No scope names them, and
 * the program may have put others in their places (decorators, spies): only what carries the guard is the host's own.
 */
import type { PatchFunction } from "../patch/payload.ts";
import { scopeOf, type Instance } from "./host.ts";

/** Undefined where it cannot be found: the program has replaced it, or its key is private. Throws in the class's dead zone. */
export function memberFunction(instance: Instance, { name, slot }: Pick<PatchFunction, "name" | "slot">): Function | undefined {
  const [root = "", ...path] = name.split("/");
  const scope = scopeOf(instance);
  const container = root in scope ? scope[root] : undefined;
  return candidates(container, path.map(keyOf)).find((each) => carriesGuard(Function.prototype.toString.call(each), slot));
}

/** Whether a function's text names the slot, and not only one whose name is longer: that of `Player/levelUp` begins like that of `Player/level`. */
function carriesGuard(text: string, slot: string): boolean {
  const pieces = text.split(slot);
  return pieces.some((piece, index) => index > 0 && !/^[\w$]/.test(piece) && !/[\w$]$/.test(pieces[index - 1] ?? ""));
}

/** Whether the class or literal is there: what is not found then is not to be found. */
export function isInitialised(instance: Instance, { name }: Pick<PatchFunction, "name">): boolean {
  try {
    const [root = ""] = name.split("/");
    return !(root in scopeOf(instance)) || scopeOf(instance)[root] !== undefined;
  } catch {
    return false;
  }
}

function candidates(container: unknown, path: readonly PropertyKey[]): readonly Function[] {
  const isStatic = typeof container === "function" && path[0] === "static" && path.length > 1;
  const owner = typeof container === "function" && !isStatic ? valueOf(container, "prototype") : container;
  const keys = isStatic ? path.slice(1) : path;
  const last = keys.at(-1);
  const kind = keys.at(-2);
  if (last === undefined) return [];
  const plain = descriptorOf(keys.slice(0, -1).reduce(valueOf, owner), last)?.value as unknown;
  const pair = kind === "get" || kind === "set" ? descriptorOf(keys.slice(0, -2).reduce(valueOf, owner), last) : undefined;
  return [plain, kind === "get" ? pair?.get : pair?.set].filter((each): each is Function => typeof each === "function");
}

/** Runs no accessor. */
export function valueOf(owner: unknown, key: PropertyKey): unknown {
  return descriptorOf(owner, key)?.value as unknown;
}

function descriptorOf(owner: unknown, key: PropertyKey): PropertyDescriptor | undefined {
  return (typeof owner === "object" && owner !== null) || typeof owner === "function" ? Object.getOwnPropertyDescriptor(owner, key) : undefined;
}

/** `@@iterator` --> `Symbol.iterator`    `a%2fb` --> `a/b` */
export function keyOf(part: string): PropertyKey {
  const symbol = part.startsWith("@@") ? Symbol[part.slice(2) as keyof SymbolConstructor] : undefined;
  if (typeof symbol === "symbol") return symbol;
  return part === "%" ? "" : decodeURIComponent(part);
}
