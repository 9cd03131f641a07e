/** Functions and imports that a module's code holds on to or hands on instead of calling them, at any time. */
import type { Node } from "oxc-parser";
import { isTypeOnly, unwrap, walk } from "../syntax/walk.ts";
import type { ModuleAnalysis } from "./analysis.ts";
import { topLevelNames } from "./calls.ts";
import { CALLING } from "./calls/callees.ts";
import { isCallee, lastName } from "./calls/forms.ts";

export interface Held {
  readonly name: string;
  /** `inner` of `ns.inner`; null: the name itself. */
  readonly member: string | null;
}

/** Sorted. */
export function readHeld(analysis: ModuleAnalysis): readonly Held[] {
  const names = topLevelNames(analysis);
  const functions = new Set([...analysis.targets.map(({ name }) => name), ...analysis.imports.map(({ local }) => local)]);
  const whole = new Set<string>();
  const members = new Map<string, Set<string>>();
  const enter = (node: Node, parent: Node | undefined): boolean => {
    if (isTypeOnly(node) || isOnlyCalled(node, parent)) return false;
    const name = nameOf(node, names);
    if (name === undefined || !functions.has(name) || isCallee(node, parent)) return true;
    if (node.type === "Identifier") whole.add(name);
    if (node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier") members.set(name, (members.get(name) ?? new Set()).add(node.property.name));
    return true;
  };
  for (const root of [...analysis.targets.map(({ fn }) => fn), ...analysis.bindings.map(({ node }) => node), ...analysis.init.map(({ node }) => node)]) walk(root, { enter });
  return [...functions].toSorted().flatMap((name) => [...(whole.has(name) ? [{ name, member: null }] : []), ...[...(members.get(name) ?? [])].toSorted().map((member) => ({ name, member }))]);
}

/** `f` of `list.map(f)`: called at once, and forgotten. */
function isOnlyCalled(node: Node, parent: Node | undefined): boolean {
  return node.type === "Identifier" && parent?.type === "CallExpression" && CALLING.has(lastName(parent.callee) ?? "") && (parent.arguments as readonly Node[]).includes(node);
}

/** The name of the top level that it is, or that it takes a member of. */
function nameOf(node: Node, names: ReadonlyMap<number, string>): string | undefined {
  const owner = node.type === "MemberExpression" ? unwrap(node.object) : node;
  return owner.type === "Identifier" ? names.get(owner.start) : undefined;
}
