/** JSON of which nothing is known yet: what it may cost is bounded before it is parsed. */
import type { Reading } from "./envelope.ts";

/** Objects and lists in each other. A payload needs nine. */
const DEEPEST = 32;

/** Values in lists and objects, counted by the punctuation around them: bounds the memory that they take. */
const MOST_VALUES = 2_000_000;

/** JSON from UTF-8 bytes, without byte order mark or invalid sequences. */
export function parseJson(bytes: Uint8Array): Reading<unknown> {
  const excess = findExcess(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (excess !== undefined) return { ok: false, detail: excess };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, detail: error instanceof SyntaxError ? "it is not JSON" : "it is not UTF-8" };
  }
}

/** Looks at punctuation outside of strings only: cheap, and right for whatever the parser would take. */
function findExcess(bytes: Buffer): string | undefined {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case 0x22: // "
        at = endOfString(bytes, at);
        if (at < 0) return undefined; // the parser will say so
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth++;
        values++;
        break;
      case 0x2c: // ,
        values++;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
    }
    if (depth > DEEPEST) return `it is nested deeper than ${DEEPEST} levels`;
    if (values > MOST_VALUES) return `it has more than ${MOST_VALUES} values`;
  }
  return undefined;
}

/** Where the quote stands that ends the string; -1 if there is none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(0x22, start + 1); at >= 0; at = bytes.indexOf(0x22, at + 1)) {
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}
