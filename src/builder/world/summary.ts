/** Analysis → {@link Summary}: a pure function of a text and the options of its analysis. */
import type { Node } from "oxc-parser";
import type { Binding, ModuleAnalysis, Target } from "../../analyze/analysis.ts";
import { readHeld } from "../../analyze/held.ts";
import { readLiveCode, type LiveCode } from "../../analyze/live/live-code.ts";
import { isOrderFreeDeclaration, namesOf } from "../../analyze/inert.ts";
import { unwrap } from "../../syntax/walk.ts";
import { outlineClassMembers } from "./class-members.ts";
import { hashBinding, hashNode, hashShell } from "./hashes.ts";
import { targetFact } from "../../manifest/facts.ts";
import type { BindingOutline, Summary, TargetOutline } from "./outline.ts";

export function summarise(analysis: ModuleAnalysis): Summary {
  return {
    strict: analysis.strict,
    importMeta: analysis.importMeta,
    targets: analysis.targets.map((target) => outlineTarget(target, analysis)),
    bindings: analysis.bindings.map(outlineBinding),
    imports: analysis.imports.filter((each) => each.usedAsValue).map(({ local, imported, specifier }) => ({ local, imported, from: specifier })),
    loads: analysis.sources.filter((source) => !source.elidable).map(({ specifier, bare, reexport }) => ({ from: specifier, bare, reexport })),
    order: orderOf(analysis),
    dynamic: [...new Set(analysis.dynamicImports)],
    exports: analysis.exports.map((each) => outlineExport(analysis, each)),
    statementVars: [...new Set(analysis.init.flatMap((statement) => statement.vars.flatMap((each) => each.names)))],
    init: analysis.init.map((statement) => ({ hash: hashNode(statement), uses: statement.uses })),
    frozen: analysis.nonTargets.filter((each) => each.reason !== "nested function").map((each) => ({ name: each.name, reason: each.reason, hash: hashNode(each) })),
    held: readHeld(analysis),
  };
}

function outlineTarget(target: Target, analysis: ModuleAnalysis): TargetOutline {
  const { slot: _, ...fact } = targetFact(target);
  return { ...fact, hash: hashNode(target), uses: target.uses, ...outlineLive(readLiveCode(target, analysis)) };
}

function outlineBinding(binding: Binding): BindingOutline {
  const members = outlineClassMembers(binding);
  return {
    names: binding.names,
    kind: binding.kind,
    assigned: binding.assigned,
    hash: hashBinding(binding),
    shell: hashShell(binding),
    ...(members === undefined ? {} : { members }),
    uses: binding.ownUses,
    holds: whatItHolds(binding.node),
  };
}

const COLLECTIONS: ReadonlySet<string> = new Set(["Array", "Map", "Set", "WeakMap", "WeakSet"]);

/** What methods of known names can be told to be. */
function whatItHolds(node: Node): BindingOutline["holds"] {
  const value = node.type === "VariableDeclarator" ? node.id.type === "Identifier" && node.init && unwrap(node.init) : undefined;
  if (!value) return "anything";
  if (value.type === "ArrayExpression") return "collection";
  if (value.type === "NewExpression") return value.callee.type === "Identifier" && COLLECTIONS.has(value.callee.name) ? "collection" : "object";
  return value.type === "ObjectExpression" ? "object" : "anything";
}

function outlineLive({ own, nested }: LiveCode): Pick<TargetOutline, "live" | "nested"> {
  return { live: own?.rule ?? null, nested: nested.map((each) => ({ hash: hashNode(each), rule: each.rule })) };
}

/** `import { a } from "./b"; export { a }` is `export { a } from "./b"`. */
function outlineExport(analysis: ModuleAnalysis, { exported, local, specifier }: ModuleAnalysis["exports"][number]): Summary["exports"][number] {
  if (specifier !== undefined) return { exported, local: local ?? null, from: specifier };
  const imported = analysis.imports.find((candidate) => candidate.local === local);
  return imported ? { exported, local: imported.imported, from: imported.specifier } : { exported, local: local ?? null, from: null };
}

/** `binding name` and `init hash`, in source order. A class or initialiser that cannot be told from another time of evaluation does not occur. */
function orderOf(analysis: ModuleAnalysis): readonly string[] {
  const names = namesOf(analysis);
  const bindings = analysis.bindings.filter((binding) => !isOrderFreeDeclaration(binding.node, names)).map((binding) => ({ at: binding.start, id: `binding ${binding.names.join()}` }));
  const init = analysis.init.map((statement) => ({ at: statement.start, id: `init ${hashNode(statement)}` }));
  return [...bindings, ...init].toSorted((a, b) => a.at - b.at).map((each) => each.id);
}
