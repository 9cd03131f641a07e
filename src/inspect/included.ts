/** Does a source tree contain the fix? Held against it: each function, variable, constant and import that the patch brings. */
import type { Binding } from "../analyze/analysis.ts";
import { constantValue, printConstant, type ConstantValue } from "../builder/values/constant-value.ts";
import { enumText } from "../builder/values/const-enum.ts";
import type { LoadedTree } from "../builder/load/load.ts";
import { exportMap, followImport } from "../builder/world/follow.ts";
import { displayTarget } from "../manifest/module-key.ts";
import type { Place } from "../messages/diagnostic.ts";
import { togetherName } from "../patch/adder.ts";
import type { PatchImport, PatchModule, PatchPayload, PatchVariable } from "../patch/payload.ts";
import { digest } from "../syntax/digest.ts";
import { normalise } from "../syntax/normalise.ts";
import { placeAt } from "../syntax/place.ts";
import { compiledNames } from "./compiled.ts";
import { piecesOf, type Piece } from "./pieces.ts";
import type { World } from "../builder/world/world.ts";
import { hashNode } from "../builder/world/hashes.ts";
import type { WorldModule } from "../builder/world/module.ts";
import type { ImportOutline } from "../builder/world/outline.ts";

/** One thing that the patch brings. */
export interface Finding {
  /** `src/shop.ts#award` */
  readonly id: string;
  /** Why the tree does not have it; undefined if it has. */
  readonly missing?: string;
  /** Where the tree has something else. */
  readonly place?: Place;
}

/** In the order of the payload. The tree's errors are in its diagnostics. */
export function findIncluded(payload: PatchPayload, tree: LoadedTree): readonly Finding[] {
  return payload.modules.flatMap((module) => {
    const source = tree.fixed.modules.get(module.key);
    const found = (name: string, answer: Answer): Finding => ({ id: displayTarget(module.key, name, payload.package), ...answer });
    const pieces = piecesOf(module);
    const compiled = source ? compiledNames(module, pieces, source, tree) : new Set<string>();
    const asCompiled = (name: string, answer: Answer): Finding => found(name, answer === YES && !compiled.has(name) ? OTHER_CODE : answer);
    return [
      ...module.functions.map(({ name, hash }) => asCompiled(name, source ? compareFunction(name, textHash(hash), source) : NO_MODULE)),
      ...module.variables.map((each) => asCompiled(each.name, source ? compareVariable({ ...each, hash: textHash(each.hash) }, pieces, source) : NO_MODULE)),
      ...pieces.flatMap((piece) => {
        if (piece.kind === "constant") return [found(piece.name, source ? compareConstant(piece, module, source, tree) : NO_MODULE)];
        return piece.kind === "code" ? [found(piece.name, { missing: "it is code that `ts-hotfix build` does not write" })] : [];
      }),
      ...module.bindings.imports.map((each) => found(each.local, source ? compareImport(each, source, tree) : NO_MODULE)),
    ];
  });
}

/** Without that of what its names mean: those are compared one by one. */
function textHash(hash: string): string {
  return hash.replace(/\+.*$/, "");
}

type Answer = Omit<Finding, "id">;

const NO_MODULE: Answer = { missing: "its module is not there" };
const ABSENT: Answer = { missing: "it is not there" };
const YES: Answer = {};
const OTHER_CODE: Answer = { missing: "the patch says that it is the one there, but its code is another" };

/** What the compiler imports stands in no source. */
const COMPILERS_OWN = /\/jsx(-dev)?-runtime$|^@oxc-project\/runtime\//;

function differs(what: string, at: { readonly start: number; readonly end: number }, { analysis }: WorldModule): Answer {
  return { missing: what, place: placeAt(analysis.parsed.file, analysis.parsed.text, at.start, at.end) };
}

function compareFunction(name: string, hash: string, source: WorldModule): Answer {
  const target = source.analysis.targets.find((each) => each.name === name);
  if (target === undefined) return ABSENT;
  return hashNode(target) === hash ? YES : differs("the function there is another", target, source);
}

function compareVariable({ name, hash, copy }: PatchVariable, pieces: readonly Piece[], source: WorldModule): Answer {
  if (name.startsWith("#")) return source.analysis.init.some((each) => digest(`statement ${hashNode(each)}`) === hash) ? YES : ABSENT;
  const bindings = source.analysis.bindings.filter((each) => each.name === name || each.names.includes(name) || togetherName(each.names) === name);
  const [first] = bindings;
  if (first === undefined) return ABSENT;
  // the hash of a copy covers other copies too; one whose value names others is not known to be the same
  const value = pieces.find((each) => each.kind === "variable" && each.name === name)?.value;
  if (copy) return bindings.some(({ node }) => value && node.type === "VariableDeclarator" && node.init && normalise(node.init) === normalise(value)) ? YES : differs("the value there is another", first, source);
  return bindings.some((each) => digest(`${each.kind} ${hashNode(each)}`) === hash) ? YES : differs("the declaration there is another", first, source);
}

function compareConstant({ name, value, text }: Piece, module: PatchModule, source: WorldModule, tree: LoadedTree): Answer {
  const own = bindingOf(tree, module.key, name);
  if (own === undefined) return ABSENT;
  const { binding, key } = own;
  const printed = binding.kind === "const enum" ? enumText(tree, key, binding.name) : printValue(valueOf(tree, key, binding, new Set()));
  if (printed !== undefined && text === `const ${name} = ${printed};`) return YES;
  const { node } = binding;
  if (value && node.type === "VariableDeclarator" && node.init && normalise(node.init) === normalise(value)) return YES;
  return differs("the value there is another", binding, tree.fixed.modules.get(key) ?? source);
}

interface Found {
  readonly key: string;
  readonly binding: Binding;
}

/** The declaration that a name of a module stands for, through imports. */
function bindingOf(tree: LoadedTree, key: string, name: string): Found | undefined {
  const module = tree.fixed.modules.get(key);
  const imported = module?.outline.imports.find((each) => each.local === name);
  const target = imported ? followImport(worldOf(tree), imported.from, imported.imported) : ({ kind: "binding", key, name } as const);
  const binding = target.kind === "binding" ? tree.fixed.modules.get(target.key)?.analysis.bindings.find((each) => each.names.includes(target.name)) : undefined;
  return target.kind === "binding" && binding ? { key: target.key, binding } : undefined;
}

function valueOf(tree: LoadedTree, key: string, { node, kind, name }: Binding, seen: ReadonlySet<string>): ConstantValue | undefined {
  if (kind !== "const" || node.type !== "VariableDeclarator" || node.id.type !== "Identifier" || !node.init || seen.has(`${key}#${name}`)) return undefined;
  return constantValue(node.init, (used) => {
    const other = bindingOf(tree, key, used);
    return other && valueOf(tree, other.key, other.binding, new Set([...seen, `${key}#${name}`]));
  });
}

function printValue(value: ConstantValue | undefined): string | undefined {
  return value && printConstant(value);
}

function compareImport({ local, from }: PatchImport, source: WorldModule, tree: LoadedTree): Answer {
  const imported = source.outline.imports.find((each) => each.local === local);
  if (imported === undefined) return from.kind === "package" && COMPILERS_OWN.test(from.specifier) ? YES : { missing: "it is not imported there" };
  return leadsTo(from, imported, tree) ? YES : { missing: "the import there leads elsewhere" };
}

function leadsTo(from: PatchImport["from"], imported: ImportOutline, tree: LoadedTree): boolean {
  const target = followImport(worldOf(tree), imported.from, imported.imported);
  switch (from.kind) {
    case "package":
      return target.kind === "package" && target.specifier === from.specifier && target.imported === from.imported;
    case "added":
      return target.kind === "binding" && target.key === from.key && target.name === from.name;
    case "host":
      if (target.kind === "namespace") return false;
      // an anonymous default export is reached through whoever imports it
      return target.kind === "binding" && (target.name === "default" || (target.key === from.key && target.name === from.name));
    case "hostNamespace": {
      if (target.kind !== "namespace") return false;
      const exports = exportMap(worldOf(tree), target.key);
      return Object.entries(from.exports).every(([exported, { key, name }]) => {
        const found = exports.get(exported);
        return found?.kind === "binding" && found.key === key && found.name === name;
      });
    }
  }
}

function worldOf(tree: LoadedTree): World {
  return tree.fixed;
}
