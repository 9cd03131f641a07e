/** Private names in patch code, which is compiled outside of their class: reached through what the class hands out. */
import type MagicString from "magic-string";
import type { Target } from "../../analyze/analysis.ts";
import { privateUses } from "../../analyze/private-names.ts";
import { privateScopeName } from "../../patch/private-names.ts";
import type { Parsed } from "../../syntax/parse.ts";
import { findToken } from "../../syntax/trivia.ts";
import { walk } from "../../syntax/walk.ts";

/** The class whose private names a lifted function uses. */
export function privatesOf({ member, fn }: Target): string | undefined {
  return member !== undefined && privateUses(fn).length > 0 ? member.root : undefined;
}

// this.#gold += n --> $s["Purse.#"](this)["#gold"] += n
export function writePrivates(output: MagicString, { member, fn }: Target, parsed: Parsed, scope: string): void {
  if (member === undefined) return;
  const views = `${scope}[${JSON.stringify(privateScopeName(member.root))}]`;
  const uses = privateUses(fn);
  for (const { node, name, called } of uses) {
    if (node.type === "BinaryExpression") {
      // #gold in object --> $s["Purse.#"].has("#gold", object)
      output.update(node.start, findToken(parsed, "in", node.left.end) + "in".length, `${views}.has(${JSON.stringify(name)},`);
      output.appendLeft(node.end, ")");
      continue;
    }
    const dot = findDot(parsed, node.object.end);
    output.prependRight(node.start, `${views}${node.optional ? ".maybe" : ""}(`);
    output.update(dot, node.end, `)${node.optional ? "?." : ""}[${JSON.stringify(called ? `${name}()` : name)}]`);
  }
  // new this.#Kind() --> new ($s["Purse.#"](this)["#Kind"])()
  walk(fn, {
    enter(node) {
      if (node.type !== "NewExpression" || !uses.some((use) => node.callee.start <= use.node.start && use.node.end <= node.callee.end)) return;
      output.prependRight(node.callee.start, "(");
      output.appendLeft(node.callee.end, ")");
    },
  });
}

/** Behind an object that may stand in parentheses. */
function findDot(parsed: Parsed, end: number): number {
  const dot = findToken(parsed, ".", end);
  return parsed.text.charAt(dot - 1) === "?" ? dot - 1 : dot;
}
