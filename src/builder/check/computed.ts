/**
 * What the program computed when it started, with functions that are other ones now: a fresh build would have other
 * values. The manifest says who calls whom at once (`calls`); handlers and other functions that run later do not count.
 * What is given to code that nobody knows may have been called: that is told.
 */
import { displayTarget } from "../../manifest/module-key.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import { CallGraph } from "../trace/call-graph.ts";
import type { ModuleChange } from "../classify/classify.ts";
import type { LoadedTree } from "../load/load.ts";
import { matchBinding, type Revalued } from "../values/revalued.ts";
import type { WorldModule } from "../world/module.ts";
import type { Outline } from "../world/outline.ts";

export interface ComputedOptions {
  /** Variables and classes that may keep what changed functions computed for them, by id (`src/shop.ts#table`); `true` for all. Default none. */
  readonly acceptComputed?: true | readonly string[];
}

export function checkComputed(changes: readonly ModuleChange[], tree: LoadedTree, revalued: Revalued, { acceptComputed = [] }: ComputedOptions): readonly Diagnostic[] {
  // A new member is called in the place of an inherited one, or of nothing. What reads literals is judged by their entries (HF1131).
  const changed = new Set(changes.flatMap(({ module, replaced, added }) => [...replaced, ...added.filter(({ member }) => member?.owner === "class")].map((target) => `${module.key}#${target.name}`)));
  if (changed.size === 0) return [];
  const calls = new CallGraph(tree, changed);
  return [...tree.fixed.modules.values()].flatMap((module): readonly Diagnostic[] => {
    const before = tree.base.outline(module.key);
    if (before === undefined) return [];
    return [...checkBindings(module, before, { tree, calls, revalued, acceptComputed }), ...checkStatements(module, calls)];
  });
}

interface Context {
  readonly tree: LoadedTree;
  readonly calls: CallGraph;
  readonly revalued: Revalued;
  readonly acceptComputed: true | readonly string[];
}

function checkBindings(module: WorldModule, before: Outline, { tree, calls, revalued, acceptComputed }: Context): readonly Diagnostic[] {
  return module.outline.bindings.flatMap((outline, index): Diagnostic[] => {
    const called = calls.firstChanged(module, outline.calls);
    const binding = called === undefined ? undefined : module.analysis.bindings[index];
    if (called === undefined || !binding || !matchBinding(before, module.outline, outline) || revalued.of(module.key, binding.name)) return [];
    const id = displayTarget(module.key, binding.name, tree.manifest.package);
    // A variable's value is state from the first moment.
    const isState = outline.kind === "let" || outline.kind === "var";
    const accepted = isState || acceptComputed === true || acceptComputed.includes(id);
    const place = placeAt(module.file, module.analysis.parsed.text, binding.start, binding.end);
    if (!called.certain) return [diagnostic("HF1209", "notice", { what: `\`${binding.name}\``, called: called.id }, place)];
    return [diagnostic("HF1208", accepted ? "notice" : "refusal", { name: binding.name, called: called.id, id }, place)];
  });
}

function checkStatements(module: WorldModule, calls: CallGraph): readonly Diagnostic[] {
  return module.outline.init.flatMap((outline, index): Diagnostic[] => {
    const called = calls.firstChanged(module, outline.calls);
    const statement = called === undefined ? undefined : module.analysis.init[index];
    if (called === undefined || !statement) return [];
    const place = placeAt(module.file, module.analysis.parsed.text, statement.start, statement.end);
    if (!called.certain) return [diagnostic("HF1209", "notice", { what: "This top-level statement", called: called.id }, place)];
    return [diagnostic("HF1304", "notice", { called: called.id }, place)];
  });
}
