/** Many small texts in one file, by id: a hash, an index, and compressed blocks below them. Written as a whole. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { BlockReader, BlockWriter, type BlockEntry, type Position } from "../../manifest/blocks.ts";
import { digest } from "../../syntax/digest.ts";

interface Index {
  /** Id → place, and the round in which it was asked for last. */
  readonly texts: Readonly<Record<string, readonly [...Position, round: number]>>;
  readonly blocks: readonly BlockEntry[];
}

export interface Packed {
  readonly text: string;
  readonly round: number;
}

export class Pack {
  readonly #index: Index;
  readonly #blocks: BlockReader;

  private constructor(index: Index, blocks: BlockReader) {
    this.#index = index;
    this.#blocks = blocks;
  }

  /** Undefined where the file is missing or damaged. */
  static open(file: string): Pack | undefined {
    try {
      const content = readFileSync(file);
      const [seal, line] = [content.indexOf("\n"), content.indexOf("\n", content.indexOf("\n") + 1)];
      const sealed = content.toString("utf8", seal + 1, line);
      // a place that is wrong would give the text of another id
      if (digest(sealed) !== content.toString("utf8", 0, seal)) return undefined;
      const index = JSON.parse(sealed) as Index;
      const damaged = (detail: string): never => {
        throw new Error(detail);
      };
      return new Pack(index, new BlockReader(content, line + 2, index.blocks, damaged));
    } catch {
      return undefined;
    }
  }

  /** Tells whether it could. */
  static write(file: string, texts: ReadonlyMap<string, Packed>): boolean {
    const writer = new BlockWriter();
    const places = [...texts].map(([id, { text, round }]) => [id, [...writer.add(text), round]] as const);
    writer.close();
    const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      mkdirSync(dirname(file), { recursive: true });
      const index = JSON.stringify({ texts: Object.fromEntries(places), blocks: writer.entries } satisfies Index);
      writeFileSync(temporary, `${digest(index)}\n${index}\n${writer.encoded.map((each) => `"${each}"`).join(",\n")}\n`);
      renameSync(temporary, file);
      return true;
    } catch {
      // next time it is made again
      Pack.remove(temporary);
      return false;
    }
  }

  /** Removes a file, if it is there and can be removed. */
  static remove(file: string): void {
    try {
      rmSync(file, { force: true });
    } catch {
      // its folder is a file
    }
  }

  get size(): number {
    return Object.keys(this.#index.texts).length;
  }

  read(id: string): string | undefined {
    const place = this.#index.texts[id];
    if (place === undefined || !Object.hasOwn(this.#index.texts, id)) return undefined;
    try {
      return this.#blocks.read([place[0], place[1], place[2]]);
    } catch {
      return undefined;
    }
  }

  /** All that it holds. */
  *entries(): Iterable<readonly [string, Packed]> {
    for (const [id, [, , , round]] of Object.entries(this.#index.texts)) {
      const text = this.read(id);
      if (text !== undefined) yield [id, { text, round }];
    }
  }
}
