/**
 * Names that are gone from their module. A function that somebody holds goes on under its old code; a variable under
 * another name would start afresh.
 */
import type { Node } from "oxc-parser";
import type { Binding, ModuleAnalysis } from "../../analyze/analysis.ts";
import { analyzeText, isAnalysis } from "../../analyze/analyze.ts";
import { rootOf } from "../../analyze/members.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import type { ModuleChange } from "../classify/classify.ts";
import { isUnseen } from "../values/copies.ts";
import type { LoadedTree } from "../load/load.ts";
import type { Revalued } from "../values/revalued.ts";
import { followImport } from "../world/follow.ts";
import { hashBinding } from "../world/hashes.ts";
import type { Outline } from "../world/outline.ts";

export function checkRemovedNames(changes: readonly ModuleChange[], tree: LoadedTree, revalued: Revalued): readonly Diagnostic[] {
  return [...checkHeldFunctions(changes, tree), ...changes.flatMap((change) => checkRenamed(change, revalued))];
}

function checkHeldFunctions(changes: readonly ModuleChange[], tree: LoadedTree): readonly Diagnostic[] {
  const removed = changes.flatMap(({ module, isNew }) =>
    isNew ? [] : module.before.targets.filter(({ name }) => name !== "default" && !isDeclared(module.after.outline, name)).map(({ name }) => ({ module, name })),
  );
  if (removed.length === 0) return [];
  const held = heldInBase(tree, [...new Set(removed.map(({ module }) => module.key))]);
  return removed.flatMap(({ module, name }): Diagnostic[] => {
    if (!held.has(`${module.key}#${name}`)) return [];
    const { file, text } = module.after.analysis.parsed;
    return [diagnostic("HF1417", "refusal", { name, module: module.key }, placeAt(file, text, module.after.analysis.firstStatement, module.after.analysis.firstStatement))];
  });
}

/** `key#name` of functions of these modules that code of the base holds or hands on. */
function heldInBase({ base }: LoadedTree, keys: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { key, outline } of new Set([...keys.flatMap((each) => base.module(each) ?? []), ...base.importersThrough(keys)])) {
    for (const { name: local, member } of outline.held) {
      const imported = outline.imports.find((candidate) => candidate.local === local);
      const target = imported && followImport(base, imported.from, imported.imported);
      if (imported === undefined && member === null) found.add(`${key}#${local}`);
      if (target?.kind === "binding" && member === null) found.add(`${target.key}#${target.name}`);
      const inside = target?.kind === "namespace" && member !== null ? followImport(base, { module: target.key }, member) : undefined;
      if (inside?.kind === "binding") found.add(`${inside.key}#${inside.name}`);
    }
  }
  return found;
}

function isDeclared({ targets, bindings }: Outline, name: string): boolean {
  return targets.some((each) => each.name === name) || bindings.some((each) => each.names.includes(name));
}

/** New variables and classes that are the base's under another name. */
function checkRenamed({ module, variables, isNew }: ModuleChange, revalued: Revalued): readonly Diagnostic[] {
  if (isNew) return [];
  const { before, after } = module;
  const gone = before.bindings.filter(({ names, kind }) => names.length === 1 && kind !== "enum" && kind !== "const enum" && !isDeclared(after.outline, names[0] ?? ""));
  const asLifted = gone.some(({ names: [name] }) => before.targets.some((each) => rootOf(each.name) === name)) ? liftAll(after.analysis) : undefined;
  return variables.flatMap((binding): Diagnostic[] => {
    // What was lifted under the old name is so under none of the new ones.
    const twin = asLifted?.bindings.find((each) => each.start === binding.start && each.name === binding.name);
    const old = gone.find(({ names: [name = ""], kind, hash }) => kind === binding.kind && (hash === hashAs(binding, name) || (twin && hash === hashAs(twin, name))));
    if (old === undefined || isUnseen(after, binding, revalued)) return [];
    const { file, text } = after.analysis.parsed;
    return [diagnostic("HF1414", "refusal", { name: old.names[0] ?? "", module: module.key, to: `the name \`${binding.name}\`` }, placeAt(file, text, binding.start, binding.end))];
  });
}

function liftAll({ parsed, strict }: ModuleAnalysis): ModuleAnalysis | undefined {
  const all = analyzeText(parsed.file, parsed.text, { lift: { classes: true, objects: true }, sourceType: parsed.sourceType });
  return isAnalysis(all) && all.strict === strict ? all : undefined;
}

/** The hash that the declaration would have under another name. */
function hashAs({ node, lifted }: Pick<Binding, "node" | "lifted">, name: string): string | undefined {
  if (!("id" in node) || (node.id as Node | null)?.type !== "Identifier") return undefined;
  return hashBinding({ node: { ...node, id: { ...(node.id as object), name } } as Node, lifted });
}
