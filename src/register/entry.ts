/** What is known of a file's text once it has been transformed: kept in memory and on disk. */
import type { ModuleFacts } from "../manifest/manifest.ts";

export interface Entry {
  readonly key: string;
  /** Name and absolute folder of its package. */
  readonly package: { readonly name: string; readonly root: string };
  /** Hash of its text. */
  readonly content: string;
  readonly fingerprint: string;
  /** Specifiers lead where our own resolver finds them. */
  readonly facts: ModuleFacts;
  /** The project's files that it loads when it is linked. */
  readonly imports: readonly string[];
  /** Those that it may load later. */
  readonly later: readonly string[];
  /** The project's files that it names and that are not transformed, by their keys. */
  readonly outside: Readonly<Record<string, string>>;
  readonly format: "esm" | "cjs";
  /** Undefined where there is nothing to transform. */
  readonly emitted: Emitted | undefined;
  /** What the author is told. */
  readonly notices: readonly string[];
}

export interface Emitted {
  /** With the declaration of a constant table. */
  readonly code: string;
  /** That declaration. */
  readonly table: string;
  /** What stands in its place in an import cycle; just as long, for the sake of source maps. */
  readonly hoisted: string;
  /** Comment with the source map. */
  readonly map: string;
}
