/** Compressed blocks in a text: what is read of a manifest only when it is asked for. Zstandard (RFC 8878), base64. */
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { digest } from "../syntax/digest.ts";

/** Where a block stands in its file, its size unpacked, in bytes, and the hash of its text. */
export type BlockEntry = readonly [start: number, length: number, size: number, hash: string];

/** Bytes of a block before it is compressed; a text that is longer has one of its own. */
const FULL = 1 << 17;

/** Nothing that we write is larger. In bytes. */
const LARGEST = 1 << 28;

/** Where a text stands: its block, and its first and last byte there. */
export type Position = readonly [block: number, start: number, end: number];

export class BlockWriter {
  readonly entries: BlockEntry[] = [];
  readonly encoded: string[] = [];
  #parts: Buffer[] = [];
  #size = 0;
  #at = 0;

  add(text: string): Position {
    const part = Buffer.from(text, "utf8");
    if (this.#size > 0 && this.#size + part.length > FULL) this.close();
    const position: Position = [this.entries.length, this.#size, this.#size + part.length];
    this.#parts.push(part);
    this.#size += part.length;
    return position;
  }

  /** Ends the block that is open. */
  close(): void {
    if (this.#parts.length === 0) return;
    const whole = Buffer.concat(this.#parts);
    const encoded = zstdCompressSync(whole).toString("base64");
    this.entries.push([this.#at, encoded.length, whole.length, digest(whole.toString("utf8"))]);
    this.encoded.push(encoded);
    // each stands on a line of its own: `"…",`
    this.#at += encoded.length + 4;
    this.#parts = [];
    this.#size = 0;
  }
}

export class BlockReader {
  readonly #file: Buffer;
  readonly #from: number;
  readonly #entries: readonly BlockEntry[];
  readonly #fail: (detail: string) => never;
  readonly #known = new Map<number, Buffer>();

  /**
   * @param file the whole file
   * @param from where the first block's text begins
   * @param fail throws what is to be said of a damaged block
   */
  constructor(file: Buffer, from: number, entries: readonly BlockEntry[], fail: (detail: string) => never) {
    this.#file = file;
    this.#from = from;
    this.#entries = entries;
    this.#fail = fail;
  }

  read([block, start, end]: Position): string {
    const unpacked = this.#known.get(block) ?? this.#unpack(block);
    if (start > end || end > unpacked.length) this.#fail("it names a place that is not there");
    return unpacked.toString("utf8", start, end);
  }

  #unpack(block: number): Buffer {
    const entry = this.#entries[block];
    if (entry === undefined) return this.#fail(`it has no block ${block}`);
    const [start, length, size, hash] = entry;
    const encoded = this.#file.toString("latin1", this.#from + start, this.#from + start + length);
    let unpacked: Buffer;
    try {
      unpacked = zstdDecompressSync(Buffer.from(encoded, "base64"), { maxOutputLength: Math.min(size, LARGEST), chunkSize: Math.min(Math.max(size, 64), LARGEST) });
    } catch (error) {
      return this.#fail(`block ${block} cannot be unpacked (${error instanceof Error ? error.message : String(error)})`);
    }
    if (digest(unpacked.toString("utf8")) !== hash) return this.#fail(`block ${block} was changed after it was written`);
    this.#known.set(block, unpacked);
    return unpacked;
  }
}
