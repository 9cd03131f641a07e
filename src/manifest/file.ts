/**
 * The manifest as a file: JSON, whose first line holds all but the modules' facts and texts. Those stand below it, in compressed blocks,
 * one a line, and are read when they are asked for. Writing is atomic; reading checks the layout.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { EMITTED_FORM } from "../patch/form.ts";
import { PAYLOAD_SCHEMA } from "../patch/payload.ts";
import { digest } from "../syntax/digest.ts";
import { BlockReader, BlockWriter, type BlockEntry, type Position } from "./blocks.ts";
import { MANIFEST_SCHEMA, type Manifest, type ManifestModule, type ModuleFacts, type NamedModules } from "./manifest.ts";

/** Modules that are named, by their place in the index: see {@link NamedModules}. */
type Links = readonly [linked: readonly number[], exported: readonly number[], dynamic: readonly number[]];

/** Fingerprint, hash of the text, place of the facts, and of the text or the git blob that has it. */
type ModuleRow = readonly [fingerprint: string, content: string, facts: Position, text: Position | string, links: Links];

interface Index {
  readonly modules: Readonly<Record<string, ModuleRow>>;
  readonly blocks: readonly BlockEntry[];
}

type Head = Omit<Manifest, "modules"> & {
  readonly index: Index;
  /** Hash of all that stands before it. */
  readonly seal: string;
};

/** What stands between the first line's values and the blocks. */
const TAIL = ',"blocks":[';

export function printManifest({ modules, ...head }: Manifest): string {
  const facts = new BlockWriter();
  const texts = new BlockWriter();
  const known = new Map<string, Position>();
  const rows: Record<string, [string, string, Position, Position | string, Links]> = {};
  const places = new Map([...modules.keys()].map((key, index) => [key, index]));
  const linksTo = (keys: readonly string[]): readonly number[] => keys.flatMap((key) => places.get(key) ?? []);
  for (const [key, { fingerprint, content, text, blob, facts: own, named }] of modules) {
    // each text stands there once
    const place = text === undefined ? (blob ?? "") : (known.get(content) ?? texts.add(text));
    if (typeof place !== "string") known.set(content, place);
    rows[key] = [fingerprint, content, facts.add(JSON.stringify(own)), place, [linksTo(named.linked), linksTo(named.exported), linksTo(named.dynamic)]];
  }
  facts.close();
  texts.close();
  const shift = facts.encoded.reduce((sum, each) => sum + each.length + 4, 0);
  for (const row of Object.values(rows)) if (typeof row[3] !== "string") row[3] = [row[3][0] + facts.entries.length, row[3][1], row[3][2]];
  const blocks = [...facts.entries, ...texts.entries.map(([start, ...rest]): BlockEntry => [start + shift, ...rest])];
  const sealed = { ...head, index: { modules: rows, blocks } };
  const line = JSON.stringify({ ...sealed, seal: digest(JSON.stringify(sealed)) } satisfies Head).slice(0, -1);
  const encoded = [...facts.encoded, ...texts.encoded].map((each) => `"${each}"`);
  return `${line}${TAIL}\n${encoded.join(",\n")}\n]}\n`;
}

/** The file holds the program's source: its owner alone may read it. */
export function writeManifest(file: string, manifest: Manifest): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, printManifest(manifest), { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Opens a manifest. Facts and texts are read from it when they are asked for.
 *
 * @throws HotfixError HF2101 for a file that is no manifest or was damaged, HF2104 for another schema, HF2105 for a host of another emitted
 *   form. Damage that lies in a block shows when that is read.
 */
export function readManifest(file: string): Manifest {
  const fail = (detail: string): never => {
    throw new HotfixError(diagnostic("HF2101", "error", { file, detail }));
  };
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    return fail((error as Error).message);
  }
  const head = readHead(content, file, fail);
  const { index, seal: _, ...rest } = head;
  const newline = content.indexOf("\n");
  const blocks = new BlockReader(content, newline + 2, index.blocks, fail);
  const keys = Object.keys(index.modules);
  const modules = new Map(Object.entries(index.modules).map(([key, row]) => [key, new StoredModule(key, row, { keys, blocks, fail })]));
  return { ...rest, modules };
}

interface StoredIn {
  /** Of all modules, in their order. */
  readonly keys: readonly string[];
  readonly blocks: BlockReader;
  readonly fail: (detail: string) => never;
}

class StoredModule implements ManifestModule {
  readonly fingerprint: string;
  readonly content: string;
  readonly #key: string;
  readonly #row: ModuleRow;
  readonly #keys: readonly string[];
  readonly #blocks: BlockReader;
  readonly #fail: (detail: string) => never;
  #facts: ModuleFacts | undefined;

  constructor(key: string, row: ModuleRow, { keys, blocks, fail }: StoredIn) {
    [this.fingerprint, this.content] = row;
    this.#key = key;
    this.#row = row;
    this.#keys = keys;
    this.#blocks = blocks;
    this.#fail = fail;
  }

  get named(): NamedModules {
    const [linked, exported, dynamic] = this.#row[4].map((places) => places.flatMap((place) => this.#keys[place] ?? []));
    return { linked: linked ?? [], exported: exported ?? [], dynamic: dynamic ?? [] };
  }

  get facts(): ModuleFacts {
    this.#facts ??= this.#readFacts();
    return this.#facts;
  }

  #readFacts(): ModuleFacts {
    try {
      return JSON.parse(this.#blocks.read(this.#row[2])) as ModuleFacts;
    } catch (error) {
      if (error instanceof HotfixError) throw error;
      return this.#fail(`the facts of ${this.#key} cannot be read`);
    }
  }

  get text(): string | undefined {
    const place = this.#row[3];
    if (typeof place === "string") return undefined;
    const text = this.#blocks.read(place);
    return digest(text) === this.content ? text : this.#fail(`the text of ${this.#key} was changed after it was written`);
  }

  get blob(): string | undefined {
    const place = this.#row[3];
    return typeof place === "string" ? place : undefined;
  }
}

function readHead(content: Buffer, file: string, fail: (detail: string) => never): Head {
  const newline = content.indexOf("\n");
  const line = content.toString("utf8", 0, newline === -1 ? content.length : newline);
  let value: unknown;
  try {
    value = JSON.parse(line.endsWith(TAIL) ? `${line.slice(0, -TAIL.length)}}` : content.toString("utf8"));
  } catch (error) {
    return fail((error as Error).message);
  }
  if (!isRecord(value) || value["schema"] === undefined) return fail("it is no manifest");
  if (value["schema"] !== MANIFEST_SCHEMA) throw new HotfixError(diagnostic("HF2104", "error", { file, found: JSON.stringify(value["schema"]), known: MANIFEST_SCHEMA }));
  const problem = findProblem(value);
  if (problem !== undefined) return fail(problem);
  const head = value as unknown as Head;
  const { seal, ...sealed } = head;
  if (digest(JSON.stringify(sealed)) !== seal) return fail("it was changed after it was written");
  const { form, patch } = head.versions;
  if (form !== EMITTED_FORM || patch !== PAYLOAD_SCHEMA) throw new HotfixError(diagnostic("HF2105", "error", { file, form, patch, known: `${EMITTED_FORM} and ${PAYLOAD_SCHEMA}` }));
  return head;
}

function findProblem(value: Readonly<Record<string, unknown>>): string | undefined {
  const { build, package: name, packages, environment, outside, entries, versions, index } = value;
  if (typeof build !== "string" || typeof name !== "string") return "`build` and `package` must be strings";
  const objects = { packages, environment, outside, versions, index };
  for (const [field, each] of Object.entries(objects)) if (!isRecord(each)) return `\`${field}\` must be an object`;
  if (!Array.isArray(entries)) return "`entries` must be a list";
  const { coverage, resolution, compiler } = environment as Record<string, unknown>;
  if (!isRecord(coverage) || !isRecord(resolution) || !isRecord(compiler)) return "`environment` lacks `coverage`, `resolution` or `compiler`";
  const { modules, blocks } = index as Record<string, unknown>;
  if (!isRecord(modules) || !Array.isArray(blocks)) return "`index` must have `modules` and `blocks`";
  if (!blocks.every(isBlock)) return "a block's place is malformed";
  const broken = Object.entries(modules).find(([, row]) => !isRow(row));
  return broken === undefined ? undefined : `the row of ${broken[0]} is malformed`;
}

function isBlock(value: unknown): boolean {
  return Array.isArray(value) && value.length === 4 && value.slice(0, 3).every((each) => Number.isSafeInteger(each) && each >= 0) && typeof value[3] === "string";
}

function isRow(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "string" && isPosition(value[2]) && (typeof value[3] === "string" || isPosition(value[3])) && isLinks(value[4]);
}

function isLinks(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && value.every((each) => Array.isArray(each) && each.every(Number.isSafeInteger));
}

function isPosition(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
