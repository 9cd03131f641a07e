/** White space and comments between tokens. */
import { firstFrom } from "./ordered.ts";
import type { Parsed } from "./parse.ts";

type Source = Pick<Parsed, "text" | "comments">;

/** The offset behind the last token that ends at or before `end`. */
export function skipBack({ text, comments }: Source, end: number): number {
  let at = end;
  for (;;) {
    while (/\s/.test(text.charAt(at - 1))) at--;
    const comment = endingAt(comments, at);
    if (!comment) return at;
    at = comment.start;
  }
}

/** The offset of the first token that begins at or behind `start`. */
export function skipForward({ text, comments }: Source, start: number): number {
  let at = start;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    const comment = beginningAt(comments, at);
    if (!comment) return at;
    at = comment.end;
  }
}

/** The offset of a token's first character, which stands between others: the first place of `text` outside comments. */
export function findToken(source: Source, token: string, start: number): number {
  for (let at = skipForward(source, start); at < source.text.length; at = skipForward(source, at + 1)) {
    if (source.text.startsWith(token, at)) return at;
  }
  return -1;
}

/** A line comment ends before its line break. */
function endingAt(comments: Parsed["comments"], end: number): Parsed["comments"][number] | undefined {
  const index = firstFrom(comments, end) - 1;
  const comment = comments[index];
  return comment?.end === end ? comment : undefined;
}

function beginningAt(comments: Parsed["comments"], start: number): Parsed["comments"][number] | undefined {
  const comment = comments[firstFrom(comments, start)];
  return comment?.start === start ? comment : undefined;
}
