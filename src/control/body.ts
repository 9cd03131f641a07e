/** Reads the body of a message within its limit. */
import type { IncomingMessage } from "node:http";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { FILE_LIMIT } from "../patch/file-limit.ts";

/** Bytes a request may have: a little more than the largest patch file, so that too large a file is refused as one. */
export const BODY_LIMIT: number = FILE_LIMIT + 1024 * 1024;

/** Bytes a request may have whose body is JSON. */
export const JSON_LIMIT: number = 64 * 1024;

/** The whole body. Throws HF3014 as soon as it is known to be larger than the limit. */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = (): HotfixError => new HotfixError(diagnostic("HF3014", "error", { limit }));
  if (Number(message.headers["content-length"] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
