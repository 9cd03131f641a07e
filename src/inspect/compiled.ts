/**
 * Is the code of a patch what a tree's source compiles to? The hashes in a payload are its maker's word; what a host
 * would run is the code.
 */
import { writePatchCode } from "../builder/code/code.ts";
import { compileToJavaScript } from "../builder/code/javascript.ts";
import type { LoadedTree } from "../builder/load/load.ts";
import type { PatchModule } from "../patch/payload.ts";
import { normalise } from "../syntax/normalise.ts";
import { isParsed, parse } from "../syntax/parse.ts";
import { piecesOf, type Piece } from "./pieces.ts";
import type { WorldModule } from "../builder/world/module.ts";

/** The functions, variables and statements of the patch that the source would give, too. */
export function compiledNames(module: PatchModule, pieces: readonly Piece[], source: WorldModule, { manifest }: LoadedTree): ReadonlySet<string> {
  const { analysis, outline } = source;
  const isThere = ({ name }: { readonly name: string }): boolean => analysis.targets.some((each) => each.name === name) || analysis.bindings.some((each) => each.names.includes(name));
  const { code } = writePatchCode(compileToJavaScript(analysis, manifest.environment), {
    functions: module.functions.filter(isThere).map(({ name }) => name),
    added: new Set(module.functions.filter(({ origin }) => origin === "added").map(({ name }) => name)),
    variables: module.variables.filter(isThere).map(({ name, mutable }) => ({ name, mutable })),
    statements: module.origin === "new",
    strict: outline.strict || manifest.environment.alwaysStrict,
    file: module.file,
    // Values are compared on their own.
    inlined: new Map(pieces.filter(({ kind }) => kind === "constant").map(({ name }) => [name, "0"])),
    defines: manifest.environment.defines,
  });
  const made = new Map(piecesOf({ code, functions: module.functions, variables: module.variables }).map((piece) => [idOf(piece), meaningOf(piece)]));
  return new Set(pieces.filter((piece) => piece.kind !== "code" && made.get(idOf(piece)) === meaningOf(piece)).map(({ name }) => name));
}

function idOf({ kind, name }: Piece): string {
  return `${kind} ${name}`;
}

/** Formatting and comments do not count. */
function meaningOf({ text }: Piece): string {
  const parsed = parse("patch.cjs", text);
  return isParsed(parsed) ? normalise(parsed.program) : text;
}
