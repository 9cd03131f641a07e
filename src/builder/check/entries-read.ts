/** Object literals that get a new entry, and classes that get a new member: what the program made of what they had when it started. */
import { displayTarget } from "../../manifest/module-key.ts";
import { diagnostic, type Diagnostic } from "../../messages/diagnostic.ts";
import { placeAt } from "../../syntax/place.ts";
import type { ModuleChange } from "../classify/classify.ts";
import type { LoadedTree } from "../load/load.ts";
import { CallGraph } from "../trace/call-graph.ts";
import type { ComputedOptions } from "./computed.ts";

export function checkEntriesRead(changes: readonly ModuleChange[], tree: LoadedTree, { acceptComputed = [] }: ComputedOptions): readonly Diagnostic[] {
  const added = changes.flatMap(({ module, added: targets }) => targets.flatMap((target) => (target.member === undefined ? [] : [{ module, target, owner: target.member.owner, root: target.member.root }])));
  return added.flatMap(({ module, target, owner, root }) => {
    const id = displayTarget(module.key, root, tree.manifest.package);
    if (acceptComputed === true || acceptComputed.includes(id)) return [];
    const what = readerOf([module.key, root], owner, tree);
    const { file, text } = module.after.analysis.parsed;
    return what === undefined ? [] : [diagnostic("HF1131", "refusal", { name: target.name, root, what, id }, placeAt(file, text, target.fn.start, target.fn.end))];
  });
}

/** What reads a variable, or calls what may read it, while the program starts. Making an instance of a class reads nothing: calls are judged by themselves (HF1208). */
function readerOf(variable: readonly [key: string, name: string], owner: "class" | "object", tree: LoadedTree): string | undefined {
  const [key, name] = variable;
  const graph = new CallGraph(tree, { changed: owner === "object" ? [variable] : [], read: [variable] });
  for (const { module, unit } of graph.reaching()) {
    if (!tree.base.has(module.key) || (unit.is === "binding" && module.key === key && unit.outline.names.includes(name))) continue;
    if (unit.is === "binding") return `\`${displayTarget(module.key, unit.outline.names[0] ?? "default", tree.manifest.package)}\``;
    return `a top-level statement of \`${displayTarget(module.key, "", tree.manifest.package).slice(0, -1)}\``;
  }
  return undefined;
}
