/** The parser, and the faster of the two ways in which it hands over a tree. */
import { parseSync, rawTransferSupported, type ParseResult, type ParserOptions } from "oxc-parser";

/**
 * Whether trees come in memory that the parser shares with us, a sixth of the time that they take as JSON. It reserves 6 GB of
 * addresses, of which it uses as much as the largest file needs. Windows counts what is reserved as used.
 */
let isShared = process.platform !== "win32" && rawTransferSupported();

export function parseTree(file: string, text: string, { lang, sourceType }: Required<Pick<ParserOptions, "lang" | "sourceType">>): ParseResult {
  const options: ParserOptions = { lang, sourceType, astType: "ts", range: false, preserveParens: false };
  if (isShared) {
    try {
      return parseSync(file, text, { ...options, experimentalRawTransfer: true } as ParserOptions);
    } catch (error) {
      // Anything else, such as code that nests too deeply, is about this file alone.
      if (error instanceof RangeError && error.message.includes("allocation")) isShared = false;
    }
  }
  return parseSync(file, text, options);
}
