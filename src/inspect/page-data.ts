/**
 * What the page is made of: written by the command, read in the browser, so that nothing here may lead to Node.js. Data
 * only; texts are shown as texts, never as HTML.
 */
import type { Diagnostic } from "../messages/diagnostic.ts";

/** `pending`: patched when its module is loaded. */
export type FunctionState = "patchable" | "patched" | "pending";

/** Whether the tree's file is the one that was built. */
export type SourceState = "as built" | "changed" | "missing" | "broken";

export interface PageFunction {
  readonly name: string;
  /** From 1; 0 where the source is not there. */
  readonly line: number;
  readonly endLine: number;
  readonly statements: number;
  readonly state: FunctionState;
}

/** Statements that no patch reaches, of one cause. */
export interface PageSpot {
  readonly line: number;
  readonly statements: number;
  readonly code: string;
  /** What is refused: `Player.levelUp`. */
  readonly name: string;
}

export interface PageModule {
  /** `src/shop.ts` */
  readonly path: string;
  readonly source: SourceState;
  readonly statements: number;
  readonly functions: readonly PageFunction[];
  readonly spots: readonly PageSpot[];
  /** Its {@link ModuleCode}: which block, and which in it. Absent without a source. */
  readonly block?: number;
  readonly at?: number;
}

/** Text of the source, or in a list of one what was inserted. */
export type Span = string | readonly [string];

export interface EmittedLines {
  /** By line of the source, from 1: those that are emitted otherwise. */
  readonly changed: Readonly<Record<number, readonly Span[]>>;
  /** Lines behind the last of the source. */
  readonly appended: readonly (readonly Span[])[];
}

/** What only the view of one module needs. */
export interface ModuleCode {
  readonly text: string;
  /** A character for each line: `p` can be patched, `f` cannot, `.` holds no statement. */
  readonly lines: string;
  readonly emitted: EmittedLines;
  /** In the order of the module's spots. */
  readonly refusals: readonly Diagnostic[];
  /** Where old code would live on. */
  readonly live: readonly Diagnostic[];
}

export interface PageChange {
  readonly kind: "replaced" | "added" | "variable" | "constant" | "code";
  readonly id: string;
  readonly code: string;
  /** Against what was built; absent where that is not in the tree. */
  readonly diff?: string;
}

export interface PagePatch {
  readonly id: string;
  readonly sequence: number;
  readonly bytes: number;
  readonly signedBy: readonly string[];
  readonly changes: readonly PageChange[];
}

export interface PageHost {
  readonly socket: string;
  readonly pid: number;
  readonly node: string;
  readonly nodeEnv: string | null;
  /** `base` or the id of a patch. */
  readonly state: string;
  readonly since: string;
  /** Worker threads. */
  readonly threads: number;
  /** Keys of modules that are patched when they are loaded. */
  readonly pending: readonly string[];
  readonly live: readonly { readonly target: string; readonly line: number; readonly reason: string }[];
  readonly caveats: readonly string[];
  readonly history: readonly PageHistoryEntry[];
}

export interface PageHistoryEntry {
  readonly at: string;
  readonly operation: string;
  readonly outcome: string;
  readonly patch: string | null;
  readonly by?: string;
  readonly codes: readonly string[];
  readonly reason?: string;
}

export interface PageData {
  readonly package: string;
  readonly build: string;
  /** Worth knowing about the page itself. */
  readonly notices: readonly string[];
  readonly modules: readonly PageModule[];
  readonly patch?: PagePatch;
  readonly host?: PageHost;
}
