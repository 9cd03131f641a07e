/**
 * Lifted functions in patch code. A method stays one (no constructor, with `super`), in an object literal of its own. Where the
 * host has it, it needs no guard: only the host's guard calls it, and what it calls are the host's methods.
 */
import type MagicString from "magic-string";
import type { Node } from "oxc-parser";
import type { ModuleAnalysis, Target } from "../../analyze/analysis.ts";
import { isFunction } from "../../analyze/functions.ts";
import { homeName, liftName, SUPER_NAME } from "../../patch/lift-names.ts";
import { applyEdit } from "../../rewrite/text.ts";
import { skipForward } from "../../syntax/trivia.ts";
import { children } from "../../syntax/walk.ts";
import { isThisParameter } from "../../syntax/normalise.ts";

export interface LiftedContext {
  readonly analysis: ModuleAnalysis;
  /** The patch code is strict code. */
  readonly strict: boolean;
  /** Name of the scope object. */
  readonly scope: string;
  /** Of one that the patch adds: its function object is called by everybody, and by later patches through this. */
  readonly guard: Parameters<typeof applyEdit>[2] | undefined;
}

// static create(n) { … } --> const $home_0 = { create(n) { … } }, $lift_0 = $home_0.create;
// get level() { return super.level; } --> const $home_0 = { "get level"() { $super($home_0, $s.Player.prototype); return super.level; } }, $lift_0 = …
export function writeLifted(output: MagicString, target: Target, { analysis, strict, scope, guard }: LiftedContext): void {
  const { member } = target;
  if (member === undefined) return;
  const { node, accessor, owner } = member;
  const local = homeName(target.slot);
  let at = node.start;
  if (member.static) {
    output.remove(at, at + "static".length);
    at = skipForward(analysis.parsed, at + "static".length);
  }
  if (accessor !== undefined) output.update(at, target.fn.start, JSON.stringify(accessorName(target)));
  else if (node.key.type === "PrivateIdentifier") output.update(node.key.start, node.key.end, `"#${node.key.name}"`);
  // The body of a class is strict code, whatever the module is.
  const [before, after] = owner === "class" && !strict ? ['(() => { "use strict"; return { ', " }; })()"] : ["{ ", " }"];
  output.prependRight(node.start, `const ${local} = ${before}`);
  output.appendLeft(node.end, `${after}, ${liftName(target.slot)} = ${local}${memberOf(target, analysis)};\n`);
  const home = homeOf(target);
  if (guard) applyEdit(output, analysis.parsed.text, guard);
  if (home) output.appendLeft(target.guardAt, ` ${SUPER_NAME}(${local}, ${scope}.${home.path});`);
}

/** How a function is taken out of the object literal. */
function memberOf(target: Target, analysis: ModuleAnalysis): string {
  const { key, computed } = (target.member as NonNullable<Target["member"]>).node;
  if (target.member?.accessor !== undefined) return `[${JSON.stringify(accessorName(target))}]`;
  if (key.type === "PrivateIdentifier") return `["#${key.name}"]`;
  const text = analysis.parsed.text.slice(key.start, key.end);
  return key.type === "Identifier" && !computed ? `.${text}` : `[${text}]`;
}

/** What the function of an accessor is called: `get level`. */
function accessorName({ name, member }: Target): string {
  const key = (member as NonNullable<Target["member"]>).node.key;
  const text = key.type === "Literal" ? String(key.value) : key.type === "Identifier" ? key.name : key.type === "PrivateIdentifier" ? `#${key.name}` : `[${(name.split("/").at(-1) ?? "").replace("@@", "Symbol.")}]`;
  return `${member?.accessor} ${text}`;
}

/** Where the object is that `super` of a lifted function starts from; undefined where it uses none. */
export function homeOf(target: Target | undefined): { readonly path: string; readonly use: { readonly name: string; readonly within: string } } | undefined {
  const { member } = target ?? {};
  if (target === undefined || member === undefined || superIn(target) === undefined) return undefined;
  return { path: member.static ? member.root : `${member.root}.prototype`, use: { name: member.root, within: target.name } };
}

/** Where a lifted function uses `super`: parameters run before the body can say what it is. */
export function superIn({ fn }: Target): "parameters" | "body" | undefined {
  const uses = (node: Node | null): boolean => {
    if (node === null) return false;
    if (node.type === "Super") return true;
    // What has a `super` of its own; keys and heritage have not.
    return children(node).some((child) => (isFunction(child) && child.type !== "ArrowFunctionExpression" ? false : isOwnBody(child, node) ? false : uses(child)));
  };
  if ((fn.params as readonly Node[]).some((each) => !isThisParameter(each) && uses(each))) return "parameters";
  return uses(fn.body as Node | null) ? "body" : undefined;
}

/** The value of a field, or a static block. */
function isOwnBody(node: Node, parent: Node): boolean {
  return node.type === "StaticBlock" || ((parent.type === "PropertyDefinition" || parent.type === "AccessorProperty") && parent.value === node);
}
