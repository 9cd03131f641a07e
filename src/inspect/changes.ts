/** What a patch does, piece by piece; held against the base's source where that is at hand. */
import { formatPatch, structuredPatch } from "diff";
import { writePatchCode } from "../builder/code/code.ts";
import { compileToJavaScript } from "../builder/code/javascript.ts";
import type { LoadedTree } from "../builder/load/load.ts";
import { displayTarget } from "../manifest/module-key.ts";
import type { PatchModule, PatchPayload } from "../patch/payload.ts";
import { piecesOf, type Piece } from "./pieces.ts";
import type { WorldModule } from "../builder/world/module.ts";

export interface Change {
  readonly kind: Piece["kind"];
  /** `src/shop.ts#award` */
  readonly id: string;
  /** As it runs on the host: `$s.name` is the host's binding, `$t` the patch's table. */
  readonly code: string;
  /** Unified diff from the base's source, compiled the same way; empty if only what its names stand for has changed. */
  readonly diff?: string;
}

const CONTEXT = 3;

/** @param base the source that the running build was made from */
export function changesOf(payload: PatchPayload, base?: LoadedTree): readonly Change[] {
  return [...payload.modules, ...(payload.callbacks === null ? [] : [payload.callbacks.module])].flatMap((module) => {
    const source = base?.fixed.module(module.key);
    const pieces = piecesOf(module);
    const before = base && source ? piecesBefore(module, pieces, source, base) : [];
    return pieces.map((piece): Change => {
      const id = displayTarget(module.key, piece.name, payload.package);
      const change = { kind: piece.kind, id, code: piece.text };
      return base === undefined ? change : { ...change, diff: diffOf(id, before.find((each) => each.kind === piece.kind && each.name === piece.name)?.text, piece.text) };
    });
  });
}

/** The base's own functions in the form of patch code, and its constants as they stand. */
function piecesBefore(module: PatchModule, pieces: readonly Piece[], source: WorldModule, { manifest }: LoadedTree): readonly Piece[] {
  // named as in the patch's code, so that only the value makes a difference
  const inlined = new Map(pieces.filter(({ kind }) => kind === "constant").map(({ name }) => [name, "0"]));
  const functions = module.functions.filter(({ origin, name }) => origin === "replaced" && source.outline.targets.some((each) => each.name === name));
  const { code } = writePatchCode(compileToJavaScript(source.analysis, manifest.environment), {
    functions: functions.map(({ name }) => name),
    added: new Set(),
    variables: [],
    statements: false,
    strict: source.outline.strict,
    file: module.file,
    inlined,
    defines: manifest.environment.defines,
  });
  const constants = source.analysis.bindings.map(({ name, node }): Piece => {
    const { text } = source.analysis.parsed;
    return { kind: "constant", name, text: `const ${text.slice(node.start, node.end)};` };
  });
  return [...piecesOf({ code, functions, variables: [] }).filter(({ kind }) => kind === "replaced"), ...constants];
}

function diffOf(id: string, before: string | undefined, after: string): string {
  const [old, now] = [before === undefined ? "" : `${before}\n`, `${after}\n`];
  if (old === now) return "";
  const patch = structuredPatch(before === undefined ? "/dev/null" : `a/${id}`, `b/${id}`, old, now, undefined, undefined, { context: CONTEXT });
  return formatPatch(patch, { includeIndex: false, includeUnderline: false, includeFileHeaders: true });
}
