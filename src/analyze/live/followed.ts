/** What is followed through a call, and how deep it sits in the value that a place holds. */
import type { Class, Node } from "oxc-parser";
import { isFunction } from "../functions.ts";
import type { Unit } from "./nest.ts";

export interface Followed {
  /** Where the code begins: tells one unit from another. */
  readonly of: number;
  /** `iterator`: suspended in a `generator`'s code. */
  readonly is: "code" | "generator" | "iterator";
  /** Names of the properties that lead to it, the outermost last; undefined if it is somewhere inside. */
  readonly path: readonly string[] | undefined;
  /** Of a class or an instance: its members, through which it can be reached. */
  readonly members: ReadonlySet<string> | undefined;
}

const DEEPEST = 4;

export function followedOf(unit: Unit): Followed {
  return { of: unit.start, is: generates(unit) ? "generator" : "code", path: [], members: isFunction(unit) ? undefined : membersOf(unit) };
}

/** `value` --> `{ name: value }`; what a prototype holds is found under its own name. */
export function inside(followed: Followed, name: string | undefined): Followed {
  const { path } = followed;
  return { ...followed, path: path === undefined || name === undefined || name === "__proto__" || path.length === DEEPEST ? undefined : [...path, name] };
}

/** It is somewhere in there. */
export function somewhere(followed: Followed): Followed {
  return { ...followed, path: undefined };
}

/** `value` --> `value.name`; undefined if that does not lead to it. */
export function outOf(followed: Followed, name: string | undefined): Followed | undefined {
  const { path, members } = followed;
  if (path === undefined) return followed;
  if (path.length === 0) return members && (name === undefined || members.has(name)) ? followed : undefined;
  return name === undefined || path.at(-1) === name ? { ...followed, path: path.slice(0, -1) } : undefined;
}

export function iteratorOf(followed: Followed): Followed {
  return { ...followed, is: "iterator", path: [], members: undefined };
}

/** The code itself, not something that holds it. */
export function isItself({ path }: Followed): boolean {
  return path?.length === 0;
}

export function keyOf({ of, is, path }: Followed): string {
  return `${of} ${is} ${path?.join(".") ?? "*"}`;
}

/** What it returns, or one of its methods does, is suspended in its code. */
function generates(unit: Unit): boolean {
  if (isFunction(unit)) return unit.generator;
  return unit.body.body.some((member) => "value" in member && member.value !== null && isFunction(member.value) && member.value.generator);
}

/** Methods and accessors, and fields that may hold functions. */
function membersOf(unit: Class): ReadonlySet<string> {
  const names = unit.body.body.flatMap((member) => ("key" in member && !holdsData(member) ? (staticName(member.key, member.computed) ?? []) : []));
  return new Set([...names, "prototype", "constructor"]);
}

const DATA: ReadonlySet<string> = new Set(["Literal", "TemplateLiteral", "UnaryExpression", "BinaryExpression"]);

function holdsData(member: Node): boolean {
  if (member.type !== "PropertyDefinition" && member.type !== "AccessorProperty") return false;
  const { value } = member;
  if (value === null || DATA.has(value.type)) return true;
  return (value.type === "ArrayExpression" && value.elements.length === 0) || (value.type === "ObjectExpression" && value.properties.length === 0);
}

/** A property's name, where the source tells it. */
export function staticName(key: Node, computed: boolean): string | undefined {
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  if (key.type === "Identifier" && !computed) return key.name;
  return key.type === "Literal" ? String(key.value) : undefined;
}
