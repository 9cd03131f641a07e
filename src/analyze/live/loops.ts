/** Loops that keep a call, and with it its code, running. */
import type { Node } from "oxc-parser";
import { isTypeOnly, walk } from "../../syntax/walk.ts";
import { isFunction, type AnyFunction } from "../functions.ts";
import { worst } from "./rules.ts";

type Loop = Extract<Node, { type: "WhileStatement" | "DoWhileStatement" | "ForStatement" | "ForOfStatement" }>;

export interface LongLoop {
  readonly rule: "endless loop" | "waiting loop";
  readonly node: Node;
}

/** The worst of a function's own loops; undefined if they end of themselves. */
export function longLoop(fn: AnyFunction, isOutside: (identifier: Node) => boolean): LongLoop | undefined {
  const found: LongLoop[] = [];
  walk(fn, {
    enter(node, parent) {
      if (isTypeOnly(node) || (isFunction(node) && node !== fn)) return false;
      if (isLoop(node)) {
        const rule = judge(node, parent?.type === "LabeledStatement" ? parent.label.name : undefined, isOutside);
        if (rule) found.push({ rule, node });
      }
      return true;
    },
  });
  const rule = worst(found.map((each) => each.rule));
  return found.find((each) => each.rule === rule);
}

export function isLoop(node: Node): node is Loop {
  return node.type === "WhileStatement" || node.type === "DoWhileStatement" || node.type === "ForStatement" || node.type === "ForOfStatement";
}

function judge(loop: Loop, label: string | undefined, isOutside: (identifier: Node) => boolean): LongLoop["rule"] | undefined {
  if (loop.type === "ForOfStatement") return loop.await ? "waiting loop" : undefined;
  const body = inspect(loop, label);
  if (isAlwaysTrue(loop.test)) return !body.exits ? "endless loop" : body.awaits ? "waiting loop" : undefined;
  if (!body.awaits || loop.test === null || (loop.type === "ForStatement" && loop.update !== null)) return undefined;
  return mentions(loop.test, isOutside) ? "waiting loop" : undefined;
}

function isAlwaysTrue(test: Node | null): boolean {
  if (test === null) return true;
  if (test.type === "UnaryExpression" && test.operator === "!") return test.argument.type === "Literal" && !test.argument.value;
  return test.type === "Literal" && Boolean(test.value);
}

function mentions(test: Node, isOutside: (identifier: Node) => boolean): boolean {
  let found = false;
  walk(test, {
    enter(node, parent) {
      if (parent?.type === "MemberExpression" && parent.property === node && !parent.computed) return false;
      if (node.type === "ThisExpression" || (node.type === "Identifier" && isOutside(node))) found = true;
      return !found;
    },
  });
  return found;
}

/** What happens in a loop, functions inside it aside. */
function inspect(loop: Loop, label: string | undefined): { readonly exits: boolean; readonly awaits: boolean } {
  const found = { exits: false, awaits: false };
  const inner = new Set<string>();
  /** Loops and switches that a plain `break` would leave; `try` blocks that would catch a `throw`. */
  let breakable = 0;
  let guarded = 0;
  walk(loop, {
    enter(node, parent) {
      if (isFunction(node) || isTypeOnly(node)) return false;
      if (node !== loop && isBreakable(node)) breakable++;
      if (isGuarded(node, parent)) guarded++;
      if (node.type === "LabeledStatement") inner.add(node.label.name);
      if (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await)) found.awaits = true;
      if (node.type === "ReturnStatement" || (node.type === "ThrowStatement" && guarded === 0)) found.exits = true;
      if (node.type === "BreakStatement" && (node.label ? !inner.has(node.label.name) : breakable === 0)) found.exits = true;
      if (node.type === "ContinueStatement" && node.label && node.label.name !== label && !inner.has(node.label.name)) found.exits = true;
      return true;
    },
    leave(node, parent) {
      if (isFunction(node) || isTypeOnly(node)) return;
      if (node !== loop && isBreakable(node)) breakable--;
      if (isGuarded(node, parent)) guarded--;
    },
  });
  return found;
}

function isBreakable(node: Node): boolean {
  return isLoop(node) || node.type === "ForInStatement" || node.type === "SwitchStatement";
}

function isGuarded(node: Node, parent: Node | undefined): boolean {
  return parent?.type === "TryStatement" && parent.handler !== null && parent.block === node;
}
