/** Functions of top-level classes and object literals: which are lifted, under which names, and why others are not. See docs/lifting.md. */
import type { Class, MethodDefinition, Node, ObjectExpression, ObjectProperty } from "oxc-parser";
import type { Scopes } from "../syntax/scopes.ts";
import { unwrap } from "../syntax/walk.ts";
import type { Member, NonTargetReason } from "./analysis.ts";
import { isFunction, type AnyFunction } from "./functions.ts";
import type { Tag } from "./tags.ts";
import type { TopLevel } from "./top-level.ts";

/** What is lifted. Absent: nothing. */
export interface LiftRules {
  readonly classes: boolean;
  readonly objects: boolean;
  /** Only functions of these bindings: those that the running build has. Default: all. */
  readonly roots?: ReadonlySet<string>;
}

export interface MemberFunction {
  /** `Player/levelUp`, `Player/static/create`, `commands/trade/offer`. */
  readonly name: string;
  readonly fn: AnyFunction;
  readonly member: Member;
  readonly tagAt: readonly number[];
}

export interface Members {
  readonly lifted: readonly MemberFunction[];
  /** Why the others are not, where the language's own reason does not say enough. */
  readonly reasons: ReadonlyMap<Node, NonTargetReason>;
}

export interface MemberFacts {
  readonly rules: LiftRules;
  readonly scopes: Scopes;
  readonly mode: "all" | "tagged";
  /** Bindings that are constant by an analysis of the source. */
  readonly trusted: ReadonlySet<string>;
  tagOf(tagAt: readonly number[]): Tag["name"] | undefined;
}

interface Found extends Omit<MemberFunction, "name"> {
  readonly name: string | undefined;
  readonly reason: NonTargetReason | undefined;
}

export function findMembers(items: readonly TopLevel[], facts: MemberFacts): Members {
  const found = items.flatMap((item) => membersOf(item, facts));
  const count = Map.groupBy(found, ({ name }) => name);
  const reasons = new Map<Node, NonTargetReason>();
  const lifted: MemberFunction[] = [];
  for (const { name, reason, ...each } of found) {
    const verdict = judge(each, facts) ?? reason ?? (count.get(name)?.length === 1 ? undefined : "declared twice");
    if (verdict !== undefined) reasons.set(each.fn, verdict);
    else if (name !== undefined) lifted.push({ ...each, name });
  }
  return { lifted, reasons };
}

/** The bare reason of the language where nobody asked for lifting: then the remedy is to ask. */
function judge({ fn, member, tagAt }: Omit<Found, "name" | "reason">, { rules, mode, tagOf }: MemberFacts): NonTargetReason | undefined {
  const tag = tagOf(tagAt);
  const plain = member.owner === "object" ? "object member" : member.accessor === undefined ? "method" : "accessor";
  if (rules.roots?.has(member.root) === false) return plain;
  const isAsked = tag === "hotfix" || (member.owner === "class" ? rules.classes : rules.objects);
  if (!isAsked || fn.body === null) return plain;
  if (tag === "nohotfix") return "tagged @nohotfix";
  return mode === "tagged" && tag === undefined ? "untagged" : undefined;
}

function membersOf(item: TopLevel, facts: MemberFacts): readonly Found[] {
  if (item.is === "binding" && item.node.type === "ClassDeclaration") {
    return classMembers(item.node, item.names[0] ?? "default", item.tagAt, facts);
  }
  if (item.is !== "variable" || !item.init || item.node.type !== "VariableDeclarator" || item.node.id.type !== "Identifier") return [];
  const root = item.node.id.name;
  if (item.kind !== "const" && !facts.trusted.has(root)) return [];
  if (item.init.type === "ClassExpression") return classMembers(item.init, root, item.tagAt, facts);
  if (item.init.type === "ObjectExpression") return objectMembers(item.init, { root, path: [root], container: item.init, tagAt: item.tagAt }, facts);
  return [];
}

function classMembers(node: Class, root: string, tagAt: readonly number[], { scopes }: MemberFacts): readonly Found[] {
  return node.body.body.flatMap((member): Found[] => {
    if (member.type !== "MethodDefinition" || member.kind === "constructor" || !isFunction(member.value)) return [];
    const accessor = member.kind === "method" ? undefined : member.kind;
    const key = keyOf(member, scopes);
    return [{
      name: key === undefined ? undefined : [root, ...(member.static ? ["static"] : []), ...(accessor === undefined ? [] : [accessor]), key].join("/"),
      fn: member.value,
      member: { start: member.start, end: member.end, owner: "class", root, container: node, node: member, static: member.static, accessor },
      tagAt: [member.start, member.value.start, ...tagAt],
      reason: isDecorated(member) ? "decorated member" : key === undefined ? "computed key" : undefined,
    }];
  });
}

interface Literal {
  readonly root: string;
  readonly path: readonly string[];
  readonly container: Node;
  readonly tagAt: readonly number[];
}

function objectMembers(node: ObjectExpression, within: Literal, facts: MemberFacts): readonly Found[] {
  return node.properties.flatMap((property): readonly Found[] => {
    if (property.type !== "Property") return [];
    const key = keyOf(property, facts.scopes);
    const value = unwrap(property.value);
    if (value.type === "ObjectExpression") {
      return key === undefined || key === "__proto__" ? [] : objectMembers(value, { ...within, path: [...within.path, key], tagAt: [property.start, ...within.tagAt] }, facts);
    }
    if (!isFunction(value)) return [];
    const accessor = property.kind === "init" ? undefined : property.kind;
    // `__proto__: f` is no property
    const isKeyed = key !== undefined && (key !== "__proto__" || property.method || accessor !== undefined);
    const { root, container } = within;
    return [{
      name: isKeyed ? [...within.path, ...(accessor === undefined ? [] : [accessor]), key].join("/") : undefined,
      fn: value,
      member: { start: property.start, end: property.end, owner: "object", root, container, node: property, static: false, accessor },
      tagAt: [property.start, value.start, ...within.tagAt],
      reason: !isKeyed ? "computed key" : namesItself(value, facts.scopes) ? "names itself" : undefined,
    }];
  });
}

function isDecorated({ decorators, value }: MethodDefinition): boolean {
  return decorators.length > 0 || (value.params as readonly Node[]).some((parameter) => "decorators" in parameter && (parameter.decorators?.length ?? 0) > 0);
}

/** `{ walk: function step() { step(); } }`: in a patch, `step` would be another function. */
function namesItself(fn: AnyFunction, scopes: Scopes): boolean {
  const outer = fn.type === "FunctionExpression" && fn.id ? scopes.ofFunction(fn)?.upper : undefined;
  return outer?.type === "function-expression-name" && outer.variables.some(({ references }) => references.length > 0);
}

/** The key as ids show it; undefined where it is not constant. What ids are made with is written as in URLs. */
function keyOf({ key, computed }: MethodDefinition | ObjectProperty, scopes: Scopes): string | undefined {
  if (!computed && key.type === "Identifier") return key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  if (key.type === "Literal" && (typeof key.value === "string" || typeof key.value === "number")) return escapeKey(String(key.value));
  const symbol = key.type === "MemberExpression" && !key.computed && key.object.type === "Identifier" && key.object.name === "Symbol" && key.property.type === "Identifier" ? key.property.name : undefined;
  return symbol !== undefined && !scopes.binds("Symbol") && typeof Symbol[symbol as keyof SymbolConstructor] === "symbol" ? `@@${symbol}` : undefined;
}

function escapeKey(key: string): string {
  return key === "" ? "%" : key.replaceAll(/[/%#@,>\s]/g, (each) => encodeURIComponent(each).replace(/^([^%])$/, (bare) => `%${bare.charCodeAt(0).toString(16)}`));
}

/** `Player/levelUp` --> `$0Player$$levelUp`, an identifier that is no function's slot, and no other path's. */
export function slotOf(name: string): string {
  return `$0${name.split("/").map((part) => part.replaceAll(/[^A-Za-z0-9_]/gu, (each) => `$${each.codePointAt(0)?.toString(16) ?? ""}$`)).join("$$")}`;
}

/** `Player` of `Player/levelUp`; undefined for a function of the module's own. */
export function rootOf(name: string): string | undefined {
  const slash = name.indexOf("/");
  return slash < 0 ? undefined : name.slice(0, slash);
}
