/** `@hotfix` and `@nohotfix` in JSDoc comments: what the author says about a function. */
import type { Parsed } from "../syntax/parse.ts";

export interface Tag {
  readonly name: "hotfix" | "nohotfix";
  /** Offset of the tag's `@`. */
  readonly at: number;
}

/** Tags by the offset of the code that follows their comment. */
export function readTags(parsed: Parsed): ReadonlyMap<number, Tag> {
  const tags = new Map<number, Tag>();
  if (!parsed.text.includes("hotfix")) return tags;
  for (const [index, comment] of parsed.comments.entries()) {
    if (comment.type !== "Block" || !comment.value.startsWith("*")) continue;
    const match = /(?<![\w@{])@(hotfix|nohotfix)\b/.exec(comment.value);
    if (!match) continue;
    let follows = comment.end;
    for (let next = index + 1; ; next++) {
      while (/\s/.test(parsed.text.charAt(follows))) follows++;
      const neighbour = parsed.comments[next];
      if (neighbour?.start !== follows) break;
      follows = neighbour.end;
    }
    tags.set(follows, { name: match[1] === "hotfix" ? "hotfix" : "nohotfix", at: comment.start + 2 + match.index });
  }
  return tags;
}
