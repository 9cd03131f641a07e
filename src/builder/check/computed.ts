/**
 * What the program computed when it started, with functions that are other ones now: a fresh build would have other
 * values. Calls say what runs at once; handlers and other functions that run later do not count.
 * What is given to code that nobody knows may have been called: that is told.
 */
import { displayTarget } from "../../manifest/module-key.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { CallGraph, type Reaching } from "../trace/call-graph.ts";
import type { CodeUnit } from "../trace/units.ts";
import type { ModuleChange } from "../classify/classify.ts";
import type { LoadedTree } from "../load/load.ts";
import { matchBinding, type Revalued } from "../values/revalued.ts";
import type { Outline } from "../world/outline.ts";

export interface ComputedOptions {
  /** Variables and classes that may keep what changed functions computed for them, by id (`src/shop.ts#table`); `true` for all. Default none. */
  readonly acceptComputed?: true | readonly string[];
}

export function checkComputed(changes: readonly ModuleChange[], tree: LoadedTree, revalued: Revalued, { acceptComputed = [] }: ComputedOptions): readonly Diagnostic[] {
  // A new member is called in the place of an inherited one, or of nothing. What reads literals is judged by their entries (HF1131).
  const changed = changes.flatMap(({ module, replaced, added }) => [...replaced, ...added.filter(({ member }) => member?.owner === "class")].map((target) => [module.key, target.name] as const));
  return [...new CallGraph(tree, { changed }).reaching()].flatMap((each): readonly Diagnostic[] => {
    const before = tree.base.outline(each.module.key);
    if (before === undefined) return [];
    return each.unit.is === "binding" ? judgeBinding(each, each.unit, before, { tree, revalued, acceptComputed }) : judgeStatement(each, each.unit.index);
  });
}

interface Context {
  readonly tree: LoadedTree;
  readonly revalued: Revalued;
  readonly acceptComputed: true | readonly string[];
}

function judgeBinding({ module, reached }: Reaching, { outline, index }: Extract<CodeUnit, { is: "binding" }>, before: Outline, { tree, revalued, acceptComputed }: Context): readonly Diagnostic[] {
  const binding = module.analysis.bindings[index];
  if (!binding || !matchBinding(before, module.outline, outline) || revalued.of(module.key, binding.name)) return [];
  const id = displayTarget(module.key, binding.name, tree.manifest.package);
  // A variable's value is state from the first moment.
  const isState = outline.kind === "let" || outline.kind === "var";
  const accepted = isState || acceptComputed === true || acceptComputed.includes(id);
  const place = placeAt(module.file, module.analysis.parsed.text, binding.start, binding.end);
  if (!reached.certain) return [diagnostic("HF1209", "notice", { what: `\`${binding.name}\``, called: reached.id }, place)];
  return [diagnostic("HF1208", accepted ? "notice" : "refusal", { name: binding.name, called: reached.id, id }, place)];
}

function judgeStatement({ module, reached }: Reaching, index: number): readonly Diagnostic[] {
  const statement = module.analysis.init[index];
  if (!statement) return [];
  const place = placeAt(module.file, module.analysis.parsed.text, statement.start, statement.end);
  if (!reached.certain) return [diagnostic("HF1209", "notice", { what: "This top-level statement", called: reached.id }, place)];
  return [diagnostic("HF1304", "notice", { called: reached.id }, place)];
}
