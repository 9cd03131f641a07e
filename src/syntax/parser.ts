/** The parser, and the faster of the two ways in which it hands over a tree, where that is no burden. */
import { parseSync, rawTransferSupported, visitorKeys, type Node, type ParseResult, type ParserOptions } from "oxc-parser";
import { getHeapStatistics } from "node:v8";
import { eachChild } from "./walk.ts";

/**
 * Trees come in memory that the parser shares with us, a sixth of the time that they take as JSON. It reserves 6 GB of addresses,
 * of which it uses as much as the largest file needs. Windows counts what is reserved as used.
 */
let isPossible = process.platform !== "win32" && rawTransferSupported();

/** Trees come as JSON from here on: for a server, which has its address space for itself. */
export function parseWithoutSharedMemory(): void {
  isPossible = false;
}

/** V8 answers the reservation with a full garbage collection: half a second in a compiler that has checked its program. */
const SMALL_HEAP = 64 * 2 ** 20;

/** The parser keeps its memory for ten seconds. */
const KEPT_MS = 9000;

let keptUntil = 0;

export function parseTree(file: string, text: string, { lang, sourceType }: Required<Pick<ParserOptions, "lang" | "sourceType">>): ParseResult {
  const options: ParserOptions = { lang, sourceType, astType: "ts", range: false, preserveParens: false };
  if (isPossible && (performance.now() < keptUntil || getHeapStatistics().used_heap_size < SMALL_HEAP)) {
    try {
      const result = parseSync(file, text, { ...options, experimentalRawTransfer: true } as ParserOptions);
      keptUntil = performance.now() + KEPT_MS;
      return result;
    } catch (error) {
      // Anything else, such as code that nests too deeply, is about this file alone.
      if (error instanceof RangeError && error.message.includes("allocation")) isPossible = false;
    }
  }
  const result = parseSync(file, text, options);
  if (result.errors.length === 0) shareType(result.program);
  return result;
}

const TYPES: ReadonlyMap<string, string> = new Map(Object.keys(visitorKeys).map((type) => [type, type]));

/** In JSON, each node has a string of its own for its `type`: two of them are compared character by character. */
function shareType(node: Node): void {
  (node as { type: string }).type = TYPES.get(node.type) ?? node.type;
  eachChild(node, shareType, undefined, undefined);
}
